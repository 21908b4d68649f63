"""Housekeeping among the files: what of the data folder is past its time, and how it is removed.

What may go is named, folder by folder and name by name; everything else stays as it is. No symbolic link is followed:
what lies behind one is not ours. What goes of Dagster's history is the business of `orchestration.pruning`.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

_LOGS = re.compile(r"[\w.-]+\.log(\.old)?")
_REPORTS = re.compile(r"\d{4}-\d{2}-\d{2}\.(html|md)")


@dataclass(frozen=True, kw_only=True)
class Removed:
    """What went: how many files, and how many bytes were in them. `stuck` says of each thing that is left why it is."""

    files: int = 0
    freed: int = 0
    stuck: tuple[str, ...] = ()

    def __add__(self, other: "Removed") -> "Removed":
        stuck = tuple(dict.fromkeys([*self.stuck, *other.stuck]))
        return Removed(files=self.files + other.files, freed=self.freed + other.freed, stuck=stuck)


def remove_old_files(home: Path, account: str, *, keep_for: timedelta, now: datetime) -> Removed:
    """Removes the programs' logs and the account's reports that were last written more than `keep_for` ago.

    Args:
        home: the data folder. It may itself lie behind a symbolic link; what is in it may not.
        account: whose reports.
        keep_for: how long a file is kept from when it was last written.
        now: the present moment.
    """
    before = now - keep_for
    logs = _remove_from(home, ("logs",), _LOGS, before=before)
    return logs + _remove_from(home, ("reports", account), _REPORTS, before=before)


def folders_of(parent: Path, *, before: datetime) -> list[Path]:
    """Answers the folders in a folder in which nothing was added or removed since a moment; links are none."""
    with suppress(FileNotFoundError), os.scandir(parent) as entries:
        folders = [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
        return sorted(folder for folder in folders if _written_at(folder) < before)
    return []


def remove_folders(parent: Path, names: Iterable[str]) -> Removed:
    """Removes folders of a folder, with whatever in them can be removed. One that is not there is no error."""
    if parent.is_symlink():
        return _behind_a_link(parent)
    removed = Removed()
    for name in names:
        removed += _remove_folder(parent / name)
    return removed


def _remove_folder(folder: Path) -> Removed:
    if folder.is_symlink():
        return _behind_a_link(folder)
    removed = Removed()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                inside = Path(entry.path)
                removed += _remove_folder(inside) if entry.is_dir(follow_symlinks=False) else _remove(inside)
        if not removed.stuck:
            folder.rmdir()
    except FileNotFoundError:
        pass  # somebody else was faster
    except OSError as failure:
        removed += _stuck(folder, failure)
    return removed


def _remove_from(home: Path, below: tuple[str, ...], names: re.Pattern[str], *, before: datetime) -> Removed:
    folder = home
    for part in below:
        folder /= part
        if folder.is_symlink():
            return _behind_a_link(folder)
    old = [file for file in _files(folder) if names.fullmatch(file.name) and _written_at(file) < before]
    # A program that has nothing to tell writes no log for months, and still needs the one it has.
    used = _open_files() if old else set()
    removed = Removed()
    for file in old:
        if file.resolve() not in used:
            removed += _remove(file)
    return removed


def _files(folder: Path) -> Iterator[Path]:
    """The ordinary files that lie in a folder itself; none where there is no such folder."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        yield from (Path(entry.path) for entry in entries if entry.is_file(follow_symlinks=False))


def _written_at(file: Path) -> datetime:
    return datetime.fromtimestamp(file.lstat().st_mtime, UTC)


def _open_files() -> set[Path]:
    """The files that a program has open, of all programs that we may look at: ours are among them."""
    used: set[Path] = set()
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            used |= {Path(file.path) for file in process.open_files()}
    return used


def _remove(file: Path) -> Removed:
    try:
        size = file.lstat().st_size
        file.unlink()
    except FileNotFoundError:
        return Removed()
    except OSError as failure:
        return _stuck(file, failure)
    return Removed(files=1, freed=size)


def _stuck(path: Path, failure: OSError) -> Removed:
    return Removed(stuck=(f"{path} cannot be removed: {failure.strerror}",))


def _behind_a_link(folder: Path) -> Removed:
    return Removed(stuck=(f"{folder} is a symbolic link: what lies behind it is left alone",))
