"""The follower curve, what was seen while it moved, and who won whom, as they lie in the tables."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Counters
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.followers import (
    FollowerTracking,
    ViewedPost,
    follower_curve,
    save_follower_tracking,
    viewed_posts,
)
from xbot_pipelines.store.readings import add_follower_snapshot
from xbot_pipelines.store.schema import post_follower_tracking
from xbot_pipelines_tests.store.given import gone, posted, read, reading

POST = "1900000000000000100"
OLDER = "1900000000000000090"

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def viewed(database: AccountDatabase, clock: ManualClock, days: float = 1) -> list[ViewedPost]:
    """The posts of the last `days` days, where a post is seen for seven."""
    now = clock.now()
    return list(viewed_posts(database, since=now - days * DAY, until=now, seen_for=7 * DAY))


def test_the_follower_curve_of_a_time_is_in_order_and_our_own(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    began = clock.now()
    for hours, count in ((2, 130), (0, 120), (1, 125), (3, 140)):
        add_follower_snapshot(database, followers=count, observed_at=began + hours * HOUR, run_id=None)
    add_follower_snapshot(other, followers=7, observed_at=began + HOUR, run_id=None)

    curve = follower_curve(database, since=began + HOUR, until=began + 2 * HOUR)

    assert curve == [(began + HOUR, 125), (began + 2 * HOUR, 130)]


def test_a_post_comes_with_its_views_as_they_were_read(database: AccountDatabase, clock: ManualClock) -> None:
    began = clock.now()
    decision_id = posted(database, POST, at=began)
    read(
        database,
        reading(POST, began + 2 * HOUR, Counters(views=300)),
        reading(POST, began + HOUR, Counters(views=200)),
        reading(POST, began + 3 * HOUR, Counters(likes=4)),
        reading(POST, began + 9 * HOUR, Counters(views=999)),
    )
    clock.advance(8 * HOUR)

    assert viewed(database, clock) == [
        ViewedPost(
            decision_id=decision_id,
            tweet_id=POST,
            posted_at=began,
            views=((began + HOUR, 200), (began + 2 * HOUR, 300)),
        )
    ]


def test_f09_a_post_that_was_never_read_is_among_them_with_no_views(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = posted(database, POST, at=clock.now())

    assert viewed(database, clock) == [ViewedPost(decision_id=decision_id, tweet_id=POST, posted_at=clock.now())]


def test_posts_are_those_that_were_still_seen_when_the_time_began(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    began = clock.now()
    posted(database, "1900000000000000080", at=began)
    posted(database, OLDER, at=began + timedelta(seconds=1))
    posted(database, POST, at=began + 8 * DAY)
    posted(other, "1900000000000000101", at=began + 8 * DAY)
    clock.advance(8 * DAY)

    assert [post.tweet_id for post in viewed(database, clock)] == [OLDER, POST]


def test_a_post_is_gone_since_the_first_look_that_found_it_gone_for_good(
    database: AccountDatabase, clock: ManualClock
) -> None:
    began = clock.now()
    posted(database, POST, at=began)
    gone(database, POST, began + HOUR)
    read(database, reading(POST, began + 2 * HOUR, Counters(views=20)))
    clock.advance(5 * HOUR)
    assert viewed(database, clock)[0].gone_at is None

    for hours in (3, 4):
        gone(database, POST, began + hours * HOUR)

    [post] = viewed(database, clock)
    assert post.gone_at == began + 3 * HOUR
    assert post.views == ((began + 2 * HOUR, 20),)


def tracking(decision_id: UUID, clock: ManualClock, **changes: float | None) -> FollowerTracking:
    """What a post had won after two hours, but for the changes."""
    won = {"attributed_low": 1.5, "attributed": 3.0, "attributed_high": 6.25, **changes}
    return FollowerTracking(decision_id=decision_id, checkpoint_hours=2, observed_at=clock.now(), followers=130, **won)


def rows(database: AccountDatabase) -> list[dict[str, object]]:
    with database.transaction() as connection:
        found = connection.execute(select(post_follower_tracking).order_by(post_follower_tracking.c.checkpoint_hours))
        return [dict(row) for row in found.mappings()]


def test_what_was_won_is_written_once_for_each_checkpoint_and_replaced_by_what_is_known_better(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = posted(database, POST, at=clock.now())
    first = tracking(decision_id, clock)
    for _ in range(2):
        save_follower_tracking(database, [first])
    assert rows(database) == [{"account": "practice", **vars(first)}]

    clock.advance(HOUR)
    better = tracking(decision_id, clock, attributed=None, attributed_low=None, attributed_high=None)
    later = FollowerTracking(
        decision_id=decision_id, checkpoint_hours=24, observed_at=clock.now(), followers=150, attributed=4.0
    )
    save_follower_tracking(database, [better, later])
    assert rows(database) == [{"account": "practice", **vars(row)} for row in (better, later)]

    save_follower_tracking(database, [])
    assert len(rows(database)) == 2


def test_nothing_is_written_for_a_post_of_another_account(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    theirs = posted(other, POST, at=clock.now())
    with pytest.raises(IntegrityError, match="fk_post_follower_tracking"):
        save_follower_tracking(database, [tracking(theirs, clock)])
