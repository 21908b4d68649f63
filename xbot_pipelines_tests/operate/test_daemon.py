"""The daemon as a process, told to end while a run of its own is under way."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml

from xbot_pipelines.orchestration.run_launcher import ForkingRunLauncher, Worker
from xbot_pipelines_tests.operate.programs import python
from xbot_pipelines_tests.orchestration.launched import JOBS

pytestmark = pytest.mark.timeout(120)

_LAUNCHES_AND_IS_THE_DAEMON = """
import threading
from dagster import DagsterInstance
from xbot_pipelines.operate import daemon

instance = DagsterInstance.get()
[run] = instance.get_runs()
threading.Thread(target=instance.launch_run, args=(run.run_id, None)).start()
daemon.main()
"""


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """A Dagster whose runs are forked, and in which one run waits to be launched that ends when it is told to."""
    launcher = {"module": ForkingRunLauncher.__module__, "class": ForkingRunLauncher.__name__}
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump({"run_launcher": launcher, "telemetry": {"enabled": False}}))
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        instance.create_run_for_job(
            JOBS["patient"],
            run_config={"ops": {"wait_to_be_told": {"config": {"file": str(tmp_path / "word")}}}},
            job_code_origin=dg.reconstructable(JOBS["patient"]).get_python_origin(),
        )
        yield instance


def test_a_daemon_that_is_told_to_end_waits_for_its_run(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    """In a container, where only the daemon is told, a run would die with it: between its click and its note of it."""
    log = tmp_path / "log"
    with log.open("wb") as output:
        daemon = subprocess.Popen(
            [*python(_LAUNCHES_AND_IS_THE_DAEMON), "run", "--empty-workspace"],
            env={**os.environ, "DAGSTER_HOME": str(tmp_path)},
            stdout=output,
            stderr=output,
        )
    try:
        _until(lambda: (tmp_path / "word").exists() and _worker(instance) is not None)
        _until(lambda: "Instance is configured" in log.read_text())
        daemon.send_signal(signal.SIGTERM)
        _until(lambda: "Daemon threads shut down" in log.read_text())
        assert daemon.poll() is None
        assert (tmp_path / "word").read_text() == "waiting"
        worker = _worker(instance)
        assert worker is not None
        os.kill(worker.pid, signal.SIGINT)
        assert daemon.wait(60) == 0
        assert (tmp_path / "word").read_text() == "tidied up"
    finally:
        daemon.kill()
        left = _worker(instance)
        if left and (process := left.process()):
            process.kill()


def _worker(instance: dg.DagsterInstance) -> Worker | None:
    [run] = instance.get_runs()
    return Worker.of_run(run.tags)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
