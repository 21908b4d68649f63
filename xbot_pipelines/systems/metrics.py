"""Metrics: which of our posts are read when. How they are read lies in `reading`, what is owed in `checkpoints`.

A post of the last day is read every ten minutes. Older ones change little, and are read the less often the older they
are; what was never read is read however old it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import PublishedPost, ReadingSource, Result
from xbot_pipelines.store import readings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems.reading import Progress, ReadSummary, read_posts
from xbot_pipelines.systems.staleness import fresh_for, since_look
from xbot_pipelines.x.client import XClient

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

STALE_AFTER = ((_DAY, _HOUR), (7 * _DAY, _DAY), (30 * _DAY, 7 * _DAY))
"""Up to which age a post's reading is stale after what time. An older post is read once, and then left alone."""

READ_AGAIN_AFTER = _HOUR
"""A backfill that is started again goes on where the last one stopped: what it has read since is left out."""


class Posts(StrEnum):
    """Which posts of the days that a run is for are read."""

    LIVING = "living"
    """All that were there when they were last looked for."""

    STALE = "stale"
    """Those whose last reading is older than their age allows, and those that have none."""

    EVERY = "every"
    """All of them, also those that were gone, but for what was looked at within the last hour."""


@dataclass(frozen=True, kw_only=True)
class MetricsSummary:
    """What came of reading the posts of some days."""

    result: Result
    reason: str | None
    posts: ReadSummary


def read_days(
    database: AccountDatabase,
    client: Callable[[], XClient],
    which: Posts,
    *,
    since: datetime,
    until: datetime,
    source: ReadingSource,
    run_id: str | None,
    clock: Clock,
    progress: Progress,
) -> MetricsSummary:
    """Takes a reading of `which` posts of ours published from `since` up to, not including, `until`.

    `client` is only called when there is something to read.

    Raises:
        Wall: a page could not be read. What was read before it is kept.
    """
    posts = choose(database, which, since=since, until=until, now=clock.now())
    if not posts:
        return MetricsSummary(result=Result.NOTHING_TO_DO, reason=_NONE[which], posts=ReadSummary())
    summary = read_posts(database, client, posts, source=source, run_id=run_id, clock=clock, progress=progress)
    result = Result.BLOCKED if summary.unread else Result.DONE
    return MetricsSummary(result=result, reason=summary.reason, posts=summary)


def choose(
    database: AccountDatabase, which: Posts, *, since: datetime, until: datetime, now: datetime
) -> Sequence[PublishedPost]:
    """Answers the posts to read, of those published in [since, until)."""
    match which:
        case Posts.LIVING:
            return readings.living_posts(database, since=since, until=until)
        case Posts.STALE:
            looks = readings.last_looks(database, since=since, until=until)
            living = readings.living_posts(database, since=since, until=until)
            return [
                post for post in living if is_stale(now - post.posted_at, since_look(looks.get(post.tweet_id), now))
            ]
        case Posts.EVERY:
            looks = readings.last_looks(database, since=since, until=until)
            posts = readings.published_posts(database, since=since, until=until)
            return [post for post in posts if looks.get(post.tweet_id, post.posted_at) <= now - READ_AGAIN_AFTER]


def stale_posts(database: AccountDatabase, *, now: datetime) -> Sequence[PublishedPost]:
    """Answers every post of ours that has no reading, or a stale one, oldest first."""
    oldest_that_changes = now - STALE_AFTER[-1][0]
    unread = readings.unread_posts(database, until=oldest_that_changes)
    return [*unread, *choose(database, Posts.STALE, since=oldest_that_changes, until=now, now=now)]


def is_stale(age: timedelta, since_last_look: timedelta | None) -> bool:
    """Says whether a post of this age has to be read, when it was last looked at so long ago; None: never."""
    if since_last_look is None:
        return True
    allowed = fresh_for(age, STALE_AFTER)
    return allowed is not None and since_last_look >= allowed


_NONE = {
    Posts.LIVING: "nothing of ours was published then, or it is gone",
    Posts.STALE: "every reading of these days is fresh enough",
    Posts.EVERY: "nothing of ours was published then, or all of it was looked at within the last hour",
}
