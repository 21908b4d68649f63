"""The endpoints that answer lists of posts page by page: what somebody posted, and what mentions somebody.

Which posts stand in a list is decided in `streams`; the pages of a search are made here, too, and its posts found in
`search`.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import dropwhile, islice, takewhile
from typing import Any

from xbot_pipelines.practice import streams
from xbot_pipelines.practice.api.answers import list_of_posts, nothing
from xbot_pipelines.practice.api.bill import Kind
from xbot_pipelines.practice.api.calls import Answer, Call
from xbot_pipelines.practice.api.problems import not_authorized, not_found
from xbot_pipelines.practice.entries import Cursor
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.posts import Post
from xbot_pipelines.practice.queries import Between

Json = dict[str, Any]

PAGE = 10  # posts, if a request names no number
LARGEST_PAGE = 100
# How far back X goes.
_MOST_POSTS = 3200
_MOST_MENTIONS = 800


def posts_of_user(call: Call) -> Answer:
    """`GET /2/users/{id}/tweets`: what somebody published, newest first; nothing here is a repost."""
    person = _person(call)
    if person is None:
        return nothing(not_found("user", "id", call.path["id"]))
    if person.protected:
        return nothing(not_authorized("user", "id", call.path["id"]))
    without_replies = "replies" in call.parameters.some_of("exclude", ["replies", "retweets"])

    def below(post_id: int | None) -> Iterator[Post]:
        # The oldest that X shows is counted from the newest on, whatever page is asked for.
        posts = islice(streams.profile(call.world, person, call.at), _MOST_POSTS)
        wanted = (post for post in posts if not (without_replies and post.in_reply_to is not None))
        return wanted if post_id is None else dropwhile(lambda post: post.id >= post_id, wanted)

    return _page_of(call, person, below)


def mentions_of_user(call: Call) -> Answer:
    """`GET /2/users/{id}/mentions`: what names an account of ours, or answers it; of others nothing is known here."""
    person = _person(call)
    if person is None:
        return nothing(not_found("user", "id", call.path["id"]))
    if not call.world.is_ours(person.id):
        return nothing(not_authorized("user", "id", call.path["id"]))

    def below(post_id: int | None) -> Iterator[Post]:
        posts = islice(streams.mentions(call.world, person, call.at), _MOST_MENTIONS)
        return posts if post_id is None else dropwhile(lambda post: post.id >= post_id, posts)

    return _page_of(call, person, below)


def _person(call: Call) -> Person | None:
    try:
        return call.world.person(call.id())
    except KeyError:
        return None


def _page_of(call: Call, person: Person, below: Callable[[int | None], Iterator[Post]]) -> Answer:
    size = call.parameters.whole("max_results", least=5, most=LARGEST_PAGE, default=PAGE)
    call.parameters.refuse_recent_moments(call.at)
    posts, meta = page(below, call.parameters.cursor("pagination_token"), call.parameters.window(), size)
    kind = Kind.OWNED_READ if person.id == call.caller.id else Kind.POST_READ
    return list_of_posts(call, posts, kind=kind, meta=meta)


def page(
    below: Callable[[int | None], Iterator[Post]], cursor: Cursor | None, window: Between, size: int
) -> tuple[Sequence[Post], Json]:
    """One page of a list, newest first, and the `meta` that leads to its neighbours.

    Args:
        below: All posts of the list with an id below one, or all; only what is needed is taken.
        cursor: Older than a post (Bottom) or newer (Top); None is the beginning.
        window: Between which ids everything lies that is asked for.
        size: How many posts at most.
    """
    if cursor is not None and cursor.kind == "Top":
        newer = takewhile(lambda post: post.id > cursor.post_id, _within(below, window.last_id + 1, window))
        posts, older = list(deque(newer, maxlen=size)), True
    else:
        last_id = window.last_id if cursor is None else min(window.last_id, cursor.post_id - 1)
        taken = list(islice(_within(below, last_id + 1, window), size + 1))
        posts, older = taken[:size], len(taken) > size
    return posts, _meta(posts, cursor, older=older)


def _within(below: Callable[[int | None], Iterator[Post]], post_id: int, window: Between) -> Iterator[Post]:
    return takewhile(lambda post: post.id >= window.first_id, below(post_id))


def _meta(posts: Sequence[Post], cursor: Cursor | None, *, older: bool) -> Json:
    meta: Json = {"result_count": len(posts)}
    if posts:
        meta |= {"newest_id": str(posts[0].id), "oldest_id": str(posts[-1].id)}
        if older:
            meta["next_token"] = Cursor("Bottom", posts[-1].id).encode()
        if cursor is not None:
            meta["previous_token"] = Cursor("Top", posts[0].id).encode()
    return meta
