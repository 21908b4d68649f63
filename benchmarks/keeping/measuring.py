"""Looking at the tables of a history: how much is in them, and what each asset and each of its days last came from."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import dagster as dg
from dagster import DagsterInstance
from sqlalchemy import text

from benchmarks.keeping.history import History

_LONGEST_VACUUM_SECONDS = 300.0


@dataclass(frozen=True, kw_only=True)
class Size:
    """What is in the tables at the end of a day. `bytes` is the whole database, dead rows and free room included."""

    day: int
    runs: int
    events: int
    checks: int
    bytes: int

    @property
    def bytes_a_run(self) -> float:
        """The room that a run takes, with all that belongs to it."""
        return self.bytes / self.runs


def size_of(history: History, day: int) -> Size:
    """Counts."""
    with history.engine.begin() as connection:
        runs, events, checks, size = connection.execute(text(_SIZE)).one()
    return Size(day=day, runs=runs, events=events, checks=checks, bytes=size)


def await_autovacuum(history: History) -> None:
    """Waits until PostgreSQL has vacuumed, by itself and by its own rules, whatever it finds worth it.

    Raises:
        TimeoutError: it does not come to an end.
    """
    deadline = time.monotonic() + _LONGEST_VACUUM_SECONDS
    while True:
        with history.engine.begin() as connection:
            due = connection.execute(text(_DUE)).scalars().all()
        if not due:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"autovacuum has not come to {', '.join(due)} in {_LONGEST_VACUUM_SECONDS:.0f} s")
        time.sleep(0.2)


Latest = Mapping[tuple[str, str | None], str | None]
"""An asset and one of its days, or None for the asset as a whole, to the run of its newest materialization."""


def latest_of(instance: DagsterInstance) -> Latest:
    """Asks Dagster for the newest materialization of every asset and every partition."""
    found: dict[tuple[str, str | None], str | None] = {}
    for key in instance.get_asset_keys():
        newest = instance.get_latest_materialization_event(key)
        if newest is not None:
            found[key.to_user_string(), None] = newest.run_id
        for day in instance.get_materialized_partitions(key):
            of_day = dg.AssetRecordsFilter(asset_key=key, asset_partitions=[day])
            found[key.to_user_string(), day] = instance.fetch_materializations(of_day, limit=1).records[0].run_id
    return found


_SIZE = """
    SELECT (SELECT count(*) FROM dagster.runs), (SELECT count(*) FROM dagster.event_logs),
           (SELECT count(*) FROM dagster.asset_check_executions), pg_database_size(current_database())
"""
# PostgreSQL's own rule: 50 rows and a fifth of the table, in a table and in what it has moved aside of long values.
_DUE = """
    SELECT counted.relname::text FROM pg_stat_all_tables AS counted JOIN pg_class ON pg_class.oid = relid
    WHERE (counted.schemaname = 'dagster'
           OR relid IN (SELECT reltoastrelid FROM pg_class WHERE relnamespace = 'dagster'::regnamespace))
          AND n_dead_tup > 50 + 0.2 * greatest(reltuples, 0)
"""
