"""Dagster's history for the tests of pruning: runs of a few assets, all of them done just now."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
from dagster import DagsterInstance
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
from sqlalchemy import func, select

DAYS = dg.DailyPartitionsDefinition(start_date="2026-01-01")


@dg.asset(partitions_def=DAYS)
def readings(context: dg.AssetExecutionContext) -> None:
    """Kept by day."""
    if "fail" in context.run.tags:
        raise dg.Failure("as it was told to")


@dg.asset
def sheet(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Made as a whole."""
    if "fail" in context.run.tags:
        raise dg.Failure("as it was told to")
    return dg.MaterializeResult(metadata={"run": context.run.run_id})


@dg.asset_check(asset=sheet)
def sheet_is_whole() -> dg.AssetCheckResult:
    """Looks at the sheet."""
    return dg.AssetCheckResult(passed=True)


@dg.op
def look(context: dg.OpExecutionContext) -> None:
    """Looks at what another program makes."""
    context.log_event(dg.AssetObservation("sky"))


@dg.job(executor_def=dg.in_process_executor)
def watch() -> None:
    """Observes."""
    look()


@dataclass
class Past:
    """Runs by what they did, in the order in which they did it."""

    instance: DagsterInstance
    runs: dict[str, list[str]] = field(default_factory=dict)

    def reads(self, *days: str, **tags: str) -> None:
        """Readings of each of these days, a run for each."""
        for day in days:
            self._materializes(day, readings, partition_key=day, tags=tags)

    def fails_to_read(self, day: str) -> None:
        """Readings of a day, which fail."""
        self._materializes(f"{day} failed", readings, partition_key=day, tags={"fail": "yes"}, raise_on_error=False)

    def makes_the_sheet(self) -> None:
        """The sheet, and its check."""
        self._materializes("sheet", sheet, sheet_is_whole)

    def fails_to_make_the_sheet(self) -> None:
        """The sheet, which fails."""
        self._materializes("sheet failed", sheet, tags={"fail": "yes"}, raise_on_error=False)

    def checks_the_sheet(self) -> None:
        """The check alone."""
        alone = dg.AssetSelection.checks(sheet_is_whole)
        self._materializes("checked", sheet, sheet_is_whole, selection=alone)

    def watches(self) -> None:
        """An observation."""
        self._note("watched", watch.execute_in_process(instance=self.instance).run_id)

    def idles(self) -> None:
        """A run that nothing comes from: it is only written down, with its output."""
        run_id = self._add(dg.DagsterRunStatus.SUCCESS)
        output = Path(self.instance.storage_directory()) / run_id / "compute_logs" / "step.out"
        output.parent.mkdir(parents=True)
        output.write_text("a line")
        self._note("idle", run_id)

    def waits(self) -> None:
        """A run that has not ended."""
        self._note("waiting", self._add(dg.DagsterRunStatus.STARTED))

    @property
    def left(self) -> set[str]:
        """The runs that are in the tables."""
        return set(self.instance.get_run_ids())

    @property
    def outputs(self) -> set[str]:
        """The runs whose output lies in the data folder."""
        return {folder.name for folder in Path(self.instance.storage_directory()).iterdir()}

    @property
    def checks(self) -> int:
        """How many evaluations of checks are in the tables."""
        log = self.instance.event_log_storage
        assert isinstance(log, SqlEventLogStorage)
        with log.index_connection() as connection:
            return connection.execute(select(func.count()).select_from(AssetCheckExecutionsTable)).scalar_one()

    def _add(self, status: dg.DagsterRunStatus) -> str:
        return self.instance.add_run(dg.DagsterRun(job_name="idle", status=status)).run_id

    def _materializes(self, what: str, *assets: Any, **how: Any) -> None:
        self._note(what, dg.materialize(assets, instance=self.instance, **how).run_id)

    def _note(self, what: str, run_id: str) -> None:
        self.runs.setdefault(what, []).append(run_id)
