"""Arms: what is chosen of a post, and what is told of a published one so that something can be learned from it.

The words of learning only. What a post was worth is reckoned in `reward`, what follows from that in `model`, and
drawing from it lies in `beliefs`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Dimension(StrEnum):
    """What is chosen of a post. Each value of a dimension is an arm."""

    SUBJECT = "subject"
    ANGLE = "angle"
    TONE = "tone"
    FORMAT = "format"
    HOOK = "hook"
    HOUR = "hour"


HOURS = tuple(f"{hour:02}" for hour in range(24))
"""The values of the hour, in the account's own time: "00" is from midnight to one o'clock."""

Values = Mapping[Dimension, Sequence[str]]
"""What may be chosen of each dimension."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What was counted of a post at one checkpoint, all of it known.

    `engagements` are its likes, reposts, replies, quotes and bookmarks, each counted once.
    """

    hours: int
    views: int
    engagements: int


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One published post: what was chosen, when it went out, and what was counted of it.

    `day` is the account's own, `followers` how many it had then. `figures` are those of the checkpoints that were taken
    when they were due, the earliest first.
    """

    published_at: datetime
    day: date
    values: Mapping[Dimension, str]
    about_news: bool
    followers: int
    figures: Sequence[Figures]


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What a trial teaches: its reward, and the variance that this has while the post is not finished; 0 if it is."""

    trial: Trial
    reward: float
    variance: float
