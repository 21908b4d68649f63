"""SearchTimeline: which posts a query finds, in which order, and the pages X answers them in.

What a query says is decided in `queries`. Searched are the published posts, ours and those that were put into the
world; the replies of readers are drawn only when somebody looks under a post, and are not found by searching.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from xbot_pipelines.practice.entries import (
    PAGE,
    Cursor,
    cursor_entry,
    cursors_around,
    page_at,
    sorted_entries,
    tweet_item,
)
from xbot_pipelines.practice.injections import promoted
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.post_shapes import Renderer, language_of
from xbot_pipelines.practice.posts import Post
from xbot_pipelines.practice.queries import Candidate, Query

Json = dict[str, Any]

_AD_PLACE = 3
_HIGHEST_SORT_INDEX = (1 << 63) - 1


def latest(renderer: Renderer, query: Query, cursor: Cursor | None) -> list[Json]:
    """The "Latest" product: newest first, twenty a page."""
    return _instructions(renderer, page_at(cursor, lambda below: _found(renderer, query, below)), cursor)


def top(renderer: Renderer, query: Query, cursor: Cursor | None) -> list[Json]:
    """The "Top" product: the most liked and reposted first, of equals the newest; twenty a page."""

    def rank(post: Post) -> tuple[int, int]:
        counters = renderer.world.counters(post, renderer.at)
        return counters.likes + counters.reposts, post.id

    ranked = sorted(
        ((rank(post), post) for post in _found(renderer, query, None)), key=lambda one: one[0], reverse=True
    )
    last = None if cursor is None else renderer.world.find(cursor.post_id)
    if cursor is not None and last is None:
        return _instructions(renderer, [], cursor)
    if cursor is not None and last is not None:
        limit = rank(last)
        ranked = [one for one in ranked if (one[0] > limit if cursor.kind == "Top" else one[0] < limit)]
    return _instructions(renderer, [post for _, post in ranked[:PAGE]], cursor)


def _found(renderer: Renderer, query: Query, below: int | None) -> Iterator[Post]:
    """All posts that the query finds, newest first, those with an id below one if it is given."""
    world, at, ids = renderer.world, renderer.at, query.ids
    below = ids.last_id + 1 if below is None else min(below, ids.last_id + 1)
    author = None if query.author is None else world.person_by_handle(query.author)
    if query.author is None:
        posts = world.published_until(at, below=below)
    else:
        posts = iter(()) if author is None else world.published_by(author, at, below=below)
    for post in posts:
        if post.id < ids.first_id:
            return
        if query.holds(_candidate(renderer, post)):
            yield post


def _candidate(renderer: Renderer, post: Post) -> Candidate:
    world = renderer.world
    target = None if post.in_reply_to is None else world.find(post.in_reply_to)
    return Candidate(
        post=post,
        author=_handle(world.person(post.author_id)),
        answering=None if target is None else _handle(world.person(target.author_id)),
        language=language_of(post.text),
        likes=lambda: world.counters(post, renderer.at).likes,
    )


def _handle(person: Person) -> str:
    return person.handle.lower()


def _instructions(renderer: Renderer, page: Sequence[Post], cursor: Cursor | None) -> list[Json]:
    """The first page has its cursors among the entries; a later one puts new cursors in the place of those."""
    contents = [(f"tweet-{post.id}", tweet_item(renderer, post)) for post in page]
    above, below = cursors_around(page, cursor)
    cursors = [cursor_entry(above, _HIGHEST_SORT_INDEX), cursor_entry(below, 0)]
    if cursor is None:
        if page:
            contents[_AD_PLACE:_AD_PLACE] = [promoted(renderer)]
        return [{"entries": [*sorted_entries(renderer, contents), *cursors], "type": "TimelineAddEntries"}]
    replaced = [
        {"entry": entry, "entry_id_to_replace": entry["entryId"], "type": "TimelineReplaceEntry"} for entry in cursors
    ]
    return [{"entries": sorted_entries(renderer, contents), "type": "TimelineAddEntries"}, *replaced]
