"""How a machine comes by a browser. What would install one is played by small programs of our own on PATH."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from xbot_pipelines.operate import install_browser
from xbot_pipelines.x.chromium import ChromiumMissing
from xbot_pipelines_tests.operate.programs import python


class Machine:
    """A machine with nothing but what the test puts on its PATH, and a journal of what was called there."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.journal = folder / "journal"
        self.environ = {
            "PATH": str(self.bin),
            "HOME": str(folder),
            "PLAYWRIGHT_BROWSERS_PATH": str(folder / "browsers"),
            # Nothing listens there: Playwright's download fails as on a machine without that host.
            "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9",
        }
        self.said: list[str] = []
        self.asked: list[str] = []
        self.consents = False

    def has(self, name: str, does: str = "") -> Path:
        """Puts a program on PATH that notes how it was called, and then does something."""
        path = self.bin / name
        path.write_text(f'#!/bin/sh\necho {name} "$@" >> {self.journal}\n{does}\n')
        path.chmod(0o755)
        return path

    def called(self) -> list[str]:
        """What was called, in order."""
        return self.journal.read_text().splitlines() if self.journal.exists() else []

    def provide(self) -> Path:
        """Sees to a browser on this machine."""
        return install_browser.provide_chromium(None, environ=self.environ, say=self.said.append, ask=self._ask)

    def _ask(self, question: str) -> bool:
        self.asked.append(question)
        return self.consents


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr("xbot_pipelines.x.chromium.MAC_PLACES", ())
    return Machine(tmp_path)


def as_user(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: number)


def test_where_a_browser_is_there_nothing_is_installed(machine: Machine) -> None:
    there = machine.has("google-chrome")
    assert machine.provide() == there
    assert machine.said == []
    assert machine.called() == []


def test_without_playwrights_host_root_gets_debians_package(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    as_user(monkeypatch, 0)
    chromium = machine.bin / "chromium"
    touch, chmod = shutil.which("touch"), shutil.which("chmod")
    machine.has("apt-get", does=f'case "$*" in *install*) {touch} {chromium}; {chmod} 755 {chromium};; esac')
    assert machine.provide() == chromium
    update, install = machine.called()
    assert "update" in update
    assert "--no-install-recommends chromium" in install
    assert machine.said[0].startswith("no browser found: downloading Playwright's Chromium")
    assert "Debian's chromium" in machine.said[-1]


def test_sudo_is_used_by_whoever_says_yes(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    as_user(monkeypatch, 1000)
    chromium = machine.bin / "chromium"
    touch, chmod = shutil.which("touch"), shutil.which("chmod")
    machine.has("apt-get")
    machine.has("sudo", does=f'case "$*" in *install*) {touch} {chromium}; {chmod} 755 {chromium};; esac')
    machine.consents = True
    assert machine.provide() == chromium
    [question] = machine.asked
    assert "sudo apt-get -qq install --yes --no-install-recommends chromium" in question
    assert machine.called()[0] == "sudo --validate"
    assert machine.called()[-1].startswith("sudo --non-interactive apt-get")


@pytest.mark.parametrize(("consents", "sudo"), [(False, "exit 0"), (True, "exit 1")], ids=["no", "wrong password"])
def test_whoever_says_no_or_may_not_use_sudo_is_told_what_to_install(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, consents: bool, sudo: str
) -> None:
    as_user(monkeypatch, 1000)
    machine.has("apt-get")
    machine.has("sudo", does=sudo)
    machine.consents = consents
    with pytest.raises(ChromiumMissing, match="install Chromium or Google Chrome"):
        machine.provide()
    assert machine.called() == (["sudo --validate"] if consents else [])


_ASKS = python("from xbot_pipelines.operate import install_browser; print(install_browser._ask('Really?'))")


@pytest.mark.parametrize(("typed", "answer"), [(b"y\n", "True"), (b"\n", "False"), (b"n\n", "False")])
def test_question_is_asked_at_a_terminal(typed: bytes, answer: str) -> None:
    ours, theirs = os.openpty()
    os.write(ours, typed)
    with os.fdopen(ours, "rb", buffering=0):
        done = subprocess.run(_ASKS, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, text=True, check=True)
        os.close(theirs)
    assert done.stdout.strip() == answer


def test_without_a_terminal_nobody_is_asked() -> None:
    done = subprocess.run(_ASKS, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("False", "")


def test_a_package_that_cannot_be_installed_is_no_browser(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    as_user(monkeypatch, 0)
    machine.has("apt-get", does="echo no such package >&2; exit 100")
    with pytest.raises(ChromiumMissing):
        machine.provide()
    assert any("no such package" in line for line in machine.said)


def test_an_installer_that_hangs_is_ended_with_everything_it_started(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_user(monkeypatch, 0)
    monkeypatch.setattr(install_browser, "LONGEST_INSTALL_SECONDS", 0.5)
    machine.has("apt-get", does=f"{shutil.which('sleep')} 600 & wait")
    with pytest.raises(ChromiumMissing):
        machine.provide()
    assert any("no end after" in line for line in machine.said)


def test_the_command_says_in_one_line_what_it_found(machine: Machine) -> None:
    there = machine.has("chromium")
    done = _command(machine)
    assert done.returncode == 0
    assert done.stderr == f"browser: {there}\n"


def test_the_command_ends_with_one_sentence_where_the_chosen_browser_is_none(machine: Machine) -> None:
    machine.environ["XBOT_CHROMIUM"] = "/no/such/chromium"
    done = _command(machine)
    assert done.returncode == 1
    assert done.stderr.startswith("XBOT_CHROMIUM is /no/such/chromium")
    assert len(done.stderr.splitlines()) == 1


def _command(machine: Machine) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xbot_pipelines.operate.install_browser"]
    return subprocess.run(command, env=machine.environ, capture_output=True, text=True, check=False)


def test_finding_a_browser_loads_nothing_heavy() -> None:
    """`make up` asks at every start; Playwright alone takes longer to import than all of it may."""
    script = """
import sys
import xbot_pipelines.operate.install_browser
heavy = {"playwright", "dagster", "pandas", "sqlalchemy", "pydantic"} & set(sys.modules)
sys.exit(", ".join(heavy) or 0)
"""
    subprocess.run(python(script), check=True)
