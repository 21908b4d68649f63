"""Decisions: pieces of content on their way, and the only place that changes where one stands.

What becomes of a decision while it is being published lies in `publishing`; it changes the status through here too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, func, insert, select, update

from xbot_pipelines.models import DecisionStatus, DecisionType, Draft, OpportunityStatus
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.news import mark_used
from xbot_pipelines.store.schema import content_metadata, decision_events, reply_opportunities

TRANSITIONS: dict[DecisionStatus, frozenset[DecisionStatus]] = {
    DecisionStatus.DRAFT: frozenset(
        {DecisionStatus.NEEDS_REVIEW, DecisionStatus.QUEUED, DecisionStatus.REJECTED, DecisionStatus.EXPIRED}
    ),
    DecisionStatus.NEEDS_REVIEW: frozenset({DecisionStatus.QUEUED, DecisionStatus.REJECTED, DecisionStatus.EXPIRED}),
    DecisionStatus.QUEUED: frozenset(
        {DecisionStatus.POSTING, DecisionStatus.REJECTED, DecisionStatus.EXPIRED, DecisionStatus.NEEDS_REVIEW}
    ),
    DecisionStatus.POSTING: frozenset(
        {
            DecisionStatus.POSTED,
            DecisionStatus.QUEUED,
            DecisionStatus.UNCONFIRMED,
            DecisionStatus.REFUSED,
            DecisionStatus.FAILED,
        }
    ),
    DecisionStatus.UNCONFIRMED: frozenset(
        {DecisionStatus.POSTED, DecisionStatus.QUEUED, DecisionStatus.REFUSED, DecisionStatus.FAILED}
    ),
    DecisionStatus.POSTED: frozenset(),
    DecisionStatus.REJECTED: frozenset(),
    DecisionStatus.FAILED: frozenset({DecisionStatus.QUEUED, DecisionStatus.REJECTED}),
    DecisionStatus.EXPIRED: frozenset(),
    DecisionStatus.REFUSED: frozenset({DecisionStatus.QUEUED, DecisionStatus.REJECTED}),
}
"""Where a decision may go from where it stands. Out of `failed` and `refused` only a person leads it."""


_OPPORTUNITY_BECOMES = {
    DecisionStatus.POSTED: OpportunityStatus.ANSWERED,
    DecisionStatus.REJECTED: OpportunityStatus.TURNED_AWAY,
    DecisionStatus.REFUSED: OpportunityStatus.TURNED_AWAY,
    DecisionStatus.FAILED: OpportunityStatus.TURNED_AWAY,
    DecisionStatus.EXPIRED: OpportunityStatus.EXPIRED,
    DecisionStatus.QUEUED: OpportunityStatus.DRAFTED,
}
"""What the post that a reply answers becomes along with the reply."""


_BEFORE_POSTING = (DecisionStatus.DRAFT, DecisionStatus.NEEDS_REVIEW, DecisionStatus.QUEUED)


class IllegalTransition(Exception):
    """A decision was told to go where it cannot go from where it stands."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What waits to be published, of one kind: how much, how much of it now, and the last time slot ever given away.

    `unapproved` waits for a person, beside those, and has not expired: it may not be published yet.
    """

    waiting: int
    unapproved: int
    due: int
    last_slot: datetime | None


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was written lately, and about what."""

    text: str
    topic: str | None
    news_url: str | None = None


def add_decision(
    database: AccountDatabase,
    draft: Draft,
    *,
    status: DecisionStatus,
    scheduled_at: datetime,
    expires_at: datetime | None,
    now: datetime,
    by: Provenance,
    reason: str | None = None,
) -> UUID:
    """Puts a draft into the tables as a decision, and answers its id.

    Raises:
        NewsTaken: another decision has used its news meanwhile.
    """
    with database.transaction() as connection:
        return insert_decision(
            connection,
            database.account,
            draft,
            status=status,
            scheduled_at=scheduled_at,
            expires_at=expires_at,
            now=now,
            by=by,
            reason=reason,
        )


def insert_decision(
    connection: Connection,
    account: str,
    draft: Draft,
    *,
    status: DecisionStatus,
    scheduled_at: datetime,
    expires_at: datetime | None,
    now: datetime,
    by: Provenance,
    reason: str | None = None,
) -> UUID:
    """Does what `add_decision` does, as a part of a transaction."""
    decision_id = uuid4()
    target = draft.target
    # Used up by what is turned away as well: news that no good post can be made of would come up again for ever.
    if draft.news_url is not None:
        mark_used(connection, account, draft.news_url, draft.news_guid, now=now)
    connection.execute(
        insert(content_metadata).values(
            decision_id=decision_id,
            account=account,
            decision_type=draft.decision_type,
            text=draft.text,
            topic=draft.topic,
            angle=draft.angle,
            tone=draft.tone,
            format=draft.format,
            hook=draft.hook,
            chosen_because=draft.chosen_because,
            quality_score=draft.quality,
            status=status,
            status_reason=reason,
            scheduled_at=scheduled_at,
            expires_at=expires_at,
            target_tweet_id=target and target.post_id,
            target_author=target and target.author_handle,
            target_text=target and target.text,
            target_author_followers=target and target.author_followers,
            news_url=draft.news_url,
            model=draft.model,
            prompt_version=draft.prompt_version,
            prompt_tokens=draft.prompt_tokens,
            completion_tokens=draft.completion_tokens,
            cost_usd=draft.cost_usd,
            created_at=now,
            updated_at=now,
        )
    )
    _remember(connection, account, decision_id, None, status, now=now, by=by, reason=reason)
    return decision_id


def change_status(
    connection: Connection,
    account: str,
    decision_id: UUID,
    to: DecisionStatus,
    *,
    now: datetime,
    by: Provenance,
    reason: str | None = None,
    not_before: datetime | None = None,
) -> None:
    """Leads a decision from where it stands to `to`, and writes down who did it and why.

    Args:
        connection: the transaction that this change is a part of.
        account: whose decision it is.
        decision_id: which decision.
        to: where it goes.
        now: when.
        by: who leads it there.
        reason: why, in words for the person who looks at it later.
        not_before: the moment before which it is not tried again.

    Raises:
        IllegalTransition: there is no such decision, or no way from where it stands.
    """
    this = (content_metadata.c.account == account) & (content_metadata.c.decision_id == decision_id)
    standing = connection.scalar(select(content_metadata.c.status).where(this).with_for_update())
    if standing is None:
        raise IllegalTransition(f"account {account!r} has no decision {decision_id}")
    if to not in TRANSITIONS[DecisionStatus(standing)]:
        raise IllegalTransition(f"decision {decision_id} is {standing}: it cannot become {to}")
    connection.execute(
        update(content_metadata)
        .where(this)
        .values(status=to, status_reason=reason, not_before=not_before, updated_at=now)
    )
    if to in _OPPORTUNITY_BECOMES:
        connection.execute(
            update(reply_opportunities)
            .where(reply_opportunities.c.account == account, reply_opportunities.c.decision_id == decision_id)
            .values(
                status=_OPPORTUNITY_BECOMES[to],
                turned_away_reason=reason if _OPPORTUNITY_BECOMES[to] == OpportunityStatus.TURNED_AWAY else None,
            )
        )
    _remember(connection, account, decision_id, DecisionStatus(standing), to, now=now, by=by, reason=reason)


def note(
    connection: Connection, account: str, decision_id: UUID, reason: str, *, now: datetime, by: Provenance
) -> None:
    """Writes down that something was done with a decision which leaves it where it stands."""
    this = (content_metadata.c.account == account) & (content_metadata.c.decision_id == decision_id)
    standing = DecisionStatus(connection.execute(select(content_metadata.c.status).where(this)).scalar_one())
    _remember(connection, account, decision_id, standing, standing, now=now, by=by, reason=reason)


def expire_overdue(
    database: AccountDatabase, *, now: datetime, by: Provenance, kind: DecisionType | None = None
) -> int:
    """Set aside what waited past its time, for its turn or for a person, and return how many that were (F18).

    `kind` None: posts and replies.
    """
    with database.transaction() as connection:
        overdue = connection.execute(
            select(content_metadata.c.decision_id, content_metadata.c.status)
            .where(
                content_metadata.c.account == database.account,
                content_metadata.c.status.in_([DecisionStatus.QUEUED, DecisionStatus.NEEDS_REVIEW]),
                content_metadata.c.expires_at <= now,
                *([] if kind is None else [content_metadata.c.decision_type == kind]),
            )
            .with_for_update(skip_locked=True)
        ).all()
        for decision_id, status in overdue:
            unapproved = status == DecisionStatus.NEEDS_REVIEW
            change_status(
                connection,
                database.account,
                decision_id,
                DecisionStatus.EXPIRED,
                now=now,
                by=by,
                reason="nobody approved it in time" if unapproved else "waited past its time",
            )
    return len(overdue)


def withdraw_replies_to(
    connection: Connection, account: str, handle: str, *, reason: str, now: datetime, by: Provenance
) -> int:
    """Rejects every reply that waits for its turn or for a person and answers this author; answers how many."""
    waiting = connection.scalars(
        select(content_metadata.c.decision_id)
        .where(
            content_metadata.c.account == account,
            func.lower(content_metadata.c.target_author) == handle.lower(),
            content_metadata.c.status.in_(_BEFORE_POSTING),
        )
        .with_for_update()
    ).all()
    for decision_id in waiting:
        change_status(connection, account, decision_id, DecisionStatus.REJECTED, now=now, by=by, reason=reason)
    return len(waiting)


def queue_of(database: AccountDatabase, kind: DecisionType, *, now: datetime) -> Queue:
    """Return what waits of one kind, and the last time slot that was given to one which was not turned away."""
    content = content_metadata.c
    of_this_kind = (content.account == database.account) & (content.decision_type == kind)
    with database.transaction() as connection:
        row = connection.execute(
            select(
                func.count(),
                func.count().filter(
                    content.scheduled_at <= now, func.coalesce(content.not_before, content.scheduled_at) <= now
                ),
            ).where(of_this_kind, content.status == DecisionStatus.QUEUED)
        ).one()
        unapproved = connection.execute(
            select(func.count()).where(
                of_this_kind,
                content.status == DecisionStatus.NEEDS_REVIEW,
                func.coalesce(content.expires_at > now, True),
            )
        ).scalar_one()
        last_slot = connection.scalar(
            select(func.max(content.scheduled_at)).where(
                of_this_kind, content.status.not_in([DecisionStatus.REJECTED, DecisionStatus.EXPIRED])
            )
        )
    return Queue(waiting=row[0], unapproved=unapproved, due=row[1], last_slot=last_slot)


def recent_content(
    database: AccountDatabase, *, kind: DecisionType = DecisionType.SINGLE, since: datetime, limit: int
) -> Sequence[Written]:
    """Answers what was written lately of one kind, newest first, whatever became of it unless it was turned away."""
    content = content_metadata.c
    with database.transaction() as connection:
        rows = connection.execute(
            select(content.text, content.topic, content.news_url)
            .where(
                content.account == database.account,
                content.decision_type == kind,
                content.created_at >= since,
                content.status != DecisionStatus.REJECTED,
            )
            # What was written in one moment is told apart by its slot and its text: the same in every rehearsal.
            .order_by(content.created_at.desc(), content.scheduled_at.desc(), content.text)
            .limit(limit)
        )
        return [Written(text=row.text, topic=row.topic, news_url=row.news_url) for row in rows]


def _remember(
    connection: Connection,
    account: str,
    decision_id: UUID,
    from_status: DecisionStatus | None,
    to_status: DecisionStatus,
    *,
    now: datetime,
    by: Provenance,
    reason: str | None,
) -> None:
    connection.execute(
        insert(decision_events).values(
            account=account,
            decision_id=decision_id,
            from_status=from_status,
            to_status=to_status,
            happened_at=now,
            actor=by.actor,
            run_id=by.run_id,
            version=by.version,
            reason=reason,
        )
    )
