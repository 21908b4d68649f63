"""Private figures: which are owed in what order, and that those which are read are the site's own."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NoReturn
from uuid import uuid4

import pytest
from sqlalchemy import select

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import PublishedPost, ReadingSource, Result
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.outcomes import rebuild_outcomes
from xbot_pipelines.store.schema import COUNTERS, tweet_metrics
from xbot_pipelines.systems.analytics import MOST_A_TURN, AnalyticsSummary, in_order, owed, read_private_figures
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.history import put_past, record_past
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.systems.conftest import move_both

SHARES_ITS_BROWSER = True

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock(practice: Practice) -> ManualClock:
    """A clock that stands at noon together with the practice site's: what readers do depends on the hour."""
    practice.ask("POST", "clock", {"now": NOON.isoformat(), "running": False})
    return ManualClock(NOON)


def post(tweet_id: str, *, age: timedelta) -> PublishedPost:
    return PublishedPost(decision_id=uuid4(), tweet_id=tweet_id, posted_at=NOON - age, text="Walk a little.")


def ids(posts: list[PublishedPost], ago: Mapping[str, timedelta]) -> list[str]:
    """The ids of those that are owed at noon, in their order; `ago` says how long ago each was last read."""
    looks = {tweet_id: NOON - time for tweet_id, time in ago.items()}
    return [post.tweet_id for post in in_order(posts, looks, now=NOON)]


def test_those_that_were_never_read_come_first_and_the_newest_of_them_before_the_others() -> None:
    posts = [post("old", age=5 * DAY), post("read", age=2 * HOUR), post("new", age=HOUR), post("older", age=6 * DAY)]
    assert ids(posts, {"read": 30 * DAY}) == ["new", "old", "older", "read"]


def test_those_that_were_read_follow_in_the_order_in_which_they_were() -> None:
    posts = [post(name, age=3 * DAY) for name in ("b", "c", "a")]
    assert ids(posts, {"a": 3 * DAY, "b": 2 * DAY, "c": DAY}) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("age", "last_read", "is_owed"),
    [
        (2 * HOUR, None, True),
        (7 * DAY, None, True),
        (7 * DAY + SECOND, None, False),
        (DAY, 6 * HOUR, True),
        (DAY, 6 * HOUR - SECOND, False),
        (DAY + SECOND, 6 * HOUR, False),
        (DAY + SECOND, DAY, True),
        (7 * DAY, DAY - SECOND, False),
        (7 * DAY + SECOND, 6 * DAY, False),
    ],
)
def test_figures_of_the_first_day_are_stale_after_six_hours_and_those_of_the_week_after_a_day(
    age: timedelta, last_read: timedelta | None, is_owed: bool
) -> None:
    assert ids([post("it", age=age)], {} if last_read is None else {"it": last_read}) == (["it"] if is_owed else [])


def test_nothing_owed_opens_no_browser(database: AccountDatabase, practice: Practice, clock: ManualClock) -> None:
    def no_client() -> NoReturn:
        pytest.fail("the browser was asked for")

    record_past(database, put_past(practice, [clock.now() - 30 * MINUTE, clock.now() - 8 * DAY]))
    assert list(owed(database, now=clock.now())) == []
    summary = read_private_figures(database, no_client, run_id="run-1", clock=clock)
    assert (summary.result, summary.reason) == (Result.NOTHING_TO_DO, "no private figures are owed")


@pytest.mark.browser
def test_f07_f09_a_turn_reads_a_dozen_private_figures_as_the_site_knows_them_and_keeps_a_gone_post_as_gone(
    database: AccountDatabase, turn: BrowserTurn, practice: Practice, clock: ManualClock
) -> None:
    start = clock.now()
    posts = put_past(practice, [start - (2 + number) * HOUR for number in reversed(range(MOST_A_TURN + 2))])
    record_past(database, posts)
    deleted = posts[-1].tweet_id
    practice.ask("DELETE", f"posts/{deleted}")

    def take_a_turn() -> AnalyticsSummary:
        return read_private_figures(database, turn.client, run_id="run-1", clock=clock)

    first = take_a_turn()
    assert (first.result, len(first.read), first.waiting) == (Result.DONE, MOST_A_TURN - 1, 2)
    assert [post.tweet_id for post in first.gone] == [deleted]
    assert asked(practice) == MOST_A_TURN
    assert dict(figures_of(first)) == {
        post["id"]: {name: post["private"][name] for name in ("profile_visits", "detail_expands", "link_clicks")}
        for post in practice.truth()["posts"]
        if post["id"] in dict(figures_of(first))
    }
    assert sum(figures["detail_expands"] for _, figures in figures_of(first)) > 0

    rows = private_rows(database)
    *unknown, reason = rows.pop(deleted)
    assert unknown == [None, None, None]
    assert str(reason).startswith(f"post {deleted} is gone")
    assert rows == {tweet_id: (*figures.values(), None) for tweet_id, figures in figures_of(first)}

    rebuild_outcomes(database, since=start - 2 * DAY, until=start)
    second = take_a_turn()
    assert {post.tweet_id for post, _ in second.read} == {post.tweet_id for post in posts[:2]}
    assert take_a_turn().result == Result.NOTHING_TO_DO
    assert asked(practice) == MOST_A_TURN + 2
    move_both(practice, clock, hours=6)
    assert deleted not in {post.tweet_id for post in owed(database, now=clock.now())}
    assert len(owed(database, now=clock.now())) == MOST_A_TURN + 1


def figures_of(summary: AnalyticsSummary) -> list[tuple[str, dict[str, int]]]:
    """What was read, by post id."""
    return [(post.tweet_id, vars(figures)) for post, figures in summary.read]


def asked(practice: Practice) -> int:
    """How many analytics views the site was asked for."""
    return int(practice.ask("GET", "requests")["by_page"]["analytics"])


def private_rows(database: AccountDatabase) -> dict[str, tuple[object, ...]]:
    """The readings by post: private figures and why it was gone. Nothing in them says what readers see."""
    with database.transaction() as connection:
        rows = connection.execute(select(tweet_metrics)).all()
    assert all(getattr(found, name) is None for found in rows for name in COUNTERS)
    assert {found.source for found in rows} == {ReadingSource.ANALYTICS}
    return {
        found.tweet_id: (found.profile_visits, found.detail_expands, found.link_clicks, found.gone_reason)
        for found in rows
    }
