"""How tired readers are of an author who has said much the same lately: fewer are shown the next post of that kind.

Pure: what counts is what a text is taken for, and the originals of the same author before it. A post's freshness is
reckoned once, when it is published, and kept with it. Answers to others tire nobody.
"""

import math
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from xbot_pipelines.practice.posts import Post, snowflake
from xbot_pipelines.practice.register import count_until
from xbot_pipelines.practice.traits import Traits, recognise

LOOKS_BACK = timedelta(hours=6)
_LOOKS_BACK_SECONDS = LOOKS_BACK.total_seconds()
_MOST_REMEMBERED = 24  # posts; whoever says more in six hours is crowding anyway
_FORGOTTEN = 2 * 3600.0  # seconds until an earlier post weighs e times less

# What an earlier post takes off the logarithm of the reach while it is quite fresh.
_SAME_SUBJECT = 0.09
_SAME_HOOK = 0.02
_SAME_FORMAT = 0.02
_SAME_IN_ALL_THREE = 0.08

_AN_HOUR = 3600.0
_WELCOME_IN_AN_HOUR = 3  # earlier posts; each one more takes off as much again
_CROWDING = 0.08
_MOST_TAKEN_OFF = 1.0


@dataclass(slots=True)
class Memory:
    """What readers remember of one author's latest originals, oldest first: when (Unix seconds), and what it was."""

    _posts: deque[tuple[float, Traits]] = field(default_factory=lambda: deque(maxlen=_MOST_REMEMBERED))

    def add(self, at: float, traits: Traits) -> None:
        """Take in the next original of the author."""
        self._posts.append((at, traits))

    def freshness(self, at: float, texts: Sequence[Traits]) -> list[float]:
        """The part of the audience (0 to 1) to which each text would be shown at a moment after all that was added."""
        recent = [
            (math.exp((then - at) / _FORGOTTEN), said) for then, said in self._posts if at - then < _LOOKS_BACK_SECONDS
        ]
        crowd = sum(at - then < _AN_HOUR for then, _ in self._posts)
        crowding = _CROWDING * max(0, crowd - _WELCOME_IN_AN_HOUR)
        known: dict[tuple[str, str, str], float] = {}
        for text in texts:
            kind = (text.subject, text.hook, text.format)
            if kind not in known:
                tired = crowding + sum(weight * _likeness(text, said) for weight, said in recent)
                known[kind] = math.exp(-min(tired, _MOST_TAKEN_OFF))
        return [known[text.subject, text.hook, text.format] for text in texts]


def _likeness(text: Traits, said: Traits) -> float:
    subject, hook, form = text.subject == said.subject, text.hook == said.hook, text.format == said.format
    alike = _SAME_SUBJECT * subject + _SAME_HOOK * hook + _SAME_FORMAT * form
    return alike + _SAME_IN_ALL_THREE if subject and hook and form else alike


def freshness_of_all(originals: Iterable[tuple[float, Traits]]) -> Iterator[float]:
    """The freshness of each original of one author, given as when (Unix seconds) and what, oldest first."""
    memory = Memory()
    for at, traits in originals:
        yield memory.freshness(at, [traits])[0]
        memory.add(at, traits)


def memory_before(at: datetime, posts: Sequence[Post]) -> Memory:
    """What readers remember at a moment of an author whose posts (ascending ids) these are."""
    memory = Memory()
    for post in _originals(posts, at - LOOKS_BACK, snowflake(at, 0) - 1):
        memory.add(*_said(post))
    return memory


def with_freshness(new: Sequence[Post], posts_of: Callable[[int], Sequence[Post]]) -> list[Post]:
    """The new posts with the freshness that each has after what its author has said before it, new or old.

    Args:
        new: Posts of anybody and of any time, in any order.
        posts_of: What an author (by id) has published already, with ascending ids.
    """
    found: dict[int, float] = {}
    by_author: dict[int, list[Post]] = defaultdict(list)
    for post in new:
        if post.in_reply_to is None:
            by_author[post.author_id].append(post)
    for author_id, theirs in by_author.items():
        last_id = max(post.id for post in theirs)
        since = min(post.created_at for post in theirs) - LOOKS_BACK
        originals = sorted([*theirs, *_originals(posts_of(author_id), since, last_id)], key=lambda post: post.id)
        freshness = freshness_of_all(map(_said, originals))
        found.update(zip((post.id for post in originals), freshness, strict=True))
    return [replace(post, freshness=found[post.id]) if post.id in found else post for post in new]


def _originals(posts: Sequence[Post], since: datetime, last_id: int) -> list[Post]:
    before = count_until(posts, snowflake(since, 0) - 1)
    return [post for post in posts[before : count_until(posts, last_id)] if post.in_reply_to is None]


def _said(post: Post) -> tuple[float, Traits]:
    return post.created_at.timestamp(), recognise(post.text)
