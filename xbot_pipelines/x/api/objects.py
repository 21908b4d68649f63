"""What the objects of the official API mean: posts, users, and the figures of both, in every generation of names.

Which fields are asked for lies in `fields`, how one is looked up in `x.shapes`. Pure: a payload in, values out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate
from typing import Any

from xbot_pipelines.models import Counters, PostSnapshot, PrivateCounters, ProfileSnapshot, Reading
from xbot_pipelines.x.client import Missing
from xbot_pipelines.x.shapes import Part, UnreadableAnswer, required
from xbot_pipelines.x.text import unescaped

_LEADING_MENTIONS = re.compile(r"^(?:@\w{1,15}\s+)+")
_SHORT_LINK = re.compile(r"https?://t\.co/\w+")
_HOUR = timedelta(hours=1)


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
            UnreadableAnswer: a post lacks what a post must have, or the answer has no posts and does not say that there
                are none. Errors alone do not say it, and a timeline is what proves that a post is absent (F02).
        """
        posts = self._answer.parts("data")
        if posts is None and self._answer.count("meta.result_count") != 0:
            raise UnreadableAnswer("data, or a result_count of 0,", self.where)
        return [self._with_quoted(post) for post in posts or []]

    def found(self) -> list[PostSnapshot | Missing]:
        """Answers the posts that were asked for by their ids, and those of them that are not to be seen.

        Raises:
            UnreadableAnswer: a post lacks what a post must have, or the answer has neither posts nor errors.
        """
        posts = self._answer.parts("data")
        if posts is None and not self._answer.parts("errors"):
            raise UnreadableAnswer("data or errors", self.where)
        snapshots = [self._with_quoted(post) for post in posts or []]
        came = {post.id for post in snapshots}
        return [*snapshots, *(missing for missing in self._missing() if missing.post_id not in came)]

    def post_ids(self) -> frozenset[str]:
        """Answers the ids of all posts of the answer, those that came along among them: X may charge for each."""
        asked_for = self._answer.parts("data") or []
        return frozenset({*self._came_along, *(post_id for post in asked_for if (post_id := post.id("id")))})

    def profile(self) -> ProfileSnapshot | None:
        """Answers the account that was asked for; None where there is none.

        Raises:
            UnreadableAnswer: it lacks its id or its handle, or the answer says neither who it is nor that it is not
                there.
        """
        user = self._answer.part("data")
        if user is not None:
            return _profile(user)
        if not any(error.text("resource_type") == "user" for error in self._answer.parts("errors") or []):
            raise UnreadableAnswer("data, or an error about the account,", self.where)
        return None

    def hours(self) -> Iterator[Reading]:
        """Answers, of each post and each hour that X tells, how its counters stood when the hour was over.

        Raises:
            UnreadableAnswer: an hour has no beginning, or what it counts is no number.
        """
        for post in self._answer.parts("data") or []:
            post_id = required(post.id("id"), "the post's id", post.where)
            told = [
                (
                    _end_of(hour),
                    _counted(required(hour.part("metrics"), "its metrics", hour.where)),
                )
                for hour in post.parts("timestamped_metrics") or []
            ]
            told.sort(key=lambda hour: hour[0])
            for (ended_at, _), counted in zip(told, accumulate((counts for _, counts in told), _sum), strict=True):
                yield Reading(tweet_id=post_id, observed_at=ended_at, **vars(counted))

    @cached_property
    def _answer(self) -> Part:
        return Part(self.payload, self.where)

    @cached_property
    def _users(self) -> Mapping[str, ProfileSnapshot]:
        users = map(_profile, self._answer.parts("includes.users") or [])
        return {user.id: user for user in users}

    @cached_property
    def _came_along(self) -> Mapping[str, Part]:
        posts = self._answer.parts("includes.posts", "includes.tweets") or []
        return {required(post.id("id"), "the post's id", post.where): post for post in posts}

    def _missing(self) -> Iterator[Missing]:
        """The posts of which an error says that they are not to be seen. One about a field says nothing of the post."""
        for error in self._answer.parts("errors") or []:
            if error.text("field") is not None or error.text("resource_type") not in {"tweet", "post"}:
                continue
            post_id = error.text("resource_id", "value")
            if post_id is not None:
                yield Missing(post_id=post_id, reason=error.text("detail", "title") or "X does not say why")

    def _post(self, post: Part) -> PostSnapshot:
        post_id = required(post.id("id"), "the post's id", post.where)
        post = Part(post.fields, f"{post.where}, post {post_id}")
        author_id = required(post.id("author_id"), "author_id", post.where)
        links = _links(post)
        answered = self._users.get(post.id("in_reply_to_user_id") or "")
        public = post.part("public_metrics")
        mentions = _mentions(post)
        text = _whole_text(post)
        return PostSnapshot(
            id=post_id,
            author=required(self._users.get(author_id), f"user {author_id} among those that came along", self.where),
            text=text,
            visible_text=_visible_text(post, text, is_reply="replied_to" in links),
            created_at=required(post.iso_moment("created_at"), "created_at", post.where),
            lang=post.text("lang"),
            conversation_id=post.id("conversation_id"),
            in_reply_to_id=links.get("replied_to"),
            in_reply_to_handle=None if answered is None else answered.handle,
            replies_allowed=self._may_answer(post.text("reply_settings"), mentions),
            mentions=mentions,
            private=_private_counters(post),
            observed_at=self.seen_at,
            **({} if public is None else vars(_public_counters(public))),
        )

    def _with_quoted(self, post: Part) -> PostSnapshot:
        snapshot = self._post(post)
        quoted = self._came_along.get(_links(post).get("quoted") or "")
        # Not every generation brings along who wrote a quoted post.
        if quoted is None or quoted.id("author_id") not in self._users:
            return snapshot
        return replace(snapshot, quoted=self._post(quoted))

    def _may_answer(self, settings: str | None, mentions: Sequence[str]) -> bool | None:
        """Whether its author lets us answer. Of most groups X does not tell whether we belong to them."""
        if settings == "everyone":
            return True
        named = self.handle.lower() in {name.lower() for name in mentions}
        return named if settings == "mentionedUsers" else None


def _links(post: Part) -> Mapping[str | None, str | None]:
    """The posts that a post refers to, by how: "quoted", "replied_to"."""
    return {part.text("type"): part.id("id") for part in post.parts("referenced_posts", "referenced_tweets") or []}


def _mentions(post: Part) -> tuple[str, ...]:
    """The handles that the whole text names. X may tell where one stands without telling which it is."""
    long_form = post.part("note_post", "note_tweet")
    named = (long_form.parts("entities.mentions") if long_form else None) or post.parts("entities.mentions") or []
    return tuple(handle for name in named if (handle := name.text("username")))


def _profile(user: Part) -> ProfileSnapshot:
    return ProfileSnapshot(
        id=required(user.id("id"), "the account's id", user.where),
        handle=required(user.text("username") or None, "the handle", user.where),
        name=user.text("name"),
        bio=user.text("description"),
        created_at=user.iso_moment("created_at"),
        followers=user.count("public_metrics.followers_count"),
        following=user.count("public_metrics.following_count"),
        posts=user.count("public_metrics.post_count", "public_metrics.tweet_count"),
        protected=user.flag("protected"),
        verified=user.flag("verified"),
    )


def _public_counters(counted: Part) -> Counters:
    return Counters(
        views=counted.count("impression_count"),
        likes=counted.count("like_count"),
        reposts=counted.count("repost_count", "retweet_count"),
        replies=counted.count("reply_count"),
        quotes=counted.count("quote_count"),
        bookmarks=counted.count("bookmark_count"),
    )


def _private_counters(post: Part) -> PrivateCounters | None:
    """What the author alone is told. How often a post was expanded is not among it."""
    visits = post.count("non_public_metrics.user_profile_clicks", "organic_metrics.user_profile_clicks")
    clicks = post.count("non_public_metrics.url_link_clicks", "organic_metrics.url_link_clicks")
    if visits is None and clicks is None:
        return None
    return PrivateCounters(profile_visits=visits, link_clicks=clicks)


def _end_of(hour: Part) -> datetime:
    beginning = required(hour.iso_moment("timestamp"), "timestamp, the hour's beginning,", hour.where)
    try:
        return beginning + _HOUR
    except OverflowError:
        raise UnreadableAnswer("the end of the hour", hour.where) from None


def _counted(hour: Part) -> Counters:
    return Counters(
        views=hour.count("impressions"),
        likes=hour.count("likes"),
        reposts=hour.count("reposts", "retweets"),
        replies=hour.count("replies"),
        quotes=hour.count("quote_posts", "quote_tweets"),
        bookmarks=hour.count("bookmarks"),
    )


def _sum(before: Counters, hour: Counters) -> Counters:
    """Adds an hour to what was before it. A counter that one hour does not tell is unknown from there on."""
    of_both = {name: (vars(before)[name], vars(hour)[name]) for name in vars(before)}
    return Counters(**{name: None if None in both else sum(both) for name, both in of_both.items()})


def _whole_text(post: Part) -> str:
    """The text, of a long post the long one, with links as t.co and the mentions that X puts in front of a reply."""
    return required(post.text("note_post.text", "note_tweet.text", "text"), "the text", post.where)


def _visible_text(post: Part, text: str, *, is_reply: bool) -> str:
    long_form = post.part("note_post", "note_tweet")
    shown = post.span("display_text_range")
    if shown is not None and long_form is None:
        text = text[slice(*shown)]
    elif is_reply:
        text = _LEADING_MENTIONS.sub("", text)
    links = (long_form.parts("entities.urls") if long_form else None) or post.parts("entities.urls") or []
    for link in links:
        short = link.text("url")
        if short and link.text("media_key") is not None and text.endswith(short):
            text = text.removesuffix(short).rstrip()
    written = {link.text("url"): link.text("expanded_url") for link in links}
    return _SHORT_LINK.sub(lambda found: written.get(found[0]) or found[0], unescaped(text))
