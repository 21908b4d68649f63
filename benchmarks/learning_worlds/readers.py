"""A world of readers who like some things better than others, and do not say so: drawn from a seed.

What a post may expect is the product of what its values bring, one by one, and of a little that only this combination
has. On top of that come weekends, the mood of the day, an account that grows, luck, and now and then a post that goes
viral. The readers of a world that drifts change their minds after two weeks about three of the six dimensions, as if
those were drawn anew.
"""

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xbot_pipelines.learning.arms import HOURS, Dimension, Figures, Values

DRIFTS_ON = 14
"""The day, counted from 0, on which readers change their minds."""

CHECKPOINTS = (2, 12, 24)

# How much the values of a dimension differ: the standard deviation of the logarithm, as in the practice world.
_SPREAD: Mapping[Dimension, float] = {
    Dimension.SUBJECT: 0.35,
    Dimension.ANGLE: 0.30,
    Dimension.TONE: 0.25,
    Dimension.FORMAT: 0.30,
    Dimension.HOOK: 0.30,
}
# Two waves over the day, one and two times up and down: how high they are.
_WAVES = (0.36, 0.17)
# Of the variance of an effect so much is in how often a post is seen; the rest in what is done by those who see it.
_SEEN = 0.8
_COMBINATION = 0.1
_CHANGED_DIMENSIONS = 3
_WEEKEND_DAYS = (5, 6)
_WEEKEND, _MOOD, _DAYS_WITH_MOODS = 0.15, 0.12, 60
_FOLLOWERS, _GROWTH = 1500, 0.006
_STRANGERS, _SHARE_OF_FOLLOWERS = 30, 0.11
_ENGAGEMENTS_PER_VIEW, _RATE_LUCK = 0.033, 0.2
_VIRAL_SHARE, _VIRAL_AT_LEAST, _VIRAL_TAIL, _MOST_VIEWS = 0.006, 6.0, 1.3, 300_000
# When half of the views have come, in hours, and how much that differs from post to post.
_HALF_LIFE, _PACE = 80 / 60, 0.5


@dataclass(frozen=True)
class Taste:
    """What the values of a dimension bring: the logarithm of how many times the views, and the engagements per view."""

    seen: Mapping[str, float]
    liked: Mapping[str, float]

    def brings(self, value: str) -> float:
        """Both together."""
        return self.seen[value] + self.liked[value]


class Readers:
    """The readers of one world. The same seed gives the same readers, and the same luck to the same posts in turn."""

    def __init__(self, seed: int, values: Values, *, drifts: bool, luck: float) -> None:
        """Draws a world; `luck` is the standard deviation of the logarithm of a post's luck."""
        chance = np.random.default_rng([seed, 1])
        self._seed, self._luck = seed, luck
        self._luck_of_posts = np.random.default_rng([seed, 2])
        before, anew = ({dimension: _taste(chance, dimension, values) for dimension in Dimension} for _ in range(2))
        changed = list(chance.permutation(list(Dimension))[:_CHANGED_DIMENSIONS]) if drifts else []
        after = {dimension: (anew if dimension in changed else before)[dimension] for dimension in Dimension}
        self._before, self._after = before, after
        self._followers = _FOLLOWERS * math.exp(chance.normal(0, 0.7))
        self._growth = abs(chance.normal(_GROWTH, _GROWTH / 2))
        self._rate = _ENGAGEMENTS_PER_VIEW * math.exp(chance.normal(0, 0.3))
        self._weekend = chance.normal(0, _WEEKEND)
        self._moods = chance.normal(0, _MOOD, size=_DAYS_WITH_MOODS)

    def tastes(self, day: int) -> Mapping[Dimension, Taste]:
        """What readers like on this day: the truth, which nobody who learns may look at."""
        return self._before if day < DRIFTS_ON else self._after

    def value(self, day: int, chosen: Mapping[Dimension, str]) -> float:
        """How many times the engagement of an average post this one may expect, apart from luck and the day."""
        brought = sum(self.tastes(day)[dimension].brings(value) for dimension, value in chosen.items())
        return math.exp(brought + self._combination(chosen))

    def followers(self, day: int) -> int:
        """How many follow the account on this day."""
        return round(self._followers * math.exp(self._growth * day))

    def read(self, day: int, chosen: Mapping[Dimension, str]) -> list[Figures]:
        """Lets the readers have a post, and answers what it has come to at each checkpoint."""
        chance, tastes = self._luck_of_posts, self.tastes(day)
        seen = sum(tastes[dimension].seen[value] for dimension, value in chosen.items())
        liked = sum(tastes[dimension].liked[value] for dimension, value in chosen.items())
        that_day = self._moods[day] + (self._weekend if day % 7 in _WEEKEND_DAYS else 0.0)
        reach = (_STRANGERS + _SHARE_OF_FOLLOWERS * self.followers(day)) * math.exp(
            seen + self._combination(chosen) + that_day
        )
        views = min(round(reach * self._some_luck()), _MOST_VIEWS)
        rate = min(0.5, self._rate * math.exp(liked) * chance.lognormal(-(_RATE_LUCK**2) / 2, _RATE_LUCK))
        half_life = _HALF_LIFE * chance.lognormal(0, _PACE)
        figures, counted, engaged = [], 0, 0
        for hours in CHECKPOINTS:
            share = hours / (hours + half_life) * (1 + half_life / CHECKPOINTS[-1])
            new = max(round(views * share) - counted, 0)
            counted, engaged = counted + new, engaged + int(chance.binomial(new, rate))
            figures.append(Figures(hours=hours, views=counted, engagements=engaged))
        return figures

    def _some_luck(self) -> float:
        chance = self._luck_of_posts
        luck = float(chance.lognormal(-(self._luck**2) / 2, self._luck))
        if chance.random() < _VIRAL_SHARE:
            luck *= _VIRAL_AT_LEAST * (1 + float(chance.pareto(_VIRAL_TAIL)))
        return luck

    def _combination(self, chosen: Mapping[Dimension, str]) -> float:
        """What only these five values together have; no learner of single values can know it."""
        words = "|".join(chosen[dimension] for dimension in _SPREAD)
        return float(np.random.default_rng([self._seed, zlib.crc32(words.encode())]).normal(0, _COMBINATION))


def _taste(chance: np.random.Generator, dimension: Dimension, values: Values) -> Taste:
    if dimension is Dimension.HOUR:
        angles = math.tau * np.arange(len(HOURS)) / len(HOURS)
        waves = sum(
            height * np.cos(times * angles - chance.uniform(0, math.tau))
            for times, height in enumerate(_WAVES, start=1)
        )
        return Taste(seen=dict(zip(HOURS, map(float, waves), strict=True)), liked=dict.fromkeys(HOURS, 0.0))
    spreads = (_SPREAD[dimension] * math.sqrt(share) for share in (_SEEN, 1 - _SEEN))
    seen, liked = ({value: float(chance.normal(0, spread)) for value in values[dimension]} for spread in spreads)
    return Taste(seen=seen, liked=liked)
