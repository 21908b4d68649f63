"""Two days of an account, the practice site's clock moved along: every checkpoint that is owed is taken, and true."""

import statistics
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import CheckpointStatus, ReadingSource
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import checkpoints as store
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.outcomes import outcomes_between, rebuild_outcomes
from xbot_pipelines.store.schema import tweet_metrics
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.checkpoints import take_checkpoints
from xbot_pipelines_tests.history import CHECKPOINTS, Past, put_past, record_past
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.systems.conftest import move_both

SHARES_ITS_BROWSER = True

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]

HOUR = timedelta(hours=1)
LOOKED_AT_AFTER = timedelta(seconds=30)
"""The sensor's distance between two looks: what a checkpoint waits at the most until somebody sees that it is due."""


def test_f07_f08_f09_every_checkpoint_of_two_days_is_recorded_as_the_site_counted_it(
    database: AccountDatabase, settings: Settings, turn: BrowserTurn, practice: Practice, clock: ManualClock
) -> None:
    start = clock.now()
    question = practice.put({"author": practice.handle, "text": "What helps you sleep?"})[0]
    posts = put_past(practice, [start - HOUR * hours for hours in (3, 1, 0)])
    posts += put_past(practice, [start], answering=question, words="Answer")
    record_past(database, posts)
    deleted, hidden = posts[0].tweet_id, posts[1].tweet_id
    truths: dict[tuple[str, int], dict[str, int | None]] = {}

    while moment := next_due(posts, clock.now()):
        move_both(practice, clock, seconds=(moment + LOOKED_AT_AFTER - clock.now()).total_seconds())
        if clock.now() - start > 4 * HOUR:
            practice.ask("DELETE", f"posts/{deleted}")
        hide(practice, hidden, now=clock.now(), from_=start + 9 * HOUR, until=start + 20 * HOUR)
        take(database, settings, turn, clock)
        counted = {post["id"]: post["counters"] for post in practice.truth()["posts"]}
        for post in posts:
            for hours in CHECKPOINTS:
                if timedelta(0) <= clock.now() - post.posted_at - hours * HOUR <= LOOKED_AT_AFTER:
                    truths[post.tweet_id, hours] = counted[post.tweet_id]

    rows = store.checkpoints_of(database, since=start - 48 * HOUR, until=clock.now())
    assert {(row.post.tweet_id, row.hours) for row in rows} == {
        (post.tweet_id, hours) for post in posts for hours in CHECKPOINTS
    }
    late = []
    for row in rows:
        gone = (row.post.tweet_id == deleted and row.hours > 2) or (row.post.tweet_id == hidden and row.hours == 12)
        if gone:
            assert (row.status, row.views, row.likes) == (CheckpointStatus.MISSED, None, None)
            assert row.missed_reason is not None
            assert row.missed_reason.startswith("gone when it was looked for")
        elif row.post.tweet_id == deleted:
            # Due an hour before anybody looked: read, and called late.
            assert row.status == CheckpointStatus.LATE
        else:
            told = truths[row.post.tweet_id, row.hours]
            # X tells no views of a post that nobody has seen.
            told = {name: None if (name, value) == ("views", 0) else value for name, value in told.items()}
            assert {name: getattr(row, name) for name in told if hasattr(row, name)} == {
                name: value for name, value in told.items() if hasattr(row, name)
            }
            assert row.late is not None
            late.append(row.late.total_seconds())
    assert statistics.median(late) <= 30
    assert max(late) <= 31

    rebuild_outcomes(database, since=start - 48 * HOUR, until=clock.now())
    came_to = {
        outcome.tweet_id: outcome for outcome in outcomes_between(database, since=start - 48 * HOUR, until=clock.now())
    }
    assert came_to[deleted].gone_at is not None
    assert came_to[deleted].views != 0
    assert came_to[hidden].gone_at is None
    with database.transaction() as connection:
        sources = connection.scalars(select(tweet_metrics.c.source).distinct()).all()
    assert sources == [ReadingSource.VELOCITY_TRACKER]


def next_due(posts: list[Past], now: datetime) -> datetime | None:
    """Answers when the next checkpoint of any post falls due."""
    return min(
        (due for post in posts for hours in CHECKPOINTS if (due := post.posted_at + hours * HOUR) > now), default=None
    )


def hide(practice: Practice, post_id: str, *, now: datetime, from_: datetime, until: datetime) -> None:
    """Lets X hide a post for some hours."""
    practice.ask("POST", f"posts/{post_id}/{'hide' if from_ <= now < until else 'show'}")


def take(database: AccountDatabase, settings: Settings, turn: BrowserTurn, clock: ManualClock) -> None:
    """Does what the velocity tracker's run does."""
    take_checkpoints(
        database,
        settings.profile,
        turn.client,
        since=clock.now() - timedelta(days=3),
        until=clock.now() + timedelta(days=1),
        source=ReadingSource.VELOCITY_TRACKER,
        run_id="run-1",
        clock=clock,
        progress=lambda _done, _of: None,
    )
