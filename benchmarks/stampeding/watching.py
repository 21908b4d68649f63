"""Watches one house for as long as its block lasts: how many browsers are open, what they weigh, and who works."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from benchmarks.stampeding.process_table import Family, Process, Weight, weigh

LOOK_EVERY_SECONDS = 0.05

QUIET_SECONDS = 2.0
"""How long it is watched before anything begins, and after everything has ended: what is left open shows."""

WEIGH_EVERY_SECONDS = 0.5
"""To weigh a process makes the kernel walk through its memory: a millisecond or two each."""

_PRIORITY = -10
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_REST_AFTER_WEIGHING = 5
"""So many times as long as it worked: with sixteen browsers open it would otherwise hold half a core."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """How many browsers were open at a moment (Unix seconds)."""

    at: float
    browsers: int


@dataclass(frozen=True, kw_only=True)
class Weighing:
    """The weight at a moment of all browsers with their helpers, and of everything that does the jobs, with them."""

    at: float
    browsers: Weight
    everything: Weight


class Watch:
    """Looks in one thread and weighs in another, which takes longer."""

    def __init__(self, home: str) -> None:
        self.looks: list[Look] = []
        self.weighings: list[Weighing] = []
        self._family = Family(home)
        self._living: Sequence[Process] = self._family.look()
        self._ticks_before = {process.key: process.ticks for process in self._living}
        self._ticks = dict(self._ticks_before)
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=(do, every, rest), daemon=True)
            for do, every, rest in (
                (self._look, LOOK_EVERY_SECONDS, 0),
                (self._weigh, WEIGH_EVERY_SECONDS, _REST_AFTER_WEIGHING),
            )
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    @property
    def cpu_seconds(self) -> float:
        """What the processes have worked since the watch began, each up to the last look that found it."""
        return (sum(self._ticks.values()) - sum(self._ticks_before.values())) / _TICKS_A_SECOND

    def _repeat(self, do: Callable[[], None], every: float, rest: int) -> None:
        # Whoever starves beside what it watches looks late. To Linux a thread is a process with a priority of its own;
        # where we may not raise it, looks do come late, and the table says how late.
        with contextlib.suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _PRIORITY)
        pause = 0.0
        while not self._over.wait(pause):
            began, worked_before = time.monotonic(), time.thread_time()
            do()
            pause = max(every - (time.monotonic() - began), rest * (time.thread_time() - worked_before))

    def _look(self) -> None:
        self._living = self._family.look()
        self._ticks.update((process.key, process.ticks) for process in self._living)
        self.looks.append(Look(at=time.time(), browsers=len(self._family.browsers(self._living))))

    def _weigh(self) -> None:
        at = time.time()
        of_browsers = weigh(process for process in self._living if process.is_chromium)
        of_others = weigh(process for process in self._living if not process.is_chromium)
        self.weighings.append(Weighing(at=at, browsers=of_browsers, everything=of_browsers + of_others))
