"""Checkpoints: the ages at which a reading of each post is owed, and the rows that say what was read then.

A checkpoint is owed from the transaction that records the post, and no longer owed from the one that records the
checkpoint. Which reading counts, and what a row says, is decided in `systems.checkpoints`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Interval, Row, delete, func, literal, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert

from xbot_pipelines.models import CheckpointStatus, Counters, PublishedPost, ReadingSource
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.readings import published_post
from xbot_pipelines.store.schema import (
    COUNTERS,
    owed_checkpoints,
    post_velocity_tracking,
    posted_decisions,
)


@dataclass(frozen=True, kw_only=True)
class Look(Counters):
    """The first look at a post at or after a moment: its counters, or why it was gone; and what took it."""

    observed_at: datetime
    gone_reason: str | None = None
    source: ReadingSource | None = None


@dataclass(frozen=True, kw_only=True)
class DueCheckpoint:
    """A checkpoint that is due and not recorded.

    `look` is the first look at the post since it fell due, where there was one; `before` is what the checkpoint
    before this one has read, where one was taken.
    """

    post: PublishedPost
    hours: int
    due_at: datetime
    look: Look | None
    before: Look | None


@dataclass(frozen=True, kw_only=True)
class Checkpoint(Counters):
    """One row of `post_velocity_tracking`. Rates are per hour since the checkpoint before, or since publishing.

    `source` is what took the reading; None where there is none, and in rows of before it was kept.
    """

    post: PublishedPost
    hours: int
    status: CheckpointStatus
    missed_reason: str | None = None
    observed_at: datetime | None = None
    age: timedelta | None = None
    late: timedelta | None = None
    source: ReadingSource | None = None
    views_per_hour: float | None = None
    likes_per_hour: float | None = None


@dataclass(frozen=True, kw_only=True)
class DueSpan:
    """All checkpoints that are due, in one line: how many, since when, and of posts published from when to when."""

    count: int
    oldest_due_at: datetime
    newest_due_at: datetime
    first_posted_at: datetime
    last_posted_at: datetime


def owe(
    connection: Connection, account: str, decision_id: UUID, *, posted_at: datetime, checkpoints_hours: Sequence[int]
) -> None:
    """Owes the checkpoints of a post, in the transaction that records it."""
    rows = [
        {
            "account": account,
            "decision_id": decision_id,
            "checkpoint_hours": hours,
            "due_at": posted_at + timedelta(hours=hours),
        }
        for hours in checkpoints_hours
    ]
    if rows:
        connection.execute(insert(owed_checkpoints).on_conflict_do_nothing(), rows)


def owe_missing(
    database: AccountDatabase, *, checkpoints_hours: Sequence[int], since: datetime, until: datetime
) -> int:
    """Owes whatever checkpoint a post published in [since, until) has no row for; answers how many were added.

    That is what puts right an account whose checkpoints were changed, or whose rows somebody has deleted.
    """
    post, owed, taken = posted_decisions.c, owed_checkpoints, post_velocity_tracking.c
    added = 0
    with database.transaction() as connection:
        for hours in checkpoints_hours:
            due_at = post.posted_at + literal(timedelta(hours=hours), Interval())
            without_a_row = select(post.account, post.decision_id, literal(hours), due_at).where(
                post.account == database.account,
                post.posted_at >= since,
                post.posted_at < until,
                ~select(1).where(taken.decision_id == post.decision_id, taken.checkpoint_hours == hours).exists(),
            )
            columns = ["account", "decision_id", "checkpoint_hours", "due_at"]
            statement = insert(owed).from_select(columns, without_a_row).on_conflict_do_nothing()
            added += len(connection.execute(statement.returning(owed.c.decision_id)).all())
    return added


def due_span(database: AccountDatabase, *, now: datetime) -> DueSpan | None:
    """Says in one indexed question whether any checkpoint is due, and for posts of which days. None: nothing is."""
    owed, post = owed_checkpoints.c, posted_decisions.c
    with database.transaction() as connection:
        counted = connection.execute(
            select(
                func.count().label("count"),
                func.min(owed.due_at).label("oldest_due_at"),
                func.max(owed.due_at).label("newest_due_at"),
                func.min(post.posted_at).label("first_posted_at"),
                func.max(post.posted_at).label("last_posted_at"),
            )
            .join(posted_decisions, post.decision_id == owed.decision_id)
            .where(owed.account == database.account, owed.due_at <= now)
        )
        row = counted.mappings().one()
    return DueSpan(**row) if row["count"] else None


def next_due_at(database: AccountDatabase) -> datetime | None:
    """Answers when the first of all checkpoints that are owed falls due, or fell. None: nothing is owed."""
    owed = owed_checkpoints.c
    with database.transaction() as connection:
        first: datetime | None = connection.scalar(
            select(func.min(owed.due_at)).where(owed.account == database.account)
        )
    return first


def due_checkpoints(
    database: AccountDatabase, *, now: datetime, since: datetime, until: datetime
) -> list[DueCheckpoint]:
    """Answers what is due of the posts published in [since, until), oldest post first, earliest checkpoint first."""
    with database.transaction() as connection:
        rows = connection.execute(text(_DUE), {"account": database.account, "now": now, "since": since, "until": until})
        return [_due(row) for row in rows]


def save_checkpoints(database: AccountDatabase, checkpoints: Sequence[Checkpoint]) -> None:
    """Records checkpoints, and owes them no more. One that has a row keeps it: the first reading is the right one."""
    if not checkpoints:
        return
    rows = [
        {
            "account": database.account,
            "decision_id": checkpoint.post.decision_id,
            "checkpoint_hours": checkpoint.hours,
            "status": checkpoint.status,
            "missed_reason": checkpoint.missed_reason,
            "observed_at": checkpoint.observed_at,
            "age_seconds": checkpoint.age.total_seconds() if checkpoint.age is not None else None,
            "late_seconds": checkpoint.late.total_seconds() if checkpoint.late is not None else None,
            "source": checkpoint.source,
            "views_per_hour": checkpoint.views_per_hour,
            "likes_per_hour": checkpoint.likes_per_hour,
            **{name: getattr(checkpoint, name) for name in COUNTERS},
        }
        for checkpoint in checkpoints
    ]
    owed = owed_checkpoints.c
    recorded = [(checkpoint.post.decision_id, checkpoint.hours) for checkpoint in checkpoints]
    with database.transaction() as connection:
        connection.execute(insert(post_velocity_tracking).on_conflict_do_nothing(), rows)
        connection.execute(
            delete(owed_checkpoints).where(tuple_(owed.decision_id, owed.checkpoint_hours).in_(recorded))
        )


def checkpoints_of(database: AccountDatabase, *, since: datetime, until: datetime) -> list[Checkpoint]:
    """Answers the recorded checkpoints of the posts published in [since, until), oldest post first."""
    with database.transaction() as connection:
        rows = connection.execute(text(_RECORDED), {"account": database.account, "since": since, "until": until})
        return [_checkpoint(row) for row in rows]


_POST = "posted.decision_id, posted.tweet_id, posted.posted_at, content.text"
_OF_POSTS = """
    JOIN posted_decisions AS posted USING (account, decision_id)
    JOIN content_metadata AS content USING (account, decision_id)
"""
_SHOWS_COUNTERS = f"num_nonnulls({', '.join(COUNTERS)}) > 0"

# A look that brought private figures alone says nothing about what readers see, and is no look here.
_DUE = f"""
    SELECT {_POST}, owed.checkpoint_hours, owed.due_at,
           look.observed_at AS look_at, look.gone_reason, look.source, {", ".join(f"look.{name}" for name in COUNTERS)},
           before.observed_at AS before_at, before.views AS before_views, before.likes AS before_likes
    FROM owed_checkpoints AS owed {_OF_POSTS}
    LEFT JOIN LATERAL (
        SELECT observed_at, gone_reason, source, {", ".join(COUNTERS)} FROM tweet_metrics
        WHERE tweet_metrics.account = owed.account AND tweet_metrics.tweet_id = posted.tweet_id
              AND observed_at >= owed.due_at AND (gone_reason IS NOT NULL OR {_SHOWS_COUNTERS})
        ORDER BY observed_at LIMIT 1
    ) AS look ON true
    LEFT JOIN LATERAL (
        SELECT observed_at, views, likes FROM post_velocity_tracking AS taken
        WHERE taken.decision_id = owed.decision_id AND taken.checkpoint_hours < owed.checkpoint_hours
              AND observed_at IS NOT NULL
        ORDER BY checkpoint_hours DESC LIMIT 1
    ) AS before ON true
    WHERE owed.account = :account AND owed.due_at <= :now AND posted_at >= :since AND posted_at < :until
    ORDER BY posted_at, checkpoint_hours
"""  # noqa: S608 - made of our own column names, the values are bound

_RECORDED = f"""
    SELECT {_POST}, taken.* FROM post_velocity_tracking AS taken {_OF_POSTS}
    WHERE taken.account = :account AND posted_at >= :since AND posted_at < :until
    ORDER BY posted_at, checkpoint_hours
"""  # noqa: S608 - made of our own column names, the values are bound


def _due(row: Row[tuple[object, ...]]) -> DueCheckpoint:
    counters = {name: getattr(row, name) for name in COUNTERS}
    return DueCheckpoint(
        post=published_post(row),
        hours=row.checkpoint_hours,
        due_at=row.due_at,
        look=Look(observed_at=row.look_at, gone_reason=row.gone_reason, source=ReadingSource(row.source), **counters)
        if row.look_at
        else None,
        before=Look(observed_at=row.before_at, views=row.before_views, likes=row.before_likes)
        if row.before_at
        else None,
    )


def _checkpoint(row: Row[tuple[object, ...]]) -> Checkpoint:
    return Checkpoint(
        post=published_post(row),
        hours=row.checkpoint_hours,
        status=CheckpointStatus(row.status),
        missed_reason=row.missed_reason,
        observed_at=row.observed_at,
        age=timedelta(seconds=row.age_seconds) if row.age_seconds is not None else None,
        late=timedelta(seconds=row.late_seconds) if row.late_seconds is not None else None,
        source=None if row.source is None else ReadingSource(row.source),
        views_per_hour=row.views_per_hour,
        likes_per_hour=row.likes_per_hour,
        **{name: getattr(row, name) for name in COUNTERS},
    )
