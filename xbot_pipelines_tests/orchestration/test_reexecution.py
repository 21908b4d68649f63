"""A run that is executed again, as the Dagster UI does it, has a process and an end of its own."""

import platform
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from dagster._core.test_utils import create_test_daemon_workspace_context
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster_graphql.test.utils import execute_dagster_graphql

from xbot_pipelines.orchestration.run_launcher import END_TAG, ForkingRunLauncher, Worker
from xbot_pipelines_tests.conftest import ROOT
from xbot_pipelines_tests.orchestration import launched
from xbot_pipelines_tests.orchestration.daemons import Queue

pytestmark = pytest.mark.timeout(120)

_ANSWER = "{ __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } }"
_LAUNCH = f"mutation($asked: ExecutionParams!) {{ launchRun(executionParams: $asked) {_ANSWER} }}"
_AGAIN = f"mutation($asked: ReexecutionParams) {{ launchRunReexecution(reexecutionParams: $asked) {_ANSWER} }}"


class Dagster:
    """Dagster with our queue and our launcher, and a code server of a few jobs."""

    def __init__(self, workspace: WorkspaceProcessContext) -> None:
        self._workspace = workspace
        self._queue = Queue(workspace.instance, workspace)

    def asks(self, mutation: str, asked: dict[str, Any]) -> str:
        """Sends a mutation as the UI does, and returns the id of the run."""
        result = execute_dagster_graphql(self._workspace.create_request_context(), mutation, {"asked": asked})
        [answer] = result.data.values()
        assert answer["__typename"] == "LaunchRunSuccess", answer
        return str(answer["run"]["runId"])

    @property
    def launcher(self) -> ForkingRunLauncher:
        launcher = self._workspace.instance.run_launcher
        assert isinstance(launcher, ForkingRunLauncher)
        return launcher

    def run(self, run_id: str) -> dg.DagsterRun:
        run = self._workspace.instance.get_run_by_id(run_id)
        assert run is not None
        return run

    def waits_for(self, run_id: str, *statuses: dg.DagsterRunStatus) -> dg.DagsterRun:
        """Looks into the queue until a run is in one of these states."""
        deadline = time.monotonic() + 60
        while (run := self.run(run_id)).status not in statuses or Worker.of_run(run.tags) is None:
            assert time.monotonic() < deadline, f"{run.status}, not {statuses}"
            self._queue.dequeue()
            time.sleep(0.05)
        return run


@pytest.fixture
def dagster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Dagster]:
    monkeypatch.setenv("XBOT_ACCOUNT", "practice")
    shipped = yaml.safe_load((ROOT / "dagster.yaml").read_text())
    ours = {key: shipped[key] for key in ("run_coordinator", "run_launcher", "concurrency")}
    target = ModuleTarget(launched.__name__, None, None, "practice")
    with (
        dg.instance_for_test(overrides=ours) as instance,
        create_test_daemon_workspace_context(target, instance) as workspace,
    ):
        yield Dagster(workspace)


def test_reexecuted_run_is_not_ended_for_the_first_one(
    dagster: Dagster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "note"
    selector = {"repositoryLocationName": "practice", "repositoryName": "__repository__", "jobName": "lasting"}
    config = {"ops": {"take_a_while": {"config": {"file": str(file)}}}}
    first = dagster.asks(_LAUNCH, {"selector": selector, "runConfigData": config})
    begun = dagster.waits_for(first, dg.DagsterRunStatus.STARTED)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(platform, "node", lambda: "webserver")
        assert dagster.launcher.terminate(first)
    ended = dagster.waits_for(first, dg.DagsterRunStatus.CANCELED)
    assert ended.tags[END_TAG] == "webserver"

    again = dagster.asks(_AGAIN, {"parentRunId": first, "strategy": "ALL_STEPS"})
    assert Worker.of_run(dagster.run(again).tags) is None, "it waits in the queue, and has no process"
    done = dagster.waits_for(again, dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.CANCELED)
    assert done.status == dg.DagsterRunStatus.SUCCESS
    assert file.read_text() == "done"
    assert Worker.of_run(done.tags) != Worker.of_run(begun.tags)
    assert done.parent_run_id == first
