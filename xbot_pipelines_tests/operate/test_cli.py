"""What a person meets who types `xbot`: one sentence where something is wrong, and nothing started."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from xbot_pipelines.operate import processes
from xbot_pipelines_tests.operate.programs import free_ports, python

ROOT = Path(__file__).parents[2]


class Shell:
    """A shell with a home folder of its own, in which `xbot` is typed."""

    def __init__(self, folder: Path) -> None:
        ui, practice, code = free_ports(3)
        self.home = folder / "data"
        self.variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XBOT_HOME": str(self.home),
            "XBOT_ACCOUNTS": str(ROOT / "accounts"),
            "XBOT_UI_PORT": str(ui),
            "XBOT_PRACTICE_PORT": str(practice),
            "XBOT_CODE_PORT": str(code),
        }

    def types(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Types a command that is to end by itself."""
        return subprocess.run(
            [sys.executable, "-m", "xbot_pipelines.cli", *words],
            env={**self.variables, **variables},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    shell = Shell(tmp_path)
    yield shell
    assert processes.of_house(shell.home, shell.home / "postgres") == []


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence with which a command was refused."""
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


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
    assert "up" in done.stdout.split()
    assert "practice" in done.stdout.split()
