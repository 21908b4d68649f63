"""What a checkpoint's row says, decided from the first look since it fell due."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.models import CheckpointStatus, PublishedPost
from xbot_pipelines.store.checkpoints import DueCheckpoint, Look
from xbot_pipelines.systems.checkpoints import decide
from xbot_pipelines.systems.metrics import is_stale
from xbot_pipelines.systems.reading import ways_to_read
from xbot_pipelines.x.browser import requests_for
from xbot_pipelines.x.client import Way

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOLERANCE = timedelta(minutes=5)
POST = PublishedPost(decision_id=uuid4(), tweet_id="1900000000000000100", posted_at=NOON, text="Walk a little.")


def due(hours: int, look: Look | None, before: Look | None = None) -> DueCheckpoint:
    return DueCheckpoint(post=POST, hours=hours, due_at=NOON + hours * HOUR, look=look, before=before)


def seen(after: timedelta, views: int | None = 100, likes: int | None = 10) -> Look:
    return Look(observed_at=NOON + after, views=views, likes=likes)


def test_a_checkpoint_that_nobody_has_looked_at_stays_owed() -> None:
    assert list(decide([due(2, None)], tolerance=TOLERANCE)) == []


def test_its_age_its_lateness_and_its_rate_since_publishing_are_said() -> None:
    [row] = decide([due(2, seen(2 * HOUR + timedelta(minutes=4)))], tolerance=TOLERANCE)
    assert (row.status, row.age, row.late) == (
        CheckpointStatus.ON_TIME,
        2 * HOUR + timedelta(minutes=4),
        timedelta(minutes=4),
    )
    assert row.views_per_hour == 100 / (124 / 60)
    assert row.likes_per_hour == 10 / (124 / 60)


def test_one_that_is_read_after_its_tolerance_is_kept_and_called_late() -> None:
    [row] = decide([due(2, seen(9 * HOUR))], tolerance=TOLERANCE)
    assert (row.status, row.late, row.views) == (CheckpointStatus.LATE, 7 * HOUR, 100)


def test_the_rate_is_that_since_the_checkpoint_before_also_where_both_are_decided_at_once() -> None:
    early, late = seen(2 * HOUR, views=100), seen(12 * HOUR, views=400)
    [_, together] = decide([due(2, early), due(12, late)], tolerance=TOLERANCE)
    [apart] = decide([due(12, late, before=early)], tolerance=TOLERANCE)
    assert together.views_per_hour == apart.views_per_hour == 30


def test_f09_no_rate_is_made_up() -> None:
    one_look = seen(13 * HOUR)
    [_, same_look] = decide([due(2, one_look), due(12, one_look)], tolerance=TOLERANCE)
    assert same_look.views_per_hour is None
    [unknown] = decide([due(2, seen(2 * HOUR, views=None))], tolerance=TOLERANCE)
    assert (unknown.views, unknown.views_per_hour) == (None, None)


def test_counters_that_fell_give_a_falling_rate() -> None:
    [row] = decide([due(12, seen(12 * HOUR, views=90), before=seen(2 * HOUR, views=100))], tolerance=TOLERANCE)
    assert row.views_per_hour == -1


def test_f09_a_post_that_is_gone_leaves_its_checkpoint_missed_with_the_reason_and_without_a_zero() -> None:
    look = Look(observed_at=NOON + 3 * HOUR, gone_reason="This Post was deleted by the Post author.")
    [row] = decide([due(2, look)], tolerance=TOLERANCE)
    assert (row.status, row.observed_at, row.views, row.likes, row.views_per_hour) == (
        CheckpointStatus.MISSED,
        None,
        None,
        None,
        None,
    )
    assert row.missed_reason == (
        "gone when it was looked for at 2026-03-02 15:00 UTC: This Post was deleted by the Post author."
    )


def test_the_older_a_post_is_the_longer_a_reading_stays_fresh() -> None:
    assert is_stale(3 * HOUR, HOUR)
    assert not is_stale(3 * HOUR, HOUR - timedelta(seconds=1))
    assert not is_stale(2 * DAY, 23 * HOUR)
    assert is_stale(2 * DAY, DAY)
    assert is_stale(29 * DAY, 7 * DAY)
    assert not is_stale(31 * DAY, 400 * DAY)
    assert is_stale(400 * DAY, None)


def ways(wanted: int, *, since_the_oldest: int, between: int) -> Sequence[Way]:
    """The ways that the browser's effort leads to."""
    efforts = {Way.TIMELINE: since_the_oldest, Way.SEARCH: between, Way.BY_ID: wanted}
    return ways_to_read({way: requests_for(way, posts) for way, posts in efforts.items()})


def test_the_way_with_the_fewest_requests_comes_first_and_single_pages_last() -> None:
    assert ways(1, since_the_oldest=40, between=0) == [Way.BY_ID]
    assert ways(40, since_the_oldest=40, between=40) == [Way.TIMELINE, Way.SEARCH, Way.BY_ID]
    assert ways(1500, since_the_oldest=1500, between=1500) == [Way.TIMELINE, Way.SEARCH, Way.BY_ID]
    assert ways(50, since_the_oldest=1500, between=50) == [Way.SEARCH, Way.BY_ID]


@given(st.integers(1, 3000), st.integers(0, 3000), st.integers(0, 3000))
def test_single_pages_are_always_the_last_way_and_nothing_dearer_comes_before_them(
    wanted: int, newer: int, between: int
) -> None:
    found = ways(wanted, since_the_oldest=between + newer, between=between)
    assert found[-1] == Way.BY_ID
    assert len(set(found)) == len(found)
    if 2 + (between + newer) / 20 > wanted:
        assert Way.TIMELINE not in found
