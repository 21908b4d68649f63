"""One house per data folder."""

import os
import signal
import subprocess
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.lock import house_lock
from xbot_pipelines.private_files import write_private
from xbot_pipelines.runtime_folder import private_socket_folder
from xbot_pipelines.settings import Settings
from xbot_pipelines.x.browser_folder import browser_folder
from xbot_pipelines_tests.operate.programs import python, wait_until

SINCE = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOLDER = textwrap.dedent("""
    import pathlib, sys, time
    from datetime import UTC, datetime
    from xbot_pipelines.operate.lock import house_lock
    home = pathlib.Path(sys.argv[1])
    with house_lock(home, since=datetime(2026, 3, 2, 12, 0, tzinfo=UTC), address="http://127.0.0.1:3000"):
        (home / "held").touch()
        time.sleep(600)
    """)

CHILD = "__import__('subprocess').run([sys.executable, '-c', NOTE, str(home / 'pid')])"
NOTE = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(600)"


def test_folder_that_has_files_of_others_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    """XBOT_HOME=/srv would otherwise close /srv to everybody else."""
    tmp_path.chmod(0o755)
    (tmp_path / "www").mkdir()
    with (
        pytest.raises(CannotRun, match=r"files of somebody else \(www\)"),
        house_lock(tmp_path, since=SINCE, address="http://127.0.0.1:3000"),
    ):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["www"]
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_folder_in_which_somebody_logged_in_before_the_first_start_is_ours(settings: Settings) -> None:
    write_private(settings.session_file, "{}")
    private_socket_folder(settings.home)
    with browser_folder(settings.home):
        pass
    with house_lock(settings.home, since=SINCE, address="http://127.0.0.1:3000"):
        pass


def test_data_folder_is_closed_to_others(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "sessions").mkdir(parents=True)
    (home / "sessions" / "practice.json").write_text("{}")
    with house_lock(home, since=SINCE, address="http://127.0.0.1:3000"):
        closed = (home, home / "sessions", home / "sessions" / "practice.json")
        assert [str(entry) for entry in closed if entry.stat().st_mode & 0o077] == []


def test_a_second_one_is_refused_and_told_who_holds_it_since_when_and_where(tmp_path: Path) -> None:
    with subprocess.Popen(python(HOLDER, tmp_path)) as holder:
        wait_until((tmp_path / "held").exists, "the first holds it")
        with pytest.raises(CannotRun) as refusal, house_lock(tmp_path, since=SINCE, address="http://127.0.0.1:3001"):
            pass
        holder.kill()
    for word in (str(tmp_path), str(holder.pid), "2026-03-02T12:00:00+00:00", "http://127.0.0.1:3000"):
        assert word in str(refusal.value)


def test_a_lock_whose_holder_was_killed_is_free_at_once(tmp_path: Path) -> None:
    with subprocess.Popen(python(HOLDER, tmp_path)) as holder:
        wait_until((tmp_path / "held").exists, "the first holds it")
        holder.send_signal(signal.SIGKILL)
    with house_lock(tmp_path, since=SINCE, address="http://127.0.0.1:3001"):
        assert "3001" in (tmp_path / "up.lock").read_text()


def test_what_a_holder_has_started_does_not_hold_it_in_its_place(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    starts_a_child = HOLDER.replace("time.sleep(600)", CHILD.replace("NOTE", repr(NOTE)))
    with subprocess.Popen(python(starts_a_child, tmp_path)) as holder:
        wait_until(lambda: note.exists() and note.read_text() != "", "it has a child that runs")
        holder.send_signal(signal.SIGKILL)
    child = int(note.read_text())
    try:
        with house_lock(tmp_path, since=SINCE, address="http://127.0.0.1:3000"):
            os.kill(child, 0)  # it still runs
    finally:
        os.kill(child, signal.SIGKILL)


def test_one_that_has_not_said_who_it_is_yet_is_respected_all_the_same(tmp_path: Path) -> None:
    with house_lock(tmp_path, since=SINCE, address="http://127.0.0.1:3000"):
        (tmp_path / "up.lock").write_text("")
        with (
            pytest.raises(CannotRun, match="it has just begun"),
            house_lock(tmp_path, since=SINCE, address="http://127.0.0.1:3001"),
        ):
            pass
