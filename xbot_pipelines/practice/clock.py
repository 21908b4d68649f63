"""The clock of the practice world: real time, moved ahead or frozen on request, and kept across restarts.

Whether a time may be set (no post may come to lie in the future) is decided by the world, which knows the posts.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from xbot_pipelines.practice.posts import from_milliseconds, to_milliseconds


def _real_milliseconds() -> int:
    return time.time_ns() // 1_000_000


def clock_at(moment: datetime | None) -> dict[str, int]:
    """What a `WorldClock` is made of that stands still at a moment, or, without one, shows real time."""
    return {} if moment is None else {"frozen_at": to_milliseconds(moment)}


@dataclass(slots=True)
class WorldClock:
    """Real time plus an offset, or one frozen moment. Both in milliseconds, as they are stored."""

    offset: int = 0
    frozen_at: int | None = None

    @property
    def running(self) -> bool:
        """Whether the world's time passes by itself."""
        return self.frozen_at is None

    def now(self) -> datetime:
        """The world's present moment (UTC, whole milliseconds)."""
        return from_milliseconds(_real_milliseconds() + self.offset if self.frozen_at is None else self.frozen_at)

    def put(self, moment: datetime) -> None:
        """Make `moment` the present. A frozen clock stays frozen, there."""
        if self.frozen_at is None:
            self.offset = to_milliseconds(moment) - _real_milliseconds()
        else:
            self.frozen_at = to_milliseconds(moment)

    def advance(self, by: timedelta) -> None:
        """Move ahead.

        Raises:
            ValueError: `by` is negative; time does not go backwards by advancing.
        """
        if by < timedelta(0):
            raise ValueError(f"advance_seconds is {by.total_seconds():g}: it must not be negative")
        self.put(self.now() + by)

    def freeze(self) -> None:
        """Stop at the present moment."""
        self.frozen_at = to_milliseconds(self.now())

    def thaw(self) -> None:
        """Let time pass again, from the present moment on."""
        if self.frozen_at is not None:
            self.offset = self.frozen_at - _real_milliseconds()
            self.frozen_at = None
