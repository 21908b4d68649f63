"""What a page of X answered: its posts, its profile, its cursor, what is gone from it.

Here belong the questions that the rest asks of an answer. Answers are told apart by shape, never by operation
(X_SURFACE §3). Where a page keeps its rows is in `rows`, how an object reads in `objects`, how a field is looked up in
`shapes`. Pure but for the log: a payload in, values out.

Three things are kept apart (F11): an answer that is understood and has no posts gives an empty list; an answer in which
no known place is found, or no post can be read, raises UnreadableAnswer and says which part is missing; of an answer in
which some rows can be read and others cannot, the former are read and the latter reported. No other exception leaves
this module, whatever the payload.
"""

import logging
import re
from dataclasses import dataclass
from typing import Any

from xbot_pipelines.models import PostSnapshot, ProfileSnapshot
from xbot_pipelines.x.answer_errors import POST_NOT_SHOWN, AnswerError, parse_errors
from xbot_pipelines.x.objects import Gone, Shown, read_post, read_profile, shown_post, unreadable_row
from xbot_pipelines.x.rows import (
    CREATED,
    Entry,
    Slot,
    check_available,
    contents,
    entries,
    instructions,
    nothing_known,
    post_id_of,
    promoted_posts,
    slots,
    whole_answer,
)
from xbot_pipelines.x.shapes import AccountUnavailable, Part, UnreadableAnswer, UnreadableRow, required

__all__ = [
    "AccountUnavailable",
    "AnswerError",
    "GonePost",
    "UnreadableAnswer",
    "UnreadableRow",
    "count_promoted",
    "is_last_page",
    "parse_created_id",
    "parse_created_post",
    "parse_cursor",
    "parse_errors",
    "parse_gone",
    "parse_posts",
    "parse_profile",
    "parse_unreadable",
]

_log = logging.getLogger(__name__)

_PROFILES = ("data.user.result", "data.viewer.user_results.result")


@dataclass(frozen=True)
class GonePost:
    """A post that a page has a place for and does not show. `post_id` is None where the page does not say which."""

    post_id: str | None
    reason: str


def parse_posts(payload: dict[str, Any]) -> list[PostSnapshot]:
    """Reads the posts of any answer of any operation of X_SURFACE §3.

    Args:
        payload: the answer as JSON, whole: `{"data": …, "errors": …}`.

    Returns:
        The posts in page order, the pinned one first, each id once. Promoted posts are left out, posts that are gone as
        well (see `parse_gone`), and rows that cannot be read, which are logged (see `parse_unreadable`); quoted and
        reposted posts are inside the post that shows them.

    Raises:
        AccountUnavailable: the timeline is of an account that is not to be seen.
        UnreadableAnswer: see the module.
    """
    posts: dict[str, PostSnapshot] = {}
    errors: list[UnreadableAnswer] = []
    for slot in slots(whole_answer(payload)):
        found = _read(slot)
        if isinstance(found, PostSnapshot):
            posts.setdefault(found.id, found)
        elif isinstance(found, UnreadableAnswer):
            errors.append(found)
            _log.warning("%s", _row(slot, found))
    if errors and not posts:
        raise errors[0]
    return list(posts.values())


def parse_unreadable(payload: dict[str, Any]) -> list[UnreadableRow]:
    """Reads which rows of a page cannot be read, and what can be told of them.

    Raises:
        AccountUnavailable, UnreadableAnswer: the page as a whole cannot be read, as with `parse_posts`.
    """
    read = [(slot, _read(slot)) for slot in slots(whole_answer(payload))]
    return [_row(slot, found) for slot, found in read if isinstance(found, UnreadableAnswer)]


def count_promoted(payload: dict[str, Any]) -> int:
    """Counts the promoted posts of a page, which `parse_posts` leaves out.

    Raises:
        AccountUnavailable, UnreadableAnswer: as `parse_posts`.
    """
    return promoted_posts(whole_answer(payload))


def parse_gone(payload: dict[str, Any]) -> list[GonePost]:
    """Reads the posts that the answer has a place for but does not show: deleted, withheld, of a suspended account.

    Raises:
        AccountUnavailable, UnreadableAnswer: as `parse_posts`.
    """
    answer = whole_answer(payload)
    gone = [
        GonePost(post_id_of(slot.entry_id), slot.post.reason) for slot in slots(answer) if isinstance(slot.post, Gone)
    ]
    return gone or [GonePost(None, error.message) for error in parse_errors(payload) if error.code in POST_NOT_SHOWN]


def parse_profile(payload: dict[str, Any]) -> ProfileSnapshot:
    """Reads the account of a UserByScreenName or Viewer answer.

    Raises:
        AccountUnavailable: X says that the account is suspended, protected and the like, or that there is none.
        UnreadableAnswer: there is no account in it, or the account lacks its id or handle.
    """
    answer = whole_answer(payload)
    user = answer.part(*_PROFILES)
    data = answer.part("data")
    if data is not None and not data.fields and not parse_errors(payload):
        # How X answers for a handle that nobody has: not a word, and no error either.
        raise AccountUnavailable("no such account", data.where)
    if user is None:
        raise nothing_known("an account", answer)
    check_available(user)
    return read_profile(user)


def parse_created_post(payload: dict[str, Any]) -> PostSnapshot | None:
    """Reads the new post out of a CreateTweet or CreateNoteTweet answer.

    Returns:
        The post; None where X answered without an error and without a post, which means withheld in silence: the
        outcome is unknown and nothing may be sent again.

    Raises:
        UnreadableAnswer: X answered errors and no post (see `parse_errors`), or something else altogether.
    """
    answer = whole_answer(payload)
    results = answer.part(*CREATED)
    if results is None:
        raise nothing_known("a created post", answer)
    post = shown_post(results)
    if isinstance(post, Shown):
        return read_post(post)
    if parse_errors(payload):
        raise nothing_known("a created post", answer)
    return None


def parse_created_id(payload: dict[str, Any]) -> str | None:
    """Return the id of the new post in a CreateTweet or CreateNoteTweet answer; None where there is none.

    It reads nothing else, so that a post whose other fields have changed is known by its id all the same.
    """
    for path in CREATED:
        found: Any = payload
        for step in (*path.split("."), "result"):
            found = found.get(step) if isinstance(found, dict) else None
        if isinstance(found, dict) and isinstance(found.get("tweet"), dict):
            found = found["tweet"]
        post_id = found.get("rest_id") if isinstance(found, dict) else None
        if isinstance(post_id, str) and re.fullmatch(r"[0-9]{1,19}", post_id):
            return post_id
    return None


def parse_cursor(payload: dict[str, Any], direction: str = "Bottom") -> str | None:
    """Answers what to send back as `variables.cursor` for the next page in that direction, None where there is none.

    Raises:
        AccountUnavailable, UnreadableAnswer: as `parse_posts`.
    """
    cursors: list[str] = []
    errors: list[UnreadableAnswer] = []
    for entry in entries(whole_answer(payload)):
        try:
            cursors += _cursors(entry, direction)
        except UnreadableAnswer as error:
            # A row that is known to be a post's is no cursor.
            if post_id_of(entry.id) is None:
                errors.append(error)
    if errors and not cursors:
        # Without it half a timeline would pass for a whole one (F22).
        raise errors[0]
    return cursors[-1] if cursors else None


def is_last_page(payload: dict[str, Any]) -> bool:
    """Says whether a timeline ends here: a page without a place for a post, or one that X terminates at the bottom.

    X may also end by repeating a cursor; only who walks the pages can see that.

    Raises:
        AccountUnavailable, UnreadableAnswer: as `parse_posts`.
    """
    answer = whole_answer(payload)
    ends = {instruction.text("direction") for instruction in instructions(answer) if isinstance(instruction, Part)}
    return bool(ends & {"Bottom", "TopAndBottom"}) or not list(slots(answer))


def _read(slot: Slot) -> PostSnapshot | Gone | UnreadableAnswer:
    if not isinstance(slot.post, Shown):
        return slot.post
    try:
        return read_post(slot.post, is_pinned=slot.is_pinned)
    except UnreadableAnswer as error:
        return error


def _row(slot: Slot, error: UnreadableAnswer) -> UnreadableRow:
    shown = slot.post if isinstance(slot.post, Shown) else None
    return unreadable_row(error, slot.entry_id, post_id_of(slot.entry_id), shown)


def _cursors(entry: Entry, direction: str) -> list[str]:
    """The cursors of a row in one direction."""
    if isinstance(entry.fields, UnreadableAnswer):
        raise entry.fields
    found = []
    for cursor in [entry.fields.part("content"), *(content for _, content in contents(entry))]:
        if isinstance(cursor, UnreadableAnswer):
            raise cursor
        if cursor is not None and cursor.text("cursorType") == direction:
            found.append(required(cursor.text("value"), "the cursor's value", cursor.where))
    return found
