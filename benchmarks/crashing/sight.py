"""What can be seen of a house from outside: its open attempts, its posting runs, and what X was asked.

Only looks. A database that is just dead is seen as nothing at all.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Self

import httpx2
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.pool import NullPool

from benchmarks.crashing.steps import Step
from xbot_pipelines.store.database import product_url


@dataclass(frozen=True, kw_only=True)
class OpenAttempt:
    """An attempt whose end is not known yet, and the run that began it."""

    id: str
    state: str
    run_id: str


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One look: the open attempts, and the posting runs that are queued or further and have not ended, with status."""

    attempts: Sequence[OpenAttempt]
    runs: dict[str, str]

    @property
    def own(self) -> OpenAttempt | None:
        """The attempt of a run that has not ended."""
        return next((attempt for attempt in self.attempts if attempt.run_id in self.runs), None)

    def without(self, dead_runs: Collection[str]) -> Self:
        """The same sight, but for the runs that are known to be dead."""
        return replace(self, runs={run: status for run, status in self.runs.items() if run not in dead_runs})

    def step(self) -> Step:
        """How far it is by the tables alone; `typing`, `accepted` and `recording` need a look at more than those."""
        if self.own is not None:
            return Step.CLAIMED if self.own.state == "intended" else Step.SUBMITTED
        if "STARTED" in self.runs.values():
            return Step.SETTLING if self.attempts else Step.STARTING
        return Step.STARTING if "STARTING" in self.runs.values() else Step.WAITING


class Eye:
    """Looks at one house, on a connection of its own that is opened again whenever it breaks.

    `create` is what X is asked to take a post by.
    """

    def __init__(self, database_url: str, practice_url: str, *, create: str) -> None:
        self._create = create
        self._engine = create_engine(product_url(database_url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None
        self._x = httpx2.Client(base_url=practice_url, trust_env=False, timeout=10)

    def close(self) -> None:
        """Lets the connections go."""
        self._drop()
        self._x.close()

    def look(self) -> Sight | None:
        """Answers what is to be seen now; None where the database does not answer."""
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            attempts = self._connection.execute(text(_ATTEMPTS)).all()
            runs = self._connection.execute(text(_RUNS)).all()
        except (DBAPIError, PendingRollbackError):
            self._drop()
            return None
        return Sight(
            attempts=[OpenAttempt(id=str(row.id), state=row.state, run_id=row.run_id) for row in attempts],
            runs={row.run_id: row.status for row in runs},
        )

    def has_nothing_left(self) -> bool:
        """Whether no attempt is open, and nothing is on its way through the queue."""
        sight = self.look()
        if sight is None or sight.attempts or self._connection is None:
            return False
        try:
            return not self._connection.scalar(text(_ON_ITS_WAY))
        except DBAPIError:
            self._drop()
            return False

    def posts_asked_for(self) -> int:
        """Answers how often X was asked to take a post, since it was started."""
        asked: int = self._x.get("/practice/requests").json()["by_operation"].get(self._create, 0)
        return asked

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


_ATTEMPTS = "SELECT id, state, run_id FROM posting_attempts WHERE state IN ('intended', 'submitted', 'unknown')"
_RUNS = """
    SELECT run_id, status FROM dagster.runs
    WHERE pipeline_name = 'posting' AND status NOT IN ('NOT_STARTED', 'SUCCESS', 'FAILURE', 'CANCELED')
"""
_ON_ITS_WAY = "SELECT count(*) FROM content_metadata WHERE status IN ('queued', 'posting', 'unconfirmed')"
