"""Whether the account may act: paused by a person or a wall, or waiting for a limit of X to pass; and which X is its.

A pause says why and since when, and ends by a person; a wait ends by itself (F17). A pause is an alert, too: its owner
is told once.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from xbot_pipelines.settings import XSite
from xbot_pipelines.store.alerts import PAUSED, PUBLISHING_STOPPED, close_alert, raise_alert
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.schema import account_state


@dataclass(frozen=True, kw_only=True)
class AccountState:
    """Paused since when and why, and until when it waits; all None when it may act."""

    paused_at: datetime | None
    paused_reason: str | None
    paused_by: str | None
    wait_until: datetime | None
    wait_reason: str | None
    posting_wait_until: datetime | None
    posting_wait_reason: str | None
    posting_stopped_at: datetime | None
    posting_stopped_reason: str | None

    @property
    def needs_resuming(self) -> bool:
        """Whether a person has to resume it: paused altogether, or publishing alone is stopped."""
        return self.paused_at is not None or self.posting_stopped_at is not None

    def standstill(self, now: datetime) -> str | None:
        """Says why the account may not act now, or None when it may."""
        if self.paused_at is not None:
            return f"the account is paused since {self.paused_at:%Y-%m-%d %H:%M} UTC: {self.paused_reason}"
        if self.wait_until is not None and self.wait_until > now:
            return f"the account waits until {self.wait_until:%Y-%m-%d %H:%M:%S} UTC: {self.wait_reason}"
        return None

    def posting_standstill(self, now: datetime) -> str | None:
        """Return why nothing may be published now, or None when it may; reading may go on."""
        if self.posting_stopped_at is not None:
            since = f"{self.posting_stopped_at:%Y-%m-%d %H:%M} UTC"
            return self.standstill(now) or f"publishing is stopped since {since}: {self.posting_stopped_reason}"
        if self.posting_wait_until is not None and self.posting_wait_until > now:
            until = f"{self.posting_wait_until:%Y-%m-%d %H:%M:%S} UTC"
            return self.standstill(now) or f"posting waits until {until}: {self.posting_wait_reason}"
        return self.standstill(now)


def state_of(database: AccountDatabase) -> AccountState:
    """Answers whether the account may act. Waits for nobody, so it may be out of date the next moment."""
    with database.transaction() as connection:
        row = connection.execute(select(account_state).where(account_state.c.account == database.account)).one_or_none()
    return _MAY_ACT if row is None else _state(row)


def recorded_x(database: AccountDatabase) -> XSite | None:
    """Return which X the account was recorded to belong to; None before its first use."""
    recorded: XSite | None
    with database.transaction() as connection:
        recorded = connection.execute(
            select(account_state.c.x).where(account_state.c.account == database.account)
        ).scalar_one_or_none()
    return recorded


def record_x(database: AccountDatabase, x: XSite) -> None:
    """Record which X the account belongs to, unless that is recorded already."""
    with database.transaction() as connection:
        written = insert(account_state).values(account=database.account, x=x)
        first = {"x": func.coalesce(account_state.c.x, x)}
        connection.execute(written.on_conflict_do_update(index_elements=["account"], set_=first))


def pause(database: AccountDatabase, *, reason: str, now: datetime, by: Provenance) -> bool:
    """Stops everything that acts for the account, and raises the alert that says so.

    Answers whether it ran until now: the first cause is kept.
    """
    with database.transaction() as connection:
        if lock_state(connection, database.account).paused_at is not None:
            return False
        connection.execute(
            update(account_state)
            .where(account_state.c.account == database.account)
            .values(paused_at=now, paused_reason=reason, paused_by=by.actor)
        )
        raise_alert(connection, database.account, cause=PAUSED, sentence=f"the account is paused: {reason}", now=now)
    return True


def stop_publishing(database: AccountDatabase, *, reason: str, now: datetime) -> bool:
    """Keep the account from publishing until a person resumes it, and raise the alert that says so; reading goes on.

    Return whether it published until now: the first cause is kept.
    """
    with database.transaction() as connection:
        if lock_state(connection, database.account).posting_stopped_at is not None:
            return False
        connection.execute(
            update(account_state)
            .where(account_state.c.account == database.account)
            .values(posting_stopped_at=now, posting_stopped_reason=reason)
        )
        sentence = f"publishing is stopped: {reason}"
        raise_alert(connection, database.account, cause=PUBLISHING_STOPPED, sentence=sentence, now=now)
    return True


def resume(database: AccountDatabase, *, now: datetime) -> bool:
    """Let the account act and publish again, and close the alerts. Return whether anything was stopped."""
    with database.transaction() as connection:
        before = lock_state(connection, database.account)
        connection.execute(
            update(account_state)
            .where(account_state.c.account == database.account)
            .values(
                paused_at=None,
                paused_reason=None,
                paused_by=None,
                posting_stopped_at=None,
                posting_stopped_reason=None,
            )
        )
        for cause in (PAUSED, PUBLISHING_STOPPED):
            close_alert(connection, database.account, cause=cause, now=now)
    return before.needs_resuming


def wait_until(database: AccountDatabase, moment: datetime, *, reason: str) -> None:
    """Keeps the account from acting until a limit of X has passed."""
    with database.transaction() as connection:
        lock_state(connection, database.account)
        connection.execute(
            update(account_state)
            .where(account_state.c.account == database.account)
            .values(wait_until=moment, wait_reason=reason)
        )


def post_no_more_until(database: AccountDatabase, moment: datetime, *, reason: str) -> None:
    """Keeps the account from publishing until a limit of X has passed. Everything else goes on."""
    with database.transaction() as connection:
        lock_state(connection, database.account)
        connection.execute(
            update(account_state)
            .where(account_state.c.account == database.account)
            .values(posting_wait_until=moment, posting_wait_reason=reason)
        )


def lock_state(connection: Connection, account: str) -> AccountState:
    """Reads the account's row and keeps it locked until the transaction ends: who claims waits here for the other."""
    connection.execute(insert(account_state).values(account=account).on_conflict_do_nothing())
    return _state(
        connection.execute(select(account_state).where(account_state.c.account == account).with_for_update()).one()
    )


_MAY_ACT = AccountState(
    paused_at=None,
    paused_reason=None,
    paused_by=None,
    wait_until=None,
    wait_reason=None,
    posting_wait_until=None,
    posting_wait_reason=None,
    posting_stopped_at=None,
    posting_stopped_reason=None,
)


def _state(row: Row[Any]) -> AccountState:
    return AccountState(
        paused_at=row.paused_at,
        paused_reason=row.paused_reason,
        paused_by=row.paused_by,
        wait_until=row.wait_until,
        wait_reason=row.wait_reason,
        posting_wait_until=row.posting_wait_until,
        posting_wait_reason=row.posting_wait_reason,
        posting_stopped_at=row.posting_stopped_at,
        posting_stopped_reason=row.posting_stopped_reason,
    )
