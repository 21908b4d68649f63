"""The posts and replies that wait for a person, as they are shown to one. What the person decides lies in `review`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, func, literal, select

from xbot_pipelines.models import DecisionStatus, DecisionType, NewsItem, Opportunity, Target
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.opportunities import opportunity_of
from xbot_pipelines.store.schema import content_metadata, decision_events, news_items, reply_opportunities

KIND_WORDS = {DecisionType.SINGLE: "post", DecisionType.REPLY: "reply"}
"""What a person calls each kind."""

_MOST_ALIKE = 10

_CONTENT = content_metadata.c
_FOUND = reply_opportunities.c
_NEWS = news_items.c


class NotWaiting(Exception):
    """A draft does not wait for this decision, or not any more. The message says what became of it.

    There is none, somebody else has decided it or changed its text, it is too late for it, or the author whom it
    answers asked to be left alone.
    """


@dataclass(frozen=True, kw_only=True)
class WaitingDraft:
    """A post or a reply that waits for a person: what we would say, when, and until when it may be said.

    `target` is what a reply answers, None for a post. `scheduled_at` is a post's slot; a reply has none of its own, and
    goes out once it is approved. `reason` is why it waits. `opportunity` is the target as it was found and scored,
    `news` what a post was made from; both None where nothing is kept of that.
    """

    decision_id: UUID
    kind: DecisionType
    text: str
    topic: str | None
    target: Target | None
    quality: float | None
    reason: str | None
    written_at: datetime
    scheduled_at: datetime
    expires_at: datetime | None
    opportunity: Opportunity | None
    news: NewsItem | None

    @property
    def called(self) -> str:
        """What a person calls its kind: post or reply."""
        return KIND_WORDS[self.kind]


def waiting(database: AccountDatabase, *, now: datetime) -> Sequence[WaitingDraft]:
    """Return what waits and has not expired, in the order in which it can go out.

    What could go out at once comes first: replies to those who addressed us, then what expires first. Posts whose slot
    is ahead follow in the order of their slots.
    """
    with database.transaction() as connection:
        rows = connection.execute(
            _drafts()
            .where(
                _CONTENT.account == database.account,
                _CONTENT.status == DecisionStatus.NEEDS_REVIEW,
                func.coalesce(_CONTENT.expires_at > now, True),
            )
            .order_by(
                func.greatest(_CONTENT.scheduled_at, literal(now)),
                func.coalesce(_FOUND.addressed_us, False).desc(),
                _CONTENT.expires_at.nulls_last(),
                _CONTENT.created_at,
                _CONTENT.decision_id,
            )
        )
        return [_waiting_draft(row) for row in rows.mappings()]


def waiting_draft(database: AccountDatabase, decision_id: UUID) -> WaitingDraft:
    """Return one draft that waits, expired or not.

    Raises:
        NotWaiting: it does not wait.
    """
    with database.transaction() as connection:
        return read_waiting(connection, database.account, decision_id)


def ids_beginning_with(database: AccountDatabase, beginning: str) -> Sequence[UUID]:
    """Return the ids of drafts that begin so: of those that wait, or of any others where none waits; ten at most.

    Args:
        database: whose drafts.
        beginning: 1 to 32 hexadecimal digits, without the hyphens.
    """
    lowest, highest = (UUID(beginning.ljust(32, filler)) for filler in "0f")
    with database.transaction() as connection:
        rows = connection.execute(
            select(_CONTENT.decision_id, _CONTENT.status)
            .where(_CONTENT.account == database.account, _CONTENT.decision_id.between(lowest, highest))
            .order_by((_CONTENT.status == DecisionStatus.NEEDS_REVIEW).desc(), _CONTENT.decision_id)
            .limit(_MOST_ALIKE)
        ).all()
    still_waiting = [row.decision_id for row in rows if row.status == DecisionStatus.NEEDS_REVIEW]
    return still_waiting or [row.decision_id for row in rows]


def read_waiting(connection: Connection, account: str, decision_id: UUID, *, to_decide: bool = False) -> WaitingDraft:
    """Return one draft that waits, as a part of a transaction.

    Args:
        connection: the transaction.
        account: whose draft.
        decision_id: which one.
        to_decide: keep others from deciding it until the transaction ends.

    Raises:
        NotWaiting: it does not wait.
    """
    drafts = _drafts().with_for_update(of=content_metadata) if to_decide else _drafts()
    row = (
        connection.execute(
            drafts.where(
                _CONTENT.account == account,
                _CONTENT.decision_id == decision_id,
                _CONTENT.status == DecisionStatus.NEEDS_REVIEW,
            )
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotWaiting(_what_became(connection, account, decision_id))
    return _waiting_draft(row)


def _what_became(connection: Connection, account: str, decision_id: UUID) -> str:
    event = decision_events.c
    last = connection.execute(
        select(event.to_status, event.happened_at, event.actor, event.reason, _CONTENT.decision_type)
        .join(content_metadata, _CONTENT.decision_id == event.decision_id)
        .where(event.account == account, event.decision_id == decision_id)
        .order_by(event.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return f"account {account!r} has no draft {decision_id}"
    called = KIND_WORDS[DecisionType(last.decision_type)]
    because = f": {last.reason}" if last.reason else ""
    return f"{called} {decision_id} is {last.to_status} since {in_utc(last.happened_at)}, by {last.actor}{because}"


def in_utc(moment: datetime) -> str:
    """Return a moment as a person reads it."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _drafts() -> Select[Any]:
    # Whatever was drafted was scored: an opportunity without a score has nothing to tell of this reply.
    found_and_scored = (
        (_FOUND.account == _CONTENT.account) & (_FOUND.tweet_id == _CONTENT.target_tweet_id) & _FOUND.score.is_not(None)
    )
    made_from = (_NEWS.account == _CONTENT.account) & (_NEWS.url == _CONTENT.news_url)
    of_the_opportunity = [column for column in _FOUND if column.name not in {"account", "decision_id", "status"}]
    of_the_news = (_NEWS.url, _NEWS.title, _NEWS.source, _NEWS.summary, _NEWS.published_at)
    return select(
        *(_CONTENT.decision_id, _CONTENT.decision_type, _CONTENT.text, _CONTENT.topic, _CONTENT.quality_score),
        *(_CONTENT.status_reason, _CONTENT.created_at, _CONTENT.scheduled_at, _CONTENT.expires_at),
        *(_CONTENT.target_tweet_id, _CONTENT.target_author, _CONTENT.target_text),
        _CONTENT.target_author_followers,
        *(column.label(f"found_{column.name}") for column in of_the_opportunity),
        *(column.label(f"news_{column.name}") for column in of_the_news),
    ).select_from(content_metadata.outerjoin(reply_opportunities, found_and_scored).outerjoin(news_items, made_from))


def _waiting_draft(row: RowMapping) -> WaitingDraft:
    target = row["target_tweet_id"] and Target(
        post_id=row["target_tweet_id"],
        author_handle=row["target_author"],
        text=row["target_text"],
        author_followers=row["target_author_followers"],
    )
    return WaitingDraft(
        decision_id=row["decision_id"],
        kind=DecisionType(row["decision_type"]),
        text=row["text"],
        topic=row["topic"],
        target=target or None,
        quality=row["quality_score"],
        reason=row["status_reason"],
        written_at=row["created_at"],
        scheduled_at=row["scheduled_at"],
        expires_at=row["expires_at"],
        opportunity=None if row["found_tweet_id"] is None else opportunity_of(_columns(row, "found_")),
        news=None if row["news_url"] is None else NewsItem(**_columns(row, "news_")),
    )


def _columns(row: RowMapping, prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)}
