"""What the objects of the official API mean: posts, users, and the figures of both, in every generation of names.

Which fields are asked for lies in `fields`, how one is looked up in `x.shapes`. Pure: a payload in, values out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
        """Answers the posts in the answer's own order; none is an answer, too.

        Raises:
            UnreadableAnswer: a post lacks what a post must have, or the answer has neither data nor what stands for it.
        """
        posts = self._answer.parts("data")
        if posts is None and not self._is_known_to_be_empty():
            raise UnreadableAnswer("data, meta or errors", self.where)
        return [self._post(post) for post in posts or []]

    def post_ids(self) -> frozenset[str]:
        """Answers the ids of all posts of the answer, those that came along among them: X may charge for each."""
        asked_for = self._answer.parts("data") or []
        return frozenset({*self._came_along, *(post_id for post in asked_for if (post_id := post.id("id")))})

    def profile(self) -> ProfileSnapshot | None:
        """Answers the account that was asked for; None where there is none.

        Raises:
            UnreadableAnswer: it lacks its id or its handle, or the answer says neither who it is nor why not.
        """
        user = self._answer.part("data")
        if user is None and not self._is_known_to_be_empty():
            raise UnreadableAnswer("data or errors", self.where)
        return None if user is None else _profile(user)

    def missing(self) -> Iterator[Missing]:
        """Answers the posts that were asked for and are not to be seen.

        An error about a single field of a post is none of these: the post itself came.
        """
        for error in self._answer.parts("errors") or []:
            if error.text("field") is not None or error.text("resource_type") not in {"tweet", "post"}:
                continue
            post_id = error.text("resource_id", "value")
            if post_id is not None:
                yield Missing(post_id=post_id, reason=error.text("detail", "title") or "X does not say why")

    def hours(self) -> Iterator[Reading]:
        """Answers, of each post and each hour that X tells, how its counters stood when the hour was over.

        Raises:
            UnreadableAnswer: an hour has no beginning, or what it counts is no number.
        """
        for post in self._answer.parts("data") or []:
            post_id = required(post.id("id"), "the post's id", post.where)
            told = [
                (
                    required(hour.iso_moment("timestamp"), "the beginning of the hour", hour.where) + _HOUR,
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

    def _is_known_to_be_empty(self) -> bool:
        counted = self._answer.part("meta")
        return bool(self._answer.parts("errors")) or (counted is not None and counted.count("result_count") == 0)

    def _post(self, post: Part, *, is_inner: bool = False) -> PostSnapshot:
        post_id = required(post.id("id"), "the post's id", post.where)
        post = Part(post.fields, f"{post.where}, post {post_id}")
        author_id = required(post.id("author_id"), "author_id", post.where)
        links = {part.text("type"): part.id("id") for part in post.parts("referenced_posts", "referenced_tweets") or []}
        answered = self._users.get(post.id("in_reply_to_user_id") or "")
        quoted = self._came_along.get(links.get("quoted") or "")
        public = post.part("public_metrics")
        mentions = tuple(
            required(name.text("username"), "the name", name.where) for name in post.parts("entities.mentions") or []
        )
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
            quoted=None if quoted is None or is_inner else self._post(quoted, is_inner=True),
            observed_at=self.seen_at,
            **({} if public is None else vars(_public_counters(public))),
        )

    def _may_answer(self, settings: str | None, mentions: Sequence[str]) -> bool | None:
        """Whether its author lets us answer. Of most groups X does not tell whether we belong to them."""
        if settings == "everyone":
            return True
        named = self.handle.lower() in {name.lower() for name in mentions}
        return named if settings == "mentionedUsers" else None


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
