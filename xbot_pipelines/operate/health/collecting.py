"""Collecting the facts: everything is asked at once, and nothing is waited for longer than some seconds.

What does not answer is a fact as well, never an error: health is asked for when things are broken.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from typing import TypeVar

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import DataError, OperationalError, ProgrammingError

from xbot_pipelines.clock import Clock
from xbot_pipelines.operate.health.activity import activity_of
from xbot_pipelines.operate.health.facts import Activity, Dagster, Facts, JobHealth, OtherClock
from xbot_pipelines.operate.health.job_rules import late
from xbot_pipelines.operate.health.model_probe import ModelProbe
from xbot_pipelines.operate.health.surroundings import login_of, surroundings_of
from xbot_pipelines.operate.tables import shown
from xbot_pipelines.orchestration.records import read_heartbeats, read_jobs, read_last_look
from xbot_pipelines.orchestration.timetable import TIMETABLE
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase, product_url
from xbot_pipelines.store.server import DatabaseMissing, database_address

CONNECT_SECONDS = 3
_STATEMENT = "3s"

CHECKPOINT_SENSOR = "checkpoints_due"
"""The sensor of `orchestration.sensors`, which looks twice a minute: it has fallen silent when the code server has."""

Answer = TypeVar("Answer")
_Tables = tuple[Activity, OtherClock]


class Collector:
    """Collects the facts of one account, as often as it is asked.

    Args:
        settings: the account.
        clock: this machine's clock, which is compared with others.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._model = ModelProbe(settings, clock)

    def collect(self) -> Facts:
        """Answers everything that is known now."""
        now, settings = self._clock.now(), self._settings
        with ThreadPoolExecutor(3, thread_name_prefix="collect") as pool:
            around = pool.submit(surroundings_of, settings, now=now)
            model = pool.submit(self._model.look)
            (tables, database_fault), (dagster, dagster_fault) = self._from_the_database(now)
        clocks = [tables[1] if tables else None, model.result()[1]]
        return Facts(
            account=settings.account,
            handle=settings.profile.handle,
            version=version("xbot-pipelines"),
            zone=settings.profile.timezone,
            dry_run=settings.profile.publishing.dry_run,
            looked_at=now,
            model_budget_usd=settings.profile.model.daily_budget_usd,
            activity=tables[0] if tables else None,
            database_fault=database_fault,
            dagster=dagster,
            dagster_fault=dagster_fault,
            login=login_of(settings, now=now),
            model=model.result()[0],
            surroundings=around.result(),
            clocks=tuple(clock for clock in clocks if clock is not None),
        )

    def _from_the_database(
        self, now: datetime
    ) -> tuple[tuple[_Tables | None, str | None], tuple[Dagster | None, str | None]]:
        try:
            address = database_address(self._settings)
        except DatabaseMissing as missing:
            return (None, str(missing)), (None, str(missing))
        with _read_only(address, self._settings.account) as database:
            tables, fault = _unless_it_fails(address, lambda: self._tables(database, now))
            if fault is not None:
                return (None, fault), (None, fault)
            with_dagster, dagster_fault = _unless_it_fails(address, lambda: self._dagster(database, now))
            return (tables, None), (with_dagster, dagster_fault)

    def _tables(self, database: AccountDatabase, now: datetime) -> _Tables:
        with database.transaction() as connection:
            there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
            database_clock = OtherClock(whose="the database", ahead=self._clock.now() - there)
        return activity_of(database, self._settings.profile, now=now), database_clock

    def _dagster(self, database: AccountDatabase, now: datetime) -> Dagster:
        with database.transaction() as connection:
            return dagster_of(connection, self._settings, now=now)


def dagster_of(connection: Connection, settings: Settings, *, now: datetime) -> Dagster:
    """Answers what Dagster has written down of the account's jobs."""
    records = read_jobs(connection, settings.account, [turn.job for turn in TIMETABLE])
    zone = settings.profile.timezone
    return Dagster(
        jobs=tuple(
            JobHealth(
                turn=turn,
                record=records[turn.job],
                next_turn_at=turn.next_after(now, zone),
                late=late(turn, records[turn.job], zone, now=now),
            )
            for turn in TIMETABLE
        ),
        heartbeats=read_heartbeats(connection),
        looked_for_checkpoints_at=read_last_look(connection, settings.account, CHECKPOINT_SENSOR),
    )


@contextmanager
def _read_only(address: str, account: str) -> Iterator[AccountDatabase]:
    """Opens a database in which nothing can be changed, and no question takes longer than a moment.

    A connection of its own for each question: one that was kept would hang where the server has frozen meanwhile.
    """
    url = product_url(address).update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})
    options = f"-c timezone=UTC -c default_transaction_read_only=on -c statement_timeout={_STATEMENT}"
    engine = create_engine(
        url, poolclass=NullPool, connect_args={"options": options, "application_name": "xbot health"}
    )
    try:
        yield AccountDatabase(engine, account)
    finally:
        engine.dispose()


def _unless_it_fails(address: str, question: Callable[[], Answer]) -> tuple[Answer | None, str | None]:
    """Answers a question of the database, or why it was not answered."""
    try:
        return question(), None
    except OperationalError as failure:
        # The driver's own words never have the password.
        return None, f"the database at {shown(address)} does not answer: {_first_line(failure)}"
    except (ProgrammingError, DataError) as failure:
        said = _first_line(failure)
        return None, f"the database has not the tables of this version ({said}): run `xbot up` once"


def _first_line(failure: OperationalError | ProgrammingError | DataError) -> str:
    return next(iter(str(failure.orig).strip().splitlines()), type(failure.orig).__name__)
