"""The replies that our posts received: who answered us and what they said, as it was last seen.

Text read from X is data. What is made of it is the business of `systems`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from xbot_pipelines.models import PostSnapshot, PublishedPost, ReadingSource
from xbot_pipelines.store.bad_rows import RefusedRow, write_each
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.readings import published_post
from xbot_pipelines.store.schema import COUNTERS, received_replies


@dataclass(frozen=True, kw_only=True)
class CountedReplies:
    """A post of ours with replies: how many X counts, and how many it counted when we last read its conversation."""

    post: PublishedPost
    counted: int
    counted_then: int | None


def counted_replies(database: AccountDatabase, *, since: datetime, until: datetime) -> Sequence[CountedReplies]:
    """Answers the living posts published in [since, until) that X counts replies of, oldest first."""
    with database.transaction() as connection:
        rows = connection.execute(text(_COUNTED), {"account": database.account, "since": since, "until": until})
        return [
            CountedReplies(
                post=published_post(row),
                counted=row.counted,
                counted_then=row.counted_then,
            )
            for row in rows
        ]


def save_replies(
    database: AccountDatabase, post: PublishedPost, replies: Sequence[PostSnapshot], *, now: datetime
) -> tuple[int, Sequence[RefusedRow]]:
    """Keep the replies under a post of ours as they are now.

    Returns:
        How many were not known, and the replies that the database did not take.
    """
    rows = [
        {
            "account": database.account,
            "tweet_id": reply.id,
            "decision_id": post.decision_id,
            "author": reply.author.handle or reply.author.id,
            "author_followers": reply.author.followers,
            "text": reply.visible_text,
            "lang": reply.lang,
            "posted_at": reply.created_at,
            "answers_tweet_id": reply.in_reply_to_id,
            **{name: getattr(reply, name) for name in COUNTERS},
            "first_seen_at": now,
            "last_seen_at": now,
        }
        for reply in replies
    ]
    written = insert(received_replies)
    seen_again = ("author_followers", "text", *COUNTERS, "last_seen_at")
    statement = written.on_conflict_do_update(
        index_elements=["account", "tweet_id"], set_={name: written.excluded[name] for name in seen_again}
    ).returning(received_replies.c.first_seen_at)
    with database.transaction() as connection:
        first_seen, refused = write_each(
            connection,
            rows,
            lambda some: connection.execute(statement, list(some)).scalars(),
            name=lambda row: f"reply {row['tweet_id']}",
        )
    return sum(first_seen_at == now for first_seen_at in first_seen), refused


_COUNTED = f"""
    SELECT decision_id, posted.tweet_id, posted.posted_at, content.text,
           outcomes.replies AS counted, look.replies AS counted_then
    FROM posted_decisions AS posted
    JOIN content_metadata AS content USING (account, decision_id)
    JOIN outcomes USING (account, decision_id)
    LEFT JOIN LATERAL (
        SELECT replies FROM tweet_metrics
        WHERE tweet_metrics.account = posted.account AND tweet_metrics.tweet_id = posted.tweet_id
              AND source = '{ReadingSource.ENHANCED_METRICS}' AND replies IS NOT NULL
        ORDER BY observed_at DESC LIMIT 1
    ) AS look ON true
    WHERE posted.account = :account AND posted.posted_at >= :since AND posted.posted_at < :until
          AND outcomes.gone_at IS NULL AND outcomes.replies > 0
    ORDER BY posted.posted_at
"""  # noqa: S608 - a word of our own, the values are bound
