"""Virtual time: it stands still while somebody works, and is moved on by whoever knows what comes next.

A run sees one moment from its beginning to its end, and so does practice X. What it took for real counts afterwards, in
whole steps: so a slow machine and a fast one rehearse the same day, second by second, as long as their runs need the
same number of steps.
"""

import math
from collections.abc import Callable
from datetime import datetime, timedelta

from xbot_pipelines.clock import utc

STEP = timedelta(seconds=15)
"""What the length of a run is rounded up to. Nearly all need one."""


class VirtualClock:
    """The clock of a rehearsal. `tell` is told each moment before it comes, and sets the clock of practice X to it."""

    def __init__(self, start: datetime, tell: Callable[[datetime], None]) -> None:
        self._now = utc(start)
        self._tell = tell

    def now(self) -> datetime:
        """Answers the moment that it stands at."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Moves time on.

        Raises:
            ValueError: the moment has passed already.
        """
        if moment < self._now:
            raise ValueError(f"time does not run backwards: it is {self._now.isoformat()}, not {moment.isoformat()}")
        if moment > self._now:
            self._tell(moment)
            self._now = utc(moment)


def in_steps(real_seconds: float) -> timedelta:
    """Answers how much virtual time a run takes that took so long for real: one step at least."""
    return STEP * max(1, math.ceil(real_seconds / STEP.total_seconds()))
