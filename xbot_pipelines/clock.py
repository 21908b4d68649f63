"""Where time comes from.

Everything that asks "what time is it" takes a `Clock`, so that a test or a rehearsal can move time without
waiting. Nothing else in the product calls `datetime.now`.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the moment, as timezone-aware UTC."""

    def now(self) -> datetime:
        """Answers the present moment in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Answers the machine's time in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is told to move, for tests and notebooks."""

    def __init__(self, start: datetime) -> None:
        self._now = utc(start)

    def now(self) -> datetime:
        """Answers the moment it was last set to."""
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Moves time forward and answers the new moment.

        Raises:
            ValueError: `by` is negative; time does not run backwards.
        """
        if by < timedelta():
            raise ValueError(f"a clock cannot be advanced by {by}: time does not run backwards")
        self._now += by
        return self._now


def utc(moment: datetime) -> datetime:
    """Answers the same moment in UTC.

    Raises:
        ValueError: the moment has no timezone. Naive times once shifted posts by hours (F27).
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no timezone: say which one it is in")
    return moment.astimezone(UTC)
