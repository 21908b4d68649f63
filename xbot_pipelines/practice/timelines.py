"""The timelines of profiles, of home and of a conversation, page by page: which posts, and in which order.

Each function answers the `instructions` of one operation for one page. What they are made of is in `entries`, the
pages of search are in `search_timeline`; how an operation is called is decided in `operations`. Shapes: X_SURFACE §3.
"""

from collections.abc import Sequence
from typing import Any

from xbot_pipelines.practice import streams
from xbot_pipelines.practice.entries import (
    PAGE,
    Cursor,
    conversation_module,
    cursor_entry,
    cursors_around,
    page_at,
    sorted_entries,
    tweet_item,
)
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.post_shapes import Renderer
from xbot_pipelines.practice.posts import Post
from xbot_pipelines.practice.unasked import promoted, who_to_follow

Json = dict[str, Any]

_AD_PLACE = 3
_SUGGESTIONS_PLACE = 7
_DEEPEST_THREAD = 3


def originals(renderer: Renderer, person: Person, cursor: Cursor | None) -> list[Json]:
    """UserOriginalsTimeline: a person's posts that answer nobody, newest first, twenty a page.

    The first page carries a promoted post and suggestions among them; an account without posts answers the
    suggestions and two cursors.
    """
    world, at = renderer.world, renderer.at
    page = page_at(
        cursor,
        lambda below: (post for post in streams.profile(world, person, at, below=below) if post.in_reply_to is None),
    )
    contents = [(f"tweet-{post.id}", tweet_item(renderer, post)) for post in page]
    if cursor is None:
        contents[_SUGGESTIONS_PLACE:_SUGGESTIONS_PLACE] = [who_to_follow(renderer, person)]
        if page:
            contents[_AD_PLACE:_AD_PLACE] = [promoted(renderer)]
    instructions = _instructions(renderer, contents, page, cursor)
    pinned_id = world.pinned(person.id)
    pinned = None if pinned_id is None else world.visible(pinned_id, at)
    if cursor is None and pinned is not None:
        instructions.append({"entry": _pinned_entry(renderer, pinned), "type": "TimelinePinEntry"})
    return instructions


def replies(renderer: Renderer, person: Person, cursor: Cursor | None) -> list[Json]:
    """UserRepliesTimeline: replies only, each in a module together with the post it answers."""
    world, at = renderer.world, renderer.at
    page = page_at(
        cursor,
        lambda below: (
            post for post in streams.profile(world, person, at, below=below) if post.in_reply_to is not None
        ),
    )
    base = renderer.sort_base
    contents = []
    for place, reply in enumerate(page):
        answered = None if reply.in_reply_to is None else world.visible(reply.in_reply_to, at)
        entry_id = f"profile-conversation-{base - place}"
        contents.append((entry_id, conversation_module(renderer, entry_id, [answered, reply] if answered else [reply])))
    return _instructions(renderer, contents, page, cursor)


def home(renderer: Renderer, viewer: Person, cursor: Cursor | None) -> list[Json]:
    """HomeTimeline: what was published, and what those say whom the viewer follows; newest first, twenty a page."""
    world, at = renderer.world, renderer.at
    page = page_at(cursor, lambda below: streams.home(world, viewer, at, below=below))
    contents = [(f"tweet-{post.id}", tweet_item(renderer, post)) for post in page]
    if cursor is None and page:
        contents[_AD_PLACE:_AD_PLACE] = [promoted(renderer)]
    instructions = _instructions(renderer, contents, page, cursor)
    if 0 < len(page) < PAGE:
        # A page that is not full is said to be the last, so that an open home asks once and not again for nothing.
        instructions.append({"direction": "Bottom", "type": "TimelineTerminateTimeline"})
    return instructions


def conversation(renderer: Renderer, focal: Post, cursor: Cursor | None) -> list[Json]:
    """TweetDetail: what the focal post answers, the post itself, and the threads under it, oldest first.

    Of a post that X hides, and of a protected one, its tombstone alone.
    """
    if renderer.is_withheld(focal):
        alone = sorted_entries(renderer, [(f"tweet-{focal.id}", tweet_item(renderer, focal))])
        return [
            {"type": "TimelineClearCache"},
            {"entries": alone, "type": "TimelineAddEntries"},
            {"direction": "Top", "type": "TimelineTerminateTimeline"},
            {"direction": "Bottom", "type": "TimelineTerminateTimeline"},
        ]
    threads = [reply for reply in _answers(renderer, focal) if cursor is None or reply.id > cursor.post_id]
    page, more = threads[:PAGE], threads[PAGE:]
    contents = []
    if cursor is None:
        above = _parents(renderer, focal)
        contents += [(f"tweet-{post.id}", tweet_item(renderer, post)) for post in [*above, focal]]
    for reply in page:
        entry_id = f"conversationthread-{reply.id}"
        contents.append((entry_id, conversation_module(renderer, entry_id, _thread(renderer, reply))))
    entries = sorted_entries(renderer, contents)
    if more:
        last = int(entries[-1]["sortIndex"]) - 1
        entries.append(cursor_entry(Cursor("Bottom", page[-1].id), last))
    instructions: list[Json] = [{"entries": entries, "type": "TimelineAddEntries"}]
    if cursor is None:
        instructions.insert(0, {"type": "TimelineClearCache"})
        instructions.append({"direction": "Top", "type": "TimelineTerminateTimeline"})
    if not more:
        instructions.append({"direction": "Bottom", "type": "TimelineTerminateTimeline"})
    return instructions


def _instructions(
    renderer: Renderer, contents: Sequence[tuple[str, Json]], page: Sequence[Post], cursor: Cursor | None
) -> list[Json]:
    entries = sorted_entries(renderer, contents)
    top, bottom = cursors_around(page, cursor)
    base = renderer.sort_base
    entries.append(cursor_entry(top, base + 1))
    entries.append(cursor_entry(bottom, base - len(contents)))
    instructions: list[Json] = [{"entries": entries, "type": "TimelineAddEntries"}]
    if cursor is None:
        instructions.insert(0, {"type": "TimelineClearCache"})
    if not page and (cursor is None or cursor.kind == "Bottom"):
        instructions.append({"direction": "Bottom", "type": "TimelineTerminateTimeline"})
    return instructions


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
