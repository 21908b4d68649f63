"""A private folder for UNIX sockets: whoever can reach a socket may give orders to its server.

The kernel limits a socket's path to 107 bytes, and a data folder may have a longer one. The fallback lies in `/tmp`,
not in `XDG_RUNTIME_DIR`: systemd removes that when its owner logs out, under a stack that still runs.
"""

import hashlib
import os
import stat
from pathlib import Path

_LONGEST_SOCKET_PATH = 107
_LONGEST_SOCKET_NAME = 24
_PRIVATE = 0o700


class FolderNotPrivate(Exception):
    """A folder that must be private can be read, written or replaced by somebody else."""


def private_socket_folder(home: Path) -> Path:
    """Return a folder that only this user can enter, short enough for sockets with names of up to 24 bytes.

    It is `home/run`, or a folder in `/tmp` where that path is too long: always the same for the same user and home.
    It is made where it does not exist.

    Raises:
        FolderNotPrivate: somebody else owns the folder, may enter it, or has put a link in its place.
    """
    home = home.absolute()
    folder = home / "run"
    if len(os.fsencode(folder)) + 1 + _LONGEST_SOCKET_NAME > _LONGEST_SOCKET_PATH:
        of_home = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
        folder = Path(f"/tmp/xbot-{os.getuid()}-{of_home}")  # noqa: S108 - checked below, and never opened by guesswork
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=_PRIVATE)
    except FileExistsError:
        _demand_private(folder)
    return folder


def _demand_private(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        fault = "is no folder"
    elif found.st_uid != os.getuid():
        fault = f"belongs to the user with the id {found.st_uid}"
    elif stat.S_IMODE(found.st_mode) != _PRIVATE:
        fault = f"has the permissions {stat.S_IMODE(found.st_mode):04o}"
    else:
        return
    raise FolderNotPrivate(
        f"{folder} {fault}, and must be a folder with the permissions 0700 that belongs to the user with the id "
        f"{os.getuid()}: remove it, or set XBOT_HOME to another folder"
    )
