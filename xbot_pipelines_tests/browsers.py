"""Watching the process table for browsers: how many are open at once, and whether they are gone."""

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
from playwright.sync_api import Browser

from xbot_pipelines.x.session import open_browser

_SAMPLE_EVERY_SECONDS = 0.05


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Open a real Chromium with a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="home-") as home, open_browser(None, home=Path(home)) as browser:
        yield browser


def open_browsers(marker: str) -> list[psutil.Process]:
    """Answers the main process of each Chromium whose environment carries `marker` as the value of XBOT_HOME."""
    return [process for process in psutil.process_iter(["name"]) if _is_browser(process, marker)]


def _is_browser(process: psutil.Process, marker: str) -> bool:
    try:
        return (
            "chrom" in process.info["name"].lower()
            and process.environ().get("XBOT_HOME") == marker
            # Renderers, the GPU process and the like are children that say of which type they are.
            and not any(argument.startswith("--type=") for argument in process.cmdline())
            and process.status() != psutil.STATUS_ZOMBIE
            and "crashpad" not in process.info["name"]
        )
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


class BrowserWatch:
    """Counts open browsers every 50 ms for as long as its block lasts."""

    def __init__(self, marker: str) -> None:
        self.most_at_once = 0
        self.samples = 0
        self._marker = marker
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(_SAMPLE_EVERY_SECONDS):
            # A browser's first moments are a launcher script and forks of it; parents stand for their children.
            found = {process.pid: process for process in open_browsers(self._marker)}
            parents = {pid: _parent(process) for pid, process in found.items()}
            # One without a parent has ended since it was found.
            roots = [pid for pid, parent in parents.items() if parent is not None and parent not in found]
            self.most_at_once = max(self.most_at_once, len(roots))
            self.samples += 1


def _parent(process: psutil.Process) -> int | None:
    try:
        return process.ppid()
    except psutil.NoSuchProcess:
        return None


def wait_until_no_browser_is_left(marker: str, *, within_seconds: float) -> None:
    """Waits until the last browser is gone.

    Raises:
        AssertionError: one is still there after that time.
    """
    give_up = time.monotonic() + within_seconds
    while left := open_browsers(marker):
        assert time.monotonic() < give_up, f"browsers are left: {[process.pid for process in left]}"
        time.sleep(_SAMPLE_EVERY_SECONDS)


def environment_for(home: str, **more: str) -> dict[str, str]:
    """Answers this process's environment for a child that works on the data folder `home`."""
    return {**os.environ, "XBOT_HOME": home, **more}
