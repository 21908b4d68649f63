"""Keeping programs running, with real small programs."""

import os
import signal
import subprocess
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.supervisor import Service, Supervisor, seconds_before_restart, see_off
from xbot_pipelines_tests.operate.programs import STEADY, STUBBORN, lines_of, python, wait_until

STARTED_WITH_DEFAULTS = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"


class House:
    """A supervisor, what it said, and the journal of the programs that it runs."""

    def __init__(self, folder: Path) -> None:
        self.journal = folder / "journal"
        self.logs = folder / "logs"
        self.said: list[str] = []
        self.supervisor = Supervisor(environment=lambda _: os.environ, logs=self.logs, say=self.said.append)

    def steady(self, name: str, *, seconds_to_stop: float = 0) -> Service:
        """A program that does what it is told to."""
        return Service(
            name=name,
            command=python(STEADY, name, self.journal, seconds_to_stop),
            answers=lambda _: f"started {name}" in lines_of(self.journal),
        )

    def started(self, name: str) -> int:
        """How many times a program was started."""
        return lines_of(self.journal).count(f"started {name}")

    def all_answer(self) -> bool:
        """Whether everything does."""
        return self.supervisor.all_answer()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.supervisor.stop()


def test_a_service_counts_as_up_only_when_it_answers(house: House, tmp_path: Path) -> None:
    open_door = tmp_path / "open"
    house.supervisor.launch(
        Service(name="slow", command=python(STEADY, "slow", house.journal, 0), answers=lambda _: open_door.exists())
    )
    wait_until(lambda: house.started("slow") == 1, "the program starts")
    assert not house.all_answer()
    open_door.touch()
    wait_until(house.all_answer, "it answers")


def test_all_services_are_asked_at_once_so_that_their_times_do_not_add_up(house: House) -> None:
    names = ("first", "second", "third")
    house.supervisor.launch(*(house.steady(name, seconds_to_stop=1) for name in names))
    wait_until(house.all_answer, "all answer")
    began = time.monotonic()
    house.supervisor.stop()
    assert time.monotonic() - began < 2
    assert sorted(lines_of(house.journal)[-3:]) == sorted(f"stopped {name}" for name in names)


def test_one_service_can_be_asked_before_the_others_and_is_not_asked_twice(house: House) -> None:
    house.supervisor.launch(house.steady("daemon"), house.steady("database"))
    wait_until(house.all_answer, "both answer")
    house.supervisor.begin_to_stop("daemon")
    wait_until(lambda: "stopped daemon" in lines_of(house.journal), "it has ended")
    assert "stopped database" not in lines_of(house.journal)
    house.supervisor.stop()
    assert lines_of(house.journal)[2:] == ["stopped daemon", "stopped database"]


def test_a_service_that_is_killed_is_started_again_and_one_is_told(house: House) -> None:
    house.supervisor.launch(house.steady("daemon"), house.steady("other"))
    wait_until(house.all_answer, "both answer")
    daemon = next(child for child in psutil.Process().children() if "daemon" in child.cmdline())
    daemon.kill()
    wait_until(lambda: house.started("daemon") == 2, "it is started again")
    wait_until(lambda: any("daemon answers again" in line for line in house.said), "it is told that it answers")
    told = next(line for line in house.said if "SIGKILL" in line)
    assert "daemon ended by itself" in told
    assert str(house.logs / "daemon.log") in told
    assert house.started("other") == 1


def test_a_service_that_keeps_dying_is_given_ever_longer_pauses_but_never_given_up() -> None:
    pauses = [seconds_before_restart(failures) for failures in range(12)]
    assert pauses == sorted(pauses)
    assert pauses[0] == 1
    assert pauses[-1] == 30


def test_a_service_that_dies_before_it_ever_answered_is_an_error_that_shows_its_log(house: House) -> None:
    house.supervisor.launch(
        Service(
            name="webserver",
            command=python("import sys; print('\\x1b[31mport is mine\\x1b[0m'); sys.exit(3)"),
            answers=lambda _: False,
        )
    )
    with pytest.raises(CannotRun) as refusal:
        wait_until(house.all_answer, "it fails")
    assert "webserver ended before it answered (exit code 3)" in str(refusal.value)
    assert "  port is mine" in str(refusal.value)


def test_a_service_that_never_answers_is_an_error_and_is_ended(house: House) -> None:
    house.supervisor.launch(
        Service(
            name="mute", command=python(STEADY, "mute", house.journal, 0), answers=lambda _: False, start_seconds=0.5
        )
    )
    with pytest.raises(CannotRun, match="mute did not answer within"):
        wait_until(house.all_answer, "it is given up")
    assert not [child for child in psutil.Process().children() if "mute" in child.cmdline()]


def test_a_program_that_ignores_what_can_be_ignored_is_killed_in_time(tmp_path: Path) -> None:
    deaf = tmp_path / "deaf"
    with subprocess.Popen(python(STUBBORN, deaf), start_new_session=True) as process:
        wait_until(deaf.exists, "it is deaf")
        see_off(process, seconds=0.2)
        assert process.returncode == -signal.SIGKILL


def test_what_a_service_has_started_itself_ends_with_it(house: House, tmp_path: Path) -> None:
    child = tmp_path / "child"
    script = """
        import pathlib, subprocess, sys, time
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        pathlib.Path(sys.argv[1]).write_text(str(child.pid))
        time.sleep(600)
        """
    house.supervisor.launch(
        Service(name="parent", command=python(textwrap.dedent(script), child), answers=lambda _: child.exists())
    )
    wait_until(lambda: house.all_answer() and child.read_text() != "", "it has a child")
    house.supervisor.stop()
    wait_until(lambda: not _runs(int(child.read_text())), "the child has ended too")


def test_a_log_begins_with_its_service_and_the_last_one_is_kept_beside_it(house: House) -> None:
    house.logs.mkdir()
    (house.logs / "webserver.log").write_text("of yesterday")
    house.supervisor.launch(house.steady("webserver"))
    wait_until(house.all_answer, "it answers")
    assert (house.logs / "webserver.log").read_text() == ""
    assert (house.logs / "webserver.log.old").read_text() == "of yesterday"


def test_services_can_be_interrupted_even_where_we_were_started_with_interrupts_ignored(tmp_path: Path) -> None:
    """As `nohup xbot up &` starts it: a child that inherited "ignored" could not be ended in order."""
    script = """
        import os, pathlib, sys, time
        from xbot_pipelines.operate.stopping import stopped_by_signals
        from xbot_pipelines.operate.supervisor import Service, Supervisor
        journal, *command = sys.argv[1:]
        has_begun = pathlib.Path(journal).exists
        supervisor = Supervisor(environment=lambda _: os.environ, logs=pathlib.Path(journal).parent, say=print)
        with stopped_by_signals(at_once=lambda: None):
            supervisor.launch(Service(
                name="child", command=[*command, journal], answers=lambda _: has_begun(), stop_seconds=60
            ))
            while not supervisor.all_answer():
                time.sleep(0.05)
            supervisor.stop()
        """
    command = python(textwrap.dedent(script), tmp_path / "journal", *python(STARTED_WITH_DEFAULTS))
    began = time.monotonic()
    subprocess.run(command, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN), timeout=50, check=True)
    assert time.monotonic() - began < 30, "it was not the interrupt that ended it"


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_what_a_service_leaves_in_its_process_group_ends_with_it(house: House, tmp_path: Path) -> None:
    file = tmp_path / "follower"
    leaves_somebody = textwrap.dedent(f"""
        import pathlib, signal, subprocess, sys, time
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        follower = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        signal.signal(signal.SIGINT, lambda *_: sys.exit())
        pathlib.Path({str(file)!r}).write_text(str(follower.pid))
        time.sleep(600)
    """)
    house.supervisor.launch(
        Service(
            name="leader", command=python(leaves_somebody), answers=lambda _: file.exists() and file.read_text() != ""
        )
    )
    wait_until(house.all_answer, "the service answers")
    follower = psutil.Process(int(file.read_text()))
    house.supervisor.stop()
    wait_until(lambda: not follower.is_running() or follower.status() == psutil.STATUS_ZOMBIE, "its follower has ended")
