"""The lease on an account's browser: an advisory lock of PostgreSQL that belongs to a living connection.

It is the last of the three guards against a stampede, and covers what passes no queue: a notebook, a test,
`dagster asset materialize`. When the connection dies, however it dies, the lock is gone; nothing has to be reset by
hand (F14).
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, PendingRollbackError

from xbot_pipelines.store.database import AccountDatabase

_BETWEEN_TRIES_SECONDS = 0.25


class LeaseTaken(Exception):
    """Somebody else had the account's browser for longer than we were ready to wait."""


class LeaseLost(Exception):
    """The connection that held the lease has died: somebody else may have the browser by now."""


@dataclass(frozen=True)
class Lease:
    """Proof that this process, and no other, may use the account's browser."""

    account: str
    connection: Connection

    def assert_held(self) -> None:
        """Makes sure that the lease is still ours, right before something that must not happen twice.

        Raises:
            LeaseLost: the connection died, and the lock with it.
        """
        try:
            held = self.connection.scalar(text(HELD_HERE), {"key": lease_key(self.account)})
        except (OperationalError, PendingRollbackError) as failure:
            # The first time the connection turns out to be dead, and each time after: it is never opened again.
            raise LeaseLost(f"the connection that held the browser of account {self.account!r} is gone") from failure
        if not held:
            raise LeaseLost(f"the browser of account {self.account!r} is no longer ours")


HELD_HERE = """
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted AND objsubid = 1
          AND (classid::bigint << 32 | objid::bigint) = :key
    )
"""
"""Whether this very connection holds the advisory lock `key`."""


@contextmanager
def hold_lease(database: AccountDatabase, *, wait: timedelta) -> Iterator[Lease]:
    """Takes the account's lease on a connection of its own, and lets it go at the end of the block.

    Args:
        database: the account whose browser is wanted.
        wait: how long to wait for somebody else to finish.

    Raises:
        LeaseTaken: it was not free in that time; the message says which process has it.
    """
    connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        _take(connection, database.account, wait)
        yield Lease(database.account, connection)
    finally:
        # Not given back to the pool: closing the connection is what frees the lock.
        connection.invalidate()
        connection.close()


def held_since(database: AccountDatabase) -> datetime | None:
    """Answers since when somebody has the account's browser, by when they connected; None: nobody has it."""
    with database.transaction() as connection:
        holder = connection.execute(text(HOLDER), {"key": lease_key(database.account)}).one_or_none()
    return None if holder is None else holder.backend_start


def lease_key(account: str) -> int:
    """The number that PostgreSQL knows the account's lease by."""
    return advisory_key(f"xbot browser {account}")


def advisory_key(name: str) -> int:
    """Return the number of an advisory lock: 63 bits, the same in every process."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) >> 1


def _take(connection: Connection, account: str, wait: timedelta) -> None:
    key = lease_key(account)
    give_up = time.monotonic() + wait.total_seconds()
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}):
        if time.monotonic() >= give_up:
            raise LeaseTaken(_who_has_it(connection, account, key, wait))
        time.sleep(_BETWEEN_TRIES_SECONDS)


def _who_has_it(connection: Connection, account: str, key: int, wait: timedelta) -> str:
    holder = connection.execute(text(HOLDER), {"key": key}).one_or_none()
    who = f"database session {holder.pid}, connected since {holder.backend_start:%H:%M:%S} UTC" if holder else "unknown"
    return (
        f"the browser of account {account!r} is in use ({who}) and did not become free within "
        f"{wait.total_seconds():.0f} s; the next run will try again"
    )


HOLDER = """
    SELECT activity.pid, activity.backend_start, activity.query
    FROM pg_locks AS held JOIN pg_stat_activity AS activity USING (pid)
    WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1 AND activity.datname = current_database()
      AND (held.classid::bigint << 32 | held.objid::bigint) = :key
"""
"""Which connection to this database holds the advisory lock `key`."""
