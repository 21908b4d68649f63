"""Readings: what X counted of a post at a moment. Kept as they came; everything else is derived from them (F08).

A reading is never changed, and binds to a post by its id alone (F07). A look that found the post gone is kept as well.
What the readings add up to lies in `outcomes`, what is read at fixed ages in `checkpoints`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, true
from sqlalchemy.dialects.postgresql import insert

from xbot_pipelines.models import PrivateCounters, PublishedPost, Reading, ReadingSource
from xbot_pipelines.store.bad_rows import RefusedRow, write_each
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import (
    COUNTERS,
    PRIVATE_COUNTERS,
    content_metadata,
    follower_snapshots,
    outcomes,
    posted_decisions,
    tweet_metrics,
)


def published_posts(database: AccountDatabase, *, since: datetime, until: datetime) -> Sequence[PublishedPost]:
    """Answers our posts published from `since` up to, not including, `until`, oldest first."""
    return _posts(database, _post.posted_at >= since, _post.posted_at < until)


def living_posts(database: AccountDatabase, *, since: datetime, until: datetime) -> Sequence[PublishedPost]:
    """Answers those of our posts published in [since, until) that were there when they were last looked for."""
    there = select(outcomes.c.decision_id).where(outcomes.c.gone_at.is_(None))
    return _posts(database, _post.posted_at >= since, _post.posted_at < until, _post.decision_id.in_(there))


def unread_posts(database: AccountDatabase, *, until: datetime) -> Sequence[PublishedPost]:
    """Answers our posts published before `until` that nobody has ever seen, however old they are."""
    never_seen = select(outcomes.c.decision_id).where(
        outcomes.c.account == database.account, outcomes.c.collected_at.is_(None), outcomes.c.gone_at.is_(None)
    )
    return _posts(database, _post.posted_at < until, _post.decision_id.in_(never_seen))


def last_looks(database: AccountDatabase, *, since: datetime, until: datetime) -> Mapping[str, datetime]:
    """Answers by id when our posts published in [since, until) were last looked at. Those never seen are left out."""
    return _last(database, since, until, func.num_nonnulls(*_public, tweet_metrics.c.gone_reason) > 0)


def last_private_looks(database: AccountDatabase, *, since: datetime, until: datetime) -> Mapping[str, datetime]:
    """Answers the same of the figures that X tells only us; who asked for them may have been told none."""
    told = func.num_nonnulls(*_private) > 0
    return _last(database, since, until, told | (tweet_metrics.c.source == ReadingSource.ANALYTICS))


def count_posts(database: AccountDatabase, *, since: datetime, until: datetime) -> int:
    """Answers how many posts of ours were published in [since, until)."""
    with database.transaction() as connection:
        counted = select(func.count()).where(
            _post.account == database.account, _post.posted_at >= since, _post.posted_at < until
        )
        return connection.scalar(counted) or 0


def add_readings(
    database: AccountDatabase, readings: Sequence[Reading], *, source: ReadingSource, run_id: str | None
) -> tuple[int, Sequence[RefusedRow]]:
    """Add readings of our own posts. The same reading twice is kept once.

    Returns:
        How many were new, and the readings that the database did not take.
    """
    return _append(
        database,
        [
            {
                "tweet_id": reading.tweet_id,
                "observed_at": reading.observed_at,
                **{name: getattr(reading, name) for name in COUNTERS},
                **{name: reading.private and getattr(reading.private, name) for name in PRIVATE_COUNTERS},
            }
            for reading in readings
        ],
        source=source,
        run_id=run_id,
    )


def add_private_figures(
    database: AccountDatabase, tweet_id: str, figures: PrivateCounters, *, observed_at: datetime, run_id: str | None
) -> None:
    """Adds what X tells only the owner of a post. What readers see is unknown in such a reading."""
    private = {name: getattr(figures, name) for name in PRIVATE_COUNTERS}
    row = {"tweet_id": tweet_id, "observed_at": observed_at, **private}
    _append(database, [row], source=ReadingSource.ANALYTICS, run_id=run_id)


def add_gone(
    database: AccountDatabase,
    tweet_id: str,
    *,
    reason: str,
    observed_at: datetime,
    source: ReadingSource,
    run_id: str | None,
) -> None:
    """Adds a look that found a post gone: why, in X's words, and no counters, which are not zero (F09)."""
    row = {"tweet_id": tweet_id, "observed_at": observed_at, "gone_reason": reason}
    _append(database, [row], source=source, run_id=run_id)


def add_follower_snapshot(
    database: AccountDatabase, *, followers: int, observed_at: datetime, run_id: str | None
) -> None:
    """Keeps our own follower count at a moment, as a page that was read for something else showed it."""
    with database.transaction() as connection:
        connection.execute(
            insert(follower_snapshots)
            .values(account=database.account, observed_at=observed_at, followers=followers, run_id=run_id)
            .on_conflict_do_nothing()
        )


_post = posted_decisions.c
_public = [tweet_metrics.c[name] for name in COUNTERS]
_private = [tweet_metrics.c[name] for name in PRIVATE_COUNTERS]


def published_post(row: Row[*tuple[Any, ...]]) -> PublishedPost:
    """Answers the post of a row that has `decision_id`, `tweet_id`, `posted_at` and `text`."""
    return PublishedPost(decision_id=row.decision_id, tweet_id=row.tweet_id, posted_at=row.posted_at, text=row.text)


def _posts(database: AccountDatabase, *which: ColumnElement[bool]) -> Sequence[PublishedPost]:
    with database.transaction() as connection:
        rows = connection.execute(
            select(_post.decision_id, _post.tweet_id, _post.posted_at, content_metadata.c.text)
            .join(content_metadata, content_metadata.c.decision_id == _post.decision_id)
            .where(_post.account == database.account, *which)
            .order_by(_post.posted_at)
        )
        return [published_post(row) for row in rows]


def _last(
    database: AccountDatabase, since: datetime, until: datetime, which: ColumnElement[bool]
) -> Mapping[str, datetime]:
    look = tweet_metrics.c
    last = (
        select(look.observed_at)
        .where(look.account == _post.account, look.tweet_id == _post.tweet_id, which)
        .order_by(look.observed_at.desc())
        .limit(1)
        .lateral()
    )
    with database.transaction() as connection:
        rows = connection.execute(
            select(_post.tweet_id, last.c.observed_at)
            .join(last, true())
            .where(_post.account == database.account, _post.posted_at >= since, _post.posted_at < until)
        )
        return {row.tweet_id: row.observed_at for row in rows}


def _append(
    database: AccountDatabase, looks: Sequence[Mapping[str, object]], *, source: ReadingSource, run_id: str | None
) -> tuple[int, Sequence[RefusedRow]]:
    rows = [{"account": database.account, "source": source, "run_id": run_id, **look} for look in looks]
    with database.transaction() as connection:
        # Rows given apart from the statement are sent in pages; in the statement they would be one, and have a limit.
        statement = insert(tweet_metrics).on_conflict_do_nothing().returning(tweet_metrics.c.id)
        added, refused = write_each(
            connection,
            rows,
            lambda some: connection.execute(statement, list(some)).scalars(),
            name=lambda row: f"the reading of post {row['tweet_id']}",
        )
    return len(added), refused
