"""How long each run had the account's browser, and what for: waiting, opening, working, closing.

Capacity is known from this, not guessed. A run that was killed leaves a row without an end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.schema import browser_use


@dataclass(frozen=True, kw_only=True)
class BrowserUse:
    """One run's time with the browser.

    `asked_at` is when it was put into the queue (None: it came past the queue), `began_at` when it wanted the browser,
    `leased_at` when the browser was its own, `opened_at` when X was open and logged in (None: it never came to that),
    `done_at` when its work had ended, `closed_at` when the browser was free again (both None: it was killed, or still
    has it).
    """

    actor: str
    run_id: str | None = None
    asked_at: datetime | None = None
    began_at: datetime
    leased_at: datetime
    opened_at: datetime | None = None
    done_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def waited(self) -> timedelta:
        """From the queue to the lease: for the slot, for the process to start, for the one before to close."""
        return self.leased_at - (self.asked_at or self.began_at)

    @property
    def opening(self) -> timedelta | None:
        """From the lease until X was open and logged in."""
        return None if self.opened_at is None else self.opened_at - self.leased_at

    @property
    def working(self) -> timedelta | None:
        """With X open, or, where it never was, with the lease alone."""
        return None if self.done_at is None else self.done_at - (self.opened_at or self.leased_at)

    @property
    def closing(self) -> timedelta | None:
        """From the end of the work until the browser was free again."""
        return None if self.done_at is None or self.closed_at is None else self.closed_at - self.done_at

    @property
    def held(self) -> timedelta | None:
        """How long nobody else could have the browser; None where that is not known."""
        return None if self.closed_at is None else self.closed_at - self.leased_at


def record_lease(
    database: AccountDatabase, *, asked_at: datetime | None, began_at: datetime, leased_at: datetime, by: Provenance
) -> int:
    """Writes down who has the browser from now on, and answers the number of the row."""
    row = {"asked_at": asked_at, "began_at": began_at, "leased_at": leased_at, "actor": by.actor, "run_id": by.run_id}
    with database.transaction() as connection:
        added = insert(browser_use).values(account=database.account, **row).returning(browser_use.c.id)
        return int(connection.execute(added).scalar_one())


def record_opened(database: AccountDatabase, row: int, *, opened_at: datetime) -> None:
    """Writes down that X is open and logged in."""
    _set(database, row, opened_at=opened_at)


def record_closed(database: AccountDatabase, row: int, *, done_at: datetime, closed_at: datetime) -> BrowserUse:
    """Writes down that the browser is free again, and answers the whole of it."""
    return _set(database, row, done_at=done_at, closed_at=closed_at)


def uses_between(database: AccountDatabase, *, since: datetime, until: datetime) -> Sequence[BrowserUse]:
    """Answers who had the browser from a moment in [since, until) on, the earliest first."""
    within = (
        select(browser_use)
        .where(browser_use.c.account == database.account)
        .where(browser_use.c.leased_at >= since, browser_use.c.leased_at < until)
        .order_by(browser_use.c.leased_at)
    )
    with database.transaction() as connection:
        return [_use(row) for row in connection.execute(within)]


def latest_use(database: AccountDatabase) -> BrowserUse | None:
    """Answers who had the browser last, or has it now; None: nobody ever had."""
    latest = (
        select(browser_use)
        .where(browser_use.c.account == database.account)
        .order_by(browser_use.c.leased_at.desc())
        .limit(1)
    )
    with database.transaction() as connection:
        row = connection.execute(latest).one_or_none()
    return None if row is None else _use(row)


def _set(database: AccountDatabase, row: int, **moments: datetime) -> BrowserUse:
    changed = update(browser_use).where(browser_use.c.id == row).values(**moments).returning(browser_use)
    with database.transaction() as connection:
        return _use(connection.execute(changed).one())


def _use(row: Row[Any]) -> BrowserUse:
    return BrowserUse(
        actor=row.actor,
        run_id=row.run_id,
        asked_at=row.asked_at,
        began_at=row.began_at,
        leased_at=row.leased_at,
        opened_at=row.opened_at,
        done_at=row.done_at,
        closed_at=row.closed_at,
    )
