"""What becomes of a claimed decision, as the tables see it: submitted, then posted, refused, absent or unknown.

An attempt moves only forward. What cannot be proven either way stays open, counts against the quota, and is looked at
again. How an attempt begins lies in `claiming`; deciding what is proven is the business of `systems.posting`.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_skip

from xbot_pipelines.models import (
    OPEN_ATTEMPT_STATES,
    Attempt,
    AttemptState,
    DecisionStatus,
    DecisionType,
    Evidence,
    Target,
)
from xbot_pipelines.store.alerts import PUBLISHING_STOPPED
from xbot_pipelines.store.checkpoints import owe
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.decisions import change_status
from xbot_pipelines.store.people import answered, has_opted_out
from xbot_pipelines.store.schema import alerts, content_metadata, outcomes, posted_decisions, posting_attempts


class AttemptOvertaken(Exception):
    """Somebody else has settled this attempt in the meantime: it must not be submitted any more."""


class AuthorOptedOut(Exception):
    """Whom this attempt would answer has asked to be left alone: it must not be submitted."""


def mark_submitted(database: AccountDatabase, attempt: Attempt, *, now: datetime) -> None:
    """Writes down that the click comes next; from here on the post may exist.

    Raises:
        AttemptOvertaken: the attempt is no longer `intended`, so the click must not come.
        AuthorOptedOut: nor may it come where the author of the target wants no answer of ours (F23).
    """
    with database.transaction() as connection:
        target = attempt.target
        if target is not None and has_opted_out(connection, database.account, handle=target.author_handle):
            raise AuthorOptedOut(f"@{target.author_handle} asked to be left alone")
        moved = connection.execute(
            update(posting_attempts)
            .where(_same(database, attempt), posting_attempts.c.state == AttemptState.INTENDED)
            .values(state=AttemptState.SUBMITTED, submitted_at=now)
        )
        if moved.rowcount != 1:
            raise AttemptOvertaken(f"attempt {attempt.id} was settled by another run: it is not submitted")


def record_posted(
    database: AccountDatabase,
    attempt: Attempt,
    *,
    tweet_id: str,
    posted_at: datetime,
    evidence: Evidence,
    checkpoints_hours: Sequence[int],
    now: datetime,
    by: Provenance,
    note: str | None = None,
) -> None:
    """Writes down that the post exists: the post, its outcome still to come, the attempt, the decision.

    From here on its checkpoints at `checkpoints_hours` are owed.
    """
    with database.transaction() as connection:
        _settle(
            connection,
            database,
            attempt,
            state=AttemptState.CONFIRMED,
            settled_at=now,
            tweet_id=tweet_id,
            evidence=evidence,
            detail=note,
        )
        record_post(
            connection,
            database.account,
            attempt.decision_id,
            attempt.id,
            tweet_id=tweet_id,
            posted_at=posted_at,
            evidence=evidence,
            checkpoints_hours=checkpoints_hours,
            answers=None if attempt.target is None else attempt.target.author_handle,
            now=now,
            by=by,
            reason=note,
        )


def record_post(
    connection: Connection,
    account: str,
    decision_id: UUID,
    attempt_id: UUID,
    *,
    tweet_id: str,
    posted_at: datetime,
    evidence: Evidence,
    checkpoints_hours: Sequence[int],
    answers: str | None,
    now: datetime,
    by: Provenance,
    reason: str | None = None,
) -> None:
    """Writes down a post that an attempt has become, as a part of a transaction.

    Args:
        connection: the transaction that this is a part of.
        account: whose post it is.
        decision_id: which decision it is.
        attempt_id: the attempt, which is confirmed.
        tweet_id: its id on X.
        posted_at: when it was published.
        evidence: what proves it.
        checkpoints_hours: the ages at which readings of it are owed.
        answers: the handle of whom it answers, if it is a reply.
        now: when it is written down.
        by: who writes it down.
        reason: what else there is to say of it.
    """
    connection.execute(
        insert(posted_decisions).values(
            decision_id=decision_id,
            account=account,
            tweet_id=tweet_id,
            posted_at=posted_at,
            evidence=evidence,
            attempt_id=attempt_id,
            run_id=by.run_id,
            version=by.version,
        )
    )
    connection.execute(insert_or_skip(outcomes).values(decision_id=decision_id, account=account))
    owe(connection, account, decision_id, posted_at=posted_at, checkpoints_hours=checkpoints_hours)
    change_status(connection, account, decision_id, DecisionStatus.POSTED, now=now, by=by, reason=reason)
    if answers is not None:
        answered(connection, account, handle=answers, now=now)


def record_refused(
    database: AccountDatabase, attempt: Attempt, *, code: int | None, message: str, now: datetime, by: Provenance
) -> None:
    """Writes down that it was refused, by X with a code or before anything was sent: there will be no post of it."""
    reason = f"X refused it: {message} ({code})" if code is not None else f"refused: {message}"
    with database.transaction() as connection:
        _settle(
            connection,
            database,
            attempt,
            state=AttemptState.ABSENT,
            settled_at=now,
            refusal_code=code,
            detail=reason,
        )
        change_status(
            connection, database.account, attempt.decision_id, DecisionStatus.REFUSED, now=now, by=by, reason=reason
        )


def record_unknown(database: AccountDatabase, attempt: Attempt, *, reason: str, now: datetime, by: Provenance) -> None:
    """Writes down that nobody can tell: the attempt stays open, and is never tried again blind (F02)."""
    with database.transaction() as connection:
        _settle(connection, database, attempt, state=AttemptState.UNKNOWN, detail=reason)
        standing = connection.scalar(
            select(content_metadata.c.status).where(content_metadata.c.decision_id == attempt.decision_id)
        )
        if standing != DecisionStatus.UNCONFIRMED:
            change_status(
                connection,
                database.account,
                attempt.decision_id,
                DecisionStatus.UNCONFIRMED,
                now=now,
                by=by,
                reason=reason,
            )


def record_absent(
    database: AccountDatabase,
    attempt: Attempt,
    *,
    reason: str,
    retry_at: datetime | None,
    now: datetime,
    by: Provenance,
) -> None:
    """Writes down that no post came of it: its place in the quota is free at once (F05).

    Args:
        database: the account's database.
        attempt: the attempt that is proven absent.
        reason: how that is known.
        retry_at: when the decision is tried again; None sets it aside as failed (F18).
        now: when.
        by: who.
    """
    with database.transaction() as connection:
        _settle(connection, database, attempt, state=AttemptState.ABSENT, settled_at=now, detail=reason)
        change_status(
            connection,
            database.account,
            attempt.decision_id,
            DecisionStatus.FAILED if retry_at is None else DecisionStatus.QUEUED,
            now=now,
            by=by,
            reason=reason,
            not_before=retry_at,
        )


def attempt_by_id(connection: Connection, attempt_id: UUID) -> Attempt:
    """Answers one attempt, as the transaction sees it."""
    return _attempt(connection.execute(_ATTEMPTS.where(posting_attempts.c.id == attempt_id)).one())


def open_attempts(database: AccountDatabase) -> list[Attempt]:
    """Answers the attempts of which it is not known whether they posted, oldest first."""
    with database.transaction() as connection:
        rows = connection.execute(
            _ATTEMPTS.where(
                posting_attempts.c.account == database.account, posting_attempts.c.state.in_(OPEN_ATTEMPT_STATES)
            ).order_by(posting_attempts.c.began_at)
        )
        return [_attempt(row) for row in rows]


def refused_alike(database: AccountDatabase, *, times: int) -> str | None:
    """Return what X said where it refused the last `times` attempts for the same cause; None where it did not.

    What happened before a person last resumed publishing does not count: they have looked at it.
    """
    resumed_at = (
        select(func.max(alerts.c.closed_at))
        .where(alerts.c.account == database.account, alerts.c.cause == PUBLISHING_STOPPED)
        .scalar_subquery()
    )
    attempts = posting_attempts.c
    with database.transaction() as connection:
        latest = connection.execute(
            select(attempts.refusal_code, attempts.detail)
            .where(
                attempts.account == database.account,
                func.coalesce(attempts.began_at > resumed_at, True),
            )
            .order_by(attempts.began_at.desc())
            .limit(times)
        ).all()
    if len(latest) < times or any(row.refusal_code is None for row in latest):
        return None
    # Names and numbers differ from post to post where the cause is the same.
    causes = {(row.refusal_code, re.sub(r"\[[^\]]*\]|@\w+|\d+", "", row.detail or "")) for row in latest}
    return str(latest[0].detail) if len(causes) == 1 else None


def known_post_ids(database: AccountDatabase, *, since: datetime) -> frozenset[str]:
    """Answers the ids of our posts since a moment: none of them can be the post that an open attempt looks for."""
    with database.transaction() as connection:
        return frozenset(
            connection.scalars(
                select(posted_decisions.c.tweet_id).where(
                    posted_decisions.c.account == database.account, posted_decisions.c.posted_at >= since
                )
            )
        )


def _settle(
    connection: Connection,
    database: AccountDatabase,
    attempt: Attempt,
    *,
    state: AttemptState,
    settled_at: datetime | None = None,
    tweet_id: str | None = None,
    evidence: Evidence | None = None,
    refusal_code: int | None = None,
    detail: str | None = None,
) -> None:
    moved = connection.execute(
        update(posting_attempts)
        .where(_same(database, attempt), posting_attempts.c.state.in_(OPEN_ATTEMPT_STATES))
        .values(
            state=state,
            settled_at=settled_at,
            tweet_id=tweet_id,
            evidence=evidence,
            refusal_code=refusal_code,
            detail=detail,
        )
    )
    if moved.rowcount != 1:
        raise AttemptOvertaken(f"attempt {attempt.id} was settled by another run already")


def _same(database: AccountDatabase, attempt: Attempt) -> ColumnElement[bool]:
    return (posting_attempts.c.account == database.account) & (posting_attempts.c.id == attempt.id)


_TRIES = posting_attempts.alias("tries")
_ATTEMPTS = select(
    posting_attempts,
    content_metadata.c.text,
    content_metadata.c.target_tweet_id,
    content_metadata.c.target_author,
    content_metadata.c.target_text,
    content_metadata.c.target_author_followers,
    select(func.count())
    .where(_TRIES.c.decision_id == posting_attempts.c.decision_id)
    .scalar_subquery()
    .label("number"),
    select(func.min(_TRIES.c.began_at))
    .where(_TRIES.c.decision_id == posting_attempts.c.decision_id)
    .scalar_subquery()
    .label("first_began_at"),
).join(content_metadata, content_metadata.c.decision_id == posting_attempts.c.decision_id)


def _attempt(row: Row[*tuple[Any, ...]]) -> Attempt:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's documented way to read a row by name
    target = values["target_tweet_id"] and Target(
        post_id=values["target_tweet_id"],
        author_handle=values["target_author"],
        text=values["target_text"],
        author_followers=values["target_author_followers"],
    )
    return Attempt(
        id=values["id"],
        decision_id=values["decision_id"],
        decision_type=DecisionType(values["decision_type"]),
        number=values["number"],
        state=AttemptState(values["state"]),
        text=values["text"],
        began_at=values["began_at"],
        first_began_at=values["first_began_at"],
        submitted_at=values["submitted_at"],
        target=target or None,
    )
