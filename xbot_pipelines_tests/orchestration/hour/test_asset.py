"""The hour as an asset: what the Dagster UI shows of it, from runs that really were."""

import base64
from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.orchestration.assets.timetable import timetable
from xbot_pipelines.orchestration.guards import ACCOUNT_TAG
from xbot_pipelines.orchestration.hour.history import ended_runs
from xbot_pipelines.orchestration.timetable import TIMETABLE
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """A Dagster in which a job called like one of ours ran three times, and failed once."""

    @dg.op
    def work(context: dg.OpExecutionContext) -> None:
        assert "fail" not in context.run.tags

    @dg.job(name="analytics", executor_def=dg.in_process_executor)
    def analytics() -> None:
        work()

    with dg.instance_for_test() as instance:
        for tags in ({}, {}, {"fail": "yes"}):
            ours = {ACCOUNT_TAG: "practice", **tags}
            analytics.execute_in_process(instance=instance, tags=ours, raise_on_error=False)
        yield instance


def test_runs_that_have_ended_are_found_by_job_with_how_they_went(instance: dg.DagsterInstance) -> None:
    started = dg.DagsterRunStatus.STARTED
    instance.add_run(dg.DagsterRun(job_name="analytics", status=started, tags={ACCOUNT_TAG: "practice"}))
    since = SystemClock().now().replace(year=2020)
    found = ended_runs(instance, "practice", ["analytics", "news"], since=since)
    assert sorted(run.went_well for run in found["analytics"]) == [False, True, True]
    assert all(0 < run.took.total_seconds() < 60 for run in found["analytics"])
    assert found["news"] == []
    assert ended_runs(instance, "practice", ["analytics"], since=SystemClock().now())["analytics"] == []
    assert ended_runs(instance, "another", ["analytics"], since=since)["analytics"] == []


def test_the_asset_shows_the_picture_the_jobs_and_what_they_mean_and_writes_the_page(
    instance: dg.DagsterInstance, settings: Settings, database: AccountDatabase
) -> None:
    resources = {"settings": settings, "database": database, "clock": SystemClock()}
    ran = dg.materialize([timetable], instance=instance, resources=resources)
    [materialization] = ran.asset_materializations_for_node("practice__timetable")
    shown: dict[str, Any] = {name: value.value for name, value in materialization.metadata.items()}
    assert shown["result"] == "done"
    assert base64.b64decode(shown["the hour"].partition("base64,")[2].rstrip(")")).startswith(b"\x89PNG")
    table = materialization.metadata["jobs"]
    assert isinstance(table, dg.TableMetadataValue)
    rows = {record.data["job"]: record.data for record in table.records}
    assert set(rows) == {turn.job for turn in TIMETABLE}
    assert rows["analytics"]["runs"] == 3
    assert rows["news"]["p50"] == "–"
    assert "analytics did not go well in 1 of 3 runs" in shown["what it means"]
    assert (settings.reports_folder / "timetable.html").read_text().startswith("<!DOCTYPE html>")
