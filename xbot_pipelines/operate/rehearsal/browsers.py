"""Counting the browsers of a rehearsal in the process table, for as long as it lasts: one, if all is well."""

import os
import threading
from types import TracebackType
from typing import Self

import psutil

_LOOK_EVERY_SECONDS = 0.5


class BrowserCount:
    """Looks twice a second how many browsers this process has; `most` is the most that were seen at once."""

    def __init__(self) -> None:
        self.most = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="counting browsers", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(_LOOK_EVERY_SECONDS):
            self.most = max(self.most, _browsers())


def _browsers() -> int:
    """Counts the main processes of browsers below this process: those that no other browser's process has started."""
    browsers = {
        process.pid: process.info["ppid"]
        for process in psutil.Process(os.getpid()).children(recursive=True)
        if _is_browser(process)
    }
    return sum(parent not in browsers for parent in browsers.values())


def _is_browser(process: psutil.Process) -> bool:
    try:
        process.info = process.as_dict(["name", "ppid", "status"])
    except psutil.NoSuchProcess:
        return False
    name = (process.info["name"] or "").lower()
    return "chrom" in name and "crashpad" not in name and process.info["status"] != psutil.STATUS_ZOMBIE
