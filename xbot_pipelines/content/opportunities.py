"""Opportunities: which posts of others are worth a reply of ours, why not, and how much. Pure: posts in, reasons out.

Every post is turned away by the first rule that speaks against it, so that the counts of all rules and of what is left
add up to what was seen (F22). Who is asked, and what is kept of the answers, lies in `systems.discovery`.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from xbot_pipelines.content.prompt_injection.detection import detect_prompt_injection
from xbot_pipelines.models import PostSnapshot
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.x.text import same_language

MENTIONS_HOLD_FOR = timedelta(hours=24)
"""How long somebody who addressed us waits for an answer. With strangers the account's settings say how fresh."""

LEAST_WORTH = 0.2
"""What the model's judgement of a post has to reach, from 0 (spam, bait) to 1 (an answer would help)."""

_MOST_FOLLOWERS_COUNTED = 1_000_000
_REPLIES_THAT_HALVE_THE_ROOM = 10
_WEIGHTS = {"addressed us": 3.0, "worth": 1.0, "relevance": 1.0, "fresh": 0.8, "room": 0.4, "reach": 0.4}


class Against(StrEnum):
    """What speaks against answering a post, in the order in which it is asked."""

    PROMOTED = "promoted"
    OURS = "ours"
    KNOWN = "known already"
    A_REPLY = "answers somebody else"
    OTHER_LANGUAGE = "in another language"
    STALE = "too old"
    PROTECTED = "its author is protected"
    CLOSED = "its author lets few answer"
    OPTED_OUT = "its author asked to be left alone"
    ANSWERED = "we have answered it"
    AUTHOR_ANSWERED = "we have answered its author today"
    FOLLOWERS = "its author has too few or too many followers"
    ORDERS = "gives orders to a program"
    OFF_SUBJECT = "not about our subjects"
    NOT_WORTH = "not worth an answer"
    BELOW_THE_BEST = "others are better"
    NOT_STORED = "could not be stored"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What our tables say of the posts and authors in question; handles in small letters.

    `posts` were judged before, `answered_posts` have a reply of ours or one on its way, `answered_authors` have one of
    today, `left_alone` are the handles and ids of those who asked for it.
    """

    posts: frozenset[str]
    answered_posts: frozenset[str]
    answered_authors: frozenset[str]
    left_alone: frozenset[str]


def against(
    post: PostSnapshot, known: Known, profile: AccountSettings, *, addresses_us: bool, now: datetime
) -> Against | None:
    """Answers the first thing that speaks against answering a post, before anybody has read what it says.

    Somebody who addresses us may do so in a reply, in any language, and with any number of followers.
    """
    author = post.author
    handle = author.handle.lower()
    followers = author.followers
    replies = profile.replies
    old = MENTIONS_HOLD_FOR if addresses_us else replies.fresh_for
    rules = {
        Against.OURS: handle == profile.handle.lower(),
        Against.KNOWN: post.id in known.posts,
        Against.A_REPLY: post.in_reply_to_id is not None and not addresses_us,
        Against.OTHER_LANGUAGE: post.lang is not None
        and not same_language(post.lang, profile.language)
        and not addresses_us,
        Against.STALE: now - post.created_at > old,
        Against.PROTECTED: author.protected is True,
        Against.CLOSED: post.replies_allowed is False,
        Against.OPTED_OUT: bool({handle, author.id} & known.left_alone),
        Against.ANSWERED: post.id in known.answered_posts,
        Against.AUTHOR_ANSWERED: handle in known.answered_authors,
        # A number that X did not say turns nobody away: that once emptied the whole list (F22).
        Against.FOLLOWERS: followers is not None
        and not addresses_us
        and not replies.least_followers <= followers <= replies.most_followers,
    }
    reason = next((reason for reason, holds in rules.items() if holds), None)
    # Asked last, because it takes the longest; nothing of such a post or of such an author ever reaches the model.
    return reason or (Against.ORDERS if any(map(detect_prompt_injection, _written(post))) else None)


def _written(post: PostSnapshot) -> Iterable[str]:
    return filter(None, (post.visible_text, post.author.name, post.author.bio))


def against_what_it_says(subject: str | None, worth: float, *, addresses_us: bool) -> Against | None:
    """Answers what speaks against answering a post once it was read: it is about something else, or not worth it."""
    if subject is None and not addresses_us:
        return Against.OFF_SUBJECT
    return Against.NOT_WORTH if worth < LEAST_WORTH else None


def score_parts(
    post: PostSnapshot, *, worth: float, relevance: float, addresses_us: bool, fresh_for: timedelta, now: datetime
) -> Mapping[str, float]:
    """Answers what an opportunity is worth, part by part; their sum is its score. What is unknown has no part.

    Args:
        post: the post.
        worth: how much an answer would help, 0 to 1, as the model judged.
        relevance: how much of what its author writes is about our subjects, 0 to 1.
        addresses_us: whether it answers us or names us.
        fresh_for: how long it may be answered, from when it was published.
        now: the present moment.
    """
    parts: dict[str, float | None] = {
        "addressed us": float(addresses_us),
        "worth": worth,
        "relevance": relevance,
        "fresh": max(0.0, 1 - (now - post.created_at) / fresh_for),
        # Under a post with hundreds of answers nobody sees ours.
        "room": None if post.replies is None else 1 / (1 + post.replies / _REPLIES_THAT_HALVE_THE_ROOM),
        "reach": None
        if post.author.followers is None
        else min(1.0, math.log1p(post.author.followers) / math.log(_MOST_FOLLOWERS_COUNTED)),
    }
    return {name: round(_WEIGHTS[name] * part, 4) for name, part in parts.items() if part is not None}
