"""What of Dagster's history goes: runs that ended long ago, with their events, their checks and their logs.

Dagster prunes its ticks by itself (`retention` in dagster.yaml), and its runs never. Files that no run has left are the
business of `systems.housekeeping`.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import dagster as dg
import sqlalchemy as sa
from dagster import DagsterEventType, DagsterInstance, DagsterRunStatus
from dagster._core.execution.backfill import BULK_ACTION_TERMINAL_STATUSES, BulkActionsFilter, BulkActionStatus
from dagster._core.storage.asset_check_execution_record import COMPLETED_ASSET_CHECK_EXECUTION_RECORD_STATUSES
from dagster._core.storage.dagster_run import RunRecord
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage

from xbot_pipelines.clock import Clock
from xbot_pipelines.orchestration.runs import BACKFILL_TAG
from xbot_pipelines.settings import RetentionSettings
from xbot_pipelines.systems.housekeeping import Removed, folders_of, remove_folders

LONGEST_TURN = timedelta(minutes=10)
"""No batch begins later than this. What is left over goes at the next turn; the deadline is half an hour."""

BATCH = 100
"""How many runs are looked at, and deleted, between two looks at the clock."""

_WENT_WELL = DagsterRunStatus.SUCCESS
_WENT_WRONG = [DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]

T = TypeVar("T")


class Fate(Enum):
    """What becomes of a run, and why it stays if it does."""

    GOES = auto()
    UNDER_WAY = auto()
    TOO_YOUNG = auto()
    LATEST = auto()
    IN_A_BACKFILL = auto()


@dataclass(frozen=True, kw_only=True)
class Run:
    """What has to be known of a run. `ended_at` None: it has not; `backfill` is the id of that which started it."""

    run_id: str
    ended_at: datetime | None
    went_well: bool
    backfill: str | None = None


@dataclass(frozen=True, kw_only=True)
class Needed:
    """What stays however old it is: `latest` are ids of runs, `backfills` those of backfills that are under way.

    A run is among `latest` if what is shown of an asset, one of its partitions or one of its checks comes from it.
    Without it a partition would count as missing, and a failure that nobody has mended as none.
    """

    latest: AbstractSet[str]
    backfills: AbstractSet[str]


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """What came of a turn: how many runs went, how many were past their time and stayed as the latest, and which files.

    `oldest` is when the oldest run that is left was created. `ran_out_of_time`: not all have been looked at.
    """

    deleted: int
    kept_as_latest: int
    files: Removed
    oldest: datetime | None
    ran_out_of_time: bool


def fate(run: Run, *, needed: Needed, retention: RetentionSettings, now: datetime) -> Fate:
    """Decides what becomes of a run."""
    if run.ended_at is None:
        return Fate.UNDER_WAY
    if run.ended_at > now - _kept_for(retention, went_well=run.went_well):
        return Fate.TOO_YOUNG
    if run.run_id in needed.latest:
        return Fate.LATEST
    if run.backfill in needed.backfills:
        return Fate.IN_A_BACKFILL
    return Fate.GOES


def prune(instance: DagsterInstance, retention: RetentionSettings, *, clock: Clock) -> Pruned:
    """Deletes the runs past their time, the oldest first, and the logs of those that somebody else has deleted.

    It may be killed anywhere, and run twice at once: whatever is left, the next turn finds.
    """
    began = clock.now()
    needed = what_is_needed(instance)
    files = _remove_logs_without_a_run(instance, before=began - retention.files_for)
    deleted = kept_as_latest = 0
    ran_out_of_time = False
    for batch in _batches(_candidates(instance, retention, now=began)):
        if clock.now() - began > LONGEST_TURN:
            ran_out_of_time = True
            break
        runs = [_run(record) for record in instance.get_run_records(dg.RunsFilter(run_ids=batch))]
        fates = {run.run_id: fate(run, needed=needed, retention=retention, now=began) for run in runs}
        going = [run_id for run_id in batch if fates.get(run_id) is Fate.GOES]
        files += _delete(instance, going)
        deleted += len(going)
        kept_as_latest += sum(decided is Fate.LATEST for decided in fates.values())
    oldest = instance.get_run_records(limit=1, ascending=True)
    return Pruned(
        deleted=deleted,
        kept_as_latest=kept_as_latest,
        files=files,
        oldest=oldest[0].create_timestamp if oldest else None,
        ran_out_of_time=ran_out_of_time,
    )


def what_is_needed(instance: DagsterInstance) -> Needed:
    """Asks the tables what has to stay: a few indexed questions for each asset, however long its history is."""
    latest = _latest_checks(instance)
    for record in instance.get_asset_records():
        latest |= {record.asset_entry.last_run_id, *_latest_of_asset(instance, record.asset_entry.asset_key)}
    under_way = [status for status in BulkActionStatus if status not in BULK_ACTION_TERMINAL_STATUSES]
    backfills = instance.get_backfills(BulkActionsFilter(statuses=under_way))
    return Needed(
        latest={run_id for run_id in latest if run_id}, backfills={backfill.backfill_id for backfill in backfills}
    )


def _latest_of_asset(instance: DagsterInstance, key: dg.AssetKey) -> set[str | None]:
    """The runs of its last materialization and observation, as a whole and by partition, and of what failed since."""
    found: set[str | None] = set()
    for event in (DagsterEventType.ASSET_MATERIALIZATION, DagsterEventType.ASSET_OBSERVATION):
        rows = [*instance.get_asset_event_summary_records(event, key, limit=1)]
        by_partition = list(instance.get_latest_storage_id_by_partition(key, event).values())
        for ids in _batches(by_partition):
            rows += instance.get_asset_event_summary_records(event, key, storage_ids=ids)
        found |= {row.run_id for row in rows}
    log = instance.event_log_storage
    failed = log.get_latest_asset_partition_materialization_attempts_without_materializations(key)
    return found | {run_id for run_id, _ in failed.values()}


def _latest_checks(instance: DagsterInstance) -> set[str | None]:
    """The runs of the last evaluation of each check, and of the last that came to an end; Dagster asks for both."""
    rows = AssetCheckExecutionsTable.c
    last = sa.select(sa.func.max(rows.id)).group_by(rows.asset_key, rows.check_name, rows.partition)
    ended = [status.value for status in COMPLETED_ASSET_CHECK_EXECUTION_RECORD_STATUSES]
    either = rows.id.in_(last) | rows.id.in_(last.where(rows.execution_status.in_(ended)))
    with _event_log(instance).index_connection() as connection:
        return set(connection.execute(sa.select(rows.run_id).where(either)).scalars())


def _candidates(instance: DagsterInstance, retention: RetentionSettings, *, now: datetime) -> list[str]:
    """The ids of runs that ended and began long enough ago, the oldest first: those that went well, then the others."""
    found: list[str] = []
    for went_well, statuses in ((True, [_WENT_WELL]), (False, _WENT_WRONG)):
        before = now - _kept_for(retention, went_well=went_well)
        found += reversed(instance.get_run_ids(dg.RunsFilter(statuses=statuses, created_before=before)))
    return found


def _kept_for(retention: RetentionSettings, *, went_well: bool) -> timedelta:
    return retention.good_runs_for if went_well else retention.failed_runs_for


def _run(record: RunRecord) -> Run:
    run = record.dagster_run
    # A run that was canceled in the queue has never begun, and Dagster knows no end of it either.
    end = record.update_timestamp if record.end_time is None else datetime.fromtimestamp(record.end_time, UTC)
    return Run(
        run_id=run.run_id,
        ended_at=end if run.is_finished else None,
        went_well=run.status == _WENT_WELL,
        backfill=run.tags.get(BACKFILL_TAG),
    )


def _delete(instance: DagsterInstance, run_ids: Sequence[str]) -> Removed:
    """Deletes runs with all that they have left. The runs go last: it is through them that the rest is found again.

    `DagsterInstance.delete_run` begins with the run: killed right then, it leaves events that nobody finds any more.
    And it opens five connections for each run, which takes five times as long.
    """
    removed = remove_folders(_storage(instance), filter(_is_run_id, run_ids))
    log = _event_log(instance)
    with log.index_connection() as connection:
        for run_id in run_ids:
            log.delete_events_for_run(connection, run_id)
        # Dagster leaves these behind. No index leads from a run to them: all of a batch go at once.
        connection.execute(AssetCheckExecutionsTable.delete().where(AssetCheckExecutionsTable.c.run_id.in_(run_ids)))
    for run_id in run_ids:
        instance.run_storage.delete_run(run_id)
    return removed


def _remove_logs_without_a_run(instance: DagsterInstance, *, before: datetime) -> Removed:
    """Removes what runs have left in the data folder that are in the tables no more."""
    old = [folder.name for folder in folders_of(_storage(instance), before=before) if _is_run_id(folder.name)]
    known: set[str] = set()
    for batch in _batches(old):
        known.update(instance.get_run_ids(dg.RunsFilter(run_ids=batch)))
    return remove_folders(_storage(instance), [run_id for run_id in old if run_id not in known])


def _event_log(instance: DagsterInstance) -> SqlEventLogStorage:
    log = instance.event_log_storage
    assert isinstance(log, SqlEventLogStorage), "Dagster has no other"
    return log


def _storage(instance: DagsterInstance) -> Path:
    """Where Dagster keeps the output of each run, in a folder with its id."""
    return Path(instance.storage_directory())


def _is_run_id(name: str) -> bool:
    with suppress(ValueError):
        return str(UUID(name)) == name
    return False


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[at : at + BATCH] for at in range(0, len(items), BATCH))
