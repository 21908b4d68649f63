"""Runs as forks: they are looked after and ended, whoever asks, and whatever becomes of them."""

import os
import platform
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path

import dagster as dg
import psutil
import pytest
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus
from dagster._core.errors import DagsterInvariantViolationError
from dagster._core.launcher.base import WorkerStatus
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin

from xbot_pipelines.orchestration import run_launcher
from xbot_pipelines.orchestration.run_launcher import WORKER_TAG, ForkingRunLauncher, Worker
from xbot_pipelines_tests.orchestration.launched import JOBS

_LAUNCHER = {"module": ForkingRunLauncher.__module__, "class": ForkingRunLauncher.__name__}
pytestmark = pytest.mark.timeout(120)


@dataclass(frozen=True)
class Launched:
    """A run that was launched, and the file in which it writes."""

    instance: DagsterInstance
    run_id: str
    file: Path

    @property
    def run(self) -> DagsterRun:
        run = self.instance.get_run_by_id(self.run_id)
        assert run is not None
        return run

    @property
    def launcher(self) -> ForkingRunLauncher:
        launcher = self.instance.run_launcher
        assert isinstance(launcher, ForkingRunLauncher)
        return launcher

    @property
    def process(self) -> psutil.Process:
        worker = Worker.of_run(self.run.tags)
        assert worker is not None
        process = worker.process()
        assert process is not None
        return process

    def waits_for(self, status: DagsterRunStatus) -> None:
        until(lambda: self.run.status == status, lambda: f"{self.run.status}, not {status}")


def until(condition: Callable[[], bool], what: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {what()}"
        time.sleep(0.05)


class Launch:
    """Launches jobs by their names, in an instance of the test's own. They write into files of this folder."""

    def __init__(self, instance: DagsterInstance, folder: Path) -> None:
        self._instance, self._folder = instance, folder
        self.launched: list[Launched] = []

    def __call__(self, name: str, *, location: str | None = None) -> Launched:
        job, file = JOBS[name], self._folder / name
        [op] = [node.name for node in job.nodes]
        run = self._instance.create_run_for_job(
            job,
            run_config={"ops": {op: {"config": {"file": str(file)}}}},
            job_code_origin=dg.reconstructable(job).get_python_origin(),
            remote_job_origin=_served_by(location, name) if location else None,
        )
        self._instance.launch_run(run.run_id, workspace=None)  # type: ignore[arg-type]  # only Dagster's own needs one
        self.launched.append(Launched(self._instance, run.run_id, file))
        return self.launched[-1]


def _served_by(location: str, job: str) -> RemoteJobOrigin:
    server = GrpcServerCodeLocationOrigin(host="nowhere", port=1, location_name=location)
    return RemoteJobOrigin(RemoteRepositoryOrigin(server, "__repository__"), job)


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    with dg.instance_for_test(overrides={"run_launcher": _LAUNCHER}) as instance:
        launch = Launch(instance, tmp_path)
        yield launch
        # The instance's folder is theirs, too.
        workers = [Worker.of_run(one.run.tags) for one in launch.launched]
        until(lambda: not any(worker and worker.process() for worker in workers))
        until(lambda: not any(thread.name.startswith("run ") for thread in threading.enumerate()))


def test_a_run_is_a_process_of_its_own_which_its_tags_name(launch: Launch) -> None:
    launched = launch("short")
    launched.waits_for(DagsterRunStatus.SUCCESS)
    assert launched.file.read_text() == "done"
    worker = Worker.of_run(launched.run.tags)
    assert worker is not None
    assert worker.pid != psutil.Process().pid
    until(lambda: worker.process() is None)


def test_run_that_cannot_be_forked_is_a_new_interpreter_that_is_looked_after_as_well(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("Cannot allocate memory")

    monkeypatch.setattr(forkserver, "connect_to_new_process", refuse)
    launched = launch("patient")
    until(launched.file.exists)
    until(lambda: WORKER_TAG in launched.run.tags)
    assert launched.process.pid != psutil.Process().pid
    assert launched.launcher.terminate(launched.run_id)
    launched.waits_for(DagsterRunStatus.CANCELED)
    assert launched.file.read_text() == "tidied up"


def test_f12_a_run_that_is_told_to_end_tidies_up_and_is_canceled(launch: Launch) -> None:
    launched = launch("patient")
    until(launched.file.exists)
    until(lambda: WORKER_TAG in launched.run.tags)
    assert launched.launcher.check_run_worker_health(launched.run).status == WorkerStatus.RUNNING
    process = launched.process
    assert launched.launcher.terminate(launched.run_id)
    launched.waits_for(DagsterRunStatus.CANCELED)
    assert launched.file.read_text() == "tidied up"
    until(lambda: not process.is_running())
    assert not launched.launcher.terminate(launched.run_id)


def test_f13_a_run_that_hears_nothing_is_killed_with_all_that_it_has_started(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_launcher, "SECONDS_TO_END", 0.5)
    launched = launch("wedged")
    until(lambda: launched.file.exists() and launched.file.read_text() != "")
    until(lambda: WORKER_TAG in launched.run.tags)
    family = [launched.process, psutil.Process(int(launched.file.read_text()))]
    assert launched.launcher.terminate(launched.run_id)
    until(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family))
    launched.waits_for(DagsterRunStatus.CANCELED)


def test_f14_a_run_whose_process_was_killed_has_failed_at_once_and_says_so(launch: Launch) -> None:
    launched = launch("patient")
    until(launched.file.exists)
    until(lambda: WORKER_TAG in launched.run.tags)
    launched.process.kill()
    launched.waits_for(DagsterRunStatus.FAILURE)
    messages = [entry.message for entry in launched.instance.all_logs(launched.run_id)]
    assert any("Its process ended by itself, killed by SIGKILL" in message for message in messages)


def test_f14_a_run_outlives_the_warm_interpreter_and_the_next_is_forked_from_another(launch: Launch) -> None:
    launched = launch("patient")
    until(launched.file.exists)
    until(lambda: WORKER_TAG in launched.run.tags)
    warm = launched.process.parent()
    assert warm is not None
    warm.kill()
    next_one = launch("short")
    next_one.waits_for(DagsterRunStatus.SUCCESS)
    assert launched.run.status == DagsterRunStatus.STARTED
    assert launched.launcher.terminate(launched.run_id)
    launched.waits_for(DagsterRunStatus.CANCELED)
    assert launched.file.read_text() == "tidied up"


def test_f14_who_did_not_start_a_run_sees_that_its_process_is_gone(launch: Launch) -> None:
    launched = launch("short")
    launched.waits_for(DagsterRunStatus.SUCCESS)
    worker = Worker.of_run(launched.run.tags)
    assert worker is not None
    until(lambda: worker.process() is None)
    health = launched.launcher.check_run_worker_health(launched.run)
    assert (health.status, health.msg) == (WorkerStatus.FAILED, f"its process {worker.pid} is gone")


@pytest.mark.parametrize("tags", [{}, {WORKER_TAG: "1@1.00@another-machine"}])
def test_of_a_run_that_was_not_forked_here_nothing_is_said(launch: Launch, tags: dict[str, str]) -> None:
    launched = launch("short")
    launched.waits_for(DagsterRunStatus.SUCCESS)
    elsewhere = DagsterRun(job_name="short", tags=tags)
    assert launched.launcher.check_run_worker_health(elsewhere).status == WorkerStatus.RUNNING


def test_a_number_that_was_given_to_another_process_is_not_taken_for_the_run() -> None:
    me = Worker.of_this_process(psutil.Process().pid)
    assert me.process() is not None
    assert Worker.of_run({WORKER_TAG: me.tag}) == Worker(me.pid, round(me.began, 2), me.machine)
    assert Worker(me.pid, me.began - 60, me.machine).process() is None


@pytest.mark.parametrize("own", [{"XBOT_ACCOUNT": "practice"}, {}])
def test_a_run_of_another_account_is_left_to_dagsters_own_launcher_which_asks_its_code_server(
    launch: Launch, monkeypatch: pytest.MonkeyPatch, own: Mapping[str, str]
) -> None:
    """A fork would have this account's settings and secrets. A daemon that has no account forks nothing."""
    monkeypatch.delenv("XBOT_ACCOUNT", raising=False)
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(DagsterInvariantViolationError, match="DefaultRunLauncher requires a workspace"):
        launch("short", location="another")


def test_a_run_of_the_account_that_the_daemon_has_is_forked(launch: Launch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XBOT_ACCOUNT", "practice")
    launched = launch("short", location="practice")
    launched.waits_for(DagsterRunStatus.SUCCESS)
    assert WORKER_TAG in launched.run.tags


def test_f13_a_run_is_ended_from_a_container_that_cannot_reach_its_process(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched = launch("patient")
    until(launched.file.exists)
    until(lambda: WORKER_TAG in launched.run.tags)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(platform, "node", lambda: "webserver")
        assert launched.launcher.terminate(launched.run_id)
    launched.waits_for(DagsterRunStatus.CANCELED)
    assert launched.file.read_text() == "tidied up"


def test_what_interrupts_the_daemons_process_group_reaches_no_run(launch: Launch) -> None:
    launched = launch("patient")
    until(launched.file.exists)
    until(lambda: WORKER_TAG in launched.run.tags)
    pid = launched.process.pid
    assert os.getpgid(pid) == pid
    launched.launcher.terminate(launched.run_id)
    launched.waits_for(DagsterRunStatus.CANCELED)
