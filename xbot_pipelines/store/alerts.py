"""Alerts: what the account's owner must know, told once for each cause and open until it is over (F21).

Whoever finds the cause raises the alert, in the transaction that writes the cause down. How a person hears of it
belongs to `operate`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import alerts

PAUSED = "paused"
"""The cause of an account that does nothing until a person has put something right."""

PUBLISHING_STOPPED = "publishing stopped"
"""The cause of an account that reads, but publishes nothing until a person has put something right."""


@dataclass(frozen=True, kw_only=True)
class Alert:
    """An alert that is open: a short key for its cause, what to tell the person, since when."""

    cause: str
    sentence: str
    opened_at: datetime


def raise_alert(connection: Connection, account: str, *, cause: str, sentence: str, now: datetime) -> bool:
    """Opens an alert unless one of this cause is open. Answers whether it is new: then the person is told."""
    opened = connection.execute(
        insert(alerts)
        .values(account=account, cause=cause, sentence=sentence, opened_at=now)
        .on_conflict_do_nothing(index_elements=["account", "cause"], index_where=alerts.c.closed_at.is_(None))
        .returning(alerts.c.id)
    )
    return opened.one_or_none() is not None


def close_alert(connection: Connection, account: str, *, cause: str, now: datetime) -> bool:
    """Closes the alert of this cause. Answers whether one was open."""
    closed = connection.execute(
        update(alerts)
        .where(alerts.c.account == account, alerts.c.cause == cause, alerts.c.closed_at.is_(None))
        .values(closed_at=now)
    )
    return closed.rowcount == 1


def open_alerts(database: AccountDatabase) -> Sequence[Alert]:
    """Answers the alerts that are open, the oldest first."""
    with database.transaction() as connection:
        rows = connection.execute(
            select(alerts.c.cause, alerts.c.sentence, alerts.c.opened_at)
            .where(alerts.c.account == database.account, alerts.c.closed_at.is_(None))
            .order_by(alerts.c.opened_at, alerts.c.id)
        )
        return [Alert(cause=row.cause, sentence=row.sentence, opened_at=row.opened_at) for row in rows]


@dataclass(frozen=True, kw_only=True)
class Untold:
    """An alert of which nobody has been told yet that it began (`closed_at` None), or that it is over."""

    id: int
    sentence: str
    opened_at: datetime
    closed_at: datetime | None


def untold(database: AccountDatabase, *, since: datetime) -> Sequence[Untold]:
    """Answers what is to be told, in the order in which it happened.

    Alerts that were over before `since` are left out: what nobody could be told for so long is no news.
    """
    row = alerts.c
    still_news = (row.account == database.account, row.closed_at.is_(None) | (row.closed_at >= since))
    begun = select(row.id, row.sentence, row.opened_at, literal(None, row.closed_at.type).label("closed_at")).where(
        *still_news, row.told_at.is_(None)
    )
    over = select(row.id, row.sentence, row.opened_at, row.closed_at).where(
        *still_news, row.closed_at.is_not(None), row.told_over_at.is_(None)
    )
    with database.transaction() as connection:
        rows = connection.execute(begun.union_all(over)).all()
    found = [Untold(id=one.id, sentence=one.sentence, opened_at=one.opened_at, closed_at=one.closed_at) for one in rows]
    return sorted(found, key=lambda one: (one.closed_at or one.opened_at, one.id))


def record_told(database: AccountDatabase, told: Untold, *, now: datetime) -> None:
    """Writes down that a person was told; they are not told again."""
    column = alerts.c.told_at if told.closed_at is None else alerts.c.told_over_at
    with database.transaction() as connection:
        connection.execute(update(alerts).where(alerts.c.id == told.id).values({column: now}))
