"""How many people follow an account of ours: followers that posts won, and the coming and going that goes on anyway.

Pure functions of the seed and of the moments at which posts won followers; the world knows those.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from xbot_pipelines.practice import draws
from xbot_pipelines.practice.audience import Ages
from xbot_pipelines.practice.posts import Post

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


class Wins:
    """When the posts of each account won a follower; a post is asked once, at the first question after it came.

    Args:
        moments_of: When one post won each of its followers, in Unix seconds.
    """

    def __init__(self, moments_of: Callable[[Post], Ages]) -> None:
        self._moments_of = moments_of
        self._moments: dict[int, Ages] = {}
        self._not_asked: dict[int, list[Post]] = defaultdict(list)

    def add(self, posts: Iterable[Post]) -> None:
        """Take up new posts of anybody."""
        for post in posts:
            self._not_asked[post.author_id].append(post)

    def begin_again(self, account_id: int, posts: Iterable[Post]) -> None:
        """Forget what was known of an account, because one of its posts wins no more; `posts` are all it has."""
        self._moments.pop(account_id, None)
        self._not_asked[account_id] = list(posts)

    def until(self, account_id: int, at: datetime) -> int:
        """How many followers the posts of an account had won by then."""
        new = self._not_asked.pop(account_id, None)
        known = self._moments.get(account_id, np.empty(0))
        if new:
            known = np.sort(np.concatenate([known, *map(self._moments_of, new)]))
            self._moments[account_id] = known
        return int(known.searchsorted(at.astimezone(UTC).timestamp(), side="right"))
