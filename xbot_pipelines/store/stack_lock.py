"""One stack per database: an advisory lock that Dagster's daemon holds for as long as it lives.

The daemon holds it, and not `xbot up`, because the daemon is what declares the runs of others dead: in containers it
runs without `xbot up`, and it outlives an `xbot up` that was killed. The lock goes with the connection, so nothing has
to be reset by hand (F14). Who holds it stands in the text of the holder's last query, which PostgreSQL shows to others
for as long as the connection lives.
"""

import os
import platform
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Self
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Connection, Engine, TextClause, text
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from xbot_pipelines.store.database import open_engine
from xbot_pipelines.store.lease import HELD_HERE, HOLDER, advisory_key

_KEY = advisory_key("xbot stack")
_SECONDS_TO_TAKE = 10.0
_BETWEEN_TRIES_SECONDS = 0.25
_BETWEEN_LOOKS_SECONDS = 2.0
# A machine that is switched off says no goodbye: without these, its lock would stay for two hours.
_NOTICE_A_DEAD_MACHINE = "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"


class StackTaken(Exception):
    """Another stack works on this database."""


@dataclass(frozen=True)
class Stack:
    """The process that holds the lock, as it describes itself; `since` is a time in UTC."""

    host: str
    pid: str
    home: str
    since: str

    @classmethod
    def of_this_process(cls, home: str) -> Self:
        """Describe this process, which works on a data folder."""
        return cls(platform.node(), str(os.getpid()), home, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")

    def is_of(self, home: str) -> bool:
        """Whether it works on this data folder of this machine."""
        return (self.host, self.home) == (platform.node(), home)

    @property
    def refusal(self) -> str:
        """The sentence for whoever comes second."""
        return (
            f"another stack works on this database: process {self.pid} on {self.host}, since {self.since}, data folder "
            f"{self.home}. Two would end each other's runs: stop that one (after a crash, start `xbot up` there once "
            "more and end it), or set XBOT_DATABASE_URL to another database"
        )


def running_stack(engine: Engine) -> Stack | None:
    """Return who holds the lock of a database, or None."""
    with engine.connect() as connection:
        return _holder(connection)


@contextmanager
def hold_stack_lock(url: str, stack: Stack, *, lost: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of a database while the block runs; take it again where its connection breaks.

    Args:
        url: the address of the database.
        stack: who we are.
        lost: called from another thread, with a sentence, when somebody else took the lock while we were cut off.

    Raises:
        StackTaken: somebody else holds it.
    """
    engine = open_engine(url)
    ended = threading.Event()
    connection = _take(engine, stack, within=_SECONDS_TO_TAKE)
    keeper = threading.Thread(
        target=_keep, args=(engine, connection, stack, lost, ended), name="stack lock", daemon=True
    )
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()
        engine.dispose()


def _keep(
    engine: Engine, connection: Connection, stack: Stack, lost: Callable[[str], None], ended: threading.Event
) -> None:
    """Watch over the connection, which ends with this function, and replace it when it breaks."""
    while not ended.wait(_BETWEEN_LOOKS_SECONDS):
        try:
            if not connection.invalidated and connection.scalar(_with_note(HELD_HERE, stack), {"key": _KEY}):
                continue
        except (DBAPIError, PendingRollbackError):
            pass
        _close(connection)
        try:
            connection = _take(engine, stack, within=0)
        except StackTaken as taken:
            lost(str(taken))
            return
        except DBAPIError:
            continue  # the database does not answer: nobody else can take the lock either
    _close(connection)


def _take(engine: Engine, stack: Stack, *, within: float) -> Connection:
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        connection.execute(text(_NOTICE_A_DEAD_MACHINE))
        taken_by = _try_to_take(connection, stack, within=within)
    except BaseException:
        _close(connection)
        raise
    if taken_by is not None:
        _close(connection)
        raise StackTaken(taken_by.refusal)
    return connection


def _try_to_take(connection: Connection, stack: Stack, *, within: float) -> Stack | None:
    """Return who has the lock after so many seconds, or None where we have it."""
    deadline = time.monotonic() + within
    while not connection.scalar(_with_note("SELECT pg_try_advisory_lock(:key)", stack), {"key": _KEY}):
        holder = _holder(connection)
        if holder is not None and time.monotonic() >= deadline:
            return holder
        time.sleep(_BETWEEN_TRIES_SECONDS)
    return None


def _close(connection: Connection) -> None:
    # Not given back to the pool: the lock ends with the connection.
    with suppress(DBAPIError):
        connection.invalidate()
    connection.close()


def _with_note(question: str, stack: Stack) -> TextClause:
    return text(f"/* {urlencode(asdict(stack))} */ {question}")


def _holder(connection: Connection) -> Stack | None:
    found = connection.execute(text(HOLDER), {"key": _KEY}).one_or_none()
    if found is None:
        return None
    note = (found.query or "").partition("/* ")[2].partition(" */")[0]
    try:
        return Stack(**dict(parse_qsl(note)))
    except TypeError:
        # Its role is another one, and ours may not see what it asks.
        return Stack("an unknown machine", "unknown", "unknown", f"(database session {found.pid})")
