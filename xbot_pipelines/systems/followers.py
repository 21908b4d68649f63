"""Followers: how their number moves, and which post won whom.

The counts are by-products of pages that were read for something else, the views are readings; nothing is read here. How
a gain is shared among posts is mathematics, in `learning.attribution`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import Result
from xbot_pipelines.store import followers
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.followers import FollowerSnapshot, FollowerTracking, ViewedPost

if TYPE_CHECKING:
    from xbot_pipelines.learning.attribution import Won

CHECKPOINTS_HOURS = (0, 2, 24, 48)
"""The ages of a post at which it is written down what it has won."""

_ATTRIBUTED_FOR = timedelta(days=8)
_CURVE_BEGINS_BEFORE = timedelta(days=1)
_SHOWN_FOR = timedelta(days=30)
_GAINS_OVER_DAYS = (1, 7, 28)
NEAR = timedelta(hours=2)
"""How far from a moment a count may lie that stands for it."""

_NEAR_SHARE = 0.1


@dataclass(frozen=True, kw_only=True)
class CurveSummary:
    """The follower curve of the last 30 days. A gain is None where no count is near its beginning (a tenth of it)."""

    result: Result
    reason: str | None = None
    curve: Sequence[FollowerSnapshot] = ()
    gains_over_days: tuple[tuple[int, int | None], ...] = ()
    longest_gap: timedelta | None = None

    @property
    def latest(self) -> FollowerSnapshot | None:
        """The newest count."""
        return self.curve[-1] if self.curve else None


@dataclass(frozen=True, kw_only=True)
class AttributionSummary:
    """What the posts of the last eight days have won, checkpoint by checkpoint.

    `posts` are those posts, oldest first, and `tracked` their checkpoints that a count lies near to. `unknown` are
    those of them of which it cannot be said what was won. The drift is in followers per day, without any post.
    """

    result: Result
    reason: str | None = None
    posts: Sequence[ViewedPost] = ()
    tracked: Sequence[FollowerTracking] = ()
    drift_per_day: float | None = None
    drift_deviation: float | None = None

    @property
    def unknown(self) -> int:
        """How many of the tracked checkpoints have no attribution."""
        return sum(row.attributed is None for row in self.tracked)

    @property
    def latest(self) -> Sequence[FollowerTracking]:
        """The last tracked checkpoint of each post at which it is known what it has won, oldest post first."""
        known = {row.decision_id: row for row in self.tracked if row.attributed is not None}
        return tuple(known.values())


def sync_followers(database: AccountDatabase, *, clock: Clock) -> CurveSummary:
    """Puts the follower curve together, from the counts that pages have shown."""
    now = clock.now()
    curve = followers.follower_curve(database, since=now - _SHOWN_FOR, until=now)
    if not curve:
        return CurveSummary(
            result=Result.NOTHING_TO_DO, reason=f"no page has shown our followers in the last {_SHOWN_FOR.days} days"
        )
    return CurveSummary(
        result=Result.DONE,
        curve=curve,
        gains_over_days=tuple((days, gain_over(curve, timedelta(days=days))) for days in _GAINS_OVER_DAYS),
        longest_gap=max((after.observed_at - before.observed_at for before, after in pairwise(curve)), default=None),
    )


def attribute(database: AccountDatabase, *, clock: Clock) -> AttributionSummary:
    """Estimates what each post of the last eight days has won, and writes it down for the checkpoints it has passed.

    Run again it writes the same rows again; with more counts and readings, better ones in their place.
    """
    # Numbers are heavy to load, and definitions that only name this function need none.
    from xbot_pipelines.learning.attention import SEEN_FOR
    from xbot_pipelines.learning.attribution import Attribution

    now = clock.now()
    since = now - _ATTRIBUTED_FOR - _CURVE_BEGINS_BEFORE
    seen = followers.viewed_posts(database, since=since, until=now, seen_for=SEEN_FOR)
    posts = [post for post in seen if post.posted_at > now - _ATTRIBUTED_FOR]
    if not posts:
        return AttributionSummary(
            result=Result.NOTHING_TO_DO, reason=f"nothing of ours was published in the last {_ATTRIBUTED_FOR.days} days"
        )
    curve = followers.follower_curve(database, since=since, until=now)
    if not curve:
        return AttributionSummary(
            result=Result.NOTHING_TO_DO,
            reason="no page has shown our followers since these posts were published",
            posts=posts,
        )
    attribution = Attribution(curve, seen)
    tracked = [
        _tracking(post, hours, counted, attribution.won(number, counted.observed_at))
        for number, post in enumerate(seen)
        if post.posted_at > now - _ATTRIBUTED_FOR
        for hours in CHECKPOINTS_HOURS
        if (counted := count_at(curve, post.posted_at, hours)) is not None
    ]
    followers.save_follower_tracking(database, tracked)
    return AttributionSummary(
        result=Result.DONE,
        posts=posts,
        tracked=tracked,
        drift_per_day=attribution.drift.per_day,
        drift_deviation=attribution.drift.deviation,
    )


def won_between(
    database: AccountDatabase, first: FollowerSnapshot, last: FollowerSnapshot, *, now: datetime
) -> "Won | None":
    """Estimates how many followers our posts won between two counts, with its bounds; None is unknown."""
    from xbot_pipelines.learning.attention import SEEN_FOR
    from xbot_pipelines.learning.attribution import Attribution

    since = first.observed_at - _ATTRIBUTED_FOR
    curve = followers.follower_curve(database, since=since, until=now)
    seen = followers.viewed_posts(database, since=since, until=now, seen_for=SEEN_FOR)
    return Attribution(curve, seen).won_together(first.observed_at, last.observed_at)


def count_near(curve: Sequence[FollowerSnapshot], moment: datetime) -> FollowerSnapshot | None:
    """The count that stands for a moment: the nearest one within two hours of it."""
    nearest = min(curve, key=lambda counted: abs(counted.observed_at - moment), default=None)
    return nearest if nearest is not None and abs(nearest.observed_at - moment) <= NEAR else None


def count_at(curve: Sequence[FollowerSnapshot], posted_at: datetime, hours: int) -> FollowerSnapshot | None:
    """The count that stands for a checkpoint: the first one at its moment or within two hours after it.

    When a post was published it is the last one before, if that is no older than two hours.
    """
    moment = posted_at + timedelta(hours=hours)
    after = bisect_left(curve, moment, key=_observed_at)
    following = curve[after : after + 1]
    if hours == 0:
        at_or_before = bisect_right(curve, moment, key=_observed_at)
        following = [*curve[max(at_or_before - 1, 0) : at_or_before], *following]
    return next((counted for counted in following if abs(counted.observed_at - moment) <= NEAR), None)


def gain_over(curve: Sequence[FollowerSnapshot], span: timedelta) -> int | None:
    """How many followers were gained in this time up to the last count; None where no count is near its beginning."""
    latest = curve[-1]
    began = latest.observed_at - span
    first = min(curve, key=lambda counted: abs(counted.observed_at - began))
    near = abs(first.observed_at - began) <= _NEAR_SHARE * span
    return latest.followers - first.followers if near else None


def _observed_at(counted: FollowerSnapshot) -> datetime:
    return counted.observed_at


def _tracking(post: ViewedPost, hours: int, counted: FollowerSnapshot, won: "Won | None") -> FollowerTracking:
    return FollowerTracking(
        decision_id=post.decision_id,
        checkpoint_hours=hours,
        observed_at=counted.observed_at,
        followers=counted.followers,
        attributed_low=None if won is None else won.low,
        attributed=None if won is None else won.best,
        attributed_high=None if won is None else won.high,
    )
