"""Finding and ending everything of a house, however it was started and whatever has become of what started it."""

import os
import subprocess
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from xbot_pipelines.operate import processes
from xbot_pipelines.store.server import EmbeddedServer
from xbot_pipelines_tests.operate.programs import STUBBORN, python, wait_until

DETACHED = textwrap.dedent("""
    import pathlib, subprocess, sys
    grandchild = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True, stdin=subprocess.DEVNULL
    )
    pathlib.Path(sys.argv[1]).write_text(str(grandchild.pid))
    """)
"""Starts a program in a session of its own and ends at once, so that nobody is left who knows of it."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    home.mkdir()
    yield home
    processes.kill(processes.of_house(home, home / "postgres"))


def marked(home: Path) -> dict[str, str]:
    return {**os.environ, processes.MARKER: str(home)}


def test_a_detached_grandchild_is_found_and_ended(home: Path) -> None:
    note = home / "pid"
    subprocess.run(python(DETACHED, note), env=marked(home), check=True)
    grandchild = psutil.Process(int(note.read_text()))
    assert grandchild in processes.of_house(home, home / "postgres")
    assert processes.sweep(home, home / "postgres") == 1
    wait_until(lambda: not _alive(grandchild), "it has ended")


def test_what_hears_no_signal_is_killed(home: Path) -> None:
    deaf = home / "deaf"
    with subprocess.Popen(python(STUBBORN, deaf), env=marked(home)) as process:
        wait_until(deaf.exists, "it is deaf")
        assert processes.sweep(home, home / "postgres") == 1
        assert not psutil.pid_exists(process.pid)


def test_the_processes_of_another_house_are_left_alone(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "home-of-another"
    with subprocess.Popen(python("import time; time.sleep(600)"), env=marked(other)) as neighbour:
        assert processes.sweep(home, home / "postgres") == 0
        assert neighbour.poll() is None
        neighbour.kill()


def test_what_overwrote_its_environment_is_found_through_what_started_it(home: Path) -> None:
    script = """
        import subprocess, sys, time
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], env={}, start_new_session=True)
        time.sleep(600)
        """
    with subprocess.Popen(python(textwrap.dedent(script)), env=marked(home)) as parent:
        wait_until(lambda: len(psutil.Process(parent.pid).children()) == 1, "it has a child")
        [child] = psutil.Process(parent.pid).children()
        assert processes.sweep(home, home / "postgres") == 2
        assert not _alive(child)
        parent.wait(timeout=10)


def test_an_embedded_postgresql_that_nobody_stopped_is_ended() -> None:
    with tempfile.TemporaryDirectory(prefix="xbot-") as folder:
        home = Path(folder)
        server = EmbeddedServer(home / "postgres")
        server.start()
        assert processes.sweep(home, home / "postgres") >= 1
        assert server.running_url() is None
        server.delete()


def test_we_ourselves_are_never_among_them(home: Path) -> None:
    """A house may be brought up from a shell that another one started."""
    script = """
        import os, pathlib, sys
        from xbot_pipelines.operate import processes
        home = pathlib.Path(sys.argv[1])
        found = [process.pid for process in processes.of_house(home, home / "postgres")]
        sys.exit(1 if {os.getpid(), os.getppid()} & set(found) else 0)
        """
    shell = ["sh", "-c", '"$@"; exit $?', "sh", *python(textwrap.dedent(script), home)]
    assert subprocess.run(shell, env=marked(home), check=False).returncode == 0


def _alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
