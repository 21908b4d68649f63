"""The plan of the time to come: what waits to be published, in the queue or for a person's approval.

What may be published now is decided in `claiming`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from xbot_pipelines.models import DecisionStatus, DecisionType
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import content_metadata


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A post or a reply that waits: its kind, and what it says."""

    kind: DecisionType
    text: str


def planned(database: AccountDatabase, *, now: datetime, until: datetime) -> Sequence[Planned]:
    """Answers what is to go out before `until`, in the order of its time. What has expired by now never will."""
    content = content_metadata.c
    ready_at = func.greatest(content.scheduled_at, content.not_before)
    waiting = (
        select(content.decision_type, content.text)
        .where(content.account == database.account)
        .where(content.status.in_((DecisionStatus.QUEUED, DecisionStatus.NEEDS_REVIEW)))
        .where(ready_at < until, func.coalesce(content.expires_at > now, True))
        .order_by(ready_at, content.decision_id)
    )
    with database.transaction() as connection:
        return [Planned(kind=DecisionType(row.decision_type), text=row.text) for row in connection.execute(waiting)]
