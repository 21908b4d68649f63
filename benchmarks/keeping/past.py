"""A past made up of real runs: each kind is executed once by Dagster, and what it left is copied from then on.

A copy has an id, a moment and days of its own, in every column and inside what is serialized. Only the clock in the
text of an event stays the original's: nobody but a reader looks at it.
"""

# ruff: noqa: S608 - the statements are made of our own words, and the values are bound

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import dagster as dg
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
from sqlalchemy import Connection, text

from benchmarks.keeping.history import History
from xbot_pipelines.definitions import defs
from xbot_pipelines.orchestration.partitions import days as tags_of_days

Row = Mapping[str, Any]

_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A job of the product: its `share` of all runs of a day, and how many days each run is for, up to its own."""

    job: str
    share: float
    days: int = 0


KINDS = (
    Kind(job="posting", share=0.30),
    Kind(job="metrics_scraper", share=0.28, days=2),
    Kind(job="velocity_tracker", share=0.10, days=2),
    Kind(job="data_collection", share=0.05, days=3),
    Kind(job="analytics", share=0.08),
    Kind(job="enhanced_metrics", share=0.05),
    Kind(job="sync_followers", share=0.05),
    Kind(job="attribution", share=0.03),
    Kind(job="real_outcomes", share=0.03, days=8),
    # Nobody is logged in: these fail.
    Kind(job="session_check", share=0.03),
)
"""Roughly how the runs of a day divide."""


@dataclass(frozen=True, kw_only=True)
class Original:
    """One run that Dagster has executed: its rows, by table. `snapshots` are those that all runs of its job share."""

    kind: Kind
    began: datetime
    rows: Mapping[str, Sequence[Row]]
    snapshots: Sequence[Row]

    @property
    def assets(self) -> set[dg.AssetKey]:
        """The assets that it has to do with."""
        keys = {row["asset_key"] for row in self.rows["event_logs"] if row["asset_key"]}
        return {key for key in map(dg.AssetKey.from_db_string, keys) if key is not None}

    def of_day(self, table: str, day: date) -> list[Row]:
        """Answers its rows of a table as they are where it runs on another day."""
        ends = datetime(day.year, day.month, day.day, tzinfo=UTC)
        moved = [
            (f"{_FIRST + number * _DAY:%Y-%m-%d}", f"{ends - (self.kind.days - 1 - number) * _DAY:%Y-%m-%d}")
            for number in range(self.kind.days)
        ]
        return [{name: _replaced(value, moved) for name, value in row.items()} for row in self.rows[table]]


@dataclass(frozen=True, kw_only=True)
class Past:
    """How every day was: so many runs, copied from these."""

    originals: Sequence[Original]
    runs_a_day: int

    def copies_of(self, day: date) -> list[dict[str, Any]]:
        """Answers the runs of a day, spread over it: whose copy each is, its id and when it began."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        copies = []
        for number, one in enumerate(self.originals):
            count = max(round(self.runs_a_day * one.kind.share), 1)
            for nth in range(count):
                # Ids are the same wherever this past is lived, so that lives can be compared.
                run_id = str(uuid5(NAMESPACE_URL, f"{day}/{number}/{nth}"))
                at = midnight + (nth + (number + 1) / (len(self.originals) + 1)) / count * _DAY
                copies.append({"original": number, "run_id": run_id, "at": at, "began": one.began})
        return copies


def execute_originals(history: History, kinds: Sequence[Kind] = KINDS) -> list[Original]:
    """Executes one run of each kind, and takes down what it has left in the tables."""
    return [_execute(history, kind) for kind in kinds]


def live(history: History, past: Past, day: date) -> None:
    """Lets a day have happened, with the output of its runs, and Dagster's own note of what each asset came to last."""
    copies = past.copies_of(day)
    with history.engine.begin() as connection:
        newest = connection.scalar(text("SELECT coalesce(max(id), 0) FROM dagster.event_logs"))
        connection.execute(text(_SNAPSHOTS), [row for one in past.originals for row in one.snapshots])
        connection.execute(text(_COPIES))
        connection.execute(text("INSERT INTO copies VALUES (:original, :run_id, :at, :began)"), copies)
        for table, statement in _STATEMENTS.items():
            _offer(connection, past.originals, table, day)
            connection.execute(text(statement))
        connection.execute(text(_EVENT_TAGS), {"newest": newest})
    for copy in copies:
        _leave_output(history, copy["run_id"])
    log = history.instance.event_log_storage
    assert isinstance(log, SqlEventLogStorage)
    for key in {key for one in past.originals for key in one.assets}:
        for record in history.instance.fetch_materializations(key, limit=1).records:
            log.store_asset_event(record.event_log_entry, record.storage_id)


def _execute(history: History, kind: Kind) -> Original:
    job = defs.get_repository_def().get_job(kind.job)
    of_days = tags_of_days(_FIRST, _FIRST + (kind.days - 1) * _DAY) if kind.days else {}
    run = job.execute_in_process(instance=history.instance, tags={**job.tags, **of_days}, raise_on_error=False)
    with history.engine.begin() as connection:
        rows = {
            table: _rows(connection, f"SELECT * FROM dagster.{table} WHERE run_id = :run_id", run_id=run.run_id)
            for table in _STATEMENTS
        }
        return Original(
            kind=kind,
            began=rows["runs"][0]["create_timestamp"],
            rows=rows,
            snapshots=_rows(connection, "SELECT snapshot_id, snapshot_body, snapshot_type FROM dagster.snapshots"),
        )


def _offer(connection: Connection, originals: Sequence[Original], table: str, day: date) -> None:
    """Lays the originals' rows of a table beside it, as they are on a day, for a statement to copy them."""
    connection.execute(
        text(f"CREATE TEMP TABLE of_{table} ON COMMIT DROP AS SELECT 0 AS original, * FROM dagster.{table} LIMIT 0")
    )
    rows = [{"original": number, **row} for number, one in enumerate(originals) for row in one.of_day(table, day)]
    values = ", ".join(f":{name}" for name in rows[0])
    connection.execute(text(f"INSERT INTO of_{table} VALUES ({values})"), rows)


def _leave_output(history: History, run_id: str) -> None:
    folder = history.logs / run_id / "compute_logs"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("output.out", "output.err", "output.complete"):
        (folder / name).write_text("a line that somebody printed\n" if name == "output.err" else "")


def _replaced(value: Any, moved: Sequence[tuple[str, str]]) -> Any:
    if isinstance(value, str):
        for old, new in moved:
            value = value.replace(old, new)
    return value


def _rows(connection: Connection, question: str, **values: Any) -> list[Row]:
    return [dict(row) for row in connection.execute(text(question), values).mappings()]


_COPIES = """
    CREATE TEMP TABLE copies (original int, run_id text, at timestamp, began timestamp) ON COMMIT DROP
"""
_SNAPSHOTS = """
    INSERT INTO dagster.snapshots (snapshot_id, snapshot_body, snapshot_type)
    VALUES (:snapshot_id, :snapshot_body, :snapshot_type) ON CONFLICT DO NOTHING
"""
_STATEMENTS = {
    "runs": """
        INSERT INTO dagster.runs (run_id, snapshot_id, pipeline_name, status, run_body, create_timestamp,
                                  update_timestamp, start_time, end_time)
        SELECT copies.run_id, snapshot_id, pipeline_name, status, replace(run_body, o.run_id, copies.run_id), at,
               at + (update_timestamp - began), extract(epoch FROM at) + start_time - extract(epoch FROM began),
               extract(epoch FROM at) + end_time - extract(epoch FROM began)
        FROM copies JOIN of_runs AS o USING (original) ORDER BY at
    """,
    "run_tags": """
        INSERT INTO dagster.run_tags (run_id, key, value)
        SELECT copies.run_id, key, value FROM copies JOIN of_run_tags USING (original) ORDER BY at
    """,
    "event_logs": """
        INSERT INTO dagster.event_logs (run_id, event, dagster_event_type, "timestamp", step_key, asset_key, partition)
        SELECT copies.run_id, replace(event, o.run_id, copies.run_id), dagster_event_type, at + ("timestamp" - began),
               step_key, asset_key, partition
        FROM copies JOIN of_event_logs AS o USING (original) ORDER BY at, id
    """,
    "asset_check_executions": """
        INSERT INTO dagster.asset_check_executions (asset_key, check_name, partition, run_id, execution_status,
                                                    evaluation_event, evaluation_event_timestamp, create_timestamp)
        SELECT asset_key, check_name, partition, copies.run_id, execution_status,
               replace(evaluation_event, o.run_id, copies.run_id), at + (evaluation_event_timestamp - began),
               at + (create_timestamp - began)
        FROM copies JOIN of_asset_check_executions AS o USING (original) ORDER BY at, id
    """,
}
_EVENT_TAGS = """
    INSERT INTO dagster.asset_event_tags (event_id, asset_key, key, value, event_timestamp)
    SELECT id, asset_key, 'dagster/data_version', encode(sha256(id::text::bytea), 'hex'), "timestamp"
    FROM dagster.event_logs WHERE id > :newest AND dagster_event_type = 'ASSET_MATERIALIZATION'
"""
