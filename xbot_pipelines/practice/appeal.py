"""What the readers of this world like: hidden weights, drawn from the world's seed.

A text's traits and its hour become multipliers on how many people see it and on how many of them act. The weights
are what a learner has to find out; only the truth API may tell them. Who likes what is drawn in `circles`; chance
around the expected value belongs to `audience`, arrival over time to `attention`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray

from xbot_pipelines.practice import circles, draws
from xbot_pipelines.practice.traits import Traits

_LIKED = ("subject", "angle", "tone", "format", "hook", "length")

_QUESTION_STRENGTH = 0.15  # standard deviation of the logarithm of the multiplier
_EMOJI_STRENGTH = 0.1
_EMOJI_PENALTY_BEYOND_THREE = -0.1
_LINK_PENALTY = -0.5  # X shows posts with links to fewer people
_HASHTAG_PENALTY = -0.08

_SHARE_OF_FOLLOWERS = 0.11
_STRANGERS = 30.0
_SHARE_OF_TARGET = 0.004  # of the followers of the one who is answered


@cache
def _drawn(*key: object) -> float:
    return float(draws.generator(*key).standard_normal())


@cache
def _taste(seed: int, act: str, dimension: str, value: str, turn: int, strength: float) -> float:
    return math.exp(strength * _drawn(seed, "taste", act, dimension, value, turn))


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

    @property
    def public(self) -> float:
        """How many acts a view may expect that everybody sees: likes, reposts, replies, quotes and bookmarks."""
        return self.like + self.repost + self.reply + self.quote + self.bookmark


@dataclass(frozen=True, slots=True)
class Appeal:
    """The taste of one world's readers. Everything is a pure function of the seed, and of what they changed.

    `changed` has the dimensions about which readers have changed their minds, each as often as they did.
    """

    seed: int
    changed: tuple[str, ...] = ()

    def of_texts(self, texts: Sequence[Traits], at: datetime) -> NDArray[np.float64]:
        """The multiplier on views that each text brings at a moment, about 1 on average."""
        logarithms = np.zeros((len(texts), circles.CIRCLES))
        for dimension in _LIKED:
            values = [getattr(traits, dimension) for traits in texts]
            places = {value: place for place, value in enumerate(dict.fromkeys(values))}
            turn = self.changed.count(dimension)
            likings = np.array([circles.liking(self.seed, dimension, value, turn) for value in places])
            logarithms += likings[[places[value] for value in values]]
        outward = np.exp([self._of_outward_form(traits) for traits in texts])
        awake = circles.awake(self.seed, at, self.changed.count("hour"))
        return np.asarray(outward * (np.exp(logarithms) @ awake))

    def of_text(self, traits: Traits, at: datetime) -> float:
        """The same of one text."""
        return float(self.of_texts([traits], at)[0])

    def _of_outward_form(self, traits: Traits) -> float:
        logarithm = _LINK_PENALTY * min(traits.links, 2) + _HASHTAG_PENALTY * min(traits.hashtags, 6)
        if traits.question:
            logarithm += _QUESTION_STRENGTH * _drawn(self.seed, "liking", "question")
        if traits.emoji:
            logarithm += _EMOJI_STRENGTH * _drawn(self.seed, "liking", "emoji")
        return logarithm + _EMOJI_PENALTY_BEYOND_THREE * max(0, traits.emoji - 3)

    def interest(self, traits: Traits) -> Interest:
        """How probable each act is for a reader of a text with these traits."""

        def taste(act: str, dimension: str, strength: float) -> float:
            turn = self.changed.count(dimension)
            return _taste(self.seed, act, dimension, getattr(traits, dimension), turn, strength)

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


def people_reached(followers: int, target_followers: int | None) -> float:
    """How many see an average post.

    Args:
        followers: The followers of its author at that moment.
        target_followers: Of the author it answers; None for an original. A reply is shown to few of the own
            followers, and to some who read the conversation.
    """
    if target_followers is None:
        return _STRANGERS + _SHARE_OF_FOLLOWERS * followers
    return 12 + 0.01 * followers + _SHARE_OF_TARGET * target_followers
