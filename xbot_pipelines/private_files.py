"""Files and folders that only their owner can read: sessions, reports, the data folder."""

import os
import stat
from pathlib import Path

_PRIVATE = 0o600
_FOR_OTHERS = 0o077


def write_private(path: Path, content: str) -> None:
    """Write a file which only its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "w", encoding="utf-8") as file:
        file.write(content)
    unfinished.replace(path)


def create_private_by_default() -> None:
    """Let whatever this process and its children create be readable by their owner alone."""
    os.umask(_FOR_OTHERS)


def make_private_folder(folder: Path) -> None:
    """Make a folder that only we can enter, and close to others what it holds already.

    Folders above it keep their permissions, and so does what belongs to another user: on a volume of Kubernetes the
    folder itself does.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _close(folder)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            _close(Path(parent, name))


def _close(path: Path) -> None:
    try:
        found = path.lstat()
        if found.st_uid == os.geteuid() and not stat.S_ISLNK(found.st_mode) and found.st_mode & _FOR_OTHERS:
            path.chmod(stat.S_IMODE(found.st_mode) & ~_FOR_OTHERS)
    except FileNotFoundError:
        pass  # it has been removed meanwhile
