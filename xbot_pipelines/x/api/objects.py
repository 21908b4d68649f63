"""The objects of one answer of the official API, and how they belong together: posts, their authors, what they quote.

What one object says is read in `object_values`, how a field is looked up in `x.shapes`. Pure but for the log: a payload
in, values out. A row that cannot be read is logged and reported, and takes nothing from the others.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from xbot_pipelines.models import HiddenPost, PostSnapshot, ProfileSnapshot, Reading
from xbot_pipelines.x.api import object_values as values
from xbot_pipelines.x.client import Missing
from xbot_pipelines.x.shapes import Part, UnreadableAnswer, UnreadableRow, required
from xbot_pipelines.x.text import unescaped

_REPOSTED = ("retweeted", "reposted")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ApiObjects:
    """The objects of one answer: those that were asked for, and those that came along with them.

    `handle` is whoever asked, `where` says in errors which answer it is.
    """

    payload: Mapping[str, Any]
    handle: str
    where: str
    seen_at: datetime

    def posts(self) -> list[PostSnapshot]:
        """Answers the posts of a page in its own order; none is an answer, too.

        Raises:
            UnreadableAnswer: no post of the answer has what a post must have, or the answer has no posts and does not
                say that there are none. Errors alone do not say it, and a timeline is what proves that a post is absent
                (F02).
        """
        if self._answer.each("data") is None and self._answer.count("meta.result_count") != 0:
            raise UnreadableAnswer("data, or a result_count of 0,", self.where)
        posts = [row for row in self._rows if isinstance(row, PostSnapshot)]
        return posts or self._nothing_unreadable()

    def unreadable(self) -> list[UnreadableRow]:
        """Return the rows of a page that cannot be read."""
        return [row for row in self._rows if isinstance(row, UnreadableRow)]

    def found(self) -> list[PostSnapshot | Missing | UnreadableRow]:
        """Return the posts that were asked for by their ids, those that are not to be seen or that cannot be read.

        Raises:
            UnreadableAnswer: no post of the answer has what a post must have, or it has neither posts nor errors.
        """
        if self._answer.each("data") is None and not self._answer.each("errors"):
            raise UnreadableAnswer("data or errors", self.where)
        came = {row.id if isinstance(row, PostSnapshot) else row.post_id for row in self._rows}
        missing = [missing for missing in self._missing() if missing.post_id not in came]
        if not missing and not any(isinstance(row, PostSnapshot) for row in self._rows):
            self._nothing_unreadable()
        return [*self._rows, *missing]

    def post_ids(self) -> frozenset[str]:
        """Answers the ids of all posts of the answer, those that came along among them: X may charge for each."""
        asked_for = {post_id for post in self._answer.each("data") or [] if (post_id := _id_of(post))}
        return frozenset({*self._came_along, *asked_for})

    def profile(self) -> ProfileSnapshot | None:
        """Answers the account that was asked for; None where there is none.

        Raises:
            UnreadableAnswer: it lacks its id or its handle, or the answer says neither who it is nor that it is not
                there.
        """
        user = self._answer.part("data")
        if user is not None:
            return values.profile(user)
        if not any(error.text("resource_type") == "user" for error in self._answer.parts("errors") or []):
            raise UnreadableAnswer("data, or an error about the account,", self.where)
        return None

    def hours(self) -> Sequence[Reading]:
        """Answers, of each post and each hour that X tells, how its counters stood when the hour was over.

        Raises:
            UnreadableAnswer: an hour of every post has no beginning, or what it counts is no number.
        """
        readings: list[Reading] = []
        errors: list[UnreadableAnswer] = []
        for post in self._answer.each("data") or []:
            try:
                readings += values.hours_of(_readable(post))
            except UnreadableAnswer as error:
                _log.warning("%s", error)
                errors.append(error)
        if errors and not readings:
            raise errors[0]
        return readings

    @cached_property
    def _answer(self) -> Part:
        return Part(self.payload, self.where)

    @cached_property
    def _rows(self) -> Sequence[PostSnapshot | UnreadableRow]:
        """Every post that was asked for, in the answer's order, or what can be told of it where it cannot be read."""
        rows: list[PostSnapshot | UnreadableRow] = []
        for number, post in enumerate(self._answer.each("data") or []):
            try:
                rows.append(self._with_inner(_readable(post)))
            except UnreadableAnswer as error:
                row = self._unreadable_row(error, f"data[{number}]", post)
                _log.warning("%s", row)
                rows.append(row)
        return rows

    def _nothing_unreadable(self) -> list[PostSnapshot]:
        """Return no posts.

        Raises:
            UnreadableAnswer: there are some, and none of them can be read (F11).
        """
        for row in self.unreadable():
            raise UnreadableAnswer(row.missing, row.where)
        return []

    def _unreadable_row(self, error: UnreadableAnswer, row_id: str, post: Part | UnreadableAnswer) -> UnreadableRow:
        author_id = handle = text = None
        with suppress(UnreadableAnswer):
            author_id = _readable(post).id("author_id")
            handle = self._handle_of(author_id)
        with suppress(UnreadableAnswer):
            text = unescaped(values.whole_text(_readable(post)))
        return UnreadableRow(
            row_id=row_id,
            missing=error.missing,
            where=error.where,
            post_id=_id_of(post),
            handle=handle,
            author_id=author_id,
            text=text,
        )

    @cached_property
    def _users(self) -> Mapping[str, Part]:
        return _by_id(self._answer.each("includes.users") or [])

    @cached_property
    def _came_along(self) -> Mapping[str, Part]:
        return _by_id(self._answer.each("includes.posts", "includes.tweets") or [])

    def _handle_of(self, user_id: str | None) -> str | None:
        """Return the handle of a user who came along; None where X does not say it."""
        user = self._users.get(user_id or "")
        with suppress(UnreadableAnswer):
            return None if user is None else user.text("username")
        return None

    def _missing(self) -> Iterator[Missing]:
        """The posts of which an error says that they are not to be seen. One about a field says nothing of the post."""
        for told in self._answer.each("errors") or []:
            with suppress(UnreadableAnswer):
                error = _readable(told)
                if error.text("field") is not None or error.text("resource_type") not in {"tweet", "post"}:
                    continue
                post_id = error.text("resource_id", "value")
                reason = error.text("detail", "title") or "X does not say why"
                if post_id is not None:
                    yield Missing(post_id=post_id, reason=reason)

    def _post(self, post: Part) -> PostSnapshot:
        post_id = required(post.id("id"), "the post's id", post.where)
        post = Part(post.fields, f"{post.where}, post {post_id}")
        author_id = required(post.id("author_id"), "author_id", post.where)
        links = values.links(post)
        public = post.part("public_metrics")
        mentions = values.mentions(post)
        text = values.whole_text(post)
        return PostSnapshot(
            id=post_id,
            author=values.profile(
                required(self._users.get(author_id), f"user {author_id} among those that came along", self.where)
            ),
            text=text,
            visible_text=values.visible_text(post, text, is_reply="replied_to" in links),
            created_at=required(post.iso_moment("created_at"), "created_at", post.where),
            lang=post.text("lang"),
            conversation_id=post.id("conversation_id"),
            in_reply_to_id=links.get("replied_to"),
            in_reply_to_handle=self._handle_of(post.id("in_reply_to_user_id")),
            replies_allowed=self._may_answer(post.text("reply_settings"), mentions),
            mentions=mentions,
            private=values.private_counters(post),
            observed_at=self.seen_at,
            **({} if public is None else vars(values.public_counters(public))),
        )

    def _with_inner(self, post: Part) -> PostSnapshot:
        """Read a post with the one that it quotes or reposts, as far as that can be read."""
        links = values.links(post)
        reposted = next((kind for kind in _REPOSTED if kind in links), None)
        hidden = HiddenPost("X does not show it") if reposted else None
        return replace(
            self._post(post),
            quoted=self._inner(links.get("quoted")),
            reposted=self._inner(links.get(reposted)) or hidden,
        )

    def _inner(self, post_id: str | None) -> PostSnapshot | None:
        post = self._came_along.get(post_id or "")
        # Not every generation brings along who wrote it.
        with suppress(UnreadableAnswer):
            return None if post is None else self._post(post)
        return None

    def _may_answer(self, settings: str | None, mentions: Sequence[str]) -> bool | None:
        """Whether its author lets us answer. Of most groups X does not tell whether we belong to them."""
        if settings == "everyone":
            return True
        named = self.handle.lower() in {name.lower() for name in mentions}
        return named if settings == "mentionedUsers" else None


def _readable(part: Part | UnreadableAnswer) -> Part:
    if isinstance(part, UnreadableAnswer):
        raise part
    return part


def _id_of(part: Part | UnreadableAnswer) -> str | None:
    with suppress(UnreadableAnswer):
        return _readable(part).id("id")
    return None


def _by_id(parts: Sequence[Part | UnreadableAnswer]) -> Mapping[str, Part]:
    return {found: part for part in parts if isinstance(part, Part) and (found := _id_of(part))}
