"""Review: the replies that wait for a person, and what the person made of them.

An answer is one short transaction on one row: of two people who answer at once the second is told what the first has
done. What a reply has to pass before it comes here, and when it is edited, lies in `content.gates`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, func, select, update

from xbot_pipelines.models import DecisionStatus, DecisionType, Opportunity, Target
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.decisions import change_status
from xbot_pipelines.store.opportunities import opportunity_of
from xbot_pipelines.store.people import has_opted_out
from xbot_pipelines.store.schema import content_metadata, decision_events, reply_opportunities

_MOST_ALIKE = 10

_CONTENT = content_metadata.c
_FOUND = reply_opportunities.c


class NotWaiting(Exception):
    """A reply does not wait for this answer, or not any more. The message says what became of it.

    There is none, somebody else has decided it, it is too late for it, or its author asked to be left alone.
    """


@dataclass(frozen=True, kw_only=True)
class WaitingReply:
    """A reply that waits for a person: what we would say, to what, and until when it may be said.

    `reason` is why it waits, in the words of whoever let it wait. `opportunity` is the target as it was found and
    scored, None where nothing is kept of that.
    """

    decision_id: UUID
    text: str
    target: Target
    quality: float | None
    reason: str | None
    written_at: datetime
    expires_at: datetime | None
    opportunity: Opportunity | None


def waiting(database: AccountDatabase, *, now: datetime) -> Sequence[WaitingReply]:
    """Answers the replies that wait and have not expired: to those who addressed us first, then what expires first."""
    with database.transaction() as connection:
        rows = connection.execute(
            _replies()
            .where(
                _CONTENT.account == database.account,
                _CONTENT.status == DecisionStatus.NEEDS_REVIEW,
                func.coalesce(_CONTENT.expires_at > now, True),
            )
            .order_by(
                func.coalesce(_FOUND.addressed_us, False).desc(),
                _CONTENT.expires_at.nulls_last(),
                _CONTENT.created_at,
                _CONTENT.decision_id,
            )
        )
        return [_waiting_reply(row) for row in rows.mappings()]


def waiting_reply(database: AccountDatabase, decision_id: UUID) -> WaitingReply:
    """Answers one reply that waits, expired or not.

    Raises:
        NotWaiting: it does not wait.
    """
    with database.transaction() as connection:
        return _of_the_waiting(connection, database.account, decision_id, _replies())


def ids_beginning_with(database: AccountDatabase, beginning: str) -> Sequence[UUID]:
    """Answers the ids of replies that begin so: of those that wait, or of any others where none waits; ten at most.

    Args:
        database: whose replies.
        beginning: 1 to 32 hexadecimal digits, without the hyphens.
    """
    lowest, highest = (UUID(beginning.ljust(32, filler)) for filler in "0f")
    with database.transaction() as connection:
        rows = connection.execute(
            select(_CONTENT.decision_id, _CONTENT.status)
            .where(
                _CONTENT.account == database.account,
                _CONTENT.decision_type == DecisionType.REPLY,
                _CONTENT.decision_id.between(lowest, highest),
            )
            .order_by((_CONTENT.status == DecisionStatus.NEEDS_REVIEW).desc(), _CONTENT.decision_id)
            .limit(_MOST_ALIKE)
        ).all()
    still_waiting = [row.decision_id for row in rows if row.status == DecisionStatus.NEEDS_REVIEW]
    return still_waiting or [row.decision_id for row in rows]


def approve(
    database: AccountDatabase, decision_id: UUID, *, text: str | None = None, now: datetime, by: Provenance
) -> None:
    """Lets a reply be sent at the next turn of posting, until it expires.

    Args:
        database: whose reply.
        decision_id: which one.
        text: what is sent in its place; the first text is kept with the step in its history. None: as it is.
        now: when.
        by: who approves it.

    Raises:
        NotWaiting: it does not wait, it has expired meanwhile, or its author asked to be left alone.
    """
    with database.transaction() as connection:
        reply = _locked(connection, database.account, decision_id)
        if reply.expires_at is not None and reply.expires_at <= now:
            raise NotWaiting(f"reply {decision_id} could be sent until {_told(reply.expires_at)}: it is too late now")
        author_id = reply.opportunity.author.id if reply.opportunity else None
        handle = reply.target.author_handle
        if has_opted_out(connection, database.account, handle=handle, user_id=author_id):
            raise NotWaiting(f"@{handle} asked to be left alone: reply {decision_id} can only be rejected")
        edited = text is not None and text != reply.text
        change_status(
            connection,
            database.account,
            decision_id,
            DecisionStatus.QUEUED,
            now=now,
            by=by,
            reason=f"edited from: {reply.text}" if edited else None,
        )
        connection.execute(
            update(content_metadata)
            .where(_CONTENT.account == database.account, _CONTENT.decision_id == decision_id)
            .values(scheduled_at=now, **({"text": text} if edited else {}))
        )


def reject(database: AccountDatabase, decision_id: UUID, *, reason: str, now: datetime, by: Provenance) -> None:
    """Turns a reply away for good, also one that has expired.

    Raises:
        NotWaiting: it does not wait.
    """
    with database.transaction() as connection:
        _locked(connection, database.account, decision_id)
        change_status(connection, database.account, decision_id, DecisionStatus.REJECTED, now=now, by=by, reason=reason)


def _locked(connection: Connection, account: str, decision_id: UUID) -> WaitingReply:
    """Reads a reply that waits, and keeps others from deciding it until the transaction ends."""
    return _of_the_waiting(connection, account, decision_id, _replies().with_for_update(of=content_metadata))


def _of_the_waiting(connection: Connection, account: str, decision_id: UUID, replies: Select[Any]) -> WaitingReply:
    row = (
        connection.execute(
            replies.where(
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
    return _waiting_reply(row)


def _what_became(connection: Connection, account: str, decision_id: UUID) -> str:
    event = decision_events.c
    last = connection.execute(
        select(event.to_status, event.happened_at, event.actor, event.reason)
        .join(content_metadata, _CONTENT.decision_id == event.decision_id)
        .where(
            event.account == account,
            event.decision_id == decision_id,
            _CONTENT.decision_type == DecisionType.REPLY,
        )
        .order_by(event.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return f"account {account!r} has no reply {decision_id}"
    because = f": {last.reason}" if last.reason else ""
    return f"reply {decision_id} is {last.to_status} since {_told(last.happened_at)}, by {last.actor}{because}"


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _replies() -> Select[Any]:
    # Whatever was drafted was scored: an opportunity without a score has nothing to tell of this reply.
    found_and_scored = (
        (_FOUND.account == _CONTENT.account) & (_FOUND.tweet_id == _CONTENT.target_tweet_id) & _FOUND.score.is_not(None)
    )
    of_the_opportunity = [column for column in _FOUND if column.name not in {"account", "decision_id", "status"}]
    return (
        select(
            *(_CONTENT.decision_id, _CONTENT.text, _CONTENT.quality_score, _CONTENT.status_reason),
            *(_CONTENT.created_at, _CONTENT.expires_at),
            *(_CONTENT.target_tweet_id, _CONTENT.target_author, _CONTENT.target_text),
            _CONTENT.target_author_followers,
            *(column.label(f"found_{column.name}") for column in of_the_opportunity),
        )
        .select_from(content_metadata.outerjoin(reply_opportunities, found_and_scored))
        .where(_CONTENT.decision_type == DecisionType.REPLY)
    )


def _waiting_reply(row: RowMapping) -> WaitingReply:
    return WaitingReply(
        decision_id=row["decision_id"],
        text=row["text"],
        target=Target(
            post_id=row["target_tweet_id"],
            author_handle=row["target_author"],
            text=row["target_text"],
            author_followers=row["target_author_followers"],
        ),
        quality=row["quality_score"],
        reason=row["status_reason"],
        written_at=row["created_at"],
        expires_at=row["expires_at"],
        opportunity=None if row["found_tweet_id"] is None else opportunity_of(_found(row)),
    )


def _found(row: RowMapping) -> dict[str, Any]:
    return {name.removeprefix("found_"): value for name, value in row.items() if name.startswith("found_")}
