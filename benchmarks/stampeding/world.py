"""The same world for each way: some days of ours, on practice X and in our tables, and what is due now.

Every job has something real to do in it: posts to read, checkpoints that are owed, conversations and private figures
that nobody has read, and posts that wait to be published.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from xbot_pipelines.models import Reading, ReadingSource
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.outcomes import rebuild_outcomes
from xbot_pipelines.store.readings import add_readings
from xbot_pipelines_tests.history import put_past, record_past
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.store.given import queued, single

CAPS = {"posts_per_hour": 60, "minimum_gap_minutes": 0}
"""What lets a posting run publish right after another: what is compared are browsers, not caps."""

_DUE = ("First of three in a row.", "Second, and about something else.", "Third: a last one, on rest.")
_DAY = timedelta(days=1)
_REPLIES_AFTER = timedelta(minutes=20)
_READ_LAST = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much of a past there is."""

    days: int
    posts_a_day: int
    replies_a_day: int


FULL = Size(days=4, posts_a_day=24, replies_a_day=20)
"""Half of what the caps of the example account let through."""

SMALL = Size(days=3, posts_a_day=8, replies_a_day=4)


def put_world(practice: Practice, database: AccountDatabase, size: Size) -> None:
    """Puts the past and what is due into practice X and our tables. All was last read two hours ago."""
    now = practice.now()
    _put_past(practice, database, size, now)
    for text in _DUE:
        queued(database, single(text), at=now, written_at=now)


def twice_on_x(practice: Practice) -> Sequence[str]:
    """Answers the texts of ours that practice X has more than once."""
    times = Counter(post["text"] for post in practice.truth()["posts"])
    return [text for text, count in times.items() if count > 1]


def _put_past(practice: Practice, database: AccountDatabase, size: Size, now: datetime) -> None:
    begins = now - size.days * _DAY
    [somebody, *_] = practice.ask("GET", "people")
    asked = {"author": somebody["handle"], "text": "What helped you most?", "created_at": begins.isoformat()}
    [question] = practice.put(asked)
    posts = put_past(practice, _moments(begins, size.days, size.posts_a_day))
    replies = put_past(
        practice,
        [moment + _REPLIES_AFTER for moment in _moments(begins, size.days, size.replies_a_day)],
        answering=question,
        words="Answer",
    )
    record_past(database, posts + replies)
    then = now - _READ_LAST
    read = {post.tweet_id for post in posts + replies if post.posted_at < then}
    counted = practice.truth(at=then.isoformat())["posts"]
    add_readings(
        database,
        [Reading(tweet_id=post["id"], observed_at=then, **post["counters"]) for post in counted if post["id"] in read],
        source=ReadingSource.METRICS_SCRAPER,
        run_id=None,
    )
    rebuild_outcomes(database, since=begins, until=now)


def _moments(begins: datetime, days: int, a_day: int) -> list[datetime]:
    return [begins + _DAY / a_day * (number + 0.5) for number in range(days * a_day)]
