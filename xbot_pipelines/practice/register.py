"""The register of all published posts: by id, by author and by what they answer, always in the order of their ids.

An id is a moment, so the order of ids is the order of publishing. Who may see a post is no matter of this module (see
`fates`), nor are the replies of readers, which are computed and not published (see `crowd`).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from operator import attrgetter

from xbot_pipelines.practice.posts import READER_SEQUENCES, Post, snowflake

_id_of = attrgetter("id")


def last_id_at(moment: datetime) -> int:
    """The highest id that a post can have which was published by then."""
    return snowflake(moment, READER_SEQUENCES.stop - 1)


def count_until(posts: Sequence[Post], last_id: int) -> int:
    """How many of the posts (ascending ids) have an id of at most `last_id`."""
    return bisect_right(posts, last_id, key=_id_of)


def newest_first(posts: Sequence[Post], last_id: int) -> Iterator[Post]:
    """The posts (ascending ids) with an id of at most `last_id`, from the newest on; only what is taken is walked."""
    return (posts[place] for place in range(count_until(posts, last_id) - 1, -1, -1))


@dataclass(slots=True)
class Register:
    """Every post that was published or put, deleted ones among them. All lists have ascending ids."""

    _by_id: dict[int, Post] = field(default_factory=dict)
    _all: list[Post] = field(default_factory=list)
    _by_author: dict[int, list[Post]] = field(default_factory=lambda: defaultdict(list))
    _answers: dict[int, list[Post]] = field(default_factory=lambda: defaultdict(list))

    def add(self, posts: Iterable[Post]) -> None:
        """Take up posts of any time."""
        touched = {id(self._all): self._all}
        for post in posts:
            self._by_id[post.id] = post
            lists = [self._all, self._by_author[post.author_id]]
            if post.in_reply_to is not None:
                lists.append(self._answers[post.in_reply_to])
            for one in lists:
                one.append(post)
                touched[id(one)] = one
        for one in touched.values():
            # Nearly in order already, which costs next to nothing.
            one.sort(key=_id_of)

    def get(self, post_id: int) -> Post | None:
        """The published post with this id."""
        return self._by_id.get(post_id)

    def all(self) -> Sequence[Post]:
        """All posts of everybody."""
        return self._all

    def of(self, author_id: int) -> Sequence[Post]:
        """All posts of one author."""
        return self._by_author.get(author_id, ())

    def answers(self, post_id: int) -> Sequence[Post]:
        """All posts that answer this one directly."""
        return self._answers.get(post_id, ())

    def between(self, first_id: int, last_id: int) -> Iterator[Post]:
        """The posts from one id to another, both among them."""
        return islice(self._all, count_until(self._all, first_id - 1), count_until(self._all, last_id))
