"""Metrics: reading what our posts have come to, twenty posts a request, from our own timeline.

A reading binds to a post by its id and is kept as it came; outcomes are derived from readings, never the other way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from xbot_pipelines.models import PostSnapshot, PublishedPost, Reading, ReadingSource, Result
from xbot_pipelines.store import readings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.x.client import XClient


@dataclass(frozen=True, kw_only=True)
class ReadingSummary:
    """What one look at our timeline brought.

    `missing` are posts of ours that the timeline no longer shows; `strangers` are posts on it that no table knows,
    which means that somebody else posts for this account (F24).
    """

    result: Result
    reason: str | None = None
    read: tuple[tuple[PublishedPost, Reading], ...] = ()
    new_readings: int = 0
    missing: tuple[PublishedPost, ...] = ()
    strangers: tuple[PostSnapshot, ...] = ()
    followers: int | None = None


def read_own_posts(
    database: AccountDatabase,
    client: Callable[[], XClient],
    *,
    since: datetime,
    until: datetime,
    source: ReadingSource,
    run_id: str | None,
) -> ReadingSummary:
    """Takes a reading of every post of ours published from `since` up to, not including, `until`.

    `client` is only called when there is something to read.

    Raises:
        Wall: the timeline could not be read; nothing was written.
    """
    posts = readings.published_posts(database, since=since, until=until)
    if not posts:
        return ReadingSummary(result=Result.NOTHING_TO_DO, reason="nothing of ours was published then")
    seen = {post.id: post for post in client().own_posts(since) if post.created_at < until}
    read = tuple((post, _reading(seen[post.tweet_id])) for post in posts if post.tweet_id in seen)
    new = readings.add_readings(database, [reading for _, reading in read], source=source, run_id=run_id)
    latest = max(seen.values(), key=_seen_at, default=None)
    if latest is not None and latest.author.followers is not None:
        readings.add_follower_snapshot(
            database, followers=latest.author.followers, observed_at=_seen_at(latest), run_id=run_id
        )
    known = {post.tweet_id for post in posts}
    return ReadingSummary(
        result=Result.DONE,
        read=read,
        new_readings=new,
        missing=tuple(post for post in posts if post.tweet_id not in seen),
        strangers=tuple(post for post in seen.values() if post.id not in known),
        followers=latest.author.followers if latest is not None else None,
    )


def _reading(post: PostSnapshot) -> Reading:
    return Reading(
        tweet_id=post.id,
        observed_at=_seen_at(post),
        views=post.views,
        likes=post.likes,
        reposts=post.reposts,
        replies=post.replies,
        quotes=post.quotes,
        bookmarks=post.bookmarks,
    )


def _seen_at(post: PostSnapshot) -> datetime:
    assert post.observed_at is not None, "a client says of every post when it saw it"
    return post.observed_at
