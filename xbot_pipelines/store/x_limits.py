"""The limits of X's API as its last answers told them: one row for each endpoint.

They outlive a run, so that the next one does not ask in vain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import x_rate_limits


@dataclass(frozen=True, kw_only=True)
class UsedUp:
    """A limit that leaves nothing until it resets: how many requests of an endpoint X grants in a window."""

    endpoint: str
    granted: int
    resets_at: datetime


def note(
    database: AccountDatabase, endpoint: str, *, granted: int, remaining: int, resets_at: datetime, now: datetime
) -> None:
    """Takes down what X said of the limit of an endpoint; what it said before is forgotten."""
    told = {"granted": granted, "remaining": remaining, "resets_at": resets_at, "seen_at": now}
    with database.transaction() as connection:
        connection.execute(
            insert(x_rate_limits)
            .values(account=database.account, endpoint=endpoint, **told)
            .on_conflict_do_update(index_elements=["account", "endpoint"], set_=told)
        )


def used_up(database: AccountDatabase, *, now: datetime) -> Sequence[UsedUp]:
    """Answers the limits that leave nothing now, the one that resets first at the head."""
    left = (
        select(x_rate_limits.c.endpoint, x_rate_limits.c.granted, x_rate_limits.c.resets_at)
        .where(x_rate_limits.c.account == database.account)
        .where(x_rate_limits.c.remaining == 0, x_rate_limits.c.resets_at > now)
        .order_by(x_rate_limits.c.resets_at, x_rate_limits.c.endpoint)
    )
    with database.transaction() as connection:
        return [
            UsedUp(endpoint=row.endpoint, granted=row.granted, resets_at=row.resets_at)
            for row in connection.execute(left)
        ]
