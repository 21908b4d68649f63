"""The objects of X's answers: a user object or a post object, of any generation, as a snapshot.

Every field has its places here, newest first (X_SURFACE: "The post object"). Where a page keeps its posts belongs to
`rows`. Pure: an object in, a value out.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from xbot_pipelines.models import HiddenPost, PostSnapshot, ProfileSnapshot
from xbot_pipelines.x.shapes import Part, UnreadableAnswer, UnreadableRow, required
from xbot_pipelines.x.text import unescaped

_NOT_SHOWN = ("TweetTombstone", "TweetUnavailable", "TweetPreviewDisplay")
_LIMITS = ("limitedActionResults.limited_actions", "limitedActionResults.limitedActions")
_NO_REPLIES = frozenset({"limited_replies", "dynamic_product_ad", "blocked_viewer"})
"""What `limited_actions` of a post calls a limit that is one on replies for certain."""
_POST_ID = ("rest_id", "legacy.id_str", "id_str")
_AUTHOR = ("core.user_results.result", "core.user_result.result")
_HANDLE = ("core.screen_name", "legacy.screen_name", "screen_name")
_DEEPEST = 3
"""A repost of a post that quotes a post: X shows nothing deeper."""


@dataclass(frozen=True)
class Gone:
    """X says of a post that it is not to be seen. `reason` is X's own sentence or word where it gives one."""

    reason: str


@dataclass(frozen=True)
class Shown:
    """A post that X shows: its object, and the visibility wrapper around it; without a wrapper the object is both."""

    post: Part
    wrapper: Part


def read_profile(user: Part, known_id: str | None = None) -> ProfileSnapshot:
    """Reads a user object of any generation.

    Args:
        user: the object: with `core` and `relationship_counts` (2026), with `legacy`, or with bare fields.
        known_id: the account's id where the object itself does not say it.

    Raises:
        UnreadableAnswer: the id or the handle is missing, or a field is of a wrong type.
    """
    verified = [
        user.flag("is_blue_verified"),
        user.flag("verification.verified"),
        user.flag("legacy.verified", "verified"),
    ]
    return ProfileSnapshot(
        id=required(user.id("rest_id", "legacy.id_str", "id_str") or known_id, "the account's id", user.where),
        handle=required(user.text(*_HANDLE) or None, "the handle", user.where),
        name=user.text("core.name", "legacy.name", "name"),
        bio=user.text("profile_bio.description", "legacy.description", "description"),
        created_at=user.moment("core.created_at", "legacy.created_at", "created_at"),
        followers=user.count("relationship_counts.followers", "legacy.followers_count", "followers_count"),
        following=user.count("relationship_counts.following", "legacy.friends_count", "friends_count"),
        posts=user.count("tweet_counts.tweets", "legacy.statuses_count", "statuses_count"),
        protected=user.flag("privacy.protected", "legacy.protected", "protected"),
        verified=any(verified) if verified != [None, None, None] else None,
    )


def shown_post(results: Part) -> Shown | Gone:
    """Answers the post that a `tweet_results` object holds, in its visibility wrapper or without, or that it is gone.

    Raises:
        UnreadableAnswer: it holds something else, or a wrapper is empty.
    """
    result = results.part("result")
    if result is None and results.fields.keys() - {"result", "rest_id", "id"}:
        raise UnreadableAnswer("result", results.where)
    if result is None or not result.fields:
        return Gone("no longer there")
    kind = result.text("__typename")
    if kind in _NOT_SHOWN or result.part("tombstone"):
        return Gone(result.text("tombstone.text.text", "reason") or "unavailable")
    post = result
    if kind == "TweetWithVisibilityResults" or result.part("tweet"):
        post = required(result.part("tweet"), "the wrapped post", result.where)
    author = post.part("core.user_results.result")
    if author and author.text("__typename") == "UserUnavailable":
        return Gone(f"its author is unavailable: {author.text('reason') or 'no reason given'}")
    return Shown(post, wrapper=result)


def read_post(shown: Shown, *, is_pinned: bool = False, depth: int = 0) -> PostSnapshot:
    """Reads a post, with the posts inside it.

    Args:
        shown: the post's object and its wrapper (see `shown_post`).
        is_pinned: whether the page shows it pinned.
        depth: how many posts this one lies inside.

    A post inside it that cannot be read is not known, and takes nothing from the post around it.

    Raises:
        UnreadableAnswer: the id, the author's id or handle, the time or the text is missing; a field is of a wrong
            type; posts are nested deeper than X nests them.
    """
    post_id = required(shown.post.id(*_POST_ID), "the post's id", shown.post.where)
    post = Part(shown.post.fields, f"{shown.post.where}, post {post_id}")
    wrapper = Part(shown.wrapper.fields, f"{shown.wrapper.where}, post {post_id}")
    if depth > _DEEPEST:
        raise UnreadableAnswer(f"an end after {_DEEPEST} posts inside each other", post.where)
    author = required(post.part(*_AUTHOR), "the author", post.where)
    return PostSnapshot(
        id=post_id,
        author=read_profile(author, known_id=post.id("legacy.user_id_str", "user_id_str")),
        text=_text(post),
        visible_text=_visible_text(post),
        created_at=required(post.moment("legacy.created_at", "created_at"), "the time", post.where),
        lang=post.text("legacy.lang", "lang"),
        conversation_id=post.id("legacy.conversation_id_str", "conversation_id_str"),
        in_reply_to_id=post.id("legacy.in_reply_to_status_id_str", "in_reply_to_status_id_str"),
        in_reply_to_handle=post.text("legacy.in_reply_to_screen_name", "in_reply_to_screen_name"),
        is_pinned=is_pinned,
        replies_allowed=_replies_allowed(post, wrapper),
        views=post.count("views.count"),
        likes=post.count("legacy.favorite_count", "favorite_count"),
        reposts=post.count("legacy.retweet_count", "retweet_count"),
        replies=post.count("legacy.reply_count", "reply_count"),
        quotes=post.count("legacy.quote_count", "quote_count"),
        bookmarks=post.count("legacy.bookmark_count", "bookmark_count"),
        quoted=_quoted(post, depth),
        reposted=_reposted(post, depth),
    )


def unreadable_row(error: UnreadableAnswer, row_id: str, post_id: str | None, shown: Shown | None) -> UnreadableRow:
    """Return what can be told of a row that cannot be read, for whatever reason that is."""
    post = shown.post if shown else Part({}, error.where)

    def told(*read: Callable[[], str | None]) -> str | None:
        for one in read:
            with suppress(UnreadableAnswer):
                if (value := one()) is not None:
                    return value
        return None

    def author() -> Part:
        return post.part(*_AUTHOR) or Part({}, error.where)

    return UnreadableRow(
        row_id=row_id or error.where,
        missing=error.missing,
        where=error.where,
        post_id=told(lambda: post.id(*_POST_ID)) or post_id,
        handle=told(lambda: author().text(*_HANDLE)),
        author_id=told(lambda: author().id("rest_id"), lambda: post.id("legacy.user_id_str", "user_id_str")),
        text=told(lambda: _visible_text(post) or None, lambda: post.text("legacy.full_text", "full_text")),
    )


def _replies_allowed(post: Part, wrapper: Part) -> bool | None:
    """Whether we may answer a post, as far as X tells.

    X names what it denies whoever looks, and nothing else: in the wrapper's list of actions, and in one word on the
    post, which for most words leaves to the list what it means. So a post without either may be answered. Who else may
    answer (`conversation_control`) says nothing about us: we may be among them.

    Returns:
        None where something is denied and X does not say what: a word that may mean anything, an action without a name.
    """
    limits = wrapper.parts(*_LIMITS)
    denied = {limit.text("action") for limit in limits or []}
    word = post.text("legacy.limited_actions", "limited_actions")
    if "Reply" in denied or word in _NO_REPLIES:
        return False
    unclear = None in denied or (word and limits is None)
    return None if unclear else True


def _quoted(post: Part, depth: int) -> PostSnapshot | None:
    try:
        results = post.part("quoted_status_result", "legacy.quoted_status_result")
        inner = None if results is None else shown_post(results)
        return read_post(inner, depth=depth + 1) if isinstance(inner, Shown) else None
    except UnreadableAnswer:
        # X often gives no more of it than its id.
        return None


def _reposted(post: Part, depth: int) -> PostSnapshot | HiddenPost | None:
    """The post that this one reposts. X shows a repost of a post that is gone as well, and it is no post of ours."""
    try:
        results = post.part("legacy.retweeted_status_result", "retweeted_status_result")
        if results is None:
            return HiddenPost("X does not show it") if _is_marked_as_repost(post) else None
        inner = shown_post(results)
        return HiddenPost(inner.reason) if isinstance(inner, Gone) else read_post(inner, depth=depth + 1)
    except UnreadableAnswer as error:
        return HiddenPost(str(error))


def _is_marked_as_repost(post: Part) -> bool:
    legacy = post.part("legacy")
    fields = {**post.fields, **(legacy.fields if legacy else {})}
    begins_as_one = str(fields.get("full_text")).startswith("RT @")
    return bool(fields.get("retweeted_status_id_str")) or ("retweeted_status_result" in fields and begins_as_one)


def _long_form(post: Part) -> Part | None:
    """The note of a long post. Where a post has one, its short text is cut off and must not stand in for it."""
    note = post.part("note_tweet")
    return note and required(note.part("note_tweet_results.result"), "the long text", note.where)


def _text(post: Part) -> str:
    note = _long_form(post)
    if note is not None:
        return required(note.text("text"), "the long text", note.where)
    return required(post.text("legacy.full_text", "full_text"), "the text", post.where)


def _visible_text(post: Part) -> str:
    """What a reader sees of `_text` (X_SURFACE: `display_text_range` is the visible slice, links are t.co)."""
    note = _long_form(post)
    short = post.text("legacy.full_text", "full_text") or ""
    start, end = post.span("legacy.display_text_range") or post.span("display_text_range") or (0, len(short))
    if note is None:
        visible, links = short[start:end], post.parts("legacy.entities.urls", "entities.urls")
    else:
        # The range is of the short text: of a long one it tells only which mentions lead, if it has them at all.
        visible, links = _text(post).removeprefix(short[:start]), note.parts("entity_set.urls")
    media = post.parts("legacy.entities.media", "entities.media") or []
    for link in {item.text("url") for item in media}:
        if link and visible.endswith(link):
            visible = visible.removesuffix(link).rstrip()
    written = {link.text("url"): link.text("expanded_url") for link in links or []}
    return re.sub(r"https?://t\.co/\w+", lambda match: written.get(match[0]) or match[0], unescaped(visible))
