"""Readings: what X counted of a post at a moment. Kept as they came; everything else is derived from them (F08).

A reading is never changed, and binds to a post by its id alone (F07).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from xbot_pipelines.models import Counters, PublishedPost, Reading, ReadingSource
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


@dataclass(frozen=True, kw_only=True)
class PostOutcome(Counters):
    """What one post has come to. `collected_at` None: nothing was read of it yet."""

    tweet_id: str
    posted_at: datetime
    collected_at: datetime | None


def published_posts(database: AccountDatabase, *, since: datetime, until: datetime) -> Sequence[PublishedPost]:
    """Answers our posts published from `since` up to, not including, `until`, oldest first."""
    post = posted_decisions.c
    with database.transaction() as connection:
        rows = connection.execute(
            select(post.decision_id, post.tweet_id, post.posted_at, content_metadata.c.text)
            .join(content_metadata, content_metadata.c.decision_id == post.decision_id)
            .where(post.account == database.account, post.posted_at >= since, post.posted_at < until)
            .order_by(post.posted_at)
        )
        return [
            PublishedPost(decision_id=row.decision_id, tweet_id=row.tweet_id, posted_at=row.posted_at, text=row.text)
            for row in rows
        ]


def add_readings(
    database: AccountDatabase, readings: Sequence[Reading], *, source: ReadingSource, run_id: str | None
) -> int:
    """Adds readings of our own posts, and answers how many were new. The same reading twice is kept once."""
    if not readings:
        return 0
    rows = [
        {
            "account": database.account,
            "tweet_id": reading.tweet_id,
            "observed_at": reading.observed_at,
            "source": source,
            "run_id": run_id,
            **{name: getattr(reading, name) for name in COUNTERS},
        }
        for reading in readings
    ]
    with database.transaction() as connection:
        # Rows given apart from the statement are sent in pages; in the statement they would be one, and have a limit.
        added = connection.execute(insert(tweet_metrics).on_conflict_do_nothing().returning(tweet_metrics.c.id), rows)
        return len(added.all())


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


def rebuild_outcomes(database: AccountDatabase, *, since: datetime, until: datetime) -> int:
    """Derives the outcomes of the posts published in [since, until) from their readings; answers how many have one.

    Run again from nothing it gives the same. Each counter is the latest that is known; the engagement rate is
    what readers did over what they saw, and unknown where one of its parts is.
    """
    with database.transaction() as connection:
        rebuilt = connection.execute(text(_REBUILD), {"account": database.account, "since": since, "until": until})
        return rebuilt.rowcount


def outcomes_between(database: AccountDatabase, *, since: datetime, until: datetime) -> Sequence[PostOutcome]:
    """Answers the outcomes of the posts published in [since, until), oldest post first, those still unknown too."""
    post = posted_decisions.c
    with database.transaction() as connection:
        rows = connection.execute(
            select(post.tweet_id, post.posted_at, outcomes.c.collected_at, *(outcomes.c[name] for name in COUNTERS))
            .join(outcomes, outcomes.c.decision_id == post.decision_id)
            .where(post.account == database.account, post.posted_at >= since, post.posted_at < until)
            .order_by(post.posted_at)
        )
        return [PostOutcome(**row) for row in rows.mappings()]


def _latest_known(counter: str) -> str:
    return f"(array_agg({counter} ORDER BY observed_at DESC) FILTER (WHERE {counter} IS NOT NULL))[1] AS {counter}"


_DERIVED = (*COUNTERS, *PRIVATE_COUNTERS)
_SETS = ", ".join(f"{name} = excluded.{name}" for name in (*_DERIVED, "engagement_rate", "collected_at", "source"))
_REBUILD = f"""
    INSERT INTO outcomes (account, decision_id, {", ".join(_DERIVED)}, engagement_rate, collected_at, source)
    SELECT :account, decision_id, {", ".join(_DERIVED)},
           (likes + reposts + replies + quotes + bookmarks)::double precision / NULLIF(views, 0),
           collected_at, source
    FROM (
        SELECT posted_decisions.decision_id, {", ".join(_latest_known(counter) for counter in _DERIVED)},
               max(observed_at) AS collected_at,
               (array_agg(tweet_metrics.source ORDER BY observed_at DESC))[1] AS source
        FROM posted_decisions JOIN tweet_metrics USING (account, tweet_id)
        WHERE posted_decisions.account = :account AND posted_at >= :since AND posted_at < :until
        GROUP BY posted_decisions.decision_id
    ) AS latest
    ON CONFLICT (decision_id) DO UPDATE SET {_SETS}
"""  # noqa: S608 - made of our own column names, the values are bound
