"""What the readers of this world like: hidden weights, drawn from the world's seed.

A text's traits and its hour become multipliers on how many people see it and on how many of them act. The weights
are what a learner has to find out; only the truth API may tell them. Chance around the expected value belongs to
`world`, arrival over time to `attention`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from xbot_pipelines.practice import draws
from xbot_pipelines.practice.traits import Traits

# How strongly a dimension tells: the standard deviation of the logarithm of its multipliers.
_STRENGTH: Mapping[str, float] = {
    "subject": 0.35,
    "angle": 0.30,
    "tone": 0.25,
    "format": 0.30,
    "hook": 0.30,
    "length": 0.15,
    "question": 0.15,
}
_LINK_PENALTY = -0.5  # X shows posts with links to fewer people
_HASHTAG_PENALTY = -0.08
_EMOJI_PENALTY_BEYOND_THREE = -0.1
_EMOJI_STRENGTH = 0.1

_SHARE_OF_FOLLOWERS = 0.11
_STRANGERS = 30.0
_SHARE_OF_TARGET = 0.004  # of the followers of the one who is answered


@cache
def _drawn(*key: object) -> float:
    return float(draws.generator(*key).standard_normal())


@dataclass(frozen=True, slots=True)
class Interest:
    """The probability of each act: per view, and of a follow per profile visit."""

    like: float
    repost: float
    reply: float
    quote: float
    bookmark: float
    profile_visit: float
    detail_expand: float
    link_click: float
    follow: float


@dataclass(frozen=True, slots=True)
class Appeal:
    """The taste of one world's readers. Everything is a pure function of the seed."""

    seed: int

    def liking(self, dimension: str, value: str) -> float:
        """The logarithm of the multiplier on views that this value of a dimension brings."""
        return _STRENGTH[dimension] * _drawn(self.seed, "liking", dimension, value)

    def of_text(self, traits: Traits) -> float:
        """The multiplier on views that the text itself brings, about 1 on average."""
        logarithm = sum(
            self.liking(dimension, getattr(traits, dimension))
            for dimension in ("subject", "angle", "tone", "format", "hook", "length")
        )
        if traits.question:
            logarithm += self.liking("question", "asked")
        if traits.emoji:
            logarithm += _EMOJI_STRENGTH * _drawn(self.seed, "liking", "emoji")
        logarithm += _EMOJI_PENALTY_BEYOND_THREE * max(0, traits.emoji - 3)
        logarithm += _LINK_PENALTY * min(traits.links, 2) + _HASHTAG_PENALTY * min(traits.hashtags, 6)
        return math.exp(logarithm)

    def of_hour(self, at: datetime) -> float:
        """The multiplier on views of the moment of posting: two peaks a day, and the week's end."""
        hour = at.hour + at.minute / 60
        peak = 24 * draws.fraction(self.seed, "peak hour")
        second = peak + 6 + 6 * draws.fraction(self.seed, "second peak")
        level = 0.65 * math.cos((hour - peak) * math.tau / 24) + 0.3 * math.cos((hour - second) * math.tau / 12)
        weekend = 0.3 * (draws.fraction(self.seed, "weekend") - 0.6) if at.weekday() >= 5 else 0.0
        return math.exp(0.55 * level + weekend)

    def reach(self, traits: Traits, at: datetime, *, followers: int, target_followers: int | None) -> float:
        """The views a post may expect in all, before chance.

        Args:
            traits: What readers recognise in its text.
            at: When it is posted.
            followers: The followers of its author at that moment.
            target_followers: Of the author it answers; None for an original. A reply is shown to few of the own
                followers, and to some who read the conversation.
        """
        if target_followers is None:
            people = _STRANGERS + _SHARE_OF_FOLLOWERS * followers
        else:
            people = 12 + 0.01 * followers + _SHARE_OF_TARGET * target_followers
        return people * self.of_text(traits) * self.of_hour(at)

    def interest(self, traits: Traits) -> Interest:
        """How probable each act is for a reader of a text with these traits."""

        def taste(act: str, dimension: str, strength: float) -> float:
            value = getattr(traits, dimension)
            return math.exp(strength * _drawn(self.seed, "taste", act, dimension, value))

        useful = 1.8 if traits.format == "short list" else 1.0
        return Interest(
            like=min(0.08, 0.022 * taste("like", "tone", 0.25) * taste("like", "subject", 0.2)),
            repost=min(0.03, 0.0028 * taste("repost", "angle", 0.3) * useful**0.5),
            reply=min(0.04, 0.0035 * taste("reply", "hook", 0.25) * (2.0 if traits.question else 1.0)),
            quote=min(0.01, 0.0006 * taste("quote", "angle", 0.3)),
            bookmark=min(0.04, 0.004 * taste("bookmark", "format", 0.2) * useful),
            profile_visit=min(0.08, 0.014 * taste("visit", "hook", 0.25)),
            detail_expand=min(0.2, 0.035 * (1.5 if traits.length == "long" else 1.0)),
            link_click=0.011 if traits.links else 0.0,
            follow=min(0.3, 0.07 * taste("follow", "subject", 0.3)),
        )
