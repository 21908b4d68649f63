"""A day of the account, as the tables have it: what was published, where decisions went, who answered, what it cost.

Each question is bounded by its span of time, and finds that by an index. What a day was is told in `systems.reports`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from xbot_pipelines.models import CheckpointStatus, Counters, DecisionStatus, DecisionType
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import COUNTERS


@dataclass(frozen=True, kw_only=True)
class DayPost(Counters):
    """A post of ours and what it has come to so far. A reply has the author and the text of what it answers.

    `collected_at` None: nothing was read of it yet; `gone_at` None: it is still there.
    """

    kind: DecisionType
    tweet_id: str
    posted_at: datetime
    text: str
    target_author: str | None
    target_text: str | None
    engagement_rate: float | None
    collected_at: datetime | None
    gone_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A decision that moved in some time: where it stood at the end of it, since when and why, and where it stands now.

    `is_new`: it was written in that time.
    """

    kind: DecisionType
    text: str
    target_author: str | None
    is_new: bool
    status: DecisionStatus
    moved_at: datetime
    reason: str | None
    status_now: DecisionStatus


@dataclass(frozen=True, kw_only=True)
class ReceivedReply:
    """A reply to a post of ours; `our_text` is that post's."""

    tweet_id: str
    author: str
    posted_at: datetime
    text: str
    our_text: str


@dataclass(frozen=True, kw_only=True)
class Received:
    """The replies to our posts in some time: how many, of how many authors, and the newest of them, oldest first."""

    count: int
    authors: int
    newest: Sequence[ReceivedReply]


@dataclass(frozen=True, kw_only=True)
class OpportunityTally:
    """The posts of others that were judged in some time, and what became of them until now.

    What was set aside before a reply was written counts as turned away. `reasons` are the most frequent ones for that.
    """

    judged: int
    turned_away: int
    answered: int
    reasons: Sequence[tuple[str, int]]

    @property
    def found(self) -> int:
        """How many were worth a reply."""
        return self.judged - self.turned_away


@dataclass(frozen=True, kw_only=True)
class ModelUse:
    """The calls of the language model for one purpose; `cost_usd` is that of the calls whose price is known."""

    purpose: str
    calls: int
    calls_of_unknown_cost: int
    tokens: int
    cost_usd: float


@dataclass(frozen=True, kw_only=True)
class DayAlert:
    """An alert that was open at some time of a day; `closed_at` None: it still is."""

    sentence: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PostAtCheckpoint:
    """A post of ours as it was read at one checkpoint, and what it was about. `views` None is unknown."""

    kind: DecisionType
    tweet_id: str
    posted_at: datetime
    text: str
    about: tuple[str, ...]
    status: CheckpointStatus
    views: int | None


def history_began(database: AccountDatabase) -> datetime | None:
    """Answers the first moment that the tables know of the account; None: they know nothing."""
    with database.transaction() as connection:
        began: datetime | None = connection.scalar(text(_BEGAN), {"account": database.account})
    return began


def posts_published(database: AccountDatabase, *, since: datetime, until: datetime) -> Sequence[DayPost]:
    """Answers our posts and replies published in [since, until), oldest first."""
    rows = _rows(database, _PUBLISHED, since=since, until=until)
    return [DayPost(**_typed(row, kind=DecisionType)) for row in rows]


def decisions_moved(database: AccountDatabase, *, since: datetime, until: datetime) -> Sequence[Moved]:
    """Answers the decisions that moved in [since, until), in the order of their last step in it."""
    rows = _rows(database, _MOVED, since=since, until=until)
    return [Moved(**_typed(row, kind=DecisionType, status=DecisionStatus, status_now=DecisionStatus)) for row in rows]


def replies_received(database: AccountDatabase, *, since: datetime, until: datetime, most: int) -> Received:
    """Answers the replies to our posts that were written in [since, until), at most so many of them with their text."""
    rows = _rows(database, _RECEIVED, since=since, until=until, most=most)
    counts = {name: [row.pop(name) for row in rows] for name in ("count", "authors")}
    return Received(
        count=max(counts["count"], default=0),
        authors=max(counts["authors"], default=0),
        newest=[ReceivedReply(**row) for row in reversed(rows)],
    )


def opportunities_judged(
    database: AccountDatabase, *, since: datetime, until: datetime, most_reasons: int
) -> OpportunityTally:
    """Counts the posts of others that were judged in [since, until)."""
    rows = _rows(database, _JUDGED, since=since, until=until)
    reasons = [(row["reason"], row["turned_away"]) for row in rows if row["reason"] and row["turned_away"]]
    return OpportunityTally(
        judged=sum(row["judged"] for row in rows),
        turned_away=sum(row["turned_away"] for row in rows),
        answered=sum(row["answered"] for row in rows),
        reasons=reasons[:most_reasons],
    )


def model_use(database: AccountDatabase, *, since: datetime, until: datetime) -> Sequence[ModelUse]:
    """Answers what the language model was called for in [since, until), the dearest first."""
    return [ModelUse(**row) for row in _rows(database, _MODEL_USE, since=since, until=until)]


def alerts_open(database: AccountDatabase, *, since: datetime, until: datetime) -> Sequence[DayAlert]:
    """Answers the alerts that were open at any moment of [since, until), oldest first."""
    return [DayAlert(**row) for row in _rows(database, _ALERTS, since=since, until=until)]


def posts_at_checkpoint(
    database: AccountDatabase, *, hours: int, since: datetime, until: datetime
) -> Sequence[PostAtCheckpoint]:
    """Answers the posts published in [since, until) that were read at this checkpoint, oldest first."""
    rows = _rows(database, _AT_CHECKPOINT, since=since, until=until, hours=hours)
    return [PostAtCheckpoint(**_typed(row, kind=DecisionType, status=CheckpointStatus, about=tuple)) for row in rows]


def _rows(database: AccountDatabase, question: str, **values: object) -> list[dict[str, Any]]:
    with database.transaction() as connection:
        rows = connection.execute(text(question), {"account": database.account, **values})
        return [dict(row) for row in rows.mappings()]


def _typed(row: dict[str, Any], **types: Callable[[Any], object]) -> dict[str, Any]:
    return row | {name: of_type(row[name]) for name, of_type in types.items()}


_BEGAN = """
    SELECT least(
        (SELECT min(happened_at) FROM decision_events WHERE account = :account),
        (SELECT min(posted_at) FROM posted_decisions WHERE account = :account),
        (SELECT min(found_at) FROM reply_opportunities WHERE account = :account),
        (SELECT min(observed_at) FROM follower_snapshots WHERE account = :account),
        (SELECT min(called_at) FROM llm_calls WHERE account = :account)
    )
"""
_PUBLISHED = f"""
    SELECT content.decision_type AS kind, posted.tweet_id, posted.posted_at, content.text,
           content.target_author, content.target_text, {", ".join(f"outcomes.{name}" for name in COUNTERS)},
           outcomes.engagement_rate, outcomes.collected_at, outcomes.gone_at
    FROM posted_decisions AS posted
    JOIN content_metadata AS content USING (account, decision_id)
    LEFT JOIN outcomes USING (account, decision_id)
    WHERE account = :account AND posted.posted_at >= :since AND posted.posted_at < :until
    ORDER BY posted.posted_at, posted.tweet_id
"""  # noqa: S608 - made of our own column names, the values are bound
_MOVED = """
    WITH steps AS (
        SELECT DISTINCT ON (decision_id) decision_id, id, to_status, happened_at, reason,
               bool_or(from_status IS NULL) OVER (PARTITION BY decision_id) AS is_new
        FROM decision_events
        WHERE account = :account AND happened_at >= :since AND happened_at < :until
        ORDER BY decision_id, id DESC
    )
    SELECT content.decision_type AS kind, content.text, content.target_author, steps.is_new,
           steps.to_status AS status, steps.happened_at AS moved_at, steps.reason, content.status AS status_now
    FROM steps JOIN content_metadata AS content USING (decision_id)
    ORDER BY steps.happened_at, steps.id
"""
# A reply cannot have been seen before it was written: when it was last seen bounds the search, and has an index.
_RECEIVED = """
    WITH received AS (
        SELECT decision_id, tweet_id, author, posted_at, text FROM received_replies
        WHERE account = :account AND last_seen_at >= :since AND posted_at >= :since AND posted_at < :until
    )
    SELECT received.tweet_id, received.author, received.posted_at, received.text, content.text AS our_text,
           (SELECT count(*) FROM received) AS count, (SELECT count(DISTINCT author) FROM received) AS authors
    FROM received JOIN content_metadata AS content USING (decision_id)
    ORDER BY received.posted_at DESC, received.tweet_id DESC LIMIT :most
"""
_JUDGED = """
    SELECT turned_away_reason AS reason, count(*) AS judged,
           count(*) FILTER (WHERE status = 'turned_away' AND decision_id IS NULL) AS turned_away,
           count(*) FILTER (WHERE status = 'answered') AS answered
    FROM reply_opportunities
    WHERE account = :account AND found_at >= :since AND found_at < :until
    GROUP BY turned_away_reason ORDER BY turned_away DESC, turned_away_reason
"""
_MODEL_USE = """
    SELECT purpose, count(*) AS calls, count(*) FILTER (WHERE cost_usd IS NULL) AS calls_of_unknown_cost,
           sum(prompt_tokens + completion_tokens) AS tokens, coalesce(sum(cost_usd), 0)::double precision AS cost_usd
    FROM llm_calls
    WHERE account = :account AND called_at >= :since AND called_at < :until
    GROUP BY purpose ORDER BY cost_usd DESC, purpose
"""
_ALERTS = """
    SELECT sentence, opened_at, closed_at FROM alerts
    WHERE account = :account AND opened_at < :until AND (closed_at IS NULL OR closed_at >= :since)
    ORDER BY opened_at, id
"""
_AT_CHECKPOINT = """
    SELECT content.decision_type AS kind, posted.tweet_id, posted.posted_at, content.text,
           array_remove(
               ARRAY[content.topic, content.angle, content.tone, content.format, content.hook], NULL
           ) AS about, taken.status, taken.views
    FROM posted_decisions AS posted
    JOIN post_velocity_tracking AS taken USING (account, decision_id)
    JOIN content_metadata AS content USING (account, decision_id)
    WHERE account = :account AND posted.posted_at >= :since AND posted.posted_at < :until
          AND taken.checkpoint_hours = :hours AND taken.status <> 'missed'
    ORDER BY posted.posted_at, posted.tweet_id
"""
