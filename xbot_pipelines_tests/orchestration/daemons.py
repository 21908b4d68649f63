"""Dagster's scheduler and run queue, one look at a time and with the shipped configuration. No run is executed.

Dagster gives none of this a public name: what it takes lies here alone.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import dagster as dg
import yaml
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._core.run_coordinator import SubmitRunContext
from dagster._core.scheduler.instigation import InstigatorTick
from dagster._core.test_utils import MockedRunLauncher, create_test_daemon_workspace_context
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon
from dagster._scheduler.scheduler import launch_scheduled_runs

from xbot_pipelines_tests.conftest import ROOT

_LOG = logging.getLogger(__name__)


@contextmanager
def shipped_instance() -> Iterator[dg.DagsterInstance]:
    """An instance that queues as dagster.yaml says, and launches nothing."""
    shipped = yaml.safe_load((ROOT / "dagster.yaml").read_text())
    launcher = {"module": MockedRunLauncher.__module__, "class": MockedRunLauncher.__name__}
    queueing = {key: shipped[key] for key in ("run_coordinator", "concurrency")}
    with dg.instance_for_test(overrides={**queueing, "run_launcher": launcher}) as instance:
        yield instance


class Queue:
    """The run queue of an instance."""

    def __init__(self, instance: dg.DagsterInstance, workspace: Any = None) -> None:
        self._instance = instance
        self._daemon = QueuedRunCoordinatorDaemon(instance.run_coordinator.dequeue_interval_seconds)  # type: ignore[attr-defined]
        self._workspace: Any = workspace or _NoWorkspace(instance)

    def add(self, job: str, tags: Mapping[str, str]) -> dg.DagsterRun:
        """Put a run of a job into the queue, and return it as it is queued."""
        repository = RemoteRepositoryOrigin(GrpcServerCodeLocationOrigin(host="nowhere", port=1), "__repository__")
        run = self._instance.add_run(
            dg.DagsterRun(job_name=job, tags=tags, remote_job_origin=RemoteJobOrigin(repository, job))
        )
        return self._instance.run_coordinator.submit_run(SubmitRunContext(run, workspace=None))  # type: ignore[arg-type]  # unused

    def look(self) -> Sequence[dg.DagsterRun]:
        """Looks once, as the daemon does twice a second, and answers the runs that were started by that."""
        before = {run.run_id for run in self._started()}
        self.dequeue()
        return [run for run in self._started() if run.run_id not in before]

    def dequeue(self) -> None:
        """Looks once."""
        for _ in self._daemon.run_iteration(self._workspace):
            pass

    def end(self, run: dg.DagsterRun) -> None:
        """Ends a run that was started."""
        ended = self._instance.get_run_by_id(run.run_id)
        assert ended is not None
        self._instance.report_run_canceled(ended)

    def _started(self) -> Sequence[dg.DagsterRun]:
        return list(self._instance.run_launcher.queue())  # type: ignore[attr-defined]


@dataclass(frozen=True)
class _NoWorkspace:
    """Where no code location is needed to launch a run."""

    instance: dg.DagsterInstance

    def create_request_context(self) -> None:
        """Nobody asks it anything."""


class Scheduler:
    """The scheduler of an instance, with a real code server that serves our definitions."""

    def __init__(self, workspace: WorkspaceProcessContext) -> None:
        self._workspace = workspace
        self._iteration_times: dict[str, Any] = {}

    def look(self, at: datetime) -> None:
        """Looks once, as the daemon does every minute, at this moment."""
        for _ in launch_scheduled_runs(self._workspace, _LOG, at, iteration_times=self._iteration_times):
            pass

    def ticks(self) -> dict[str, Sequence[InstigatorTick]]:
        """Answers what each schedule did at its turns, by job."""
        instance = self._workspace.instance
        states = instance.all_instigator_state()
        return {
            state.instigator_name.removesuffix("_turn"): instance.get_ticks(
                state.instigator_origin_id, state.selector_id
            )
            for state in states
        }


@contextmanager
def served_definitions(instance: dg.DagsterInstance) -> Iterator[WorkspaceProcessContext]:
    """A code server of ours, which works on what the environment names."""
    target = ModuleTarget("xbot_pipelines.definitions", None, None, "practice")
    with create_test_daemon_workspace_context(target, instance) as workspace:
        yield workspace
