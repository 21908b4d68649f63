"""How the views of a post are spread over time: what it gained between any two moments, from a few readings.

Between two readings the views are spread as those of the typical post: the share of all its views that it has at age a
is a / (a + 80 min), which is half after 80 minutes and 95 % after a day (J. Pfeffer, D. Matter, A. Sargsyan, "The
Half-Life of a Tweet", ICWSM 2023: median half-life about 80 minutes, for 95 % of the posts nothing relevant comes after
24 hours). A straight line would put far too few views into the first minutes. After its last reading a post goes on in
the same way, until it was found gone or is seven days old. Views that fall are taken as they were before: nobody can
unsee.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SEEN_FOR = timedelta(days=7)
"""How long a post is being seen at most; what comes later is not looked for."""

_HALF_LIFE = timedelta(minutes=80)
_SECOND = timedelta(seconds=1)

Numbers = NDArray[np.float64]


class SeenPost(Protocol):
    """What has to be known of a post: when it was published, its views as they were read, and when it was found gone.

    `views` are (moment, views) in any order.
    """

    @property
    def posted_at(self) -> datetime:
        """When it was published."""
        ...

    @property
    def gone_at(self) -> datetime | None:
        """When it was found gone; None as long as it is there."""
        ...

    @property
    def views(self) -> Sequence[tuple[datetime, int]]:
        """How often it had been seen, at each moment at which that was read."""
        ...


class ViewCurve:
    """The views of one post at any moment."""

    def __init__(self, post: SeenPost) -> None:
        self._published = post.posted_at.timestamp()
        end = post.posted_at + SEEN_FOR
        self._end = (end if post.gone_at is None else min(end, post.gone_at)).timestamp()
        read = sorted((moment, views) for moment, views in post.views if moment > post.posted_at)
        moments = np.array([moment.timestamp() for moment, _ in read])
        self._read_shares = np.concatenate([[0.0], typical_share(moments - self._published)])
        self._read_views = np.maximum.accumulate([0.0, *(float(views) for _, views in read)])

    @property
    def is_read(self) -> bool:
        """Whether any views of the post were ever read."""
        return len(self._read_shares) > 1

    @property
    def in_the_end(self) -> float:
        """The views that it comes to in all, if it goes on as the typical post does; only where it is read."""
        return float(self._read_views[-1] / self._read_shares[-1])

    def typical_shares(self, moments: Numbers) -> Numbers:
        """The share (0..1) of its views that the typical post in its place has at these moments (Unix seconds)."""
        return typical_share(np.minimum(moments, self._end) - self._published)

    def views(self, moments: Numbers) -> Numbers:
        """The views that it had at these moments (Unix seconds); only where it is read."""
        shares = self.typical_shares(moments)
        between = np.interp(shares, self._read_shares, self._read_views)
        return np.where(shares > self._read_shares[-1], self.in_the_end * shares, between)

    def share_read(self, until: datetime) -> float:
        """How much (0..1) of what the typical post in its place is seen until then lies before its last reading."""
        wanted = float(self.typical_shares(np.array([until.timestamp()]))[0])
        return min(1.0, float(self._read_shares[-1]) / wanted) if wanted > 0 else 1.0


def typical_share(seconds: Numbers) -> Numbers:
    """The share (0..1) of all its views that the typical post has at these ages."""
    age = np.maximum(seconds, 0.0)
    return np.asarray(age / (age + _HALF_LIFE / _SECOND))
