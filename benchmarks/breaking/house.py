"""A house as a person brings it up, with what is needed to break it: a provider, a browser and a disk of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.houses import wait_until
from xbot_pipelines.operate import processes
from xbot_pipelines.x.chromium import find_chromium
from xbot_pipelines_tests.e2e.newcomer import Newcomer
from xbot_pipelines_tests.operate.health.receiver import Receiver, a_receiver
from xbot_pipelines_tests.providers import KEY, Provider, a_provider

_DOCTOR = [sys.executable, "-m", "xbot_pipelines.cli", "doctor", "--json"]
_FIRST_CYCLE_SECONDS, _STOP_SECONDS = 300.0, 60.0
_HEALED_WITHIN_SECONDS = 60.0
_DISK = "size=4g"


@dataclass(frozen=True, kw_only=True)
class BreakableHouse:
    """A house that runs, and is well when it is handed out."""

    newcomer: Newcomer
    up: subprocess.Popen[bytes]
    receiver: Receiver
    provider: Provider
    chromium: Path
    has_own_disk: bool

    def health(self) -> dict[str, Any]:
        """How it is, as its health server says."""
        return self.newcomer.health()

    def doctors_faults(self) -> dict[str, str]:
        """What the doctor finds broken: the sentences, by what they are about."""
        done = subprocess.run(
            _DOCTOR, env=self.newcomer.variables, cwd=self.newcomer.folder, capture_output=True, text=True, check=False
        )
        findings = json.loads(done.stdout)["findings"]
        return {one["about"]: one["found"] for one in findings if one["verdict"] == "fault"}

    def faults_that_last(self) -> dict[str, str]:
        """The same, once the doctor had the time to find nothing: after an outage not everything is back at once."""
        deadline = time.monotonic() + _HEALED_WITHIN_SECONDS
        while (faults := self.doctors_faults()) and time.monotonic() < deadline:
            time.sleep(1)
        return faults


@contextmanager
def broken_in() -> Iterator[BreakableHouse]:
    """Brings the house up, waits until its first post is out and all is well, and takes it down again."""
    with (
        tempfile.TemporaryDirectory(prefix="xbot-breaking-", ignore_cleanup_errors=True) as folder,
        a_receiver() as receiver,
        a_provider() as provider,
    ):
        newcomer = Newcomer(Path(folder))
        chromium = Path(folder) / "chromium"
        chromium.symlink_to(find_chromium())
        newcomer.variables = {
            **newcomer.variables,
            "XBOT_ALERT_URLS": receiver.url,
            "XBOT_CHROMIUM": str(chromium),
            "OPENAI_BASE_URL": provider.url,
            "OPENAI_API_KEY": KEY,
        }
        with _disk(newcomer.home) as has_own_disk:
            up = newcomer.up()
            try:
                newcomer.waits_for("first reading", up)
                house = BreakableHouse(
                    newcomer=newcomer,
                    up=up,
                    receiver=receiver,
                    provider=provider,
                    chromium=chromium,
                    has_own_disk=has_own_disk,
                )
                wait_until(lambda: house.health()["ok"], seconds=_FIRST_CYCLE_SECONDS, what="all is well")
                yield house
            finally:
                up.send_signal(signal.SIGINT)
                with suppress(subprocess.TimeoutExpired):
                    up.wait(timeout=_STOP_SECONDS)
                processes.sweep(newcomer.home, newcomer.postgres.folder)


@contextmanager
def _disk(folder: Path) -> Iterator[bool]:
    """Puts a small disk at a folder, where we may do so, and answers whether it is there."""
    folder.mkdir()
    is_mounted = os.geteuid() == 0 and _mount("-t", "tmpfs", "-o", _DISK, "tmpfs", str(folder))
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mount(*options: str) -> bool:
    mount = shutil.which("mount")
    return mount is not None and subprocess.run([mount, *options], capture_output=True, check=False).returncode == 0
