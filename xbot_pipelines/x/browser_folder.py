"""The temporary folder of one browser, and the processes that work in it.

Playwright keeps the profile, with a live session's cookies and caches, in the temporary folder that its driver is
started with. Each browser gets one of its own inside the data folder. Its owner holds a lock on it, which the kernel
releases however the owner ends: what is not locked was left behind, and goes with whatever still runs in it.
"""

import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

_PREFIX = "browser-"
# A socket's path has at most 107 bytes, and Chromium does not start where this one does not fit.
_LONGEST_TMPDIR = 107 - len("/org.chromium.Chromium.XXXXXX/SingletonSocket")
_SHORT = Path("/tmp")  # noqa: S108 - only a symbolic link is put there
_LOCK = "lock"
_SECONDS_TO_DIE = 5.0


@dataclass(frozen=True)
class BrowserFolder:
    """A temporary folder that one browser and its driver use."""

    path: Path

    @property
    def tmpdir(self) -> Path:
        """The folder as the browser is told it: a short link to it where its own path is too long for a socket."""
        return self.path if len(os.fsencode(self.path)) <= _LONGEST_TMPDIR else _SHORT / f"xbot-{self.path.name}"

    @contextmanager
    def ended_within(self, seconds: float) -> Iterator[None]:
        """Kill the browser and its driver if the block takes longer; whatever waits for them fails then."""
        timer = threading.Timer(seconds, self.kill_processes)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def kill_processes(self) -> None:
        """Kill everything that was started with this folder, and return when it is gone."""
        found: dict[int, psutil.Process] = {}
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if self._is_used_by(process):
                    found.update({one.pid: one for one in (process, *process.children(recursive=True))})
        for process in found.values():
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(found.values(), timeout=_SECONDS_TO_DIE)

    def create(self) -> None:
        """Put the short link where it is needed; the folder itself is there."""
        if self.tmpdir != self.path:
            self.tmpdir.symlink_to(self.path)

    def remove(self) -> None:
        """Kill what still uses the folder, and remove it. What cannot be removed now is tried again by the next."""
        self.kill_processes()
        shutil.rmtree(self.path, ignore_errors=True)
        if self.tmpdir != self.path:
            self.tmpdir.unlink(missing_ok=True)

    def _is_used_by(self, process: psutil.Process) -> bool:
        # Some of Chromium's processes overwrite their environment, or let nobody read it: they name their profile.
        if any(part.startswith(f"--user-data-dir={self.tmpdir}/") for part in process.cmdline()):
            return True
        return process.environ().get("TMPDIR") == str(self.tmpdir)


@contextmanager
def browser_folder(home: Path) -> Iterator[BrowserFolder]:
    """Make a browser's temporary folder in the data folder, and remove it at the end with all that runs in it."""
    remove_abandoned(home)
    with _locked(_parent(home)):
        folder = BrowserFolder(Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_parent(home))))
        owner = _lock(folder.path)
    try:
        folder.create()
        yield folder
    finally:
        folder.remove()
        os.close(owner)


def remove_abandoned(home: Path) -> int:
    """Remove the folders whose owners have ended without doing so, and return how many those were."""
    parent = _parent(home)
    if not parent.is_dir():
        return 0
    removed = 0
    with _locked(parent):
        for path in sorted(parent.glob(f"{_PREFIX}*")):
            if path.is_symlink():
                continue  # what lies behind it is not ours
            try:
                owner = _lock(path, blocking=False)
            except OSError:
                continue  # its owner lives
            BrowserFolder(path).remove()
            os.close(owner)
            removed += not path.exists()
    return removed


def _parent(home: Path) -> Path:
    return home.absolute() / "tmp"


@contextmanager
def _locked(parent: Path) -> Iterator[None]:
    """Keep others from taking a folder that is just being made for an abandoned one."""
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = _lock(parent)
    try:
        yield
    finally:
        os.close(lock)


def _lock(folder: Path, *, blocking: bool = True) -> int:
    # A file, not the folder itself: a network share locks only what can be opened for writing.
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if blocking else fcntl.LOCK_NB))
    except OSError:
        os.close(handle)
        raise
    return handle
