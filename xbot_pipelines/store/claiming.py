"""Claiming: the next due decision, if one may be published now, and the attempt that is written down for it.

The row of an attempt exists before anything can reach X. What becomes of it lies in `publishing`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, true

from xbot_pipelines.models import Attempt, AttemptState, DecisionStatus, DecisionType
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store.account import lock_state
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.decisions import change_status
from xbot_pipelines.store.publishing import attempt_by_id
from xbot_pipelines.store.quotas import Tried, day_began, what_blocks
from xbot_pipelines.store.schema import content_metadata, posting_attempts

_ANY = true()


@dataclass(frozen=True)
class NothingDue:
    """No decision waits whose time has come."""


@dataclass(frozen=True)
class Blocked:
    """Something is due, or may be, but must not be published now; `reason` says why."""

    reason: str


def claim_next(
    database: AccountDatabase, profile: AccountSettings, *, now: datetime, by: Provenance
) -> Attempt | NothingDue | Blocked:
    """Takes the next due decision whose kind is within its quota, and writes down the attempt to publish it.

    One transaction; claims of one account wait for each other, so quotas hold whatever runs beside (F04).
    """
    with database.transaction() as connection:
        due = next_within_quota(connection, database.account, profile, now=now)
        if not isinstance(due, Row):
            return due
        attempt_id = uuid4()
        change_status(connection, database.account, due.decision_id, DecisionStatus.POSTING, now=now, by=by)
        connection.execute(
            insert(posting_attempts).values(
                id=attempt_id,
                account=database.account,
                decision_id=due.decision_id,
                decision_type=due.decision_type,
                state=AttemptState.INTENDED,
                began_at=now,
                run_id=by.run_id,
                version=by.version,
            )
        )
        return attempt_by_id(connection, attempt_id)


def next_within_quota(
    connection: Connection,
    account: str,
    profile: AccountSettings,
    *,
    now: datetime,
    among: ColumnElement[bool] = _ANY,
) -> Row[Any, Any] | NothingDue | Blocked:
    """Answers the next due decision whose kind is within its quota, locked for this transaction; it takes nothing.

    `among` narrows it to some decisions, by a condition on their content.
    """
    standstill = lock_state(connection, account).posting_standstill(now)
    if standstill:
        return Blocked(standstill)
    blocked = {kind: _what_blocks(connection, account, profile, kind, now) for kind in DecisionType}
    free = [kind for kind, reason in blocked.items() if reason is None]
    midnight = day_began(now, profile.timezone)
    due = _next_due(connection, account, free, now, midnight, among)
    if due is not None:
        return due
    reasons = [
        reason
        for kind, reason in blocked.items()
        if reason and _next_due(connection, account, [kind], now, midnight, among) is not None
    ]
    return Blocked("; ".join(reasons)) if reasons else NothingDue()


def _what_blocks(
    connection: Connection, account: str, profile: AccountSettings, kind: DecisionType, now: datetime
) -> str | None:
    began = posting_attempts.c.began_at
    midnight = day_began(now, profile.timezone)
    hour_ago = now - timedelta(hours=1)
    gap_ago = now - timedelta(minutes=profile.caps.minimum_gap_minutes)
    counts = (posting_attempts.c.account == account) & (posting_attempts.c.state != AttemptState.ABSENT)
    this_kind = posting_attempts.c.decision_type == kind
    row = connection.execute(
        select(
            func.count().filter(this_kind, began > hour_ago),
            func.count().filter(this_kind, began >= midnight),
            func.max(began),
        ).where(counts, began >= min(midnight, hour_ago, gap_ago))
    ).one()
    return what_blocks(kind, Tried(last_hour=row[0], today=row[1], last_began_at=row[2]), profile.caps, now=now)


def _answered_today(account: str, midnight: datetime) -> ColumnElement[bool]:
    """Whether the author that a row of content answers has had a reply of ours today: one a day, at the very door."""
    earlier = content_metadata.alias("earlier")
    return (
        select(posting_attempts.c.id)
        .join(earlier, earlier.c.decision_id == posting_attempts.c.decision_id)
        .where(
            posting_attempts.c.account == account,
            posting_attempts.c.state != AttemptState.ABSENT,
            posting_attempts.c.began_at >= midnight,
            earlier.c.decision_id != content_metadata.c.decision_id,
            func.lower(earlier.c.target_author) == func.lower(content_metadata.c.target_author),
        )
        .correlate(content_metadata)
        .exists()
    )


def _next_due(
    connection: Connection,
    account: str,
    kinds: list[DecisionType],
    now: datetime,
    midnight: datetime,
    among: ColumnElement[bool],
) -> Row[Any, Any] | None:
    content = content_metadata.c
    return connection.execute(
        select(content.decision_id, content.decision_type)
        .where(
            content.account == account,
            content.status == DecisionStatus.QUEUED,
            content.decision_type.in_(kinds),
            content.scheduled_at <= now,
            func.coalesce(content.not_before, content.scheduled_at) <= now,
            func.coalesce(content.expires_at > now, True),
            content.target_author.is_(None) | ~_answered_today(account, midnight),
            among,
        )
        # A post has a slot chosen for it, a reply goes out when there is room: the caps keep room for both (F18).
        # What was written in one moment is told apart by its text: the same in every rehearsal.
        .order_by(content.decision_type != DecisionType.SINGLE, content.scheduled_at, content.created_at, content.text)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
