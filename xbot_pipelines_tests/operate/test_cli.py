"""What a person meets who types `xbot`: one sentence where something is wrong, and nothing started."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from xbot_pipelines.settings import ACKNOWLEDGEMENT
from xbot_pipelines.store.stack_lock import Stack, hold_stack_lock
from xbot_pipelines_tests.account_files import accounts_with
from xbot_pipelines_tests.operate.programs import free_ports, python
from xbot_pipelines_tests.operate.shell import Shell, refusal


def test_a_taken_port_is_one_sentence_and_nothing_is_started(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", int(shell.variables["XBOT_UI_PORT"]))):
        sentence = refusal(shell.types("up"))
    assert shell.variables["XBOT_UI_PORT"] in sentence
    assert "XBOT_UI_PORT" in sentence
    assert not (shell.home / "postgres").exists()


def test_a_missing_browser_is_one_sentence_and_nothing_is_started(shell: Shell, tmp_path: Path) -> None:
    sentence = refusal(shell.types("up", PATH=str(tmp_path), PLAYWRIGHT_BROWSERS_PATH=str(tmp_path)))
    assert "install Chromium or Google Chrome" in sentence
    assert not (shell.home / "postgres").exists()


def test_a_setting_that_is_wrong_is_one_sentence_that_names_it(shell: Shell) -> None:
    assert "XBOT_UI_PORT" in refusal(shell.types("up", XBOT_UI_PORT="eighty"))


def test_database_that_another_stack_works_on_is_left_alone(shell: Shell, database_url: str) -> None:
    other = Stack(host="elsewhere", pid="4711", home="/srv/other", since="2026-03-02 12:00:00 UTC")
    with hold_stack_lock(database_url, other, lost=pytest.fail):
        sentence = refusal(shell.types("up", XBOT_DATABASE_URL=database_url))
    assert "process 4711 on elsewhere, since 2026-03-02 12:00:00 UTC, data folder /srv/other" in sentence
    assert not (shell.home / "logs").exists()


def test_a_database_that_cannot_be_reached_is_one_sentence_without_its_password(shell: Shell) -> None:
    [port] = free_ports(1)
    address = f"postgresql://somebody:s3same@127.0.0.1:{port}/xbot"
    sentence = refusal(shell.types("up", XBOT_DATABASE_URL=address))
    assert f"127.0.0.1:{port}" in sentence
    assert "s3same" not in sentence


def test_practice_on_a_taken_port_is_one_sentence(shell: Shell, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert port in refusal(shell.types("practice", "--port", port, "--data", str(tmp_path / "world")))


def test_the_list_of_commands_loads_nothing_heavy() -> None:
    """It is to be there in half a second, on any machine."""
    script = """
import sys
from xbot_pipelines.cli import main
sys.argv = ["xbot", "--help"]
try:
    main()
except SystemExit:
    pass
heavy = {"playwright", "dagster", "pandas", "sqlalchemy", "pydantic", "starlette", "numpy"} & set(sys.modules)
sys.exit(", ".join(heavy) or 0)
"""
    subprocess.run(python(script), check=True)


def test_the_list_of_commands_names_them(shell: Shell) -> None:
    done = shell.types("--help")
    assert done.returncode == 0
    named = {
        "up",
        "practice",
        "login",
        "pause",
        "resume",
        "health",
        "doctor",
        "watch",
        "timetable",
        "export",
        "review",
        "optout",
    }
    assert named <= set(done.stdout.split())


@pytest.mark.skipif(sys.platform != "linux", reason="anywhere else there is a display, and a window would open")
def test_logging_in_where_no_window_can_be_shown_is_one_sentence(shell: Shell) -> None:
    assert "this machine has no display" in refusal(shell.types("login"))


def test_who_logs_in_to_the_real_x_in_a_browser_is_told_that_it_forbids_this_and_what_to_write(
    shell: Shell, tmp_path: Path
) -> None:
    accounts = str(accounts_with(tmp_path, x="x.com", approval="replies"))
    told = refusal(shell.types("login", XBOT_ACCOUNTS=accounts, DISPLAY=":99"))
    assert told.startswith("xbot: X forbids scripting its site, and nothing is asked of https://x.com by a browser ")
    assert ACKNOWLEDGEMENT in told
    assert not shell.home.exists()
