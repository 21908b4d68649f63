"""X's rate limits: so many requests an operation, an account and a window of 15 minutes of the world's clock.

They live in memory: a restart forgives. Numbers: X_SURFACE §3.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)


@dataclass(slots=True)
class _Window:
    ends_at: datetime
    used: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a limit, as the answer's headers tell it."""

    limit: int
    remaining: int
    resets_at: datetime
    granted: bool

    def headers(self) -> dict[str, str]:
        """The `x-rate-limit-*` headers; the reset in Unix seconds of the world's clock."""
        return {
            "x-rate-limit-limit": str(self.limit),
            "x-rate-limit-remaining": str(self.remaining),
            "x-rate-limit-reset": str(int(self.resets_at.timestamp())),
        }


def used_up(now: datetime) -> Allowance:
    """A limit of which nothing is left for a whole window."""
    return Allowance(limit=1, remaining=0, resets_at=now + WINDOW, granted=False)


class RateLimits:
    """All windows that are open."""

    def __init__(self) -> None:
        self._windows: dict[tuple[int | None, str], _Window] = {}

    def use(self, *, account_id: int | None, operation: str, limit: int, now: datetime) -> Allowance:
        """Count one request; `granted` says whether it was within the limit. `account_id` None is a guest."""
        window = self._windows.get((account_id, operation))
        # A clock that was set back leaves windows far ahead: they are over, too.
        if window is None or not now < window.ends_at <= now + WINDOW:
            window = self._windows[account_id, operation] = _Window(now + WINDOW)
        granted = window.used < limit
        window.used += granted
        return Allowance(limit, limit - window.used, window.ends_at, granted)

    def forgive(self) -> None:
        """Forget everything that was counted."""
        self._windows.clear()
