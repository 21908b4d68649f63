"""One UTC day of the cast's posts as they can be seen: by time, by author, by what they answer, by word.

Built when it is asked for, kept for a while, and shared by all worlds of one seed. Deletions are no matter of it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from xbot_pipelines.practice.posts import Post
from xbot_pipelines.practice.society.chronicle import Remark, remarks_of
from xbot_pipelines.practice.society.members import Kind

_ONE_DAY = timedelta(days=1)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Day:
    """The posts of one day. All sequences have ascending ids.

    Attributes:
        remarks: Every post by its id, those of protected authors and of brands among them.
        posts: What stands in timelines and in search.
        promoted: What stands there only because somebody pays for it.
        answered: Of each answer the handle of whom it answers, in small letters: it stands in it without being written.
    """

    remarks: Mapping[int, Remark]
    posts: Sequence[Post]
    promoted: Sequence[Post]
    answered: Mapping[int, str]

    @cached_property
    def by_author(self) -> Mapping[int, Sequence[Post]]:
        """The posts of each author."""
        found: dict[int, list[Post]] = defaultdict(list)
        for post in self.posts:
            found[post.author_id].append(post)
        return found

    @cached_property
    def answers(self) -> Mapping[int, Sequence[Post]]:
        """The posts that answer each post."""
        found: dict[int, list[Post]] = defaultdict(list)
        for post in self.posts:
            if post.in_reply_to is not None:
                found[post.in_reply_to].append(post)
        return found

    @cached_property
    def _places_of_words(self) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for place, post in enumerate(self.posts):
            for word in {*_WORD.findall(post.text.casefold()), self.answered.get(post.id, "")}:
                found[word].append(place)
        return found

    def with_words(self, clauses: Iterable[Sequence[frozenset[str]]]) -> Sequence[Post]:
        """The posts that have for every clause all words of one of its alternatives; the words in small letters."""
        places: set[int] | None = None
        for alternatives in clauses:
            found: set[int] = set()
            for words in alternatives:
                found |= set.intersection(*(set(self._places_of_words.get(word, ())) for word in words))
            places = found if places is None else places & found
        return self.posts if places is None else [self.posts[place] for place in sorted(places)]


@lru_cache(maxsize=12)
def day_of(seed: int, day: date) -> Day:
    """What the cast says on one UTC day."""
    begun = [remark for first in (day - _ONE_DAY, day) for remark in remarks_of(seed, first)]
    authors = {remark.post.id: remark.author.person.handle.lower() for remark in begun}
    said = sorted(
        (remark for remark in begun if remark.post.created_at.date() == day), key=lambda remark: remark.post.id
    )
    hidden = {Kind.PROTECTED, Kind.BRAND}
    return Day(
        remarks={remark.post.id: remark for remark in said},
        posts=tuple(remark.post for remark in said if remark.author.kind not in hidden),
        promoted=tuple(remark.post for remark in said if remark.author.kind is Kind.BRAND),
        answered={
            remark.post.id: authors[remark.post.in_reply_to] for remark in said if remark.post.in_reply_to is not None
        },
    )
