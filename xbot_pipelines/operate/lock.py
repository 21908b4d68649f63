"""One `xbot up` per data folder: a lock that lives exactly as long as the process that holds it (F14)."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psutil

from xbot_pipelines.operate.errors import CannotRun


@contextmanager
def house_lock(home: Path, *, since: datetime, address: str) -> Iterator[None]:
    """Holds the data folder for this process.

    Args:
        home: the data folder; it is made where it is missing.
        since: the present moment, told to whoever comes second.
        address: where the Dagster UI will be, told likewise.

    Raises:
        CannotRun: another process holds it; the message says which, since when, and where its UI is.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.lock").open("a+", encoding="utf-8") as file:
        try:
            # Not inherited by what we start: Python opens files for itself alone.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CannotRun(_already_running(home, file.read())) from None
        file.truncate(0)
        json.dump({"pid": os.getpid(), "since": since.isoformat(timespec="seconds"), "address": address}, file)
        file.flush()
        try:
            yield
        finally:
            # Not left to the closing: a child that is just being started still shares the file for a moment.
            fcntl.flock(file, fcntl.LOCK_UN)


def runs_here(home: Path) -> bool:
    """Whether an `xbot up` holds the data folder.

    By the process that it has noted, and not by trying to lock: whoever starts meanwhile would be refused by our trial.
    """
    try:
        noted = json.loads((home / "up.lock").read_text(encoding="utf-8"))
        began = psutil.Process(noted["pid"]).create_time()
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return False
    # A number that another process has got since belongs to one that began later.
    return began <= datetime.fromisoformat(noted["since"]).timestamp() + 1


def _already_running(home: Path, noted: str) -> str:
    try:
        holder = json.loads(noted)
        who = f"process {holder['pid']}, since {holder['since']}, Dagster UI at {holder['address']}"
    except (ValueError, KeyError, TypeError):
        who = "it has just begun"  # it holds the lock, and has not written who it is yet
    return (
        f"`xbot up` is already running on {home} ({who}): stop it first, or set XBOT_HOME to another folder "
        "and other ports."
    )
