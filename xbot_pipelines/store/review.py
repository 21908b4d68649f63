"""Review: what a person decides about the posts and replies that wait for one.

A decision is one short transaction on one row: of two people who decide at once the second is told what the first has
done. What may be sent at all is decided in `systems.queue`, what waits in `systems.approval`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, func, select, update

from xbot_pipelines.models import DecisionStatus, DecisionType
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.decisions import change_status
from xbot_pipelines.store.people import has_opted_out
from xbot_pipelines.store.schema import content_metadata
from xbot_pipelines.store.waiting import NotWaiting, WaitingDraft, in_utc, read_waiting

FreeSlot = Callable[[Sequence[datetime]], datetime]
"""Return the next free slot, given the moments at which other posts go out."""

_SLOTS_REMEMBERED_FOR = timedelta(days=2)


def approve(
    database: AccountDatabase,
    decision_id: UUID,
    *,
    shown: str,
    text: str | None = None,
    free_slot: FreeSlot,
    now: datetime,
    by: Provenance,
) -> datetime:
    """Let a draft be sent until it expires, and return when it goes out at the earliest.

    A reply goes out at the next turn of posting. A post keeps its slot, or takes the next free one where its own has
    passed.

    Args:
        database: whose draft.
        decision_id: which one.
        shown: the text that the person has seen: no other is approved.
        text: what is sent in its place; the first text is kept with the step in its history. None: as it is.
        free_slot: finds the next free slot.
        now: when.
        by: who approves it.

    Raises:
        NotWaiting: it does not wait, was changed since it was shown, has expired meanwhile, no slot is free before it
            expires, or the author whom it answers asked to be left alone.
    """
    with database.transaction() as connection:
        draft = read_waiting(connection, database.account, decision_id, to_decide=True)
        if draft.text != shown:
            raise NotWaiting(f"{draft.called} {decision_id} was changed since it was shown: look at it again")
        if draft.expires_at is not None and draft.expires_at <= now:
            raise NotWaiting(
                f"{draft.called} {decision_id} could be sent until {in_utc(draft.expires_at)}: it is too late now"
            )
        _demand_not_opted_out(connection, database.account, draft)
        slot = _slot(connection, database.account, draft, free_slot, now)
        edited = text is not None and text != draft.text
        change_status(
            connection,
            database.account,
            decision_id,
            DecisionStatus.QUEUED,
            now=now,
            by=by,
            reason=f"edited from: {draft.text}" if edited else None,
        )
        connection.execute(
            update(content_metadata)
            .where(content_metadata.c.account == database.account, content_metadata.c.decision_id == decision_id)
            .values(scheduled_at=slot, **({"text": text} if edited else {}))
        )
    return slot


def reject(database: AccountDatabase, decision_id: UUID, *, reason: str, now: datetime, by: Provenance) -> None:
    """Turn a draft away for good, also one that has expired.

    Raises:
        NotWaiting: it does not wait.
    """
    with database.transaction() as connection:
        read_waiting(connection, database.account, decision_id, to_decide=True)
        change_status(connection, database.account, decision_id, DecisionStatus.REJECTED, now=now, by=by, reason=reason)


def _demand_not_opted_out(connection: Connection, account: str, draft: WaitingDraft) -> None:
    if draft.target is None:
        return
    author_id = draft.opportunity.author.id if draft.opportunity else None
    handle = draft.target.author_handle
    if has_opted_out(connection, account, handle=handle, user_id=author_id):
        raise NotWaiting(f"@{handle} asked to be left alone: reply {draft.decision_id} can only be rejected")


def _slot(connection: Connection, account: str, draft: WaitingDraft, free_slot: FreeSlot, now: datetime) -> datetime:
    if draft.kind is DecisionType.REPLY:
        return now
    if draft.scheduled_at >= now:
        return draft.scheduled_at
    # Two people who approve at once would both find the same slot free.
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"slots of {account}"))))
    slot = free_slot(_taken_slots(connection, account, now))
    if draft.expires_at is not None and slot >= draft.expires_at:
        raise NotWaiting(
            f"post {draft.decision_id} missed its slot, and no other is free before it expires at "
            f"{in_utc(draft.expires_at)}: reject it, or raise the caps"
        )
    return slot


def _taken_slots(connection: Connection, account: str, now: datetime) -> Sequence[datetime]:
    """Return when other posts go out or went out lately. What missed its slot for want of an approval has none."""
    gave_it_back = (DecisionStatus.REJECTED, DecisionStatus.EXPIRED)
    return connection.scalars(
        select(content_metadata.c.scheduled_at).where(
            content_metadata.c.account == account,
            content_metadata.c.decision_type == DecisionType.SINGLE,
            content_metadata.c.scheduled_at > now - _SLOTS_REMEMBERED_FOR,
            content_metadata.c.status.not_in(gave_it_back),
            (content_metadata.c.status != DecisionStatus.NEEDS_REVIEW) | (content_metadata.c.scheduled_at >= now),
        )
    ).all()
