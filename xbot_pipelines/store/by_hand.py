"""Replies that a person sends by hand: which are waited for, and what is kept of one that was sent.

Found is one by what it answers: a person may have changed its words. Why some are sent by hand, and where one is looked
for, is the business of `systems.by_hand`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, func, insert, select, update

from xbot_pipelines.models import AttemptState, DecisionStatus, DecisionType, Evidence
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.decisions import change_status
from xbot_pipelines.store.publishing import record_post
from xbot_pipelines.store.schema import content_metadata, posting_attempts, reply_opportunities

_CONTENT, _FOUND = content_metadata.c, reply_opportunities.c


def waiting_since(database: AccountDatabase) -> datetime | None:
    """Answers when the oldest reply was written that a person may have sent by hand. None: there is none."""
    with database.transaction() as connection:
        oldest: datetime | None = connection.scalar(
            _waiting(database.account).with_only_columns(func.min(_CONTENT.created_at))
        )
    return oldest


def waiting_for(database: AccountDatabase, targets: Sequence[str]) -> Mapping[str, UUID]:
    """Answers which reply to each of these posts waits to be sent by hand, where one does."""
    with database.transaction() as connection:
        rows = connection.execute(_waiting(database.account).where(_CONTENT.target_tweet_id.in_(targets))).all()
    return {row.target_tweet_id: row.decision_id for row in rows}


def record_sent(
    database: AccountDatabase,
    decision_id: UUID,
    *,
    tweet_id: str,
    text: str,
    posted_at: datetime,
    checkpoints_hours: Sequence[int],
    now: datetime,
    by: Provenance,
) -> None:
    """Writes down that a person has sent a reply, in the words in which it was sent.

    It goes the way of every other, by a try that is confirmed, so that caps and the one reply an author and day hold
    for it as well.
    """
    attempt_id = uuid4()
    this = (_CONTENT.account == database.account) & (_CONTENT.decision_id == decision_id)
    with database.transaction() as connection:
        written = connection.execute(select(_CONTENT.text, _CONTENT.target_author).where(this).with_for_update()).one()
        connection.execute(update(content_metadata).where(this).values(text=text))
        how = "sent by hand" if text == written.text else f"sent by hand, in other words than: {written.text}"
        for step in (DecisionStatus.QUEUED, DecisionStatus.POSTING):
            change_status(connection, database.account, decision_id, step, now=now, by=by, reason=how)
        connection.execute(
            insert(posting_attempts).values(
                id=attempt_id,
                account=database.account,
                decision_id=decision_id,
                decision_type=DecisionType.REPLY,
                state=AttemptState.CONFIRMED,
                began_at=posted_at,
                settled_at=now,
                tweet_id=tweet_id,
                evidence=Evidence.TIMELINE,
                detail="sent by hand",
                run_id=by.run_id,
                version=by.version,
            )
        )
        record_post(
            connection,
            database.account,
            decision_id,
            attempt_id,
            tweet_id=tweet_id,
            posted_at=posted_at,
            evidence=Evidence.TIMELINE,
            checkpoints_hours=checkpoints_hours,
            answers=written.target_author,
            reason=how,
            now=now,
            by=by,
        )


def _waiting(account: str) -> Select[tuple[UUID, str]]:
    """Replies to posts that did not address us, which wait for a person."""
    return (
        select(_CONTENT.decision_id, _CONTENT.target_tweet_id)
        .join(
            reply_opportunities,
            (_FOUND.account == _CONTENT.account) & (_FOUND.tweet_id == _CONTENT.target_tweet_id),
        )
        .where(
            _CONTENT.account == account,
            _CONTENT.decision_type == DecisionType.REPLY,
            _CONTENT.status == DecisionStatus.NEEDS_REVIEW,
            _FOUND.addressed_us.is_(False),
        )
    )
