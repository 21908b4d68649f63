"""What every timeline is made of: entries, modules and cursors, as the JSON X answers.

Which posts stand in a timeline, and in which order, is decided in `timelines` and `search_timeline`; how a post looks,
in `post_shapes`. Shapes: X_SURFACE §3.
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Any

from xbot_pipelines.practice.post_shapes import Renderer, tweet_content
from xbot_pipelines.practice.posts import Post

Json = dict[str, Any]

PAGE = 20


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a timeline: everything older than a post (Bottom), or newer (Top).

    Bound to a post, not to a number of entries, so that a page does not shift when a new post arrives.
    """

    kind: str
    post_id: int

    def encode(self) -> str:
        """The opaque value that goes over the wire."""
        return base64.urlsafe_b64encode(f"DAAB:{self.kind}:{self.post_id}".encode()).decode().rstrip("=")

    @staticmethod
    def decode(value: str) -> "Cursor":
        """The cursor of a value.

        Raises:
            ValueError: The value was not made by `encode`.
        """
        try:
            mark, kind, post_id = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode().split(":")
        except (binascii.Error, UnicodeDecodeError, ValueError) as error:
            raise ValueError(f"cursor {value!r} is none of ours") from error
        if mark != "DAAB" or kind not in {"Top", "Bottom"} or not post_id.isdigit():
            raise ValueError(f"cursor {value!r} is none of ours")
        return Cursor(kind, int(post_id))


def page_at(cursor: Cursor | None, posts_below: Callable[[int | None], Iterator[Post]]) -> list[Post]:
    """The page of a timeline at a cursor: up to twenty posts, newest first.

    Args:
        cursor: The place that is asked for; None is the beginning.
        posts_below: All posts of the timeline with an id below one, or all, newest first; only a page of it is taken.
    """
    if cursor is not None and cursor.kind == "Bottom":
        return list(islice(posts_below(cursor.post_id), PAGE))
    newest = posts_below(None)
    newer = newest if cursor is None else takewhile(lambda post: post.id > cursor.post_id, newest)
    return list(islice(newer, PAGE))


def tweet_item(renderer: Renderer, post: Post) -> Json:
    """The content of an entry that holds one post."""
    return {
        "__typename": "TimelineTimelineItem",
        "clientEventInfo": {"component": "tweet", "element": "tweet"},
        "entryType": "TimelineTimelineItem",
        "itemContent": tweet_content(renderer.results(post)),
    }


def sorted_entries(renderer: Renderer, contents: Sequence[tuple[str, Json]]) -> list[Json]:
    """Entries of these ids and contents, in this order."""
    base = renderer.sort_base
    return [
        {"content": content, "entryId": entry_id, "sortIndex": str(base - place)}
        for place, (entry_id, content) in enumerate(contents)
    ]


def cursors_around(page: Sequence[Post], cursor: Cursor | None) -> tuple[Cursor, Cursor]:
    """The Top and the Bottom cursor of a page that was asked for with `cursor`.

    After the last post the same cursor comes back: asking on leads nowhere new.
    """
    held = 0 if cursor is None else cursor.post_id
    return Cursor("Top", page[0].id if page else held), Cursor("Bottom", page[-1].id if page else held)


def cursor_entry(cursor: Cursor, sort_index: int) -> Json:
    """The entry of a cursor at a place."""
    return {
        "content": {
            "__typename": "TimelineTimelineCursor",
            "cursorType": cursor.kind,
            "entryType": "TimelineTimelineCursor",
            "value": cursor.encode(),
        },
        "entryId": f"cursor-{cursor.kind.lower()}-{sort_index}",
        "sortIndex": str(sort_index),
    }


def conversation_module(renderer: Renderer, entry_id: str, posts: Sequence[Post]) -> Json:
    """The content of an entry that holds several posts of one conversation."""
    items = []
    for post in posts:
        item = {"clientEventInfo": {"component": "tweet", "element": "tweet"}}
        content = tweet_content(renderer.results(post))
        items.append({"entryId": f"{entry_id}-tweet-{post.id}", "item": {**item, "itemContent": content}})
    ids = [str(post.id) for post in posts]
    return {
        "__typename": "TimelineTimelineModule",
        "clientEventInfo": {"component": "tweet"},
        "displayType": "VerticalConversation",
        "entryType": "TimelineTimelineModule",
        "items": items,
        "metadata": {"conversationMetadata": {"allTweetIds": ids, "enableDeduplication": True}},
    }
