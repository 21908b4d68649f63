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
from xbot_pipelines.private_files import make_private_folder
from xbot_pipelines.text.parse_json import parse_json

_MADE_BY_US = frozenset(
    {
        *(
            ".gitignore",
            "dagster",
            "export",
            "logs",
            "postgres",
            "practice",
            "rehearsal",
            "reports",
            "run",
            "sessions",
            "tmp",
        ),
        "lost+found",  # a disk of its own has it
    }
)


@contextmanager
def house_lock(home: Path, *, since: datetime, address: str) -> Iterator[None]:
    """Holds the data folder for this process.

    Args:
        home: the data folder; it is made where it is missing.
        since: the present moment, told to whoever comes second.
        address: where the Dagster UI will be, told likewise.

    Raises:
        CannotRun: another process holds it; the message says which, since when, and where its UI is. Or it is not a
            folder of its own.
    """
    _demand_own_folder(home)
    make_private_folder(home)
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


def _demand_own_folder(home: Path) -> None:
    """Refuse a folder that others use too: everything in the data folder is closed to all other users.

    Raises:
        CannotRun: something in it is not ours, and no `xbot up` has ever run there.
    """
    if not home.is_dir() or (home / "up.lock").exists():
        return
    foreign = sorted({entry.name for entry in home.iterdir()} - _MADE_BY_US)
    if foreign:
        raise CannotRun(
            f"XBOT_HOME is {home}, which has files of somebody else ({foreign[0]}): name a folder of its own, because "
            "everything in it is closed to all other users"
        )


def runs_here(home: Path) -> bool:
    """Whether an `xbot up` holds the data folder.

    By the process that it has noted, and not by trying to lock: whoever starts meanwhile would be refused by our trial.
    """
    try:
        noted = parse_json((home / "up.lock").read_text(encoding="utf-8"))
        began = psutil.Process(noted["pid"]).create_time()
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return False
    # A number that another process has got since belongs to one that began later.
    return began <= datetime.fromisoformat(noted["since"]).timestamp() + 1


def _already_running(home: Path, noted: str) -> str:
    try:
        holder = parse_json(noted)
        who = f"process {holder['pid']}, since {holder['since']}, Dagster UI at {holder['address']}"
    except (ValueError, KeyError, TypeError):
        who = "it has just begun"  # it holds the lock, and has not written who it is yet
    return (
        f"`xbot up` is already running on {home} ({who}): stop it first, or set XBOT_HOME to another folder "
        "and other ports."
    )
