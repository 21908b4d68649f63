"""A running stack with a canary in every secret variable: what is attacked."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.houses import wait_until
from xbot_pipelines.operate import processes
from xbot_pipelines.settings import SECRETS, VARIABLES
from xbot_pipelines_tests.e2e.newcomer import Newcomer

_FIRST_CYCLE_SECONDS, _STOP_SECONDS = 300.0, 60.0

OF_OTHERS = {"AWS_SECRET_ACCESS_KEY": "canary-of-aws", "GITHUB_TOKEN": "canary-of-github"}
"""Secrets that a person's shell holds for other programs: no process of ours needs them."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A stack that has published its first post. `parents` are the modes of the folders above it before it started."""

    newcomer: Newcomer
    up: subprocess.Popen[bytes]
    canaries: Mapping[str, str]
    parents: Mapping[Path, int]
    started_at: float

    def members(self) -> list[psutil.Process]:
        """Return the living processes of the stack, the command itself included."""
        home = self.newcomer.home
        return [psutil.Process(self.up.pid), *processes.of_house(home, home / "postgres")]


@contextmanager
def running_stack() -> Iterator[Stack]:
    """Start a stack in a folder that only its owner can enter, and stop it at the end of the block.

    Its path is longer than the address of a UNIX socket may be.
    """
    with tempfile.TemporaryDirectory(prefix="xbot-attacked-", ignore_cleanup_errors=True) as folder:
        long = Path(folder, *["a-rather-long-name-of-a-folder"] * 4)
        long.mkdir(parents=True)
        newcomer = Newcomer(long)
        canaries = {name: f"canary-of-{name.lower()}" for name, field in VARIABLES.items() if _may_be_planted(field)}
        newcomer.variables = {**newcomer.variables, **canaries, **OF_OTHERS}
        parents = {parent: parent.stat().st_mode for parent in long.parents}
        started_at = time.time()
        up = newcomer.up()
        try:
            wait_until(lambda: "first reading" in newcomer.output(), seconds=_FIRST_CYCLE_SECONDS, what="a first post")
            yield Stack(
                newcomer=newcomer, up=up, canaries={**canaries, **OF_OTHERS}, parents=parents, started_at=started_at
            )
        finally:
            os.kill(up.pid, 2)
            up.wait(_STOP_SECONDS)
            processes.sweep(newcomer.home, newcomer.home / "postgres")


def _may_be_planted(field: str) -> bool:
    # An address with a canary in it would have to lead somewhere.
    return field in SECRETS and not field.endswith(("database_url", "alert_urls"))
