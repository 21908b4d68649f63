"""A shell in which `xbot` is typed, as real processes, and what came of it."""

import os
import subprocess
import sys
from pathlib import Path

from xbot_pipelines_tests.conftest import ROOT
from xbot_pipelines_tests.operate.programs import free_ports


class Shell:
    """A shell with a home folder of its own, in which `xbot` is typed."""

    def __init__(self, folder: Path) -> None:
        ui, practice, health = free_ports(3)
        self.home = folder / "data"
        self.variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XBOT_HOME": str(self.home),
            "XBOT_ACCOUNTS": str(ROOT / "accounts"),
            "XBOT_UI_PORT": str(ui),
            "XBOT_PRACTICE_PORT": str(practice),
            "XBOT_HEALTH_PORT": str(health),
        }

    def types(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Types a command that is to end by itself."""
        return subprocess.run(
            [sys.executable, "-m", "xbot_pipelines.cli", *words],
            env={**self.variables, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence with which a command was refused."""
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]
