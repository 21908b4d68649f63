"""Four ways to choose what an account publishes: ours, and three to hold beside it."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import fmean
from typing import Protocol

from benchmarks.learning_worlds.readers import CHECKPOINTS, Readers
from xbot_pipelines.learning.arms import Dimension, Trial, Values
from xbot_pipelines.learning.model import fit
from xbot_pipelines.learning.reward import lessons_of

Chosen = Mapping[Dimension, str]

_EPSILON = 0.1


class Way(Protocol):
    """A way to choose. It is told what happened when a day begins, and asked for the posts of that day one by one."""

    def begin(self, day: int, now: datetime, trials: Sequence[Trial]) -> None:
        """Learns from all posts so far, as far as they are read by now."""
        ...

    def choose(self, allowed: Values) -> Chosen:
        """Chooses a value of each of these dimensions."""
        ...


class Ours:
    """The product: its rewards, its model, its draws."""

    def __init__(self, values: Values, chance: random.Random) -> None:
        self._values, self._chance = values, chance

    def begin(self, day: int, now: datetime, trials: Sequence[Trial]) -> None:
        """Believes what the posts say."""
        del day
        self._beliefs = fit(lessons_of(trials, finished_hours=CHECKPOINTS[-1]), self._values, now=now)

    def choose(self, allowed: Values) -> Chosen:
        """Draws from the beliefs."""
        drawn = self._beliefs.draw(self._chance, allowed).drawn
        return {dimension: one.value for dimension, one in drawn.items()}


class EpsilonGreedy:
    """What is found everywhere: each value has the mean of its rewards, the best is taken, and in a tenth any other.

    It is given the same rewards as ours, early ones too; it does not know that a post has more than one value.
    """

    def __init__(self, values: Values, chance: random.Random) -> None:
        self._values, self._chance = values, chance

    def begin(self, day: int, now: datetime, trials: Sequence[Trial]) -> None:
        """Takes the means. A value that was never tried is tried first."""
        del day, now
        rewards = defaultdict[tuple[Dimension, str], list[float]](list)
        for lesson in lessons_of(trials, finished_hours=CHECKPOINTS[-1]):
            for arm in lesson.trial.values.items():
                rewards[arm].append(lesson.reward)
        self._means = {arm: fmean(of_arm) for arm, of_arm in rewards.items()}

    def choose(self, allowed: Values) -> Chosen:
        """Takes the best of each dimension, or by chance another."""
        return {dimension: self._one(dimension, of) for dimension, of in allowed.items()}

    def _one(self, dimension: Dimension, allowed: Sequence[str]) -> str:
        shuffled = self._chance.sample(list(allowed), len(allowed))
        if self._chance.random() < _EPSILON:
            return shuffled[0]
        return max(shuffled, key=lambda value: self._means.get((dimension, value), float("inf")))


class Uniform:
    """What planning did before it learned: any value is as good as any other."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def begin(self, day: int, now: datetime, trials: Sequence[Trial]) -> None:
        """Learns nothing."""

    def choose(self, allowed: Values) -> Chosen:
        """Takes any."""
        return {dimension: self._chance.choice(list(of)) for dimension, of in allowed.items()}


class Oracle:
    """One who knows what the readers think of every single value today, and takes the best of each dimension."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    def begin(self, day: int, now: datetime, trials: Sequence[Trial]) -> None:
        """Looks at the truth."""
        del now, trials
        self._tastes = self._readers.tastes(day)

    def choose(self, allowed: Values) -> Chosen:
        """Takes the best."""
        return {dimension: max(of, key=self._tastes[dimension].brings) for dimension, of in allowed.items()}
