"""What `xbot up` keeps running, as the doctor sees it: with ports that others hold, and a real Dagster that dies."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from xbot_pipelines.clock import ManualClock, SystemClock
from xbot_pipelines.operate import processes
from xbot_pipelines.operate.doctor.finding import Patient, Verdict
from xbot_pipelines.operate.doctor.services import dagster_works, ports_are_ours
from xbot_pipelines_tests.operate.doctor.conftest import faults, only
from xbot_pipelines_tests.operate.doctor.servers import a_server
from xbot_pipelines_tests.operate.programs import free_ports, wait_until

DEFINITIONS = """
import dagster as dg

@dg.op
def look() -> None: ...

@dg.job
def posting(): look()

@dg.schedule(job=posting, cron_schedule="0 0 1 1 *", default_status=dg.DefaultScheduleStatus.{status})
def posting_turn(): return dg.SkipReason("not today")

defs = dg.Definitions(jobs=[posting], schedules=[posting_turn])
"""
WORKSPACE = "load_from: [{python_file: {relative_path: definitions.py, location_name: practice}}]"


@pytest.fixture
def housed(patient: Patient) -> Patient:
    """The patient, with ports of its own that nobody listens on."""
    ui, health = free_ports(2)
    return replace(patient, settings=patient.settings.model_copy(update={"ui_port": ui, "health_port": health}))


def test_a_port_that_somebody_else_holds_is_red_says_who_and_is_green_again_when_it_is_free(housed: Patient) -> None:
    at_rest, port = replace(housed, is_up=False), housed.settings.ui_port
    with socket.create_server(("127.0.0.1", port)):
        finding = only(ports_are_ours(at_rest), f"port {port}")
        assert finding.verdict is Verdict.FAULT
        assert finding.found.startswith("meant for the Dagster UI, but taken by ")
        assert f"(process {os.getpid()})" in finding.found
        assert finding.to_do == "end that, or set XBOT_UI_PORT to another port"
    assert only(ports_are_ours(at_rest), f"port {port}").found == "free for the Dagster UI"


def test_a_port_that_a_program_of_this_house_holds_is_fine(housed: Patient) -> None:
    port, home = housed.settings.ui_port, housed.settings.home
    listens = (
        "import socket, sys; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); print(flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", listens, str(port)],
        env={**os.environ, processes.MARKER: str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as program:
        assert program.stdout is not None
        program.stdout.readline()
        assert only(ports_are_ours(housed), f"port {port}").found == "the Dagster UI of this house"
        program.communicate(b"\n")
    assert only(ports_are_ours(housed), f"port {port}").verdict is Verdict.WARNING


def test_two_programs_that_are_meant_for_one_port_are_red(housed: Patient) -> None:
    settings = housed.settings.model_copy(update={"health_port": housed.settings.ui_port})
    assert faults(ports_are_ours(replace(housed, settings=settings, is_up=False)))[0].startswith("it is meant for the ")


def test_a_dagster_that_does_not_answer_is_red_only_where_it_should(housed: Patient) -> None:
    [sentence] = faults(dagster_works(housed))
    assert sentence.startswith("the Dagster webserver does not answer: ")
    assert only(dagster_works(replace(housed, is_up=False)), "Dagster").verdict is Verdict.NOT_LOOKED_AT


def test_a_dagster_that_falls_silent_after_its_first_answer_is_one_sentence(housed: Patient) -> None:
    with a_server(housed.settings.ui_port) as webserver:
        webserver.answers = [{"data": {"instance": {"daemonHealth": {"allDaemonStatuses": []}}}}]
        [*_, last] = dagster_works(housed)
    assert last.verdict is Verdict.FAULT
    assert last.found.startswith("the Dagster webserver does not answer: ")


@pytest.mark.house
def test_a_daemon_that_is_killed_turns_red_and_green_again_when_it_is_back(housed: Patient, tmp_path: Path) -> None:
    put_definitions(tmp_path, status="RUNNING")
    with started(tmp_path, "dagster_webserver", "--port", str(housed.settings.ui_port)):
        # Before the daemon: both would make the tables of an instance that has none.
        wait_until(lambda: shows_the_timetable(housed), "the webserver answers")
        with started(tmp_path, "dagster._daemon", "run") as daemon:
            wait_until(lambda: faults(dagster_works(housed)) == [], "Dagster works")
            shown = [finding.about for finding in dagster_works(housed)]
            assert shown == ["Dagster", "timetable", "Dagster daemon", "run queue"]
            daemon.kill()
        three_minutes_later = replace(housed, clock=ManualClock(SystemClock().now() + timedelta(minutes=3)))
        [sentence] = faults(dagster_works(three_minutes_later))
        assert sentence.startswith("no sign of life: ")
        assert "scheduler since " in sentence
        with started(tmp_path, "dagster._daemon", "run"):
            back = replace(housed, clock=ManualClock(SystemClock().now() + timedelta(seconds=80)))
            wait_until(lambda: faults(dagster_works(back)) == [], "the daemon is back")


@pytest.mark.house
def test_a_schedule_that_is_switched_off_is_a_warning_and_a_daemon_that_never_ran_red(
    housed: Patient, tmp_path: Path
) -> None:
    put_definitions(tmp_path, status="STOPPED")
    with started(tmp_path, "dagster_webserver", "--port", str(housed.settings.ui_port)):
        wait_until(lambda: shows_the_timetable(housed), "the webserver answers")
        found = list(dagster_works(housed))
    assert only(found, "timetable").found == "switched off in the UI: posting_turn"
    assert "scheduler never" in only(found, "Dagster daemon").found


def shows_the_timetable(patient: Patient) -> bool:
    """Whether a webserver answers, and has loaded the definitions."""
    return any(finding.about == "timetable" for finding in dagster_works(patient))


def put_definitions(folder: Path, *, status: str) -> None:
    """Writes an instance of Dagster with one schedule."""
    (folder / "definitions.py").write_text(DEFINITIONS.format(status=status))
    (folder / "workspace.yaml").write_text(WORKSPACE)
    (folder / "dagster.yaml").write_text("telemetry: {enabled: false}")


@contextmanager
def started(folder: Path, module: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a program of Dagster's for the length of the block, with all that it starts."""
    command = [sys.executable, "-m", module, *words, "--workspace", "workspace.yaml"]
    environment = {**os.environ, "DAGSTER_HOME": str(folder), processes.MARKER: str(folder)}
    with (
        (folder / f"{module}.log").open("ab") as log,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log) as program,
    ):
        try:
            yield program
        finally:
            processes.end([psutil.Process(program.pid), *psutil.Process(program.pid).children(recursive=True)])
