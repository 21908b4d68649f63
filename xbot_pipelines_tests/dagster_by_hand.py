"""What a person does in the Dagster UI, asked of the webserver as its pages ask it: launch, materialize, backfill.

What the product itself asks of Dagster lies in `operate.dagster_ui`; driving the pages with a browser in
`e2e.dagster_pages`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xbot_pipelines.operate.dagster_ui import DagsterUi

_PATIENCE_SECONDS = 60.0
"""A webserver that is asked for twenty runs in the same second answers the last of them late."""

_LAUNCH = """
mutation ($parameters: ExecutionParams!) { launchRun(executionParams: $parameters) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on Error { message } } }
"""
_BACKFILL = """
mutation ($parameters: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $parameters) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on Error { message } } }
"""
_RUNS_OF_A_BACKFILL = """
query ($id: String!) { partitionBackfillOrError(backfillId: $id) {
    ... on PartitionBackfill { runs { runId } } } }
"""
_SPANS = """
query ($filter: RunsFilter) { runsOrError(filter: $filter) { ... on Runs { results { runId stats {
    ... on RunStatsSnapshot { enqueuedTime launchTime startTime endTime } } } } } }
"""
_AUTOMATION = """
{ repositoriesOrError { ... on RepositoryConnection { nodes {
    schedules { scheduleState { id } } sensors { sensorState { id } } } } } }
"""
_STOP_SCHEDULE = "mutation ($id: String!) { stopRunningSchedule(id: $id) { __typename } }"
_STOP_SENSOR = "mutation ($id: String!) { stopSensor(id: $id) { __typename } }"


@dataclass(frozen=True, kw_only=True)
class Span:
    """When a run was put into the queue, chosen from it, and when it began and ended: Unix seconds."""

    queued_at: float
    chosen_at: float
    began_at: float
    ended_at: float


def launch_by_hand(
    ui: DagsterUi, job: str, *, tags: Mapping[str, str] | None = None, run_config: Mapping[str, Any] | None = None
) -> str:
    """Asks for what the launchpad asks for: a run of a job, with more tags than its own. Answers its id."""
    return _launch(ui, {"pipelineName": job}, tags or {}, run_config or {})


def materialize_by_hand(ui: DagsterUi, asset: str, *, day: str | None = None) -> str:
    """Asks for what the button "Materialize" asks for: a run of Dagster's own job, without any tag of ours."""
    selection = {"pipelineName": "__ASSET_JOB", "assetSelection": [{"path": ["practice", asset]}]}
    return _launch(ui, selection, {"dagster/partition": day} if day else {}, {})


def backfill_by_hand(ui: DagsterUi, assets: Sequence[str], days: Sequence[str]) -> str:
    """Asks for what the backfill dialog asks for, and answers the backfill's id."""
    parameters = {"assetSelection": [{"path": ["practice", asset]} for asset in assets], "partitionNames": days}
    answer = ui._ask(_BACKFILL, within=_PATIENCE_SECONDS, parameters=parameters)["launchPartitionBackfill"]
    assert answer["__typename"] == "LaunchBackfillSuccess", answer
    return str(answer["backfillId"])


def runs_of_backfill(ui: DagsterUi, backfill_id: str) -> Sequence[str]:
    """Answers the ids of the runs that a backfill has asked for by now."""
    return [run["runId"] for run in ui._ask(_RUNS_OF_A_BACKFILL, id=backfill_id)["partitionBackfillOrError"]["runs"]]


def spans_of(ui: DagsterUi, run_ids: Sequence[str]) -> Mapping[str, Span]:
    """Answers of runs that have ended when each began and ended, by id."""
    found = ui._ask(_SPANS, filter={"runIds": run_ids})["runsOrError"]["results"]
    return {
        run["runId"]: Span(
            queued_at=run["stats"]["enqueuedTime"],
            chosen_at=run["stats"]["launchTime"],
            began_at=run["stats"]["startTime"],
            ended_at=run["stats"]["endTime"],
        )
        for run in found
    }


def stop_the_timetable(ui: DagsterUi) -> None:
    """Switches every schedule and sensor off: from now on only what a person asks for runs."""
    [repository] = ui._ask(_AUTOMATION)["repositoriesOrError"]["nodes"]
    for schedule in repository["schedules"]:
        ui._ask(_STOP_SCHEDULE, id=schedule["scheduleState"]["id"])
    for sensor in repository["sensors"]:
        ui._ask(_STOP_SENSOR, id=sensor["sensorState"]["id"])


def _launch(ui: DagsterUi, chosen: Mapping[str, Any], tags: Mapping[str, str], run_config: Mapping[str, Any]) -> str:
    parameters = {
        "selector": {"repositoryLocationName": "practice", "repositoryName": "__repository__", **chosen},
        "runConfigData": run_config,
        "executionMetadata": {"tags": [{"key": key, "value": value} for key, value in tags.items()]},
    }
    answer = ui._ask(_LAUNCH, within=_PATIENCE_SECONDS, parameters=parameters)["launchRun"]
    assert answer["__typename"] == "LaunchRunSuccess", answer
    return str(answer["run"]["runId"])
