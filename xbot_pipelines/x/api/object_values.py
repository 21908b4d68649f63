"""What one object of the official API says: a post, a user, the hours of a post, in every generation of names.

Pure: an object in, values out. Which objects an answer has is decided in `objects`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import accumulate

from xbot_pipelines.models import Counters, PrivateCounters, ProfileSnapshot, Reading
from xbot_pipelines.x.shapes import Part, UnreadableAnswer, required
from xbot_pipelines.x.text import unescaped

_LEADING_MENTIONS = re.compile(r"^(?:@\w{1,15}\s+)+")
_SHORT_LINK = re.compile(r"https?://t\.co/\w+")
_HOUR = timedelta(hours=1)


def hours_of(post: Part) -> Iterator[Reading]:
    """Return, of one post and each hour that X tells, how its counters stood when the hour was over."""
    post_id = required(post.id("id"), "the post's id", post.where)
    told = [
        (_end_of(hour), _counted(required(hour.part("metrics"), "its metrics", hour.where)))
        for hour in post.parts("timestamped_metrics") or []
    ]
    told.sort(key=lambda hour: hour[0])
    for (ended_at, _), counted in zip(told, accumulate((counts for _, counts in told), _sum), strict=True):
        yield Reading(tweet_id=post_id, observed_at=ended_at, **vars(counted))


def links(post: Part) -> Mapping[str | None, str | None]:
    """The posts that a post refers to, by how: "quoted", "replied_to"."""
    return {part.text("type"): part.id("id") for part in post.parts("referenced_posts", "referenced_tweets") or []}


def mentions(post: Part) -> tuple[str, ...]:
    """The handles that the whole text names. X may tell where one stands without telling which it is."""
    long_form = post.part("note_post", "note_tweet")
    named = (long_form.parts("entities.mentions") if long_form else None) or post.parts("entities.mentions") or []
    return tuple(handle for name in named if (handle := name.text("username")))


def profile(user: Part) -> ProfileSnapshot:
    """Return the account that a user object describes."""
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


def public_counters(counted: Part) -> Counters:
    """Return what X counts of a post for everybody."""
    return Counters(
        views=counted.count("impression_count"),
        likes=counted.count("like_count"),
        reposts=counted.count("repost_count", "retweet_count"),
        replies=counted.count("reply_count"),
        quotes=counted.count("quote_count"),
        bookmarks=counted.count("bookmark_count"),
    )


def private_counters(post: Part) -> PrivateCounters | None:
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


def whole_text(post: Part) -> str:
    """The text, of a long post the long one, with links as t.co and the mentions that X puts in front of a reply."""
    return required(post.text("note_post.text", "note_tweet.text", "text"), "the text", post.where)


def visible_text(post: Part, text: str, *, is_reply: bool) -> str:
    """Return what a reader sees of a text: no leading mentions of a reply, links as they were written."""
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
