"""The daemon as a process, told to end while a run of its own is under way."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
import yaml

from xbot_pipelines.orchestration.run_launcher import ForkingRunLauncher, Worker
from xbot_pipelines.store.database import dagster_url, open_engine
from xbot_pipelines.store.stack_lock import running_stack
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


def test_a_daemon_that_is_told_to_end_waits_for_its_run(
    instance: dg.DagsterInstance, tmp_path: Path, database_url: str
) -> None:
    """In a container, where only the daemon is told, a run would die with it: between its click and its note of it."""
    log = tmp_path / "log"
    with log.open("wb") as output:
        daemon = subprocess.Popen(
            [*python(_LAUNCHES_AND_IS_THE_DAEMON), "run", "--empty-workspace"],
            env={**_environment(database_url, tmp_path), "XBOT_ACCOUNT": "practice"},
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


def test_second_daemon_of_a_database_is_refused_until_the_first_was_killed(tmp_path: Path, database_url: str) -> None:
    """M5 of the security review: each would declare the other's runs dead."""
    with _daemon(database_url, tmp_path / "first") as (first, first_says):
        _until(lambda: "Instance is configured" in first_says())
        with _daemon(database_url, tmp_path / "second") as (second, second_says):
            assert second.wait(60) == 1
        assert f"process {first.pid} on " in second_says()
        assert f"data folder {tmp_path / 'first'}" in second_says()
        assert first.poll() is None

        first.kill()
        with _daemon(database_url, tmp_path / "second") as (second, second_says):
            _until(lambda: "Instance is configured" in second_says())
            engine = open_engine(database_url)
            found = running_stack(engine)
            engine.dispose()
            assert found is not None
            assert found.pid == str(second.pid)


@contextmanager
def _daemon(database_url: str, home: Path) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], str]]]:
    """Start a daemon that has no account, and give what it writes."""
    home.mkdir(exist_ok=True)
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    log = home / "log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "xbot_pipelines.operate.daemon", "run", "--empty-workspace"]
        process = subprocess.Popen(command, env=_environment(database_url, home), stdout=output, stderr=output)
    try:
        yield process, log.read_text
    finally:
        process.kill()
        process.wait()


def _environment(database_url: str, home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DAGSTER_HOME": str(home),
        "XBOT_HOME": str(home),
        "XBOT_DAGSTER_DATABASE_URL": dagster_url(database_url),
    }


def _worker(instance: dg.DagsterInstance) -> Worker | None:
    [run] = instance.get_runs()
    return Worker.of_run(run.tags)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
