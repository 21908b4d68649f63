"""Which posts stand in a list, newest first: home, a profile, everything, what a search looks through, mentions of us.

Each list puts together what was published (see `register`), what the cast says (see `society`) and, where they belong,
the replies of readers. Protected, hidden and deleted posts stand in none. Pages and JSON are matters of `timelines`,
`search_timeline` and `notifications`. `below` always passes over ids from that one on.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from heapq import merge
from itertools import takewhile
from operator import attrgetter

from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.posts import Post
from xbot_pipelines.practice.register import last_id_at, newest_first
from xbot_pipelines.practice.society.cast_posts import REACH
from xbot_pipelines.practice.world import World

_id_of = attrgetter("id")
# Readers' replies to a post of ours come within two weeks; those of the last days are what a list of them shows.
_ANSWERED_WITHIN = timedelta(days=14)


def everything(world: World, at: datetime, *, below: int | None = None) -> Iterator[Post]:
    """What anybody published; the replies of readers stand under the posts they answer and nowhere else."""
    return _seen(world, at, _published(world.register.all(), at, below), world.cast_posts.all(at, below))


def with_words(
    world: World,
    clauses: Sequence[Sequence[frozenset[str]]],
    at: datetime,
    *,
    below: int | None = None,
    reach: timedelta = REACH,
) -> Iterator[Post]:
    """As `everything`, without much of what cannot have these words.

    Args:
        world: What there is.
        clauses: The words; see `Day.with_words`.
        at: The moment.
        below: Ids from this one on are passed over.
        reach: How far back the posts of the cast go.
    """
    published = _published(world.register.all(), at, below)
    return _seen(world, at, published, world.cast_posts.with_words(clauses, at, below, reach))


def by(world: World, author: Person, at: datetime, *, below: int | None = None) -> Iterator[Post]:
    """What one person published."""
    published = _published(world.register.of(author.id), at, below)
    return _seen(world, at, published, world.cast_posts.by(author.id, at, below))


def profile(world: World, person: Person, at: datetime, *, below: int | None = None) -> Iterator[Post]:
    """As `by`, and a reader's replies under others' posts among them."""
    if world.is_ours(person.id):
        return by(world, person, at, below=below)
    replies = sorted(world.replies_of_reader(person.id), key=_id_of)
    return _seen(world, at, by(world, person, at, below=below), _published(replies, at, below))


def home(world: World, viewer: Person, at: datetime, *, below: int | None = None) -> Iterator[Post]:
    """What was published and what the viewer's part of the cast says; answers stand elsewhere."""
    followed = world.cast_posts
    cast = (post for post in followed.all(at, below) if followed.is_followed(post.author_id, viewer))
    posts = _seen(world, at, _published(world.register.all(), at, below), cast)
    return (post for post in posts if post.in_reply_to is None)


def mentions(world: World, account: Person, at: datetime, *, below: int | None = None) -> Iterator[Post]:
    """What others wrote to an account of ours within the last days: posts with its name, and answers to its posts."""
    own = _since(_published(world.register.of(account.id), at, None), at - _ANSWERED_WITHIN)
    answers = sorted((answer for post in own for answer in world.replies_to(post, at)), key=_id_of)
    name = re.compile(rf"(?<![\w@/])@{re.escape(account.handle)}\b", re.IGNORECASE)
    published = _since(_published(world.register.all(), at, below), at - REACH)
    written = (post for post in published if name.search(post.text))
    addressing = world.cast_posts.addressing(account, at, below)
    shown = None
    for post in _seen(world, at, _published(answers, at, below), written, addressing):
        if post.author_id != account.id and post.id != shown:
            yield post
        shown = post.id


def _published(posts: Sequence[Post], at: datetime, below: int | None) -> Iterator[Post]:
    return newest_first(posts, last_id_at(at) if below is None else min(last_id_at(at), below - 1))


def _since(posts: Iterator[Post], moment: datetime) -> Iterator[Post]:
    return takewhile(lambda post: post.created_at > moment, posts)


def _seen(world: World, at: datetime, *lists: Iterator[Post]) -> Iterator[Post]:
    """What can be seen of several lists, in one."""
    posts = merge(*lists, key=_id_of, reverse=True)
    return (post for post in posts if world.fates.is_open(post.id, at) and not world.is_protected(post.author_id))
