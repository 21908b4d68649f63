"""Outcomes: what each post has come to, derived from its readings by one piece of SQL, and nothing else (F08).

It can be run again at any time, also from nothing, and gives the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text

from xbot_pipelines.models import Counters
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import COUNTERS, PRIVATE_COUNTERS, outcomes, posted_decisions


@dataclass(frozen=True, kw_only=True)
class PostOutcome(Counters):
    """What one post has come to. `collected_at` None: nothing was read of it yet; `gone_at` None: it is still there."""

    tweet_id: str
    posted_at: datetime
    collected_at: datetime | None
    gone_at: datetime | None


def rebuild_outcomes(database: AccountDatabase, *, since: datetime, until: datetime) -> int:
    """Derives the outcomes of the posts published in [since, until) from their readings; answers how many were read.

    Run again from nothing it gives the same. Each counter is the latest that is known; the engagement rate is
    what readers did over what they saw, and unknown where one of its parts is. A post is gone since the first look
    that did not find it any more, and what was counted before that stays. The followers it won are what attribution
    last knew of it.
    """
    with database.transaction() as connection:
        rebuilt = connection.execute(text(_REBUILD), {"account": database.account, "since": since, "until": until})
        return sum(row.collected_at is not None for row in rebuilt)


def outcomes_between(database: AccountDatabase, *, since: datetime, until: datetime) -> Sequence[PostOutcome]:
    """Answers the outcomes of the posts published in [since, until), oldest post first, those still unknown too."""
    post, outcome = posted_decisions.c, outcomes.c
    counters = [outcome[name] for name in COUNTERS]
    with database.transaction() as connection:
        rows = connection.execute(
            select(post.tweet_id, post.posted_at, outcome.collected_at, outcome.gone_at, *counters)
            .join(outcomes, outcome.decision_id == post.decision_id)
            .where(post.account == database.account, post.posted_at >= since, post.posted_at < until)
            .order_by(post.posted_at)
        )
        return [PostOutcome(**row) for row in rows.mappings()]


def _latest_known(counter: str) -> str:
    return f"(array_agg({counter} ORDER BY observed_at DESC) FILTER (WHERE {counter} IS NOT NULL))[1] AS {counter}"


_COUNTED = (*COUNTERS, *PRIVATE_COUNTERS)
_WON = ("followers_gained_low", "followers_gained", "followers_gained_high")
_DERIVED = (*_COUNTED, "engagement_rate", *_WON, "collected_at", "gone_at", "source")
_REBUILD = f"""
    WITH looks AS (
        SELECT posted.decision_id, observed_at, gone_reason, source, {", ".join(_COUNTED)},
               max(observed_at) FILTER (WHERE gone_reason IS NULL) OVER (PARTITION BY posted.decision_id) AS last_seen
        FROM posted_decisions AS posted LEFT JOIN tweet_metrics USING (account, tweet_id)
        WHERE posted.account = :account AND posted_at >= :since AND posted_at < :until
    ), latest AS (
        SELECT decision_id, {", ".join(_latest_known(counter) for counter in _COUNTED)},
               max(last_seen) AS collected_at,
               min(observed_at) FILTER (
                   WHERE gone_reason IS NOT NULL AND observed_at > coalesce(last_seen, '-infinity')
               ) AS gone_at,
               (array_agg(source ORDER BY observed_at DESC) FILTER (WHERE gone_reason IS NULL))[1] AS source
        FROM looks GROUP BY decision_id
    )
    INSERT INTO outcomes (account, decision_id, {", ".join(_DERIVED)})
    SELECT :account, decision_id, {", ".join(_COUNTED)},
           (likes + reposts + replies + quotes + bookmarks)::double precision / NULLIF(views, 0),
           attributed_low, attributed, attributed_high, collected_at, gone_at, source
    FROM latest LEFT JOIN LATERAL (
        SELECT attributed_low, attributed, attributed_high FROM post_follower_tracking AS tracked
        WHERE tracked.decision_id = latest.decision_id AND attributed IS NOT NULL
        ORDER BY checkpoint_hours DESC LIMIT 1
    ) AS won ON true
    ON CONFLICT (decision_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _DERIVED)}
    RETURNING collected_at
"""  # noqa: S608 - made of our own column names, the values are bound
