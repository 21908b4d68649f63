"""The queue bypassed: four processes execute the posting job at once, and the practice site counts what came of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from xbot_pipelines.models import DecisionStatus, DecisionType, Draft, Target
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import decisions
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines_tests.account_files import accounts_with
from xbot_pipelines_tests.practice_site import Practice, people
from xbot_pipelines_tests.systems.posting_workers import four_workers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WITHOUT_LIMITS = {"posts_per_hour": 999, "posts_per_day": 999, "minimum_gap_minutes": 0}
HOUR = timedelta(hours=1)
VIENNA = ZoneInfo("Europe/Vienna")
HALF_PAST_NINE_IN_VIENNA = "2026-03-02T20:30:00+00:00"
QUESTION = "What helps you sleep?"

Queue = Callable[..., None]


@pytest.fixture
def queued(database: AccountDatabase, practice: Practice, by: Provenance) -> Queue:
    """Queues texts that are due now: posts of our own, or answers to a post."""

    def add(texts: Sequence[str], target: Target | None = None) -> None:
        now = practice.now()
        for written in texts:
            decisions.add_decision(
                database,
                Draft(
                    decision_type=DecisionType.SINGLE if target is None else DecisionType.REPLY,
                    text=written,
                    target=target,
                ),
                status=DecisionStatus.QUEUED,
                scheduled_at=now,
                expires_at=None,
                now=now,
                by=by,
            )

    return add


@pytest.mark.parametrize("many", [6, pytest.param(40, marks=pytest.mark.slow)])
def test_f03_so_many_decisions_pushed_through_four_posting_runs_at_once_are_so_many_posts(
    database: AccountDatabase, practice: Practice, settings: Settings, queued: Queue, tmp_path: Path, many: int
) -> None:
    texts = [f"Habit {number} of {many}: a glass of water before the first coffee." for number in range(many)]
    queued(texts)

    results: list[list[str]] = [[], [], [], []]
    with four_workers(settings, accounts_with(tmp_path, **WITHOUT_LIMITS)) as workers:
        while any(mine[-1:] != ["nothing to do"] for mine in results):
            for mine, more in zip(results, workers.go(), strict=True):
                mine.extend(more)
            # So many home pages are more than X shows in a quarter of an hour: the account waits for the next one.
            practice.advance(minutes=16)

    assert sum("done" in mine for mine in results) > 1, "one did it all: they did not work at once"
    assert practice.ask("GET", "requests")["by_operation"]["CreateTweet"] == many
    posts = practice.truth()["posts"]
    assert sorted(post["text"] for post in posts) == sorted(texts)
    assert recorded(database) == {post["id"]: post["text"] for post in posts}


@pytest.mark.slow
def test_f04_f05_four_posting_runs_at_once_never_exceed_a_quota_and_use_all_of_it(
    practice: Practice, settings: Settings, queued: Queue, tmp_path: Path
) -> None:
    """One attempt never arrives: it counts while that is unknown, and gives its place back when it is proven absent."""
    practice.ask("POST", "clock", {"now": HALF_PAST_NINE_IN_VIENNA})
    asking = people(practice)[:2]
    targets = practice.put(
        *({"author": author, "text": QUESTION, "created_at": "2026-03-02T20:00:00+00:00"} for author in asking)
    )
    queued([f"Post {number}: walking after lunch." for number in range(7)])
    for number, (target, author) in enumerate(zip(targets, asking, strict=True)):
        queued([f"Answer {number}: a dark room."], Target(post_id=target, author_handle=author, text=QUESTION))
    practice.fault(operation="CreateTweet", kind="connection_reset", count=1)
    caps = {"posts_per_hour": 2, "posts_per_day": 3, "replies_per_hour": 1, "minimum_gap_minutes": 0}

    published = []
    with four_workers(settings, accounts_with(tmp_path, **caps)) as workers:
        for _ in range(6):
            before = len(practice.truth()["posts"])
            workers.go()
            published.append(len(practice.truth()["posts"]) - before)
            practice.advance(minutes=40)

    assert published == [
        2,  # 21:30 in Vienna: of two posts one never arrives, and an answer
        1,  # 22:10: the place that it has given back
        2,  # 22:50: the third post of the day, and the other answer
        0,  # 23:30: the day is used
        2,  # 00:10: a new day
        0,  # 00:50: the hour is used
    ]
    posts = [post for post in practice.truth()["posts"] if post["id"] != target]
    assert len({post["text"] for post in posts}) == len(posts)
    moments = [datetime.fromisoformat(post["created_at"]) for post in posts if post["in_reply_to"] is None]
    answers = [datetime.fromisoformat(post["created_at"]) for post in posts if post["in_reply_to"] == target]
    assert most_within_an_hour(moments) == 2
    assert most_within_an_hour(answers) == 1
    assert max(Counter(moment.astimezone(VIENNA).date() for moment in moments).values()) == 3


def most_within_an_hour(moments: Iterable[datetime]) -> int:
    """Answers how many of these lie within the busiest hour."""
    together = sorted(moments)
    return max(sum(end - HOUR < moment <= end for moment in together) for end in together)


def recorded(database: AccountDatabase) -> dict[str, str]:
    """Answers our posts as our tables know them: id and text."""
    with database.transaction() as connection:
        rows = connection.execute(
            text("SELECT tweet_id, text FROM posted_decisions JOIN content_metadata USING (decision_id)")
        )
        return {row.tweet_id: row.text for row in rows}
