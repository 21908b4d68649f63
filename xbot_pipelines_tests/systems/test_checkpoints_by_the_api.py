"""Checkpoints that nobody took while we were away: filled from what X counted in each hour, and marked so."""

from datetime import timedelta

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import CheckpointStatus, ReadingSource
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.checkpoints import checkpoints_of
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.budget import Purpose
from xbot_pipelines.systems.checkpoints import CheckpointSummary, take_checkpoints
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.store.given import posted
from xbot_pipelines_tests.systems.conftest import move_both

BY_THE_API = True

HOUR = timedelta(hours=1)


@pytest.fixture
def clock(practice: Practice) -> ManualClock:
    """A clock that stands at noon of a Monday, together with the practice site's."""
    practice.ask("POST", "clock", {"now": NOON.isoformat(), "running": False})
    return ManualClock(NOON)


@pytest.fixture
def published_at_noon(practice: Practice, database: AccountDatabase, clock: ManualClock) -> str:
    """A post that went out twenty minutes before noon."""
    at = clock.now() - timedelta(minutes=20)
    [post_id] = practice.put(
        {"author": practice.handle, "text": "Ten minutes of walking.", "created_at": at.isoformat()}
    )
    posted(database, post_id, at=at)
    return post_id


def take(settings: Settings, database: AccountDatabase, clock: ManualClock) -> CheckpointSummary:
    """Takes every checkpoint that is due, in a turn of its own."""
    with BrowserTurn(settings, database, clock, by=Provenance(actor="test")) as turn:
        return take_checkpoints(
            database,
            settings.profile,
            turn.client_for(Purpose.OWN),
            since=NOON - 24 * HOUR,
            until=NOON + 24 * HOUR,
            source=ReadingSource.VELOCITY_TRACKER,
            run_id=None,
            clock=clock,
            progress=lambda _, __: None,
        )


def test_what_was_missed_is_what_x_counted_until_the_end_of_its_hour(
    settings: Settings, database: AccountDatabase, clock: ManualClock, practice: Practice, published_at_noon: str
) -> None:
    # Due at 13:40 and 23:40: the hours end at 14:00 and at midnight.
    counted = []
    for hours in (2, 10):
        move_both(practice, clock, hours=hours)
        [post] = practice.truth()["posts"]
        counted.append((clock.now(), post["counters"]["views"], post["counters"]["likes"]))
    move_both(practice, clock, hours=1)

    assert take(settings, database, clock).of(CheckpointStatus.LATE) == 2

    taken = checkpoints_of(database, since=NOON - 24 * HOUR, until=NOON + 24 * HOUR)
    assert [(row.hours, row.source) for row in taken] == [
        (2, ReadingSource.HOURLY_ANALYTICS),
        (12, ReadingSource.HOURLY_ANALYTICS),
    ]
    assert [(row.observed_at, row.views, row.likes) for row in taken] == counted
    assert [row.late for row in taken] == [timedelta(minutes=20), timedelta(minutes=20)]
    assert taken[0].post.tweet_id == published_at_noon


def test_what_is_due_now_is_read_now(
    settings: Settings, database: AccountDatabase, clock: ManualClock, practice: Practice, published_at_noon: str
) -> None:
    move_both(practice, clock, hours=1, minutes=42)
    assert take(settings, database, clock).of(CheckpointStatus.ON_TIME) == 1
    [row] = checkpoints_of(database, since=NOON - 24 * HOUR, until=NOON + 24 * HOUR)
    assert (row.source, row.observed_at) == (ReadingSource.VELOCITY_TRACKER, clock.now())
    assert "getPostsAnalytics" not in practice.ask("GET", "requests")["by_operation"]
    assert row.post.tweet_id == published_at_noon


def test_where_x_does_not_tell_the_hours_a_late_look_is_better_than_none(
    settings: Settings, database: AccountDatabase, clock: ManualClock, practice: Practice, published_at_noon: str
) -> None:
    practice.fault(
        operation="getPostsAnalytics",
        kind="error_code",
        code=453,
        message="client-not-enrolled: this app does not have access to it",
    )
    move_both(practice, clock, hours=6)
    assert take(settings, database, clock).of(CheckpointStatus.LATE) == 1
    [row] = checkpoints_of(database, since=NOON - 24 * HOUR, until=NOON + 24 * HOUR)
    assert (row.source, row.observed_at) == (ReadingSource.VELOCITY_TRACKER, clock.now())
    assert row.post.tweet_id == published_at_noon
