"""How the views of one post are spread over time: pure mathematics, no readers and no texts.

The shape follows J. Pfeffer, D. Matter, A. Sargsyan, "The Half-Life of a Tweet" (ICWSM 2023): over all posts the
views per second peak about 72 s after posting, half of a post's views have come after about 80 minutes (median over
posts), and for 95 % of the posts nothing relevant comes after 24 hours.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PEAK_SECONDS = 72.0

# Arrival times of one post are lognormal(mu, SPREAD), cut off at the post's horizon; mu differs from post to post by
# PACE. A mix of lognormals is a lognormal with the variances added, so its peak lies at exp(mu - SPREAD² - PACE²):
# that fixes mu. SPREAD is what then gives a median half-life of 80 minutes with the horizons below.
SPREAD = math.sqrt(4.15)
PACE = 0.8
HORIZON_MEDIAN_SECONDS = 12 * 3600.0
HORIZON_SPREAD = 0.42  # 5 % of the horizons lie beyond 24 h


@dataclass(frozen=True, slots=True)
class ArrivalCurve:
    """When the views of one post come: lognormal in seconds since posting, none after the horizon (seconds)."""

    mu: float
    horizon: float

    def _untruncated(self, age: float) -> float:
        return 0.5 * math.erfc((self.mu - math.log(age)) / (SPREAD * math.sqrt(2)))

    def arrived(self, age: float) -> float:
        """The share (0..1) of all its views that a post has after `age` seconds."""
        if age <= 0:
            return 0.0
        return self._untruncated(min(age, self.horizon)) / self._untruncated(self.horizon)

    def sample(self, draws: np.random.Generator, size: int) -> NDArray[np.float64]:
        """The ages (seconds, ascending) at which `size` views come."""
        ages = np.empty(0)
        while ages.size < size:
            # The share that falls beyond the horizon is drawn again; the surplus keeps a second round rare.
            batch = draws.lognormal(self.mu, SPREAD, size=round((size - ages.size) * 1.6) + 8)
            ages = np.concatenate([ages, batch[batch <= self.horizon]])
        return np.sort(ages[:size])


def draw_curve(draws: np.random.Generator) -> ArrivalCurve:
    """The arrival curve of one post: how fast its views come and when the last one does."""
    mu = math.log(PEAK_SECONDS) + SPREAD**2 + PACE**2 + PACE * draws.standard_normal()
    horizon = HORIZON_MEDIAN_SECONDS * math.exp(HORIZON_SPREAD * draws.standard_normal())
    return ArrivalCurve(mu=mu, horizon=horizon)
