"""What a dry run has shown: the next due decision that it has not shown yet, and that it has shown one.

A decision stays where it stands, and no attempt is written: what was shown is remembered among its events alone.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, select

from xbot_pipelines.models import Target
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store.claiming import Blocked, NothingDue, next_within_quota
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.decisions import note
from xbot_pipelines.store.schema import content_metadata, decision_events

_SHOWN = "shown in a dry run"


@dataclass(frozen=True, kw_only=True)
class Due:
    """A decision that would be published now. It is no attempt, so nothing can publish it."""

    decision_id: UUID
    text: str
    target: Target | None


def next_unshown(database: AccountDatabase, profile: AccountSettings, *, now: datetime) -> Due | NothingDue | Blocked:
    """Answers the next due decision within its quota that was not shown yet, and leaves it where it stands."""
    content = content_metadata.c
    was_shown = (
        select(decision_events.c.id)
        .where(decision_events.c.decision_id == content.decision_id, decision_events.c.reason == _SHOWN)
        .correlate(content_metadata)
        .exists()
    )
    with database.transaction() as connection:
        due = next_within_quota(connection, database.account, profile, now=now, among=~was_shown)
        if not isinstance(due, Row):
            return due
        row = connection.execute(
            select(
                *(content.decision_id, content.text, content.target_tweet_id),
                *(content.target_author, content.target_text, content.target_author_followers),
            ).where(content.account == database.account, content.decision_id == due.decision_id)
        ).one()
    target = row.target_tweet_id and Target(
        post_id=row.target_tweet_id,
        author_handle=row.target_author,
        text=row.target_text,
        author_followers=row.target_author_followers,
    )
    return Due(decision_id=row.decision_id, text=row.text, target=target or None)


def mark_shown(database: AccountDatabase, due: Due, *, now: datetime, by: Provenance) -> None:
    """Remembers that a decision was shown, so that it is not shown again."""
    with database.transaction() as connection:
        note(connection, database.account, due.decision_id, _SHOWN, now=now, by=by)
