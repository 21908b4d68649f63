"""Which post won which followers, and between which bounds. Where the figures come from is not known here.

X tells how many follow us at a moment, and how often each post was seen until a moment; not who followed because of
what. Between two follower counts, in interval k,

    gain_k = drift_k + Σ_i won_ik        won_ik, of post i, about won_k · share_ik        share_ik = v_ik / Σ_j v_jk

where v_ik are the views that post i gained in the interval (`attention` tells them). A post that was not seen wins
nothing; a post that was seen alone wins all there is. A post whose views were never read takes part as the typical one
of the others, and itself stays unknown.

*Drift.* People come and leave without any post. The net drift per day is estimated from quiet intervals, those with
less than a quarter of the usual views per hour, corrected for what posts won even then: with quiet and busy time apart,
G = rate · V + drift · T holds for each, and the rate drops out. This is weighed against what is assumed before anything
is seen, no drift ± 0.1 % of the followers a day, by the precision of each; an account that is never quiet is left with
the assumption. A single loss that is larger than coming and going explains is no doing of a post either (X removes
accounts by the thousand): it counts only as far as it can be explained.

*Gain beyond drift.* Followers come by posts at some rate per view, and without any at found = drift + losses per day
of time: those who leave show as losses where the counts are close together, and then as many more must have come by
themselves. Of what was gained in an interval the posts have

    won_k = gain_k · rate · V_k / (rate · V_k + found · days_k)

with the rate under which the gains are the likeliest (Poisson; Σ won_k = rate · Σ V_k). An interval by itself gives
gain - found · days. A losing interval gives nothing, and takes from no other one. Where the counts are far apart and
the account shrinks, found is below zero: then posts won -found · days more than the counts show.

*Bounds.* They are meant to hold the truth 19 times of 20 (z = 1.96), and rather more often. Four things keep a post
from what it should have won in the mean, m: a view of any other post may win three times as easily, or a third as
easily; the net drift may lie at either plausible end; chance decides of each follower whose he is (binomial, with the
variance v = Σ won · share · (1 - share)); and of the coming and going around the net drift some falls to this post
(variance Σ share² · churn · days). Each one's deviation is found at its plausible extreme, upwards and downwards apart,
and as they are independent they are added as squares. For chance it is

    (√m ± ½ z √(v/m))² - m        the square root makes the spread of counts even; at few counts m ± z √v is wrong

No bound lies below zero, and none above all that was gained while the post was seen.

*Limits.* Somebody who sees a post now and follows tomorrow is given to tomorrow's posts. A guest appearance elsewhere,
or whatever else makes people come at once without a post of ours, looks like the success of the posts seen then. That
a view of one post wins at most three times as easily as that of the others, and the 0.1 %, are assumptions of ours.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from xbot_pipelines.learning.attention import Numbers, SeenPost, ViewCurve

_DAY = timedelta(days=1)

# How many standard deviations are plausible: 19 times of 20.
_PLAUSIBLE = 1.96
# How much more easily a view of one post may win a follower than a view of another.
_EASIER = 3.0
# Of the usual views per hour: what is less is quiet.
_QUIET = 0.25
# Per follower and day: the standard deviation of the net drift, and those who come and those who leave together.
_NET_DRIFT = 0.001
_COMING_AND_GOING = 0.002
# An account with fewer drifts as one with so many.
_FEWEST_FOLLOWERS = 100
# A loss this many standard deviations above what leaves in the mean is no coming and going.
_PURGE_DEVIATIONS = 4.0
# Of what a post was seen, so much must have been read.
_READ_ENOUGH = 0.5
# Of the span in which the rate lies: beyond what a float tells apart.
_HALVINGS = 60


@dataclass(frozen=True, kw_only=True)
class Drift:
    """Followers per day that come and leave without any post: the net, its standard deviation, and both ways added."""

    per_day: float
    deviation: float
    churn_per_day: float


@dataclass(frozen=True, kw_only=True)
class Won:
    """Followers that a post won: the best estimate, and what it plausibly won at least and at most."""

    low: float
    best: float
    high: float


class Attribution:
    """Who won whom over a whole curve of follower counts: one post up to a moment, or all together between two."""

    def __init__(self, followers: Sequence[tuple[datetime, int]], posts: Sequence[SeenPost]) -> None:
        """Takes the follower counts, as (moment, followers) in ascending order, and every post seen between them.

        Raises:
            ValueError: there is no count, or their moments do not ascend.
        """
        if not followers:
            raise ValueError("there is no follower count: nothing can be attributed")
        if any(after <= before for (before, _), (after, _) in pairwise(followers)):
            raise ValueError("the follower counts must be in ascending order of their moments, each moment once")
        self._posts = posts
        self._moments = [moment for moment, _ in followers]
        seconds = np.array([moment.timestamp() for moment in self._moments])
        self._days = np.diff(seconds) / _DAY.total_seconds()
        self._curves = [ViewCurve(post) for post in posts]
        self._views = [np.diff(curve.views(seconds)) if curve.is_read else None for curve in self._curves]
        self._all_views = sum((row for row in self._views if row is not None), start=_unread(self._curves, seconds))
        counts = np.array([float(count) for _, count in followers])
        base = max(float(np.median(counts)), _FEWEST_FOLLOWERS)
        gained = np.maximum(np.diff(counts), -_largest_plain_loss(base, self._days))
        self.drift = estimate_drift(gained, self._all_views, self._days, followers=base)
        plausible = _PLAUSIBLE * self.drift.deviation
        self._won, self._won_low, self._won_high = (
            won_beyond(gained, self._all_views, self._days, drift_per_day=per_day)
            for per_day in (self.drift.per_day, self.drift.per_day + plausible, self.drift.per_day - plausible)
        )

    def won(self, number: int, until: datetime) -> Won | None:
        """Answers what the post at this place in `posts` won from its publishing up to the last count by `until`.

        None is unknown: the counts begin after the post or end before `until`, or too little of what it was seen until
        then was ever read (less than half, of the typical post).
        """
        post, own = self._posts[number], self._views[number]
        if until <= post.posted_at:
            return Won(low=0.0, best=0.0, high=0.0)
        if own is None or post.posted_at < self._moments[0] or until > self._moments[-1]:
            return None
        if self._curves[number].share_read(until) < _READ_ENOUGH:
            return None
        return self._won_by(own[: bisect_right(self._moments, until) - 1])

    def won_together(self, since: datetime, until: datetime) -> Won | None:
        """Answers what all posts together won from the last count by `since` up to the last one by `until`.

        They need not share it among them, so only the drift keeps it from being certain. None is unknown: the counts do
        not reach from `since` to `until`, or no post was ever read.
        """
        if since < self._moments[0] or until > self._moments[-1]:
            return None
        if self._curves and not any(curve.is_read for curve in self._curves):
            return None
        span = slice(bisect_right(self._moments, since) - 1, bisect_right(self._moments, until) - 1)
        low, best, high = (float(won[span].sum()) for won in (self._won_low, self._won, self._won_high))
        stray = self._stray(float(self._days[span][self._all_views[span] > 0].sum()))
        return Won(
            low=max(best - math.hypot(best - low, stray), 0.0), best=best, high=best + math.hypot(high - best, stray)
        )

    def _won_by(self, own: Numbers) -> Won:
        """What the post with these views, in the intervals from the first on, won in them."""
        known, seen = slice(len(own)), own > 0
        others = np.maximum(self._all_views[known] - own, 0.0)
        days, won = self._days[known], self._won[known]
        share = _share(own, others)
        best = float(share @ won)
        stray = self._stray(float(share**2 @ days))

        def away(at_extreme_share: Numbers, at_extreme_drift: Numbers, deviations: float) -> float:
            return math.hypot(
                float(at_extreme_share @ won) - best,
                float(share @ at_extreme_drift) - best,
                _by_chance(share, won, deviations) - best,
                stray,
            )

        down = away(_share(own, others * _EASIER), self._won_low[known], -_PLAUSIBLE)
        up = away(_share(own * _EASIER, others), self._won_high[known], _PLAUSIBLE)
        at_most = float(self._won_high[known][seen].sum()) + self._stray(float(days[seen].sum()))
        return Won(low=max(best - down, 0.0), best=best, high=max(min(best + up, at_most), best))

    def _stray(self, days: float) -> float:
        """How far coming and going plausibly strays from its mean in this time."""
        return _PLAUSIBLE * math.sqrt(self.drift.churn_per_day * days)


def estimate_drift(gained: Numbers, views: Numbers, days: Numbers, *, followers: float) -> Drift:
    """Estimates the drift of an account of this size from the gain, the views and the days of each interval."""
    time = float(days.sum())
    losses = float(-gained[gained < 0].sum())
    churn = max(_COMING_AND_GOING * followers, 2 * losses / time if time else 0.0)
    precision, weighted = 1 / (_NET_DRIFT * followers) ** 2, 0.0
    quiet = views * time <= _QUIET * views.sum() * days
    busy_views = float(views[~quiet].sum())
    ratio = float(views[quiet].sum()) / busy_views if busy_views else 0.0

    def combined(figures: Numbers, of_busy: float) -> float:
        return float(figures[quiet].sum()) + of_busy * float(figures[~quiet].sum())

    if quiet.any():
        # Quiet time has a quarter of the views per hour, at most: what is taken off it here is never all of it.
        span = combined(days, -ratio)
        noise = combined(churn * days + np.maximum(gained, 0.0), ratio**2)
        precision += span**2 / noise
        weighted = combined(gained, -ratio) * span / noise
    return Drift(per_day=weighted / precision, deviation=precision**-0.5, churn_per_day=churn)


def won_beyond(gained: Numbers, views: Numbers, days: Numbers, *, drift_per_day: float) -> Numbers:
    """What posts won in each interval beyond this drift, from its gain, views and length (days); never negative."""
    seen, gains = views > 0, np.maximum(gained, 0.0)
    won = np.zeros_like(gains)
    if not seen.any():
        return won
    found = (drift_per_day - float(gained[gained < 0].sum()) / float(days.sum())) * days[seen]
    if found[0] <= 0:
        won[seen] = gains[seen] - found
    else:
        by_views = _likeliest_rate(gains[seen], views[seen], found) * views[seen]
        won[seen] = gains[seen] * by_views / (by_views + found)
    return won


def _likeliest_rate(gains: Numbers, views: Numbers, found: Numbers) -> float:
    """The rate per view under which the gains are the likeliest, where each is Poisson with rate · views + found."""
    low, high = 0.0, float(gains.sum() / views.sum())
    for _ in range(_HALVINGS):
        rate = (low + high) / 2
        if float((gains * views / (rate * views + found)).sum()) > float(views.sum()):
            low = rate
        else:
            high = rate
    return low


def _largest_plain_loss(followers: float, days: Numbers) -> Numbers:
    """The loss in each interval that coming and going still explains: those who leave in the mean, and far above."""
    moves = _COMING_AND_GOING * followers * days
    return np.asarray(moves / 2 + _PURGE_DEVIATIONS * np.sqrt(moves) + 1)


def _unread(curves: Sequence[ViewCurve], moments: Numbers) -> Numbers:
    """The views, in each interval, of the posts of which none were read, taken as the typical one of the others."""
    known = [curve.in_the_end for curve in curves if curve.is_read]
    typical = float(np.median(known)) if known else 0.0
    shares = sum((curve.typical_shares(moments) for curve in curves if not curve.is_read), start=0 * moments)
    return np.asarray(typical * np.diff(shares))


def _share(own: Numbers, others: Numbers) -> Numbers:
    together = own + others
    return np.divide(own, together, out=np.zeros_like(own), where=together > 0)


def _by_chance(share: Numbers, won: Numbers, deviations: float) -> float:
    """The count that lies this many standard deviations from its mean, where each follower is this post's by chance."""
    mean = float(share @ won)
    if mean <= 0:
        return 0.0
    spread = math.sqrt(float((share * (1 - share)) @ won) / mean)
    return max(0.0, math.sqrt(mean) + deviations / 2 * spread) ** 2
