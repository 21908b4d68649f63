"""Checkpoints in the tables: owed with the post, recorded once, owed no more."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import CheckpointStatus, Counters, PrivateCounters
from xbot_pipelines.store.checkpoints import (
    Checkpoint,
    DueCheckpoint,
    checkpoints_of,
    due_checkpoints,
    due_span,
    owe_missing,
    save_checkpoints,
)
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.readings import add_private_figures
from xbot_pipelines.store.schema import owed_checkpoints, post_velocity_tracking
from xbot_pipelines_tests.store.given import FULL, gone, posted, read, reading

POST, OTHER_POST = "1900000000000000100", "1900000000000000101"
HOUR = timedelta(hours=1)
EVER = {"since": datetime(2000, 1, 1, tzinfo=UTC), "until": datetime(2100, 1, 1, tzinfo=UTC)}
HOURS = (2, 12, 24)


def due(database: AccountDatabase, at: datetime) -> list[DueCheckpoint]:
    return due_checkpoints(database, now=at, **EVER)


def on_time(checkpoint: DueCheckpoint, views: int) -> Checkpoint:
    return Checkpoint(
        post=checkpoint.post,
        hours=checkpoint.hours,
        status=CheckpointStatus.ON_TIME,
        observed_at=checkpoint.due_at,
        age=timedelta(hours=checkpoint.hours),
        late=timedelta(0),
        views=views,
        likes=3,
    )


def test_f10_a_post_owes_its_checkpoints_from_the_transaction_that_records_it(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    start = clock.now()
    posted(database, POST, at=start)
    posted(other, OTHER_POST, at=start)
    assert due_span(database, now=start + 2 * HOUR - timedelta(seconds=1)) is None
    span = due_span(database, now=start + 12 * HOUR)
    assert span is not None
    assert (span.count, span.oldest_due_at, span.newest_due_at) == (2, start + 2 * HOUR, start + 12 * HOUR)
    assert (span.first_posted_at, span.last_posted_at) == (start, start)
    assert [(checkpoint.post.tweet_id, checkpoint.hours) for checkpoint in due(database, start + 12 * HOUR)] == [
        (POST, 2),
        (POST, 12),
    ]


def test_the_first_look_since_a_checkpoint_fell_due_is_its_look(database: AccountDatabase, clock: ManualClock) -> None:
    start = clock.now()
    posted(database, POST, at=start)
    assert [checkpoint.look for checkpoint in due(database, start + 2 * HOUR)] == [None]
    read(
        database,
        reading(POST, start + 2 * HOUR - timedelta(seconds=1), Counters(views=1)),
        reading(POST, start + 2 * HOUR + timedelta(seconds=9), FULL),
        reading(POST, start + 3 * HOUR, Counters(views=999)),
    )
    [checkpoint] = due(database, start + 3 * HOUR)
    assert checkpoint.look is not None
    assert (checkpoint.look.observed_at, checkpoint.look.views) == (start + 2 * HOUR + timedelta(seconds=9), FULL.views)


def test_private_figures_alone_are_no_look_and_a_gone_post_is_one(
    database: AccountDatabase, clock: ManualClock
) -> None:
    start = clock.now()
    posted(database, POST, at=start)
    private = PrivateCounters(profile_visits=3)
    add_private_figures(database, POST, private, observed_at=start + 2 * HOUR, run_id="run-1")
    assert [checkpoint.look for checkpoint in due(database, start + 3 * HOUR)] == [None]
    gone(database, POST, start + 3 * HOUR)
    [checkpoint] = due(database, start + 3 * HOUR)
    assert checkpoint.look is not None
    assert checkpoint.look.gone_reason == "This Post was deleted by the Post author."


def test_a_recorded_checkpoint_is_owed_no_more_and_never_written_again(
    database: AccountDatabase, clock: ManualClock
) -> None:
    start = clock.now()
    posted(database, POST, at=start)
    [first] = due(database, start + 2 * HOUR)
    save_checkpoints(database, [on_time(first, views=100)])
    save_checkpoints(database, [on_time(first, views=555)])
    assert due(database, start + 3 * HOUR) == []
    [kept] = checkpoints_of(database, **EVER)
    assert (kept.views, kept.likes, kept.status, kept.late) == (100, 3, CheckpointStatus.ON_TIME, timedelta(0))
    [second] = due(database, start + 12 * HOUR)
    assert second.before is not None
    assert (second.before.observed_at, second.before.views, second.before.likes) == (start + 2 * HOUR, 100, 3)


def test_what_has_no_row_is_owed_again_and_what_has_one_is_not(database: AccountDatabase, clock: ManualClock) -> None:
    start = clock.now()
    posted(database, POST, at=start)
    [first] = due(database, start + 2 * HOUR)
    save_checkpoints(database, [on_time(first, views=100)])
    with database.transaction() as connection:
        connection.execute(delete(owed_checkpoints))
    window = {"since": start, "until": start + HOUR}
    assert owe_missing(database, checkpoints_hours=HOURS, since=start + HOUR, until=start + 2 * HOUR) == 0
    assert owe_missing(database, checkpoints_hours=HOURS, **window) == 2
    assert owe_missing(database, checkpoints_hours=HOURS, **window) == 0
    assert owe_missing(database, checkpoints_hours=(*HOURS, 48), **window) == 1
    assert [checkpoint.hours for checkpoint in due(database, start + 50 * HOUR)] == [12, 24, 48]


@pytest.mark.parametrize("ends", ["together", "apart"])
def test_f08_however_often_the_same_checkpoints_are_recorded_each_has_one_row(
    database: AccountDatabase, clock: ManualClock, ends: str
) -> None:
    start = clock.now()
    for number in range(5):
        posted(database, f"190000000000000020{number}", at=start + timedelta(seconds=number))
    owed = due(database, start + 25 * HOUR)
    batches = [owed] if ends == "together" else [[checkpoint] for checkpoint in owed]
    for batch in (*batches, *batches):
        save_checkpoints(database, [on_time(checkpoint, views=checkpoint.hours) for checkpoint in batch])
    with database.transaction() as connection:
        assert connection.scalar(select(func.count()).select_from(post_velocity_tracking)) == 15
        assert connection.scalar(select(func.count()).select_from(owed_checkpoints)) == 0
