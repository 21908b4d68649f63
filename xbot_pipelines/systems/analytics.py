"""Analytics: the figures that X tells only the owner of a post, up to seven days after it was published.

Each costs a page of its own, so a turn reads a dozen, beginning with the posts of which least is known.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import PrivateCounters, PublishedPost, ReadingSource, Result
from xbot_pipelines.store import readings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems.staleness import fresh_for, since_look
from xbot_pipelines.x.client import XClient
from xbot_pipelines.x.walls import Gone

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

READ_UP_TO = 7 * _DAY
MOST_A_TURN = 12

FIRST_AT = _HOUR
"""Before that hardly anybody has seen a post, and a page a post is too dear."""

STALE_AFTER = ((_DAY, 6 * _HOUR), (READ_UP_TO, _DAY))
"""Up to which age a post's private figures are stale after what time."""


@dataclass(frozen=True, kw_only=True)
class AnalyticsSummary:
    """What one turn brought. `waiting` are posts whose figures are owed and were not read for want of time."""

    result: Result
    reason: str | None = None
    read: tuple[tuple[PublishedPost, PrivateCounters], ...] = ()
    gone: tuple[PublishedPost, ...] = ()
    waiting: int = 0


def owed(database: AccountDatabase, *, now: datetime) -> Sequence[PublishedPost]:
    """Answers the posts whose private figures are owed: first those that were never read, the newest of them first."""
    since = now - READ_UP_TO
    posts = readings.living_posts(database, since=since, until=now - FIRST_AT)
    looks = readings.last_private_looks(database, since=since, until=now)
    return in_order(posts, looks, now=now)


def in_order(
    posts: Iterable[PublishedPost], looks: Mapping[str, datetime], *, now: datetime
) -> Sequence[PublishedPost]:
    """Answers those of the posts whose figures are owed, the most urgent first.

    Args:
        posts: posts of ours.
        looks: when their private figures were last read, by post id.
        now: the moment.
    """
    due = [post for post in posts if _is_owed(now - post.posted_at, since_look(looks.get(post.tweet_id), now))]
    never = [post for post in due if post.tweet_id not in looks]
    again = [post for post in due if post.tweet_id in looks]
    return [
        *sorted(never, key=lambda post: post.posted_at, reverse=True),
        *sorted(again, key=lambda post: looks[post.tweet_id]),
    ]


def read_private_figures(
    database: AccountDatabase, client: Callable[[], XClient], *, run_id: str | None, clock: Clock
) -> AnalyticsSummary:
    """Reads the private figures that are owed, as many as one turn may. `client` is only called when there are any.

    Raises:
        Wall: a page could not be read. What was read before it is kept.
    """
    posts = owed(database, now=clock.now())
    if not posts:
        return AnalyticsSummary(result=Result.NOTHING_TO_DO, reason="no private figures are owed")
    read, gone = [], []
    for post in posts[:MOST_A_TURN]:
        try:
            figures = client().post_analytics(post.tweet_id)
        except Gone as wall:
            gone.append(post)
            readings.add_gone(
                database,
                post.tweet_id,
                reason=str(wall),
                observed_at=clock.now(),
                source=ReadingSource.ANALYTICS,
                run_id=run_id,
            )
        else:
            read.append((post, figures))
            readings.add_private_figures(database, post.tweet_id, figures, observed_at=clock.now(), run_id=run_id)
    waiting = len(posts) - len(read) - len(gone)
    return AnalyticsSummary(result=Result.DONE, read=tuple(read), gone=tuple(gone), waiting=waiting)


def _is_owed(age: timedelta, since_last_look: timedelta | None) -> bool:
    allowed = fresh_for(age, STALE_AFTER)
    return allowed is not None and (since_last_look is None or since_last_look >= allowed)
