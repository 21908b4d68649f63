"""What the readers of one post do, and when: views first, and everything else thinned out of them.

How many views a post may expect is decided in `appeal`, when they come in `attention`; who answers what, in `readers`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xbot_pipelines.practice.appeal import Interest
from xbot_pipelines.practice.attention import ArrivalCurve
from xbot_pipelines.practice.posts import Counters

Ages = NDArray[np.float64]

# A viral post beyond this is not told apart from one at it: each view is drawn, and memory has an end.
MOST_VIEWS = 300_000

# Chance around the expected views: lognormal with mean 1, and now and then a post that goes viral.
_LUCK = 0.7
_VIRAL_SHARE = 0.006
_VIRAL_AT_LEAST = 6.0
_VIRAL_TAIL = 1.3

# Mean seconds between seeing a post and acting on it.
_TO_LIKE = 6.0
_TO_REPOST = 12.0
_TO_REPLY = 75.0
_TO_QUOTE = 110.0
_TO_BOOKMARK = 10.0
_TO_VISIT = 15.0
_TO_EXPAND = 3.0
_TO_CLICK = 8.0
_TO_FOLLOW = 25.0


@dataclass(frozen=True, slots=True)
class Audience:
    """The ages of a post (seconds, ascending) at which each view and each act of a reader comes."""

    views: Ages
    likes: Ages
    reposts: Ages
    replies: Ages
    quotes: Ages
    bookmarks: Ages
    profile_visits: Ages
    detail_expands: Ages
    link_clicks: Ages
    follows: Ages

    def counters(self, age: float) -> Counters:
        """The counters of the post at this age (seconds)."""

        def until_now(ages: Ages) -> int:
            return int(ages.searchsorted(age, side="right"))

        return Counters(
            views=until_now(self.views),
            likes=until_now(self.likes),
            reposts=until_now(self.reposts),
            replies=until_now(self.replies),
            quotes=until_now(self.quotes),
            bookmarks=until_now(self.bookmarks),
            profile_visits=until_now(self.profile_visits),
            detail_expands=until_now(self.detail_expands),
            link_clicks=until_now(self.link_clicks),
            follows=until_now(self.follows),
        )


def draw_views(draws: np.random.Generator, reach: float) -> int:
    """How many views a post really gets of the `reach` it may expect: luck, with a heavy tail."""
    luck = draws.lognormal(-(_LUCK**2) / 2, _LUCK)
    if draws.random() < _VIRAL_SHARE:
        luck *= _VIRAL_AT_LEAST * (1 + draws.pareto(_VIRAL_TAIL))
    return min(MOST_VIEWS, round(reach * luck))


def gather(draws: np.random.Generator, *, views: int, interest: Interest, curve: ArrivalCurve) -> Audience:
    """Draw everything that will ever happen to one post.

    Args:
        draws: The post's own generator.
        views: How many views it will have in all.
        interest: The probability of each act, per view (of a follow: per profile visit).
        curve: When the views come.
    """
    seen = curve.sample(draws, views)

    def some(of: Ages, probability: float, delay: float) -> Ages:
        acting = of[draws.random(of.size) < probability]
        return np.sort(acting + draws.exponential(delay, size=acting.size))

    visits = some(seen, interest.profile_visit, _TO_VISIT)
    return Audience(
        views=seen,
        likes=some(seen, interest.like, _TO_LIKE),
        reposts=some(seen, interest.repost, _TO_REPOST),
        replies=some(seen, interest.reply, _TO_REPLY),
        quotes=some(seen, interest.quote, _TO_QUOTE),
        bookmarks=some(seen, interest.bookmark, _TO_BOOKMARK),
        profile_visits=visits,
        detail_expands=some(seen, interest.detail_expand, _TO_EXPAND),
        link_clicks=some(seen, interest.link_click, _TO_CLICK),
        follows=some(visits, interest.follow, _TO_FOLLOW),
    )
