"""Timelines as X answers them: instructions, entries, modules and cursors, page by page.

Each function answers the `instructions` of one operation for one page. How a post looks is decided in `post_shapes`;
how an operation is called, in `operations`. Shapes: X_SURFACE §3.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xbot_pipelines.practice.injections import promoted, who_to_follow
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.post_shapes import Renderer, tweet_content
from xbot_pipelines.practice.posts import Post

Json = dict[str, Any]

PAGE = 20
_AD_PLACE = 3
_SUGGESTIONS_PLACE = 7
_DEEPEST_THREAD = 3


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


def originals(renderer: Renderer, person: Person, cursor: Cursor | None) -> list[Json]:
    """UserOriginalsTimeline: a person's posts that answer nobody, newest first, twenty a page.

    The first page carries a promoted post and suggestions among them; an account without posts answers the
    suggestions and two cursors.
    """
    posts = [post for post in renderer.world.posts_of(person, renderer.at) if post.in_reply_to is None]
    page = _cut(posts, cursor)
    contents = [(f"tweet-{post.id}", tweet_item(renderer, post)) for post in page]
    if cursor is None:
        contents[_SUGGESTIONS_PLACE:_SUGGESTIONS_PLACE] = [who_to_follow(renderer, person)]
        if page:
            contents[_AD_PLACE:_AD_PLACE] = [promoted(renderer)]
    instructions = _instructions(renderer, contents, page, cursor)
    pinned_id = renderer.world.pinned(person.id)
    pinned = next((post for post in posts if post.id == pinned_id), None)
    if cursor is None and pinned is not None:
        instructions.append({"entry": _pinned_entry(renderer, pinned), "type": "TimelinePinEntry"})
    return instructions


def replies(renderer: Renderer, person: Person, cursor: Cursor | None) -> list[Json]:
    """UserRepliesTimeline: replies only, each in a module together with the post it answers."""
    posts = [post for post in renderer.world.posts_of(person, renderer.at) if post.in_reply_to is not None]
    page = _cut(posts, cursor)
    base = renderer.sort_base
    contents = []
    for place, reply in enumerate(page):
        answered = None if reply.in_reply_to is None else renderer.world.visible(reply.in_reply_to, renderer.at)
        entry_id = f"profile-conversation-{base - place}"
        contents.append((entry_id, _module(renderer, entry_id, [answered, reply] if answered else [reply])))
    return _instructions(renderer, contents, page, cursor)


def conversation(renderer: Renderer, focal: Post, cursor: Cursor | None) -> list[Json]:
    """TweetDetail: what the focal post answers, the post itself, and the threads under it, oldest first."""
    threads = [reply for reply in _answers(renderer, focal) if cursor is None or reply.id > cursor.post_id]
    page, more = threads[:PAGE], threads[PAGE:]
    contents = []
    if cursor is None:
        above = _parents(renderer, focal)
        contents += [(f"tweet-{post.id}", tweet_item(renderer, post)) for post in [*above, focal]]
    for reply in page:
        entry_id = f"conversationthread-{reply.id}"
        contents.append((entry_id, _module(renderer, entry_id, _thread(renderer, reply))))
    entries = _sorted_entries(renderer, contents)
    if more:
        last = int(entries[-1]["sortIndex"]) - 1
        entries.append(_cursor_entry(Cursor("Bottom", page[-1].id), last))
    instructions: list[Json] = [{"entries": entries, "type": "TimelineAddEntries"}]
    if cursor is None:
        instructions.insert(0, {"type": "TimelineClearCache"})
        instructions.append({"direction": "Top", "type": "TimelineTerminateTimeline"})
    if not more:
        instructions.append({"direction": "Bottom", "type": "TimelineTerminateTimeline"})
    return instructions


def tweet_item(renderer: Renderer, post: Post) -> Json:
    """The content of an entry that holds one post."""
    return {
        "__typename": "TimelineTimelineItem",
        "clientEventInfo": {"component": "tweet", "element": "tweet"},
        "entryType": "TimelineTimelineItem",
        "itemContent": tweet_content(renderer.results(post)),
    }


def _cut(posts: Sequence[Post], cursor: Cursor | None) -> list[Post]:
    if cursor is None:
        return list(posts[:PAGE])
    if cursor.kind == "Top":
        return [post for post in posts if post.id > cursor.post_id][:PAGE]
    return [post for post in posts if post.id < cursor.post_id][:PAGE]


def _instructions(
    renderer: Renderer, contents: Sequence[tuple[str, Json]], page: Sequence[Post], cursor: Cursor | None
) -> list[Json]:
    entries = _sorted_entries(renderer, contents)
    # After the last post the same cursor comes back: asking on leads nowhere new.
    held = 0 if cursor is None else cursor.post_id
    top = Cursor("Top", page[0].id if page else held)
    bottom = Cursor("Bottom", page[-1].id if page else held)
    base = renderer.sort_base
    entries.append(_cursor_entry(top, base + 1))
    entries.append(_cursor_entry(bottom, base - len(contents)))
    instructions: list[Json] = [{"entries": entries, "type": "TimelineAddEntries"}]
    if cursor is None:
        instructions.insert(0, {"type": "TimelineClearCache"})
    if not page and (cursor is None or cursor.kind == "Bottom"):
        instructions.append({"direction": "Bottom", "type": "TimelineTerminateTimeline"})
    return instructions


def _sorted_entries(renderer: Renderer, contents: Sequence[tuple[str, Json]]) -> list[Json]:
    base = renderer.sort_base
    return [
        {"content": content, "entryId": entry_id, "sortIndex": str(base - place)}
        for place, (entry_id, content) in enumerate(contents)
    ]


def _cursor_entry(cursor: Cursor, sort_index: int) -> Json:
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


def _module(renderer: Renderer, entry_id: str, posts: Sequence[Post]) -> Json:
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


def _pinned_entry(renderer: Renderer, post: Post) -> Json:
    content = tweet_item(renderer, post)
    content["itemContent"]["socialContext"] = {
        "contextType": "Pin",
        "text": "Pinned",
        "type": "TimelineGeneralContext",
    }
    return {"content": content, "entryId": f"tweet-{post.id}", "sortIndex": str(renderer.sort_base + 2)}


def _parents(renderer: Renderer, post: Post) -> list[Post]:
    above: list[Post] = []
    while post.in_reply_to is not None:
        parent = renderer.world.find(post.in_reply_to)
        if parent is None:
            break
        above.insert(0, parent)
        post = parent
    return above


def _answers(renderer: Renderer, post: Post) -> list[Post]:
    return renderer.world.replies_to(post, renderer.at)


def _thread(renderer: Renderer, reply: Post) -> list[Post]:
    thread = [reply]
    while len(thread) < _DEEPEST_THREAD and (further := _answers(renderer, thread[-1])):
        thread.append(further[0])
    return thread
