"""Readings are kept as they came, of our own posts, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Counters, PublishedPost, ReadingSource
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.readings import add_follower_snapshot, published_posts
from xbot_pipelines.store.schema import follower_snapshots, tweet_metrics
from xbot_pipelines_tests.store.given import FULL, posted, read, reading

POST = "1900000000000000100"

OTHER_POST = "1900000000000000101"

HOUR = timedelta(hours=1)


def test_the_posts_of_a_time_are_those_from_its_beginning_up_to_its_end(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    since, until = clock.now(), clock.now() + HOUR
    posted(database, "1900000000000000101", at=since - timedelta(microseconds=1), began_at=since)
    just_before = until - timedelta(microseconds=1)
    last = posted(database, "1900000000000000103", at=just_before, began_at=since, text="The last.")
    first = posted(database, "1900000000000000102", at=since, text="The first.")
    posted(database, "1900000000000000104", at=until)
    posted(other, "1900000000000000105", at=since)

    assert published_posts(database, since=since, until=until) == [
        PublishedPost(decision_id=first, tweet_id="1900000000000000102", posted_at=since, text="The first."),
        PublishedPost(
            decision_id=last,
            tweet_id="1900000000000000103",
            posted_at=just_before,
            text="The last.",
        ),
    ]


def test_f09_a_reading_is_kept_as_it_came_with_where_it_came_from(
    database: AccountDatabase, clock: ManualClock
) -> None:
    posted(database, POST, at=clock.now())

    assert read(database, reading(POST, clock.now(), Counters(views=0, likes=None))) == 1

    with database.transaction() as connection:
        row = dict(connection.execute(select(tweet_metrics)).mappings().one())
    assert (row.pop("account"), row.pop("tweet_id"), row.pop("observed_at")) == ("practice", POST, clock.now())
    assert (row.pop("source"), row.pop("run_id"), row.pop("views")) == ("metrics_scraper", "run-1", 0)
    assert row.pop("id") > 0
    assert set(row.values()) == {None}


def test_the_same_reading_twice_is_kept_once(database: AccountDatabase, clock: ManualClock) -> None:
    posted(database, POST, at=clock.now())
    once = reading(POST, clock.now(), FULL)
    later = reading(POST, clock.now() + HOUR, FULL)

    assert read(database, once, once) == 1
    assert read(database, once, source=ReadingSource.BACKFILL) == 0
    assert read(database, once, later) == 1
    assert read(database) == 0

    with database.transaction() as connection:
        sources = connection.scalars(select(tweet_metrics.c.source)).all()
    assert sources == ["metrics_scraper", "metrics_scraper"]


def test_a_backfill_of_months_is_added_at_once(database: AccountDatabase, clock: ManualClock) -> None:
    posted(database, POST, at=clock.now())
    many = [reading(POST, clock.now() + number * timedelta(minutes=1), FULL) for number in range(6_000)]

    assert read(database, *many) == 6_000


@pytest.mark.parametrize("stranger", [OTHER_POST, "1900000000000000999"])
def test_f07_a_reading_of_a_post_that_is_not_ours_is_refused(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock, stranger: str
) -> None:
    posted(database, POST, at=clock.now())
    posted(other, OTHER_POST, at=clock.now())

    with pytest.raises(IntegrityError, match="fk_tweet_metrics_posted_decisions"):
        read(database, reading(POST, clock.now(), FULL), reading(stranger, clock.now(), FULL))


def test_our_followers_at_a_moment_are_kept_once(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    for followers in (120, 121):
        add_follower_snapshot(database, followers=followers, observed_at=clock.now(), run_id="run-1")
    add_follower_snapshot(database, followers=122, observed_at=clock.now() + HOUR, run_id=None)
    add_follower_snapshot(other, followers=7, observed_at=clock.now(), run_id=None)

    snapshot = follower_snapshots.c
    with database.transaction() as connection:
        curve = connection.scalars(
            select(snapshot.followers).where(snapshot.account == "practice").order_by(snapshot.observed_at)
        )
        assert curve.all() == [120, 122]
