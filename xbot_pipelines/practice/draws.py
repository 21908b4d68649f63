"""Seeded chance: the same key gives the same draw, in any process and after any restart.

Only the door to random numbers belongs here; what is drawn is decided where it is needed.
"""

import base64
import hashlib
import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import TypeVar

import numpy as np

_BLOCK = 1024
_STANDARD = NormalDist()
_T = TypeVar("_T")


def _digest(key: tuple[object, ...], size: int) -> bytes:
    return hashlib.blake2b("\x1f".join(map(str, key)).encode(), digest_size=size).digest()


def generator(*key: object) -> np.random.Generator:
    """A random generator that belongs to this key alone, e.g. `generator(seed, "audience", post_id)`."""
    return np.random.Generator(np.random.PCG64(int.from_bytes(_digest(key, 16))))


def fraction(*key: object) -> float:
    """One number in [0, 1) that belongs to this key."""
    return int.from_bytes(_digest(key, 7)) / 2**56


def whole(below: int, *key: object) -> int:
    """One whole number in [0, below) that belongs to this key."""
    return int.from_bytes(_digest(key, 16)) % below


def token(length: int, *key: object) -> str:
    """A URL-safe string of `length` characters that belongs to this key."""
    return base64.urlsafe_b64encode(_digest(key, 48)).decode()[:length]


class Dice:
    """Many small draws, one after another, that belong to one key: a hundred times faster than a key for each."""

    def __init__(self, *key: object) -> None:
        self._generator = generator(*key)
        self._drawn: list[float] = []

    def fraction(self) -> float:
        """One number in [0, 1)."""
        if not self._drawn:
            self._drawn = self._generator.random(_BLOCK).tolist()
        return self._drawn.pop()

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self.fraction() < probability

    def one_of(self, choices: Sequence[_T]) -> _T:
        """One of several, each as probable as the others."""
        return choices[int(self.fraction() * len(choices))]

    def count(self, mean: float) -> int:
        """How often something happens that happens `mean` times on average (Poisson; for small means)."""
        limit, product, number = math.exp(-mean), self.fraction(), 0
        while product > limit:
            product *= self.fraction()
            number += 1
        return number

    def about(self, median: float, spread: float) -> float:
        """A lognormal number with this median; `spread` is the standard deviation of its logarithm."""
        # The normal distribution has no value at 0 itself.
        return median * math.exp(spread * _STANDARD.inv_cdf(max(self.fraction(), 1e-12)))
