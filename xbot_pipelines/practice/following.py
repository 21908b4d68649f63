"""How many people follow an account of ours: followers that posts won, and the coming and going that goes on anyway.

Pure functions of the seed and of the moments at which posts won followers; the world knows those.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from xbot_pipelines.practice import draws

_DAY = timedelta(days=1)

# Per follower and day: people who find the account without any post of it, and people who leave.
_FOUND = 0.0006
_LEFT = 0.0005


@dataclass(slots=True)
class Drift:
    """The coming and going of followers that has nothing to do with any post, since the account appeared."""

    seed: int
    account_id: int
    followers: int
    appeared_at: datetime
    _full_days: list[int] = field(default_factory=lambda: [0])

    def until(self, at: datetime) -> int:
        """The net change in followers from the account's appearance until `at`."""
        if at <= self.appeared_at:
            return 0
        day = (at - self.appeared_at) // _DAY
        while len(self._full_days) <= day:
            change = self._change(len(self._full_days) - 1, 1.0)
            self._full_days.append(self._full_days[-1] + change)
        return self._full_days[day] + self._change(day, (at - self.appeared_at) / _DAY - day)

    def _change(self, day: int, part: float) -> int:
        chance = draws.generator(self.seed, "drift", self.account_id, day)
        found = chance.random(chance.poisson(self.followers * _FOUND))
        left = chance.random(chance.poisson(self.followers * _LEFT))
        return int((found < part).sum()) - int((left < part).sum())


def count_until(moments: np.ndarray[tuple[int], np.dtype[np.float64]], at: datetime) -> int:
    """How many of these moments (Unix seconds, ascending) have passed at `at`."""
    return int(moments.searchsorted(at.astimezone(UTC).timestamp(), side="right"))
