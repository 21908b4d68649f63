"""Who of a house's processes is a browser, and what they weigh: read straight from Linux's /proc.

Whoever looks twenty times a second takes time from those that are looked at. So a look reads one line of each process
that may be ours, and nothing of those that were there before: a millisecond of a core, among 240 processes.
"""

import contextlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from xbot_pipelines.operate.processes import MARKER

_PAGE = os.sysconf("SC_PAGE_SIZE")
_ZOMBIE = "Z"
_SHARES = re.compile(rb"^(Pss|Pss_Anon|Pss_Shmem):\s+(\d+) kB$", re.MULTILINE)
_KIB = 1024


@dataclass(frozen=True, kw_only=True)
class Process:
    """One line of the process table. `began` tells it from another that has had the same number; times in ticks."""

    pid: int
    parent: int
    began: int
    name: str
    state: str
    ticks: int

    @property
    def key(self) -> tuple[int, int]:
        """What no other process has."""
        return self.pid, self.began

    @property
    def is_chromium(self) -> bool:
        """Whether it is a browser's, whichever part of one."""
        return "chrom" in self.name.lower()


class Family:
    """The processes of one house as they come and go, but for practice X: that stands for the world outside.

    Every program of a house carries the house's mark, and what those start is known by its parent: Chromium's helpers
    overwrite their environment. The database does not carry the mark. In the system that this one replaces it was a
    service elsewhere, so it is left out here as well.
    """

    def __init__(self, home: str) -> None:
        self._mark = f"{MARKER}={home}".encode()
        self._members: set[tuple[int, int]] = set()
        self._helpers: set[tuple[int, int]] = set()
        self._strangers: set[int] = set()
        # Who is a stranger before anything begins is not looked at again. Who comes later may not be itself yet.
        self._strangers = set(_numbers()) - {process.pid for process in self.look()}

    def look(self) -> Sequence[Process]:
        """Answers those who live now."""
        numbers = set(_numbers())
        self._strangers &= numbers
        lines = ((pid, _read(pid, "stat")) for pid in sorted(numbers - self._strangers))
        by_pid = {pid: _process(pid, line.decode(errors="replace")) for pid, line in lines if line}
        ours = [process for process in by_pid.values() if self._belongs(process, by_pid)]
        return [process for process in ours if process.state != _ZOMBIE]

    def browsers(self, living: Iterable[Process]) -> Sequence[Process]:
        """Answers the main process of each browser among them."""
        mains = {process.pid: process for process in living if process.is_chromium and not self._is_helper(process)}
        # A browser's first moments are a launcher script and forks of it; parents stand for their children.
        return [process for process in mains.values() if process.parent not in mains]

    def _belongs(self, process: Process, by_pid: Mapping[int, Process]) -> bool:
        if process.key not in self._members:
            parent = by_pid.get(process.parent)
            if (parent is not None and self._belongs(parent, by_pid)) or self._is_marked(process):
                self._members.add(process.key)
        return process.key in self._members

    def _is_marked(self, process: Process) -> bool:
        is_practice = b"practice" in _read(process.pid, "cmdline").split(b"\0")
        return not is_practice and self._mark in _read(process.pid, "environ").split(b"\0")

    def _is_helper(self, process: Process) -> bool:
        """Renderers and the like say of which type they are, as soon as they have become themselves."""
        if process.key not in self._helpers:
            says = _read(process.pid, "cmdline")
            if b"--type=" in says or "crashpad" in process.name:
                self._helpers.add(process.key)
        return process.key in self._helpers


@dataclass(frozen=True, kw_only=True)
class Weight:
    """Bytes of memory: everything that is held, and what of it cannot be dropped.

    The rest are pages of files, a program's own for instance, which can be read again. When memory runs out, the kernel
    drops those before it kills anybody.
    """

    held: int = 0
    kept: int = 0

    def __add__(self, other: Self) -> Self:
        return replace(self, held=self.held + other.held, kept=self.kept + other.kept)


def weigh(processes: Iterable[Process]) -> Weight:
    """Weighs some processes: of each its own memory, and of what it shares with others its share (PSS)."""
    return sum(map(_weight, processes), Weight())


def _weight(process: Process) -> Weight:
    told = {name: int(size) * _KIB for name, size in _SHARES.findall(_read(process.pid, "smaps_rollup"))}
    if told:
        return Weight(held=told[b"Pss"], kept=told[b"Pss_Anon"] + told[b"Pss_Shmem"])
    # Of somebody in a sandbox the kernel may not tell what is shared. What is its own alone is less than its weight.
    pages = _read(process.pid, "statm").split()
    own = (int(pages[1]) - int(pages[2])) * _PAGE if pages else 0
    return Weight(held=own, kept=own)


def _numbers() -> Iterable[int]:
    return (int(name) for name in os.listdir("/proc") if name.isdigit())  # noqa: PTH208 - as below


def _read(pid: int, what: str) -> bytes:
    """Answers nothing where the process has ended, or does not let us look."""
    # Without pathlib: this is done a thousand times a second.
    with contextlib.suppress(OSError), open(f"/proc/{pid}/{what}", "rb") as file:  # noqa: PTH123
        return file.read()
    return b""


def _process(pid: int, line: str) -> Process:
    # `pid (name) state parent …`: the name may hold anything, brackets as well.
    before, _, after = line.rpartition(")")
    fields = after.split()
    return Process(
        pid=pid,
        parent=int(fields[1]),
        began=int(fields[19]),
        name=before.partition("(")[2],
        state=fields[0],
        ticks=int(fields[11]) + int(fields[12]),
    )
