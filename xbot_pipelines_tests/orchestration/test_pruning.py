"""Which runs go: decided, and done. On PostgreSQL, as dagster.yaml has it, where it is the tables that matter."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dagster import DagsterInstance
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill
from dagster._core.scheduler.instigation import TickStatus
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from xbot_pipelines.clock import Clock, ManualClock, SystemClock
from xbot_pipelines.operate.house import House
from xbot_pipelines.orchestration import pruning
from xbot_pipelines.orchestration.pruning import LONGEST_TURN, Fate, Needed, Run, fate, prune
from xbot_pipelines.orchestration.timetable import turn_of
from xbot_pipelines.settings import RetentionSettings, Settings
from xbot_pipelines.store.database import dagster_url
from xbot_pipelines_tests.orchestration.pasts import DAYS, Past, readings, sheet

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
RETENTION = RetentionSettings(good_runs_days=14, failed_runs_days=60, files_days=30)
NOTHING = Needed(latest=frozenset(), backfills=frozenset())


def in_days(days: float) -> ManualClock:
    """A clock that is so many days ahead: all runs of a test are done now."""
    return ManualClock(SystemClock().now() + days * DAY)


@pytest.fixture
def shipped(settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Past]:
    """A past in PostgreSQL, in an instance as the house makes it."""
    house = House(settings)
    house.prepare_folders()
    monkeypatch.setenv("XBOT_DAGSTER_DATABASE_URL", dagster_url(database_url))
    with DagsterInstance.from_config(str(house.dagster_home)) as instance:
        yield Past(instance)


def run(*, days_ago: float, went_well: bool = True, backfill: str | None = None) -> Run:
    return Run(run_id="it", ended_at=NOW - days_ago * DAY, went_well=went_well, backfill=backfill)


def decided(one: Run, needed: Needed = NOTHING) -> Fate:
    return fate(one, needed=needed, retention=RETENTION, now=NOW)


@pytest.mark.parametrize(
    ("one", "needed", "expected"),
    [
        (run(days_ago=13.9), NOTHING, Fate.TOO_YOUNG),
        (run(days_ago=14), NOTHING, Fate.GOES),
        (run(days_ago=59.9, went_well=False), NOTHING, Fate.TOO_YOUNG),
        (run(days_ago=60, went_well=False), NOTHING, Fate.GOES),
        (Run(run_id="it", ended_at=None, went_well=False), NOTHING, Fate.UNDER_WAY),
        (run(days_ago=900), Needed(latest={"it"}, backfills=set()), Fate.LATEST),
        (run(days_ago=900), Needed(latest={"another"}, backfills={"b"}), Fate.GOES),
        (run(days_ago=900, backfill="b"), Needed(latest=set(), backfills={"b"}), Fate.IN_A_BACKFILL),
        (run(days_ago=900, backfill="a"), Needed(latest=set(), backfills={"b"}), Fate.GOES),
    ],
)
def test_what_becomes_of_a_run(one: Run, needed: Needed, expected: Fate) -> None:
    assert decided(one, needed) is expected


@given(
    days_ago=st.floats(0, 4000),
    went_well=st.booleans(),
    backfill=st.sampled_from([None, "a", "b"]),
    needed=st.builds(Needed, latest=st.sets(st.sampled_from(["it", "x"])), backfills=st.sets(st.sampled_from("ab"))),
)
def test_nothing_goes_before_its_time_or_while_it_is_needed_and_everything_else_does(
    days_ago: float, went_well: bool, backfill: str | None, needed: Needed
) -> None:
    one = run(days_ago=days_ago, went_well=went_well, backfill=backfill)
    kept_for = RETENTION.good_runs_days if went_well else RETENTION.failed_runs_days
    old = NOW - kept_for * DAY >= (one.ended_at or NOW)
    is_needed = "it" in needed.latest or backfill in needed.backfills
    assert (decided(one, needed) is Fate.GOES) == (old and not is_needed)


def test_old_runs_go_with_all_they_left_and_the_last_of_every_asset_and_day_stays(shipped: Past) -> None:
    past, instance = shipped, shipped.instance
    past.reads("2026-01-01", "2026-01-02", "2026-01-01")
    past.makes_the_sheet()
    past.makes_the_sheet()
    past.idles()
    past.waits()
    first_of_the_first, last_of_the_first = past.runs["2026-01-01"]
    first_sheet, last_sheet = past.runs["sheet"]
    gone = {first_of_the_first, first_sheet, *past.runs["idle"]}
    everything = past.left

    pruned = prune(instance, RETENTION, clock=in_days(13))
    assert (pruned.deleted, past.left) == (0, everything)

    pruned = prune(instance, RETENTION, clock=in_days(15))
    assert (pruned.deleted, pruned.kept_as_latest, pruned.ran_out_of_time) == (3, 3, False)
    assert past.left == everything - gone
    assert not past.outputs & gone
    assert pruned.files.files >= 3
    assert pruned.files.stuck == ()
    assert not any(instance.all_logs(run_id) for run_id in gone)
    assert past.checks == 1

    assert instance.get_materialized_partitions(readings.key) == {"2026-01-01", "2026-01-02"}
    shown = instance.get_status_by_partition(readings.key, ["2026-01-01", "2026-01-02", "2026-01-03"], DAYS) or {}
    assert [status and status.name for status in shown.values()] == ["MATERIALIZED", "MATERIALIZED", None]
    latest = instance.get_latest_materialization_event(sheet.key)
    assert latest is not None
    assert latest.run_id == last_sheet
    latest = instance.get_latest_materialization_event(readings.key)
    assert latest is not None
    assert latest.run_id == last_of_the_first

    assert prune(instance, RETENTION, clock=in_days(15)).deleted == 0
    assert pruned.oldest == min(record.create_timestamp for record in instance.get_run_records())


def test_no_tick_of_any_outcome_is_kept_for_ever(shipped: Past) -> None:
    for kind in (InstigatorType.SCHEDULE, InstigatorType.SENSOR):
        kept_for = shipped.instance.get_tick_retention_settings(kind)
        assert set(kept_for) == set(TickStatus)
        assert all(0 < days <= 90 for days in kept_for.values())
        assert kept_for[TickStatus.SKIPPED] <= 7


class Killed(BaseException):
    """Ends a turn as a kill does: no code of ours hears of it."""


def killed_at_its(nth: int, turn: Any) -> bool:
    """Runs a turn, and ends it before its nth deletion if it comes so far. Each statement before has committed."""
    count = 0

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        nonlocal count
        count += statement.startswith("DELETE")
        if count == nth:
            raise Killed

    event.listen(Engine, "before_cursor_execute", before)
    try:
        turn()
    except Killed:
        return True
    finally:
        event.remove(Engine, "before_cursor_execute", before)
    return False


def test_f19_a_turn_that_is_killed_anywhere_is_finished_by_a_later_one(shipped: Past) -> None:
    past = shipped
    past.reads("2026-01-01", "2026-01-01", "2026-01-02")
    for _ in range(3):
        past.makes_the_sheet()
    stay = {past.runs["2026-01-01"][1], *past.runs["2026-01-02"], past.runs["sheet"][2]}
    clock = in_days(15)
    kills = 1
    while killed_at_its(kills, lambda: prune(past.instance, RETENTION, clock=clock)):
        kills += 1
    assert kills > 3
    assert past.left == stay
    assert past.outputs == stay
    assert past.checks == 1
    with past.instance.event_log_storage.index_connection() as connection:  # type: ignore[attr-defined]  # of its storage
        assert set(connection.exec_driver_sql("SELECT run_id FROM event_logs WHERE run_id <> ''").scalars()) == stay


def test_runs_that_failed_are_kept_longer(past: Past) -> None:
    past.fails_to_make_the_sheet()
    past.makes_the_sheet()
    prune(past.instance, RETENTION, clock=in_days(59))
    assert set(past.runs["sheet failed"]) < past.left
    prune(past.instance, RETENTION, clock=in_days(61))
    assert past.left == set(past.runs["sheet"])


def test_the_last_of_what_was_tried_checked_and_observed_stays_too(past: Past) -> None:
    """What failed last would count as well once its run is gone, and what was checked last as never checked."""
    past.reads("2026-01-01")
    past.makes_the_sheet()
    for _ in range(2):
        past.fails_to_make_the_sheet()
        past.fails_to_read("2026-01-01")
        past.checks_the_sheet()
        past.watches()
    past.fails_to_read("2026-01-02")
    prune(past.instance, RETENTION, clock=in_days(90))
    last = {past.runs[what][-1] for what in past.runs}
    assert past.left == last
    assert past.checks == 2, "the sheet's own run evaluated it before"


def test_runs_of_a_backfill_stay_until_it_is_over(past: Past) -> None:
    past.reads("2026-01-01", **{"dagster/backfill": "abcdefgh"})
    past.reads("2026-01-01")
    backfill = PartitionBackfill(
        backfill_id="abcdefgh",
        status=BulkActionStatus.REQUESTED,
        from_failure=False,
        tags={},
        backfill_timestamp=NOW.timestamp(),
    )
    past.instance.add_backfill(backfill)
    assert prune(past.instance, RETENTION, clock=in_days(15)).deleted == 0
    past.instance.update_backfill(backfill._replace(status=BulkActionStatus.COMPLETED_SUCCESS))
    assert prune(past.instance, RETENTION, clock=in_days(15)).deleted == 1


def test_a_day_of_a_wiped_asset_holds_no_run(past: Past) -> None:
    past.reads("2026-01-01")
    past.instance.wipe_assets([readings.key])
    assert prune(past.instance, RETENTION, clock=in_days(15)).deleted == 1


def test_output_without_a_run_goes_in_its_time_and_what_is_no_run_stays(past: Past) -> None:
    past.idles()
    past.idles()
    deleted_by_hand, left = past.runs["idle"]
    past.instance.delete_run(deleted_by_hand)
    storage = Path(past.instance.storage_directory())
    (storage / "something-else").mkdir()
    for folder in storage.iterdir():
        moment = (NOW - 31 * DAY).timestamp()
        os.utime(folder, (moment, moment))
    assert prune(past.instance, RETENTION, clock=ManualClock(NOW - 2 * DAY)).files.files == 0
    assert past.outputs == {deleted_by_hand, left, "something-else"}
    assert prune(past.instance, RETENTION, clock=ManualClock(NOW)).files.files > 0
    assert past.outputs == {left, "something-else"}


def test_a_run_goes_even_if_its_output_cannot_and_that_is_named(past: Past, tmp_path: Path) -> None:
    past.idles()
    storage = Path(past.instance.storage_directory())
    shutil.move(storage, tmp_path / "elsewhere")
    storage.symlink_to(tmp_path / "elsewhere")
    pruned = prune(past.instance, RETENTION, clock=in_days(15))
    assert (pruned.deleted, past.left) == (1, set())
    assert pruned.files.stuck == (f"{storage} is a symbolic link: what lies behind it is left alone",)
    assert past.outputs == set(past.runs["idle"])


class Hasty:
    """A clock on which half of a turn's time is over at each look."""

    def __init__(self, clock: Clock) -> None:
        self._now = clock.now()

    def now(self) -> datetime:
        self._now += LONGEST_TURN / 2 + SECOND
        return self._now


def test_f13_a_turn_ends_in_time_with_the_oldest_gone_and_the_next_goes_on(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert turn_of("housekeeping").deadline > 2 * LONGEST_TURN
    monkeypatch.setattr(pruning, "BATCH", 2)
    for _ in range(5):
        past.idles()
    pruned = prune(past.instance, RETENTION, clock=Hasty(in_days(15)))
    assert (pruned.deleted, pruned.ran_out_of_time) == (2, True)
    assert past.left == set(past.runs["idle"][2:])
    assert prune(past.instance, RETENTION, clock=in_days(15)).deleted == 3
    assert past.left == set()
