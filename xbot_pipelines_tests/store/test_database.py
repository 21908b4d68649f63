"""The way to the database: which driver, which schema, which timezone, and what outlives a lost connection."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, make_url, text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.store.account import state_of, wait_until
from xbot_pipelines.store.database import AccountDatabase, dagster_url, open_engine, product_url


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgresql+psycopg2", "postgres"])
def test_any_address_of_a_database_is_reached_by_the_driver_that_its_user_needs(scheme: str) -> None:
    address = f"{scheme}://ann:p%40ss%2Fword@db.example.org:6543/house?sslmode=require"

    ours, dagsters = product_url(address), make_url(dagster_url(address))

    assert ours.drivername == "postgresql+psycopg"
    assert dagsters.drivername == "postgresql+psycopg2"
    for url in (ours, dagsters):
        assert (url.username, url.password, url.host, url.port) == ("ann", "p@ss/word", "db.example.org", 6543)
        assert (url.database, url.query["sslmode"]) == ("house", "require")


def test_dagster_keeps_its_tables_in_a_schema_of_its_own(database: AccountDatabase, database_url: str) -> None:
    dagsters = create_engine(dagster_url(database_url))
    assert dagsters.driver == "psycopg2"
    with dagsters.begin() as connection:
        connection.execute(text("CREATE TABLE runs (id integer)"))
    dagsters.dispose()

    with database.transaction() as connection:
        where = connection.scalar(text("SELECT schemaname FROM pg_tables WHERE tablename = 'runs'"))
    assert where == "dagster"


def test_f27_moments_are_answered_in_utc_whatever_the_server_thinks_of_its_timezone(
    database: AccountDatabase, database_url: str, clock: ManualClock
) -> None:
    name = make_url(database_url).database
    with database.transaction() as connection:
        connection.execute(text(f"ALTER DATABASE \"{name}\" SET timezone TO 'Asia/Kathmandu'"))
    engine = open_engine(database_url)
    until = clock.now().astimezone(ZoneInfo("America/New_York"))

    wait_until(AccountDatabase(engine, "practice"), until, reason="rate limit")
    answer = state_of(AccountDatabase(engine, "practice")).wait_until
    with engine.connect() as connection:
        naive: datetime | None = connection.scalar(text("SELECT localtimestamp"))
        aware: datetime | None = connection.scalar(text("SELECT now()"))
    engine.dispose()

    assert answer == clock.now()
    assert answer.utcoffset() == timedelta()
    assert naive is not None
    assert aware is not None
    assert naive == aware.replace(tzinfo=None)


def test_f14_a_connection_that_died_while_nobody_looked_is_replaced(database: AccountDatabase) -> None:
    with database.transaction() as connection:
        session = connection.scalar(text("SELECT pg_backend_pid()"))
    other = open_engine(database.engine.url.render_as_string(hide_password=False))
    with other.begin() as connection:
        assert connection.scalar(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": session})
    other.dispose()

    with database.transaction() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != session


def test_what_fails_within_a_transaction_leaves_nothing(database: AccountDatabase) -> None:
    def write_and_fail() -> None:
        with database.transaction() as connection:
            connection.execute(text("INSERT INTO account_state (account) VALUES ('practice')"))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write_and_fail()

    with database.transaction() as connection:
        assert connection.scalar(text("SELECT count(*) FROM account_state")) == 0
