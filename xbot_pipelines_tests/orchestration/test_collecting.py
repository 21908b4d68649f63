"""When readings are asked for: by the sensor, by the sweep that stands behind it, and by whatever is stale."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import dagster as dg
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import CheckpointStatus, Counters
from xbot_pipelines.orchestration.guards import ACCOUNT_TAG
from xbot_pipelines.orchestration.runs import is_backfill
from xbot_pipelines.orchestration.sensors import ASK_AGAIN_AFTER, checkpoints_due
from xbot_pipelines.store import account
from xbot_pipelines.store.checkpoints import Checkpoint, due_checkpoints, save_checkpoints
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.outcomes import rebuild_outcomes
from xbot_pipelines_tests.history import Past, record_past
from xbot_pipelines_tests.orchestration.conftest import Ask
from xbot_pipelines_tests.store.given import gone, read, reading

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RANGE = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")


def posts_at(database: AccountDatabase, moments: Sequence[datetime]) -> list[Past]:
    posts = [
        Past(tweet_id=f"19000000000000001{number:02}", text=f"Post {number}.", posted_at=moment)
        for number, moment in enumerate(moments)
    ]
    record_past(database, posts)
    return posts


def days_of(answer: dg.RunRequest | str) -> tuple[str, ...]:
    assert isinstance(answer, dg.RunRequest), answer
    return tuple(answer.tags[end] for end in RANGE)


class Sensor:
    """The sensor, as Dagster evaluates it: with the cursor that it left the last time."""

    def __init__(self, database: AccountDatabase, clock: ManualClock, instance: dg.DagsterInstance) -> None:
        self._database, self._clock, self._instance = database, clock, instance
        self._cursor: str | None = None

    def look(self, *, running: bool = False) -> dg.RunRequest | str:
        resources = {"database": self._database, "clock": self._clock}
        if running:
            run = self._instance.add_run(
                dg.DagsterRun(
                    job_name="velocity_tracker",
                    status=dg.DagsterRunStatus.STARTED,
                    tags={ACCOUNT_TAG: "practice"},
                )
            )
        with dg.build_sensor_context(instance=self._instance, cursor=self._cursor, resources=resources) as context:
            said = checkpoints_due.evaluate_tick(context)
        if running:
            self._instance.delete_run(run.run_id)
        self._cursor = said.cursor
        return said.run_requests[0] if said.run_requests else str(said.skip_message)


@pytest.fixture
def sensor(database: AccountDatabase, clock: ManualClock, idle_instance: dg.DagsterInstance) -> Sensor:
    return Sensor(database, clock, idle_instance)


def test_the_sensor_asks_for_one_run_over_the_days_of_all_that_is_due(
    sensor: Sensor, database: AccountDatabase, clock: ManualClock
) -> None:
    assert sensor.look() == "nothing to do: no checkpoint is due"
    now = clock.now()
    posts_at(database, [now - 24 * HOUR, now - 13 * HOUR, now - HOUR])
    assert days_of(sensor.look()) == ("2026-03-01", "2026-03-01")
    clock.advance(HOUR)
    assert days_of(sensor.look()) == ("2026-03-01", "2026-03-02")


def test_f21_the_sensor_does_not_hammer_what_could_not_be_read(
    sensor: Sensor, database: AccountDatabase, clock: ManualClock
) -> None:
    posts_at(database, [clock.now() - 2 * HOUR, clock.now() - 2 * HOUR + timedelta(minutes=1)])
    assert isinstance(sensor.look(), dg.RunRequest)
    clock.advance(timedelta(seconds=30))
    assert "was asked for at 12:00:00 UTC; it is asked for again at 12:10:00" in str(sensor.look())
    clock.advance(timedelta(seconds=30))
    assert isinstance(sensor.look(), dg.RunRequest), "another checkpoint has fallen due"
    clock.advance(ASK_AGAIN_AFTER)
    assert isinstance(sensor.look(), dg.RunRequest)


def test_f26_the_sensor_leaves_it_to_a_run_that_waits_already(
    sensor: Sensor, database: AccountDatabase, clock: ManualClock
) -> None:
    posts_at(database, [clock.now() - 2 * HOUR])
    assert "under way: velocity_tracker is queued or running already" in str(sensor.look(running=True))
    assert isinstance(sensor.look(), dg.RunRequest)


def test_f17_the_sensor_asks_for_nothing_while_the_account_is_paused(
    sensor: Sensor, database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    posts_at(database, [clock.now() - 2 * HOUR])
    account.pause(database, reason="X asks for a human", now=clock.now(), by=by)
    assert "X asks for a human" in str(sensor.look())


def test_the_sweep_finds_what_is_due_too(ask: Ask, database: AccountDatabase, clock: ManualClock) -> None:
    assert ask("velocity_tracker") == "nothing to do: no checkpoint is due"
    posts_at(database, [clock.now() - 30 * HOUR, clock.now() - 2 * HOUR])
    assert days_of(ask("velocity_tracker")) == ("2026-03-01", "2026-03-02")


def test_whatever_has_no_reading_or_a_stale_one_is_collected_however_old_it_is(
    ask: Ask, database: AccountDatabase, clock: ManualClock
) -> None:
    now = clock.now()
    old, recent = posts_at(database, [now - 50 * DAY, now - 3 * DAY])
    settle_checkpoints(database, now)
    assert days_of(ask("data_collection")) == ("2026-01-11", "2026-02-27")
    read(database, reading(old.tweet_id, now, Counters(views=1)), reading(recent.tweet_id, now, Counters(views=1)))
    rebuild_outcomes(database, since=now - 60 * DAY, until=now)
    assert ask("data_collection") == "nothing to do: every reading is fresh enough, and no checkpoint is due"
    clock.advance(DAY)
    assert days_of(ask("data_collection")) == ("2026-02-27", "2026-02-27")


def test_collecting_reads_only_what_is_stale(ask: Ask, database: AccountDatabase, clock: ManualClock) -> None:
    posts_at(database, [clock.now() - 3 * DAY])
    request = ask("data_collection")
    assert isinstance(request, dg.RunRequest)
    assert request.run_config["ops"]["practice__tweet_metrics"]["config"] == {"posts": "STALE"}


def test_a_post_that_is_gone_is_not_collected(ask: Ask, database: AccountDatabase, clock: ManualClock) -> None:
    now = clock.now()
    [post] = posts_at(database, [now - 3 * DAY])
    settle_checkpoints(database, now)
    gone(database, post.tweet_id, now)
    rebuild_outcomes(database, since=now - 4 * DAY, until=now)
    clock.advance(2 * DAY)
    assert ask("data_collection") == "nothing to do: every reading is fresh enough, and no checkpoint is due"


def test_private_figures_and_conversations_are_read_where_there_are_any(
    ask: Ask, database: AccountDatabase, clock: ManualClock
) -> None:
    now = clock.now()
    assert ask("analytics") == "nothing to do: no private figures are owed"
    [post] = posts_at(database, [now - 2 * HOUR])
    assert isinstance(ask("analytics"), dg.RunRequest)
    assert ask("enhanced_metrics") == "nothing to do: no post has more replies than when we last looked"
    read(database, reading(post.tweet_id, now, Counters(replies=2)))
    rebuild_outcomes(database, since=now - DAY, until=now)
    assert isinstance(ask("enhanced_metrics"), dg.RunRequest)


def test_outcomes_are_consolidated_over_eight_days(ask: Ask, database: AccountDatabase, clock: ManualClock) -> None:
    assert ask("real_outcomes") == "nothing to do: nothing of ours was published in the last eight days"
    posts_at(database, [clock.now() - 9 * DAY, clock.now() - 7 * DAY, clock.now() - HOUR])
    assert days_of(ask("real_outcomes")) == ("2026-02-23", "2026-03-02")


def settle_checkpoints(database: AccountDatabase, now: datetime) -> None:
    """Lets every checkpoint that is due be recorded."""
    due = due_checkpoints(database, now=now, since=now - 99 * DAY, until=now)
    missed = CheckpointStatus.MISSED
    rows = [Checkpoint(post=one.post, hours=one.hours, status=missed, missed_reason="gone") for one in due]
    save_checkpoints(database, rows)


def test_a_run_of_a_backfill_that_is_executed_again_still_belongs_to_it() -> None:
    """Dagster does not hand the mark on; without it the run would read again what the first one had read."""
    with dg.DagsterInstance.ephemeral() as instance:
        first = dg.DagsterRun(job_name="backfilled", tags={"dagster/backfill": "abcdefgh"})
        instance.add_run(first)
        again = dg.DagsterRun(job_name="backfilled", root_run_id=first.run_id, parent_run_id=first.run_id)
        assert is_backfill(instance, first)
        assert is_backfill(instance, again)
        assert not is_backfill(instance, dg.DagsterRun(job_name="another"))
