"""Beliefs: what is known of every arm, how surely, and what is drawn for the next post because of it.

An effect is the logarithm of how many times the engagement of the average value of its dimension an arm brings: 0.34
is 1.4 times. All effects together are one normal distribution, and a draw is one sample from it: of each dimension
that value is taken which is the best in the sample, so it is taken about as often as it may be the best (Thompson
sampling). What is uncertain together is sampled together.

The sample deviates half as far as the beliefs would allow: with six dimensions drawn at once the full spread goes on
trying long after it is known what works (O. Chapelle, L. Li, "An Empirical Evaluation of Thompson Sampling", NIPS
2011, call it posterior reshaping). Against giving a value up for ever stands the lot: in one draw of fifty, of each
dimension apart, all values that are allowed are equally probable.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from xbot_pipelines.learning.arms import Dimension, Values
from xbot_pipelines.learning.attention import Numbers

_BOLDNESS = 0.5
_BY_LOT = 0.02
_PLAUSIBLE = 1.96  # 19 times of 20
# Beliefs that determine each other have a matrix without a root; this is less than any figure shows.
_NO_VARIANCE = 1e-8


class Why(StrEnum):
    """Why a value was taken."""

    BEST = "it is believed to be the best"
    TRIED = "it may be better than what is believed to be the best"
    LOT = "drawn by lot, so that nothing is given up for ever"
    GIVEN = "it was given"


@dataclass(frozen=True, kw_only=True)
class ArmBelief:
    """What is believed of one arm: its effect, how uncertain that is, and of how many posts it is known.

    `pulls` are posts, each counted for what it still counts.
    """

    dimension: Dimension
    value: str
    mean: float
    deviation: float
    pulls: float

    @property
    def times(self) -> tuple[float, float, float]:
        """How many times the engagement of the average value it brings: at least, most likely, at most (19 of 20)."""
        away = _PLAUSIBLE * self.deviation
        return math.exp(self.mean - away), math.exp(self.mean), math.exp(self.mean + away)

    @property
    def probability_above_average(self) -> float:
        """How probable it is that this value is better than the average one of its dimension."""
        return 0.5 * (1 + math.erf(self.mean / (self.deviation * math.sqrt(2)))) if self.deviation else 0.5


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What was drawn of one dimension, why, and its effect: the one that is expected and the one that was sampled."""

    value: str
    expected: float
    sampled: float
    why: Why


@dataclass(frozen=True)
class Choice:
    """One draw, of the dimensions that were asked for."""

    drawn: Mapping[Dimension, Drawn]

    @property
    def expected(self) -> float:
        """The effect that is expected of all of it together."""
        return sum(drawn.expected for drawn in self.drawn.values())

    def value(self, dimension: Dimension) -> str:
        """What was drawn of one dimension."""
        return self.drawn[dimension].value


class Beliefs:
    """One normal distribution over the effects of all arms, in the order of the dimensions and of their values."""

    def __init__(self, values: Values, *, mean: Numbers, covariance: Numbers, pulls: Numbers, noise: float) -> None:
        """Takes the distribution; `noise` is the standard deviation of what a post brings around what it should."""
        self.noise = noise
        self._places = {
            arm: place for place, arm in enumerate((dimension, v) for dimension in Dimension for v in values[dimension])
        }
        self._mean, self._pulls = mean, pulls
        self._deviations = np.sqrt(np.maximum(np.diag(covariance), 0.0))
        self._root = np.linalg.cholesky(covariance + _NO_VARIANCE * np.eye(len(mean)))

    @property
    def arms(self) -> Sequence[ArmBelief]:
        """Every arm that may be chosen."""
        return [self.arm(*arm) for arm in self._places]

    def arm(self, dimension: Dimension, value: str) -> ArmBelief:
        """What is believed of one arm.

        Raises:
            KeyError: it is none of the values that these beliefs are about.
        """
        place = self._places[dimension, value]
        return ArmBelief(
            dimension=dimension,
            value=value,
            mean=float(self._mean[place]),
            deviation=float(self._deviations[place]),
            pulls=float(self._pulls[place]),
        )

    def draw(self, random_source: random.Random, allowed: Values) -> Choice:
        """Draws what the next post shall be; the same from the same random source.

        Args:
            random_source: where chance comes from.
            allowed: the values to choose from, of the dimensions that are to be drawn. What is given already, as the
                hour of a slot is, has a single value.

        Raises:
            KeyError: a value is none of those that these beliefs are about.
        """
        deviates = np.array([random_source.gauss() for _ in self._mean])
        sample = self._mean + _BOLDNESS * self._root @ deviates
        return Choice(
            {
                dimension: self._drawn(random_source, sample, dimension, allowed[dimension])
                for dimension in Dimension
                if dimension in allowed
            }
        )

    def _drawn(
        self, random_source: random.Random, sample: Numbers, dimension: Dimension, allowed: Sequence[str]
    ) -> Drawn:
        places = {value: self._places[dimension, value] for value in allowed}
        best_believed, best_sampled = (
            max(places, key=lambda value: effects[places[value]]) for effects in (self._mean, sample)
        )
        by_lot = random_source.choice(list(allowed)) if random_source.random() < _BY_LOT else None
        value = by_lot or best_sampled
        if len(places) == 1:
            why = Why.GIVEN
        elif by_lot:
            why = Why.LOT
        else:
            why = Why.BEST if value == best_believed else Why.TRIED
        place = places[value]
        return Drawn(value=value, expected=float(self._mean[place]), sampled=float(sample[place]), why=why)
