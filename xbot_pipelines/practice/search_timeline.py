"""SearchTimeline: which posts a query finds, in which order, and the pages X answers them in.

What a query says is decided in `queries`. Searched are the published posts, ours and those that were put into the
world, and what the cast said within a week; the replies of readers are drawn only when somebody looks under a post, and
are not found by searching.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import takewhile
from typing import Any

from xbot_pipelines.practice import streams
from xbot_pipelines.practice.entries import (
    PAGE,
    Cursor,
    cursor_entry,
    cursors_around,
    page_at,
    sorted_entries,
    tweet_item,
)
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.post_shapes import Renderer, language_of
from xbot_pipelines.practice.posts import Post
from xbot_pipelines.practice.queries import Candidate, Query
from xbot_pipelines.practice.query_words import words_needed
from xbot_pipelines.practice.society.cast_posts import REACH
from xbot_pipelines.practice.unasked import promoted

Json = dict[str, Any]

_AD_PLACE = 3
_HIGHEST_SORT_INDEX = (1 << 63) - 1
# What the cast talks about passes: of theirs, "Top" is the best of the last two days.
_TOPICAL = timedelta(days=2)


def latest(renderer: Renderer, query: Query, cursor: Cursor | None) -> list[Json]:
    """The "Latest" product: newest first, twenty a page."""
    page = page_at(cursor, lambda below: found(renderer, query, below))
    return _instructions(renderer, query, page, cursor)


def top(renderer: Renderer, query: Query, cursor: Cursor | None) -> list[Json]:
    """The "Top" product: the most liked and reposted first, of equals the newest; twenty a page."""

    def rank(post: Post) -> tuple[int, int]:
        counters = renderer.world.counters(post, renderer.at)
        return counters.likes + counters.reposts, post.id

    posts = found(renderer, query, None, reach=_TOPICAL)
    ranked = sorted(((rank(post), post) for post in posts), key=lambda one: one[0], reverse=True)
    last = None if cursor is None else renderer.world.find(cursor.post_id)
    if cursor is not None and last is None:
        return _instructions(renderer, query, [], cursor)
    if cursor is not None and last is not None:
        limit = rank(last)
        ranked = [one for one in ranked if (one[0] > limit if cursor.kind == "Top" else one[0] < limit)]
    return _instructions(renderer, query, [post for _, post in ranked[:PAGE]], cursor)


def found(renderer: Renderer, query: Query, below: int | None, *, reach: timedelta = REACH) -> Iterator[Post]:
    """All posts that the query finds, newest first: with an id below one if it is given, the cast's of this reach."""
    world, at, ids = renderer.world, renderer.at, query.ids
    below = ids.last_id + 1 if below is None else min(below, ids.last_id + 1)
    if query.author is None:
        posts = streams.with_words(world, words_needed(query), at, below=below, reach=reach)
    else:
        author = world.person_by_handle(query.author)
        posts = iter(()) if author is None else streams.by(world, author, at, below=below)
    within = takewhile(lambda post: post.id >= ids.first_id, posts)
    return (post for post in within if query.holds(candidate(renderer, post)))


def candidate(renderer: Renderer, post: Post) -> Candidate:
    """A post with all that a query may ask about it."""
    world = renderer.world
    target = None if post.in_reply_to is None else world.find(post.in_reply_to)
    return Candidate(
        post=post,
        author=_handle(world.person(post.author_id)),
        answering=None if target is None else _handle(world.person(target.author_id)),
        language=language_of(post),
        likes=lambda: world.counters(post, renderer.at).likes,
    )


def _handle(person: Person) -> str:
    return person.handle.lower()


def _promoted_for(renderer: Renderer, query: Query) -> Post | None:
    """What somebody pays for to be seen by those who search for this."""
    world, at = renderer.world, renderer.at
    paid = (post for post in world.cast_posts.promoted(at) if world.fates.is_open(post.id, at))
    return next((post for post in paid if query.holds(candidate(renderer, post))), None)


def _instructions(renderer: Renderer, query: Query, page: Sequence[Post], cursor: Cursor | None) -> list[Json]:
    """The first page has its cursors among the entries; a later one puts new cursors in the place of those."""
    contents = [(f"tweet-{post.id}", tweet_item(renderer, post)) for post in page]
    above, below = cursors_around(page, cursor)
    cursors = [cursor_entry(above, _HIGHEST_SORT_INDEX), cursor_entry(below, 0)]
    if cursor is None:
        if page:
            contents[_AD_PLACE:_AD_PLACE] = [promoted(renderer, _promoted_for(renderer, query))]
        return [{"entries": [*sorted_entries(renderer, contents), *cursors], "type": "TimelineAddEntries"}]
    replaced = [
        {"entry": entry, "entry_id_to_replace": entry["entryId"], "type": "TimelineReplaceEntry"} for entry in cursors
    ]
    return [{"entries": sorted_entries(renderer, contents), "type": "TimelineAddEntries"}, *replaced]
