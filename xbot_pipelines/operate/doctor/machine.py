"""The machine: room on its disks, memory, and the data folder with the files in it that are for nobody else."""

import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from xbot_pipelines.operate.doctor.finding import Finding, Findings, Patient, fault, fine, warning

GIGABYTE = 1024**3
_FULL, _TIGHT = 1 * GIGABYTE, 5 * GIGABYTE
_LITTLE_MEMORY = 700 * 1024**2
_SHARED_MEMORY_OF_CHROMIUM = 512 * 1024**2
_NETWORK_FILESYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "fuse.sshfs", "fuse.rclone"})
_GIT_SECONDS = 5

FreeBytes = Callable[[Path], int]
"""Answers how many bytes can still be written where a folder is."""


def free_bytes(folder: Path) -> int:
    """Answers how many bytes can still be written where a folder is."""
    return shutil.disk_usage(folder).free


def home_has_room(patient: Patient) -> Findings:
    """Whether the data folder, with the embedded database in it, can grow."""
    yield room("disk", patient.settings.home)


def room(about: str, folder: Path, free: FreeBytes = free_bytes) -> Finding:
    """Says whether there is room where a folder is, or will be."""
    place = _existing(folder)
    left = free(place)
    found = f"{left / GIGABYTE:.1f} GB are free at {place}"
    if left < _FULL:
        return fault(
            about,
            f"{found}: the disk is full, or will soon be, and then PostgreSQL stops",
            to_do="make room; the job `housekeeping` deletes what is past its time, which [retention] sets",
        )
    if left < _TIGHT:
        return warning(about, found, to_do="make room before it is full: below 1 GB PostgreSQL is in danger")
    return fine(about, found)


def memory_is_enough(patient: Patient) -> Findings:
    """Whether a browser has room beside everything else."""
    available = psutil.virtual_memory().available
    found = f"{available / GIGABYTE:.1f} GB of memory are free"
    if available < _LITTLE_MEMORY:
        yield warning("memory", found, to_do="give the machine more: a run with a browser takes half a gigabyte")
    else:
        yield fine("memory", found)
    if patient.settings.profile.transport == "browser":
        yield from _shared_memory()


def _shared_memory() -> Iterator[Finding]:
    try:
        there = shutil.disk_usage("/dev/shm").total  # noqa: S108 - its size is read, nothing is written
    except OSError:
        return  # no such place on this kind of machine: Chromium does not use it there
    found = f"it holds {there / 1024**2:.0f} MB"
    if there < _SHARED_MEMORY_OF_CHROMIUM:
        yield warning(
            "shared memory",
            f"{found}: Chromium's pages go to the disk instead, which is slower",
            to_do="give the container more: `--shm-size=1g`",
        )
    else:
        yield fine("shared memory", found)


def data_folder_is_ours(patient: Patient) -> Findings:
    """Whether the data folder can be written, and lies where a database can live."""
    home = patient.settings.home
    place = _existing(home)
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as failure:
        yield fault(
            "data folder",
            f"{place} cannot be written: {failure.strerror}",
            to_do="let the user who runs this write there, or set XBOT_HOME to another folder",
        )
        return
    kind = _filesystem_of(place)
    if kind in _NETWORK_FILESYSTEMS:
        yield warning(
            "data folder",
            f"{home} lies on a network share ({kind}): locks and PostgreSQL's files are not safe there",
            to_do="set XBOT_HOME to a folder on a disk of this machine",
        )
    else:
        yield fine("data folder", str(home) if home.exists() else f"{home} can be made")


def private_files_are_private(patient: Patient) -> Findings:
    """Whether nobody else can look into the data folder, or read what proves to X who we are."""
    settings = patient.settings
    yield from _data_folder_is_closed(settings.home)
    kept = [file for file in (settings.session_file, settings.token_file) if file.exists()]
    for file in kept:
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o077:
            yield fault(
                "private files",
                f"{file} can be read by others on this machine (mode {mode:04o}): it is as good as a password",
                to_do=f"chmod 600 {file}",
            )
    if all(not stat.S_IMODE(file.stat().st_mode) & 0o077 for file in kept):
        yield fine("private files", "only their owner can read them" if kept else "there are none yet")


def _data_folder_is_closed(home: Path) -> Iterator[Finding]:
    mode = stat.S_IMODE(home.stat().st_mode) if home.exists() else 0
    if mode & 0o077:
        yield warning(
            "private folder",
            f"others on this machine can look into {home} (mode {mode:04o})",
            to_do=f"chmod 700 {home} (`xbot up` does so where the folder is its user's)",
        )


def git_leaves_it_out(patient: Patient) -> Findings:
    """Whether the data folder, with the session in it, could get into a repository (F28)."""
    home = patient.settings.home
    if not home.exists() or shutil.which("git") is None:
        return
    tracked = _git(home, "ls-files", ".")
    if tracked.returncode != 0:
        yield fine("git", f"{home} is in no repository")
    elif tracked.stdout.strip():
        yield fault(
            "git",
            f"{len(tracked.stdout.splitlines())} files of {home} are tracked by git: what logs us in may be among them",
            to_do=f"git rm -r --cached {home}, and log in again if they were ever pushed",
        )
    elif _git(home, "check-ignore", "-q", str(patient.settings.session_file)).returncode != 0:
        yield warning("git", f"git does not ignore {home}", to_do=f'echo "*" > {home}/.gitignore (`xbot up` does so)')
    else:
        yield fine("git", f"it leaves {home} out")


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "-C", str(folder), *words], capture_output=True, text=True, timeout=_GIT_SECONDS, check=False
    )


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _filesystem_of(folder: Path) -> str:
    """The kind of filesystem that a folder lies on; empty where the machine does not tell."""
    mounts = [disk for disk in psutil.disk_partitions(all=True) if folder.is_relative_to(disk.mountpoint)]
    nearest = max(mounts, key=lambda disk: len(Path(disk.mountpoint).parts), default=None)
    return nearest.fstype if nearest else ""
