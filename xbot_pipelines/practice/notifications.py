"""NotificationsTimeline with `timeline_type: "Mentions"`: the posts that name an account of ours, or answer it.

What belongs there is decided in `streams`. The shape is that of several public clients of X's own operation: unlike the
tab "All", this one has whole posts in it. The tab "All" is not played here.
"""

from typing import Any

from xbot_pipelines.practice import draws, streams
from xbot_pipelines.practice.entries import Cursor, cursor_entry, cursors_around, page_at, sorted_entries, tweet_item
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.post_shapes import Renderer
from xbot_pipelines.practice.posts import Post

Json = dict[str, Any]


def mentions(renderer: Renderer, account: Person, cursor: Cursor | None) -> list[Json]:
    """The instructions of one page, newest first, twenty a page; the end is a page of cursors only."""
    page = page_at(cursor, lambda below: streams.mentions(renderer.world, account, renderer.at, below=below))
    entries = sorted_entries(renderer, [(f"notification-{_token(post)}", _item(renderer, post)) for post in page])
    above, below = cursors_around(page, cursor)
    base = renderer.sort_base
    entries += [cursor_entry(above, base + 1), cursor_entry(below, base - len(page))]
    instructions: list[Json] = [{"entries": entries, "type": "TimelineAddEntries"}]
    if cursor is None:
        instructions.insert(0, {"type": "TimelineClearCache"})
        instructions.append({"type": "TimelineClearEntriesUnreadState"})
        instructions.append({"sort_index": str(base), "type": "TimelineMarkEntriesUnreadGreaterThanSortIndex"})
    if not page and (cursor is None or cursor.kind == "Bottom"):
        instructions.append({"direction": "Bottom", "type": "TimelineTerminateTimeline"})
    return instructions


def _token(post: Post) -> str:
    return draws.token(24, "notification", post.id)


def _item(renderer: Renderer, post: Post) -> Json:
    element = "user_mentioned_you" if post.in_reply_to is None else "user_replied_to_your_tweet"
    return {**tweet_item(renderer, post), "clientEventInfo": {"component": "urt", "element": element}}
