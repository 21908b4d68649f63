"""Which processes belong to a house, and how they are ended.

Every process that `xbot up` starts, and all that those start in turn, carries `XBOT_UP=<data folder>` in its
environment. So whatever detached itself, or outlived its parent, is found again: run workers, Chromium, Playwright's
driver.
"""

import contextlib
import os
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil

MARKER = "XBOT_UP"
_PATIENCE_SECONDS = {signal.SIGINT: 2.0, signal.SIGTERM: 1.0, signal.SIGKILL: 2.0}


def of_house(home: Path, database: Path) -> list[psutil.Process]:
    """Answers the living processes of the house in `home`, without this one and those above it.

    Args:
        home: the data folder that the marker names.
        database: the embedded PostgreSQL's folder, or a link to it. PostgreSQL overwrites its environment with what it
            is busy with, so it is known by its command line instead.
    """
    kept = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found, database = {}, database.resolve()
    for process in psutil.process_iter():
        # What ends while it is looked at is no longer of interest, nor is what belongs to somebody else.
        with contextlib.suppress(psutil.Error, OSError):
            if _belongs(process, home, database):
                # Chromium's helpers overwrite their environment too: they are found through what started them.
                found.update({one.pid: one for one in (process, *process.children(recursive=True))})
    return [process for pid, process in found.items() if pid not in kept]


def end(processes: Iterable[psutil.Process]) -> None:
    """Asks the processes to end, more and more firmly, and returns when they are gone."""
    alive = list(processes)
    for firmness, seconds in _PATIENCE_SECONDS.items():
        for process in alive:
            with contextlib.suppress(psutil.Error):
                process.send_signal(firmness)
        _, alive = psutil.wait_procs(alive, timeout=seconds)
        if not alive:
            return


def kill(processes: Iterable[psutil.Process]) -> None:
    """Ends the processes at once, without asking."""
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()


def sweep(home: Path, database: Path) -> int:
    """Ends what is left of the house in `home`, until nothing is, and answers how many processes that were."""
    swept: set[int] = set()
    for left in _until_empty(home, database):
        swept.update(process.pid for process in left)
        end(left)
    return len(swept)


def _until_empty(home: Path, database: Path) -> Iterator[list[psutil.Process]]:
    # What is being ended may start something more on its way out; five rounds end even that.
    for _ in range(5):
        left = of_house(home, database)
        if not left:
            return
        yield left


def _belongs(process: psutil.Process, home: Path, database: Path) -> bool:
    if process.status() == psutil.STATUS_ZOMBIE:
        return False
    if process.name() == "postgres":
        return str(database / "data") in process.cmdline()
    return process.environ().get(MARKER) == str(home)
