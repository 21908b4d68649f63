"""What posts that are not written yet could expect before luck: of any choices, at any moment, by any author.

For the truth API alone: by this a person measures how much a learner leaves lying. What a post that was published could
expect is told by the world itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray

from xbot_pipelines.practice.appeal import people_reached
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.repetition import memory_before
from xbot_pipelines.practice.traits import Traits
from xbot_pipelines.practice.world import World

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prospects:
    """What each of several texts may expect, one number for each.

    Attributes:
        views: As if the author had said nothing lately.
        engagements: Likes, reposts, replies, quotes and bookmarks together, likewise.
        freshness: The part of both (0 to 1) that what the author has said lately leaves.
    """

    views: Numbers
    engagements: Numbers
    freshness: Numbers


def prospects(world: World, author: Person, at: datetime, texts: Sequence[Traits]) -> Prospects:
    """What each text may expect as an original of this author, published at this moment and after all before it."""
    appeal = world.tastes.at(at)
    views = people_reached(world.followers(author, at), None) * appeal.of_texts(texts, at)
    acts = np.array([appeal.interest(traits).public for traits in texts])
    freshness = memory_before(at, world.register.of(author.id)).freshness(at.timestamp(), texts)
    return Prospects(views, views * acts, np.array(freshness))


def typical(*, subject: str, angle: str, tone: str, format: str, hook: str) -> Traits:  # noqa: A002 - the trait's name
    """A text with these traits that is otherwise as the practice model mostly writes it: without links and emoji."""
    length, question = _outward_form(format, hook)
    return Traits(subject, angle, tone, format, hook, length, question, emoji=0, links=0, hashtags=0)


@cache
def _outward_form(form: str, hook: str) -> tuple[str, bool]:
    """How long such a text mostly is, and whether it asks something: measured over 6,000 posts that were written."""
    needs_a_line = form == "short list" and hook not in {"number", "direct statement"}
    length = "long" if form == "mini story" or needs_a_line else "medium"
    return length, hook == "question" or form == "question and answer"
