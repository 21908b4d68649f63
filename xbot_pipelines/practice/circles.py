"""The circles of readers that the audience is made of: how large each is, what it likes, and when it is awake.

Everything is drawn from the world's seed. Whatever all circles like alike is a part of what each of them likes, so that
a value of a dimension brings something by itself, and something more while those are awake who care for it. What a
whole post makes of it is decided in `appeal`, who changes his mind when in `tastes`.
"""

import math
from collections.abc import Mapping
from datetime import datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray

from xbot_pipelines.practice import draws

OfCircles = NDArray[np.float64]
"""One number for each circle."""

CIRCLES = 6
_SIZES = 0.5  # standard deviation of the logarithm of how large a circle is

# Standard deviations of the logarithm of a multiplier: what all circles share, and what each adds of its own. Over
# the sum of all circles they come to 0.35 for the subject, 0.25 for the tone, 0.30 for the other choices.
_SHARED_AND_OWN: Mapping[str, tuple[float, float]] = {
    "subject": (0.19, 0.6),
    "angle": (0.27, 0.25),
    "tone": (0.23, 0.2),
    "format": (0.27, 0.25),
    "hook": (0.27, 0.25),
    "length": (0.15, 0.0),
}

# The waves of a circle's day, one and two times up and down: their heights in the logarithm, and how many hours its
# peaks lie apart from those of the world (a standard deviation). Over all circles the heights come to 0.36 and 0.17.
_WAVES = (0.52, 0.25)
_APART = (4.0, 2.0)


@cache
def sizes(seed: int) -> OfCircles:
    """The share of each circle in the audience; together 1."""
    drawn = np.exp(_SIZES * draws.generator(seed, "circle sizes").standard_normal(CIRCLES))
    return np.asarray(drawn / drawn.sum())


@cache
def liking(seed: int, dimension: str, value: str, turn: int) -> OfCircles:
    """The logarithm of the multiplier on views that a value of a dimension brings in each circle.

    Args:
        seed: The world's.
        dimension: The name of a trait of a text that is a word.
        value: Any word.
        turn: How often the readers have changed their minds about this dimension.
    """
    shared, own = _SHARED_AND_OWN[dimension]
    drawn = draws.generator(seed, "liking", dimension, value, turn).standard_normal(1 + CIRCLES)
    # What differs between circles raises their sum, and is taken off again: readers are as many however they differ.
    return np.asarray(shared * drawn[0] + own * drawn[1:] - own**2 / 2)


def awake(seed: int, at: datetime, turn: int) -> OfCircles:
    """How much of the audience of each circle is there to see a post of this moment: together about 1, over a week.

    Args:
        seed: The world's.
        at: The moment.
        turn: How often the readers have changed their habits.
    """
    peaks, second_peaks, weekends = _days(seed, turn)
    hour = at.hour + at.minute / 60
    daily, half_daily = np.cos((hour - peaks) * math.tau / 24), np.cos((hour - second_peaks) * math.tau / 12)
    level = _WAVES[0] * daily + _WAVES[1] * half_daily + (weekends if at.weekday() >= 5 else 0.0)
    return np.asarray(sizes(seed) * np.exp(level))


@cache
def _days(seed: int, turn: int) -> tuple[OfCircles, OfCircles, OfCircles]:
    """When each circle is most awake, when once more, and what the week's end does to it (a logarithm)."""
    chance = draws.generator(seed, "days of circles", turn)
    peak, second_peak = chance.uniform(0, 24), chance.uniform(0, 12)
    own = chance.standard_normal((2, CIRCLES))
    weekends = chance.uniform(-0.25, 0.15) + 0.15 * chance.standard_normal(CIRCLES)
    return peak + _APART[0] * own[0], second_peak + _APART[1] * own[1], weekends
