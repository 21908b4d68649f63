"""Our followers over time, what posts were seen meanwhile, and which post won whom, as far as that is known.

The snapshots themselves are written by `readings`, as by-products of pages; who won whom is decided elsewhere.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, Function, and_, func, not_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import follower_snapshots, post_follower_tracking, posted_decisions, tweet_metrics


class FollowerSnapshot(NamedTuple):
    """Our follower count at a moment."""

    observed_at: datetime
    followers: int


@dataclass(frozen=True, kw_only=True)
class ViewedPost:
    """A post of ours with its views as they were read: (moment, views), oldest first.

    `gone_at` is the first look that found it gone; None as long as it is there, or where a later look saw it again.
    """

    decision_id: UUID
    tweet_id: str
    posted_at: datetime
    gone_at: datetime | None = None
    views: tuple[tuple[datetime, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class FollowerTracking:
    """Our followers when a post passed a checkpoint, and what it had won until then. None is unknown.

    `observed_at` is when `followers` was counted, and until when `attributed` and its bounds reach.
    """

    decision_id: UUID
    checkpoint_hours: int
    observed_at: datetime
    followers: int
    attributed_low: float | None = None
    attributed: float | None = None
    attributed_high: float | None = None


def follower_curve(database: AccountDatabase, *, since: datetime, until: datetime) -> Sequence[FollowerSnapshot]:
    """Answers our follower counts from `since` up to and including `until`, oldest first."""
    snapshot = follower_snapshots.c
    with database.transaction() as connection:
        rows = connection.execute(
            select(snapshot.observed_at, snapshot.followers)
            .where(snapshot.account == database.account, snapshot.observed_at >= since, snapshot.observed_at <= until)
            .order_by(snapshot.observed_at)
        )
        return [FollowerSnapshot(row.observed_at, row.followers) for row in rows]


def viewed_posts(
    database: AccountDatabase, *, since: datetime, until: datetime, seen_for: timedelta
) -> Sequence[ViewedPost]:
    """Answers the posts that were being seen at some time in [since, until], oldest first, with what was read by then.

    `seen_for` is how long after its publishing a post is being seen.
    """
    post, metric = posted_decisions.c, tweet_metrics.c
    is_known, is_gone = metric.views.is_not(None), metric.gone_reason.is_not(None)
    of_post = and_(metric.account == post.account, metric.tweet_id == post.tweet_id, metric.observed_at <= until)
    with database.transaction() as connection:
        rows = connection.execute(
            select(
                *(post.decision_id, post.tweet_id, post.posted_at),
                _in_time(metric.observed_at).filter(is_known).label("moments"),
                _in_time(metric.views).filter(is_known).label("views"),
                _in_time(metric.observed_at).filter(is_gone).label("gone"),
                func.max(metric.observed_at).filter(not_(is_gone)).label("last_there"),
            )
            .outerjoin_from(posted_decisions, tweet_metrics, of_post)
            .where(post.account == database.account, post.posted_at > since - seen_for, post.posted_at <= until)
            .group_by(post.decision_id)
            .order_by(post.posted_at)
        )
        return [
            ViewedPost(
                decision_id=row.decision_id,
                tweet_id=row.tweet_id,
                posted_at=row.posted_at,
                gone_at=_gone_for_good(row.gone or (), row.last_there),
                views=tuple(zip(row.moments or (), row.views or (), strict=True)),
            )
            for row in rows
        ]


def save_follower_tracking(database: AccountDatabase, tracked: Sequence[FollowerTracking]) -> None:
    """Writes what was won at these checkpoints, in the place of what was known of them before."""
    if not tracked:
        return
    rows = [{"account": database.account, **asdict(row)} for row in tracked]
    insertion = insert(post_follower_tracking)
    key = post_follower_tracking.primary_key.columns
    new = {column.name: column for column in insertion.excluded if column.name not in key}
    with database.transaction() as connection:
        connection.execute(insertion.on_conflict_do_update(index_elements=key, set_=new), rows)


def _in_time(column: Column[Any]) -> Function[Any]:
    return func.array_agg(aggregate_order_by(column, tweet_metrics.c.observed_at))


def _gone_for_good(gone: Sequence[datetime], last_there: datetime | None) -> datetime | None:
    return next((moment for moment in gone if last_there is None or moment > last_there), None)
