"""The readers of all posts: who sees a post when, what they do, and what they answer. Computed once, then remembered.

It puts together `tastes`, `attention`, `audience`, `readers` and `tempers`; which posts exist is the world's matter.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from xbot_pipelines.practice import draws
from xbot_pipelines.practice.appeal import Interest, people_reached
from xbot_pipelines.practice.attention import draw_curve
from xbot_pipelines.practice.audience import Audience, draw_views, gather
from xbot_pipelines.practice.people import Cast, Person
from xbot_pipelines.practice.posts import Post, is_of_the_cast, is_readers_reply
from xbot_pipelines.practice.readers import replies_of_readers
from xbot_pipelines.practice.tastes import Tastes
from xbot_pipelines.practice.tempers import AuthorsAnswer, answer_of_author, as_post
from xbot_pipelines.practice.traits import recognise

_REACH_OF_A_READERS_REPLY = 9.0
# The cast says thousands of things a day: of theirs only so many are remembered, and drawn again when asked again.
_REMEMBERED_OF_THE_CAST = 5000


@dataclass(frozen=True, slots=True)
class Expected:
    """What a post may expect in all, before luck: views, and likes, reposts, replies, quotes and bookmarks together."""

    views: float
    engagements: float


@dataclass(slots=True)
class Crowd:
    """The readers of one world. Every answer is a pure function of the seed, the post and the taste of its moment."""

    seed: int
    cast: Cast
    tastes: Tastes
    _audiences: dict[int, Audience] = field(default_factory=dict)
    _audiences_of_the_cast: dict[int, Audience] = field(default_factory=dict)
    _replies: dict[int, Sequence[Post]] = field(default_factory=dict)
    _by_id: dict[int, Post] = field(default_factory=dict)
    _by_author: dict[int, list[Post]] = field(default_factory=lambda: defaultdict(list))

    def expected(self, post: Post, *, target: Post | None) -> Expected:
        """What a post may expect in all, before luck."""
        reach, interest = self._prospects(post, target)
        return Expected(reach, reach * interest.public)

    def audience(self, post: Post, *, target: Post | None) -> Audience:
        """Everything that will ever happen to `post`; `target` is the post it answers."""
        known = self._audiences_of_the_cast if is_of_the_cast(post.id) else self._audiences
        audience = known.get(post.id)
        if audience is None:
            audience = self._draw(post, target)
            back = self._answer_back(post, target)
            if back is not None:
                audience = replace(audience, replies=np.sort(np.append(audience.replies, back[1].age)))
            known[post.id] = audience
            if len(self._audiences_of_the_cast) > _REMEMBERED_OF_THE_CAST:
                del self._audiences_of_the_cast[next(iter(self._audiences_of_the_cast))]
        return audience

    def replies(self, post: Post, *, target: Post | None) -> Sequence[Post]:
        """All replies of readers that will ever come under `post`, oldest first."""
        replies = self._replies.get(post.id)
        if replies is None:
            ages = self.audience(post, target=target).replies
            back = self._answer_back(post, target)
            if back is not None:
                ages = ages[ages != back[1].age]
            replies = list(replies_of_readers(self.seed, self.cast, post, ages))
            if back is not None:
                insort(replies, as_post(self.seed, back[0], post, back[1]), key=lambda reply: reply.created_at)
            self._replies[post.id] = replies
            for reply in replies:
                self._by_id[reply.id] = reply
                self._by_author[reply.author_id].append(reply)
        return replies

    def known_replies_of(self, reader_id: int) -> Sequence[Post]:
        """The replies of one reader that `replies` has come upon, in no order."""
        return self._by_author.get(reader_id, ())

    def known_reply(self, post_id: int) -> Post | None:
        """A reader's reply by its id, if `replies` has come upon it."""
        return self._by_id.get(post_id)

    def _answer_back(self, post: Post, target: Post | None) -> tuple[Person, AuthorsAnswer] | None:
        """What the author of `target` says to `post`, if that is ours: the cast talks with itself in `society`."""
        if target is None or self.cast.by_id(post.author_id) is not None:
            return None
        author = self.cast.by_id(target.author_id)
        answer = None if author is None else answer_of_author(self.seed, author, post)
        return None if author is None or answer is None else (author, answer)

    def _draw(self, post: Post, target: Post | None) -> Audience:
        chance = draws.generator(self.seed, "audience", post.id)
        reach, interest = self._prospects(post, target)
        return gather(chance, views=draw_views(chance, reach), interest=interest, curve=draw_curve(chance))

    def _prospects(self, post: Post, target: Post | None) -> tuple[float, Interest]:
        """How many views a post may expect, and what each of them."""
        traits, appeal = recognise(post.text), self.tastes.at(post.created_at)
        interest = appeal.interest(traits)
        if is_readers_reply(post.id):
            # Nobody answers a reader's reply but us: a conversation has to end somewhere.
            return _REACH_OF_A_READERS_REPLY, replace(interest, reply=0.0, quote=0.0)
        if is_of_the_cast(post.id):
            # Who answers these is drawn with them.
            interest = replace(interest, reply=0.0)
        people = people_reached(post.author_followers, None if target is None else target.author_followers)
        return people * appeal.of_text(traits, post.created_at) * post.freshness, interest
