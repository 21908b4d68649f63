"""The queue of a rehearsal: one browser wide, the highest priority first, then who asked first. Pure.

It does what the shipped `dagster.yaml` makes of Dagster's queue, with virtual moments in place of real ones.
"""

from dataclasses import dataclass
from datetime import datetime

import dagster as dg

from xbot_pipelines.orchestration.timetable import Turn


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A run that was asked for, of which job and when."""

    turn: Turn
    request: dg.RunRequest
    at: datetime


class Queue:
    """Runs that wait, and until when the browser is taken."""

    def __init__(self, start: datetime) -> None:
        self._waiting: list[Asked] = []
        self._busy_until: dict[str, datetime] = {}
        self._browser_free_at = start

    def add(self, asked: Asked) -> None:
        """Puts a run into the queue."""
        self._waiting.append(asked)

    def has(self, job: str, now: datetime) -> bool:
        """Says whether a job waits already, or is at work."""
        return any(asked.turn.job == job for asked in self._waiting) or self._busy_until.get(job, now) > now

    def next(self, now: datetime) -> Asked | None:
        """Takes the next run that may begin now; None where there is none."""
        may_begin = [asked for asked in self._waiting if not asked.turn.uses_browser or self._browser_free_at <= now]
        if not may_begin:
            return None
        first = min(may_begin, key=lambda asked: (-asked.turn.priority, asked.at))
        self._waiting.remove(first)
        return first

    def ends(self, asked: Asked, at: datetime) -> None:
        """Is told when a run ends that was taken."""
        self._busy_until[asked.turn.job] = at
        if asked.turn.uses_browser:
            self._browser_free_at = at

    @property
    def next_moment(self) -> datetime | None:
        """When something that waits may begin; None: nothing waits."""
        return self._browser_free_at if self._waiting else None
