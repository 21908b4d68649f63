"""Readings of our posts, compared with what the practice site knows."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import ReadingSource, Result
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.outcomes import PostOutcome, outcomes_between, rebuild_outcomes
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.metrics import MetricsSummary, Posts, read_days
from xbot_pipelines.systems.reading import LEFT_TO_OTHERS
from xbot_pipelines.x.walls import RateLimited, Unreachable
from xbot_pipelines_tests.history import Past, put_past, record_past
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.systems.conftest import move_both

SHARES_ITS_BROWSER = True

pytestmark = pytest.mark.browser

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Account:
    """An account with posts on the site and in the tables."""

    def __init__(self, database: AccountDatabase, turn: BrowserTurn, practice: Practice, clock: ManualClock) -> None:
        self.database, self.turn, self.practice, self.clock = database, turn, practice, clock
        self.progress: list[tuple[int, int]] = []

    def has_posts(self, count: int, *, every: timedelta = HOUR, youngest: timedelta = 3 * HOUR) -> Sequence[Past]:
        """Lets it have published so many posts; answers them, the oldest first."""
        newest = self.clock.now() - youngest
        posts = put_past(self.practice, [newest - every * number for number in reversed(range(count))])
        record_past(self.database, posts)
        return posts

    def read(self, which: Posts = Posts.LIVING, *, days: int = 60) -> MetricsSummary:
        """Reads the posts of so many days, and derives their outcomes."""
        now = self.clock.now()
        summary = read_days(
            self.database,
            self.turn.client,
            which,
            since=now - days * DAY,
            until=now,
            source=ReadingSource.METRICS_SCRAPER,
            run_id="run-1",
            clock=self.clock,
            progress=lambda done, of: self.progress.append((done, of)),
        )
        rebuild_outcomes(self.database, since=now - days * DAY, until=now)
        return summary

    def outcomes(self) -> dict[str, PostOutcome]:
        """What its posts have come to, by id."""
        now = self.clock.now()
        return {one.tweet_id: one for one in outcomes_between(self.database, since=now - 60 * DAY, until=now)}

    def requests(self, operation: str) -> int:
        """How often the site was asked for an operation."""
        return int(self.practice.ask("GET", "requests")["by_operation"].get(operation, 0))

    def count(self, what: str) -> int:
        """Counts readings of a kind."""
        with self.database.transaction() as connection:
            return int(connection.scalar(text(f"SELECT count(*) FROM tweet_metrics WHERE {what}")) or 0)


@pytest.fixture
def account(database: AccountDatabase, turn: BrowserTurn, practice: Practice, clock: ManualClock) -> Account:
    """An account on a practice X of the test's own."""
    return Account(database, turn, practice, clock)


def test_f07_every_counter_that_is_read_is_the_sites_own(account: Account) -> None:
    account.has_posts(30)
    summary = account.read()
    assert (summary.result, len(summary.posts.read), summary.posts.new_readings) == (Result.DONE, 30, 30)
    assert (summary.posts.gone, summary.posts.unread, summary.posts.strangers) == ((), (), ())
    truth = {post["id"]: post["counters"] for post in account.practice.truth()["posts"]}
    for post, reading in summary.posts.read:
        told = {name: value for name, value in truth[post.tweet_id].items() if hasattr(reading, name)}
        assert {name: getattr(reading, name) for name in told} == told
    assert summary.posts.followers == account.practice.truth()["accounts"][0]["followers"]
    assert account.progress[-1] == (30, 30)


def test_one_post_is_read_from_its_own_page_and_many_from_the_timelines(account: Account) -> None:
    account.has_posts(1)
    account.read()
    assert (account.requests("UserOriginalsTimeline"), account.requests("TweetDetail")) == (0, 1)


def test_f09_a_view_count_that_x_does_not_show_yet_is_unknown_and_not_zero(account: Account) -> None:
    [post] = account.has_posts(1, youngest=timedelta(seconds=1))
    [(_, reading)] = account.read().posts.read
    assert (reading.views, reading.likes) == (None, 0)
    assert account.outcomes()[post.tweet_id].views is None


def test_a_post_that_is_gone_is_said_to_be_and_not_looked_for_again_until_it_is_asked_for(account: Account) -> None:
    deleted, hidden, there = account.has_posts(3)
    account.practice.ask("DELETE", f"posts/{deleted.tweet_id}")
    account.practice.ask("POST", f"posts/{hidden.tweet_id}/hide")
    summary = account.read()
    assert {post.tweet_id for post, _ in summary.posts.gone} == {deleted.tweet_id, hidden.tweet_id}
    assert [post.tweet_id for post, _ in summary.posts.read] == [there.tweet_id]
    assert account.count("gone_reason IS NOT NULL AND num_nonnulls(views, likes) = 0") == 2
    assert account.outcomes()[deleted.tweet_id].gone_at == account.clock.now()

    move_both(account.practice, account.clock, hours=2)
    account.practice.ask("POST", f"posts/{hidden.tweet_id}/show")
    assert [post.tweet_id for post, _ in account.read(Posts.LIVING).posts.read] == [there.tweet_id]
    move_both(account.practice, account.clock, hours=2)
    assert {post.tweet_id for post, _ in account.read(Posts.EVERY).posts.read} == {hidden.tweet_id, there.tweet_id}
    assert account.outcomes()[hidden.tweet_id].gone_at is None


def test_f24_a_post_that_no_table_knows_is_named(account: Account) -> None:
    account.has_posts(4)
    moment = (account.clock.now() - HOUR).isoformat()
    [stranger] = account.practice.put(
        {"author": account.practice.handle, "text": "Somebody else wrote this in our name", "created_at": moment}
    )
    assert [post.id for post in account.read().posts.strangers] == [stranger]


def test_nothing_published_opens_no_browser(account: Account) -> None:
    assert account.read().result == Result.NOTHING_TO_DO
    assert account.practice.ask("GET", "requests")["total"] == 0


def test_f08_readings_are_kept_and_the_outcome_is_the_latest_that_is_known(account: Account) -> None:
    [post] = account.has_posts(1)
    seen = []
    for _ in range(2):
        move_both(account.practice, account.clock, hours=5)
        account.read()
        seen.append(account.practice.truth()["posts"][0]["counters"]["views"])
    assert account.count("true") == 2
    assert account.outcomes()[post.tweet_id].views == seen[-1] >= seen[0]


def test_counters_that_x_takes_back_are_kept_as_they_are(account: Account) -> None:
    [post] = account.has_posts(1)
    account.read()
    before = account.outcomes()[post.tweet_id].views
    assert before
    account.practice.ask("POST", f"posts/{post.tweet_id}/counters", {"views": -5})
    account.clock.advance(timedelta(seconds=1))
    account.read()
    assert account.outcomes()[post.tweet_id].views == before - 5
    assert account.count("true") == 2


def test_what_x_grants_no_more_of_is_left_to_others_and_what_was_read_is_kept(account: Account) -> None:
    """Between our timelines and search there is a way around one limit; when both are used up, the rest waits."""
    for operation in ("UserOriginalsTimeline", "SearchTimeline"):
        for _ in range(50 - LEFT_TO_OTHERS):
            use_up(account.practice, operation)
    account.has_posts(120)
    summary = account.read()
    assert summary.result == Result.BLOCKED
    assert len(summary.posts.read) + len(summary.posts.unread) == 120
    assert 20 <= len(summary.posts.read) < 120
    assert "X grants no more requests for now" in str(summary.reason)
    assert account.count("true") == len(summary.posts.read)


def test_where_one_timeline_is_used_up_the_other_goes_on_and_search_finds_the_rest(account: Account) -> None:
    for _ in range(50 - LEFT_TO_OTHERS):
        use_up(account.practice, "UserOriginalsTimeline")
    moments = [account.clock.now() - (3 + number) * HOUR for number in range(60)]
    [question] = account.practice.put(
        {"author": account.practice.handle, "text": "What helps?", "created_at": (moments[-1] - HOUR).isoformat()}
    )
    record_past(account.database, put_past(account.practice, moments))
    record_past(account.database, put_past(account.practice, moments, answering=question, words="Answer"))
    summary = account.read()
    assert (summary.result, len(summary.posts.read)) == (Result.DONE, 120)
    assert account.requests("UserRepliesTimeline") >= 3
    assert account.requests("TweetDetail") == 0


def use_up(practice: Practice, operation: str) -> None:
    """Asks X once for an operation, as the account."""
    visitor = practice.visitor()
    variables = (
        {"userId": visitor.id} if operation == "UserOriginalsTimeline" else {"rawQuery": "x", "product": "Latest"}
    )
    visitor.call(operation, **variables)


def test_a_backfill_that_is_started_again_leaves_out_what_was_just_read(account: Account) -> None:
    account.has_posts(3)
    account.read(Posts.EVERY)
    assert account.read(Posts.EVERY).result == Result.NOTHING_TO_DO
    move_both(account.practice, account.clock, hours=1)
    assert len(account.read(Posts.EVERY).posts.read) == 3


def test_only_what_is_stale_for_its_age_is_read_to_close_gaps(account: Account) -> None:
    old, _, young = account.has_posts(3, every=DAY)
    account.read()
    move_both(account.practice, account.clock, hours=2)
    assert [post.tweet_id for post, _ in account.read(Posts.STALE).posts.read] == [young.tweet_id]
    move_both(account.practice, account.clock, days=1)
    assert old.tweet_id in {post.tweet_id for post, _ in account.read(Posts.STALE).posts.read}


@pytest.mark.parametrize(
    ("fault", "wall"),
    [
        ({"kind": "http_429"}, RateLimited),
        ({"kind": "http_500_before", "count": 9}, Unreachable),
    ],
)
def test_f22_an_error_is_not_an_empty_result(account: Account, fault: dict[str, object], wall: type[Exception]) -> None:
    account.has_posts(30)
    account.practice.fault(operation="UserOriginalsTimeline", **fault)
    with pytest.raises(wall):
        account.read()
    assert account.count("true") == 0
