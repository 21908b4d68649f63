"""The embedded PostgreSQL's folder: where it is, and who may enter it.

No permission of a folder above it is ever changed. Where root's are closed to the server's user, the folder lies in
/var/lib, and the data folder has a link to it.
"""

import hashlib
import os
from pathlib import Path

import psutil

from xbot_pipelines.store.server_user import ServerFailed, ServerUser

_OPEN_FOLDER = Path("/var/lib/xbot-pipelines")


def prepare_folder(folder: Path, user: ServerUser) -> None:
    """Make the server's folder, closed to everybody but us and the server's user.

    Raises:
        ServerFailed: it is not there, not ours, or the server's user cannot get there.
    """
    if folder.is_symlink() and not folder.exists():
        raise ServerFailed(
            f"{folder} points to {folder.resolve()}, which is not there: mount its disk, or create it for an empty "
            "database"
        )
    if folder.exists() and folder.stat().st_uid != os.geteuid():
        raise ServerFailed(f"{folder.resolve()} belongs to another user: remove it, or use another data folder")
    closed = next((above for above in folder.resolve().parents if user.is_shut_out_of(above)), None)
    if closed is not None and folder.exists():
        elsewhere = _place_in_the_open(folder)
        raise ServerFailed(
            f"PostgreSQL does not run as root, and its user {user.name!r} may not enter {closed}. Move the database: "
            f"mkdir -p {elsewhere.parent} && mv {folder} {elsewhere} && ln -s {elsewhere} {folder}"
        )
    if closed is not None:
        _link_to_the_open(folder, user)
    place = folder.resolve()
    _make_missing(place, user)
    _move_former_cluster(place)
    os.chown(place, -1, user.gid)
    place.chmod(user.mode_of_entrance)


def postmaster(data: Path) -> psutil.Process | None:
    """Return the living server of a cluster, by the number that it has noted there."""
    number = first_number(data / "postmaster.pid")
    try:
        process = psutil.Process(number) if number is not None else None
        if process is not None and process.name() == "postgres" and str(data) in process.cmdline():
            return process
    except psutil.Error:
        pass
    return None


def first_number(note: Path) -> int | None:
    """Return the process number that a `postmaster.pid` begins with, None where there is none."""
    try:
        return int(note.read_text().splitlines()[0])
    except (OSError, IndexError, ValueError):
        return None


def _place_in_the_open(folder: Path) -> Path:
    # A name by which a person knows the data folder, and which no other data folder has.
    known_by = "-".join(folder.parent.parts[-2:]).strip("/-.")
    return _OPEN_FOLDER / f"{known_by}-{hashlib.sha256(bytes(folder)).hexdigest()[:8]}"


def _link_to_the_open(folder: Path, user: ServerUser) -> None:
    elsewhere = _place_in_the_open(folder)
    if (elsewhere / "data").exists():
        raise ServerFailed(
            f"{elsewhere} has the database of an earlier {folder.parent}. To use it again: ln -s {elsewhere} {folder}. "
            f"To begin anew: rm -r {elsewhere}"
        )
    _make_missing(elsewhere, user)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.symlink_to(elsewhere)


def _make_missing(folder: Path, user: ServerUser) -> None:
    for missing in [place for place in (*reversed(folder.parents), folder) if not place.exists()]:
        missing.mkdir(exist_ok=True)
        missing.chmod(user.mode_of_passage)


def _move_former_cluster(place: Path) -> None:
    """Move the cluster of an older version, which filled the folder itself, to where it is now."""
    former = place.with_name(f"{place.name}.former")
    if (place / "PG_VERSION").exists():
        if postmaster(place) is not None:
            raise ServerFailed(f"an older version's server still runs in {place}: stop it")
        place.rename(former)
    if former.exists():  # also where the last start was interrupted at this point
        place.mkdir(mode=0o700, exist_ok=True)
        former.rename(place / "data")
