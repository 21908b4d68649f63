"""What posts that are not written yet could expect before luck: of any choices, at any moment, by any author.

For the truth API alone: by this a person measures how much a learner leaves lying. What a post that was published could
expect is told by the world itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray

from xbot_pipelines.practice.appeal import Appeal, people_reached
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.repetition import memory_before
from xbot_pipelines.practice.traits import Traits
from xbot_pipelines.practice.world import World

Numbers = NDArray[np.float64]

# Shares of what the practice model writes, over 20,000 posts: which is short or long and not of medium length, by
# format, where it matters also by hook; and which has an emoji, by tone.
_SHORT: Mapping[str, float] = {"single sentence": 0.14, "mini story": 0.02}
_LONG: Mapping[tuple[str, str], float] = {
    ("short list", "question"): 0.64,
    ("short list", "surprising contrast"): 0.80,
    ("short list", "number"): 0.21,
    ("short list", "confession"): 0.78,
    ("short list", "direct statement"): 0.16,
    ("question and answer", "surprising contrast"): 0.43,
    ("question and answer", "number"): 0.22,
    ("question and answer", "confession"): 0.42,
    ("question and answer", "direct statement"): 0.22,
    ("mini story", ""): 0.97,
}
_WITH_EMOJI: Mapping[str, float] = {"warm": 0.29, "playful": 0.29}


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
    """What each text may expect as an original of this author, published at this moment and after all before it.

    Args:
        world: Its readers.
        author: Anybody in it.
        at: The moment, at any time.
        texts: As `typical` makes them: what the practice model writes for such choices is a mix of lengths, and some of
            it has an emoji.
    """
    appeal = world.tastes.at(at)
    people = people_reached(world.followers(author, at), None)
    views = people * appeal.of_texts(texts, at) * _of_the_mix(appeal, at, texts)
    acts = np.array([appeal.interest(traits).public for traits in texts])
    freshness = memory_before(at, world.register.of(author.id)).freshness(at.timestamp(), texts)
    return Prospects(views, views * acts, np.array(freshness))


def typical(*, subject: str, angle: str, tone: str, format: str, hook: str) -> Traits:  # noqa: A002 - the trait's name
    """A text with these traits, of medium length, without links, tags and emoji."""
    question = hook == "question" or format == "question and answer"
    return Traits(subject, angle, tone, format, hook, "medium", question, emoji=0, links=0, hashtags=0)


def _of_the_mix(appeal: Appeal, at: datetime, texts: Sequence[Traits]) -> Numbers:
    """What the lengths and the emoji that such texts mostly have bring on average, against typical ones."""
    typically = texts[0]
    others = (replace(typically, length="short"), replace(typically, length="long"), replace(typically, emoji=1))
    # Neither differs between circles, so what they bring is the same for every text.
    medium, *brought = appeal.of_texts([typically, *others], at)
    short, long, emoji = (float(one / medium) - 1 for one in brought)

    @cache
    def of(form: str, hook: str, tone: str) -> float:
        in_length = 1 + _SHORT.get(form, 0.0) * short + _LONG.get((form, hook), _LONG.get((form, ""), 0.0)) * long
        return in_length * (1 + _WITH_EMOJI.get(tone, 0.0) * emoji)

    return np.array([of(text.format, text.hook, text.tone) for text in texts])
