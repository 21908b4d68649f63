"""What is remembered of feeds."""

from datetime import timedelta

from sqlalchemy import select

from xbot_pipelines.models import FeedState, RobotsFile
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.feeds import known_feeds, record_failed, record_fetched, robots_read_since, save_robots
from xbot_pipelines.store.schema import feed_states
from xbot_pipelines_tests.store.rows import NOON

FEED = FeedState(url="https://example.org/feed", etag='"a"', last_modified="Mon", fetched_at=NOON)
DAY = timedelta(days=1)


def failure(database: AccountDatabase) -> tuple[object, object]:
    with database.transaction() as connection:
        row = connection.execute(select(feed_states.c.failed_at, feed_states.c.failure)).one()
        return (row.failed_at, row.failure)


def test_a_feed_is_remembered_as_it_was_read_last(database: AccountDatabase, other: AccountDatabase) -> None:
    record_fetched(database, FEED)
    assert known_feeds(database) == {FEED.url: FEED}
    later = FeedState(url=FEED.url, etag='"b"', fetched_at=NOON + DAY)
    record_fetched(database, later)
    assert known_feeds(database) == {FEED.url: later}
    assert known_feeds(other) == {}


def test_a_failure_leaves_how_far_the_feed_was_read(database: AccountDatabase) -> None:
    record_fetched(database, FEED)
    record_failed(database, FEED.url, failure="answered HTTP 500", now=NOON + DAY)
    assert known_feeds(database) == {FEED.url: FEED}
    assert failure(database) == (NOON + DAY, "answered HTTP 500")
    record_fetched(database, FEED)
    assert failure(database) == (None, None)


def test_a_feed_that_has_only_ever_failed_is_remembered_too(database: AccountDatabase) -> None:
    record_failed(database, FEED.url, failure="answered HTTP 404", now=NOON)
    assert known_feeds(database) == {FEED.url: FeedState(url=FEED.url)}


def test_robots_txt_is_remembered_for_as_long_as_one_asks(database: AccountDatabase) -> None:
    old = RobotsFile(origin="https://example.org", text="", read_at=NOON)
    new = RobotsFile(origin="https://example.org", text="User-agent: *", read_at=NOON + DAY)
    save_robots(database, [old])
    assert robots_read_since(database, NOON - DAY) == [old]
    assert robots_read_since(database, NOON) == []
    save_robots(database, [new])
    assert robots_read_since(database, NOON) == [new]
