"""Collecting from real things that are really broken: the answer comes within seconds, and is a sentence."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from xbot_pipelines.clock import Clock, ManualClock, SystemClock
from xbot_pipelines.operate.health.collecting import CONNECT_SECONDS, Collector, _read_only
from xbot_pipelines.operate.health.judging import Judgement, judge
from xbot_pipelines.operate.health.reasons import Cause, Reason, Status
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.migrations import migrate
from xbot_pipelines.store.server import EmbeddedServer

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def look(settings: Settings, clock: Clock | None = None) -> Judgement:
    return judge(Collector(settings, clock or SystemClock()).collect())


def reason(judgement: Judgement, cause: str) -> Reason | None:
    return next((one for one in judgement.reasons if one.cause == cause), None)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """An embedded server of this file's own, in a data folder."""
    with tempfile.TemporaryDirectory(prefix="xbot-health-") as folder:
        server = EmbeddedServer(Path(folder) / "postgres")
        migrate(server.start())
        yield server
        server.delete()


@pytest.fixture
def embedded(settings: Settings, server: EmbeddedServer) -> Settings:
    """Settings whose database is that server."""
    return settings.model_copy(update={"home": server.folder.parent, "database_url": None})


def test_a_database_that_is_stopped_is_one_reason_and_when_it_is_back_there_is_none(
    embedded: Settings, server: EmbeddedServer
) -> None:
    assert reason(look(embedded), Cause.DATABASE) is None
    server.stop()
    with at_most(6):
        broken = look(embedded)
    assert broken.status is Status.DOWN
    found = reason(broken, Cause.DATABASE)
    assert found is not None
    assert found.sentence == (f"no PostgreSQL runs in {server.folder}: run `make up`, or set XBOT_DATABASE_URL")
    server.start()
    assert reason(look(embedded), Cause.DATABASE) is None


def test_a_database_that_has_frozen_is_not_waited_for(embedded: Settings, server: EmbeddedServer) -> None:
    named = embedded.model_copy(update={"database_url": SecretStr(server.start())})
    postmaster = int((server.data / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGSTOP)
    try:
        with at_most(CONNECT_SECONDS + 4):
            broken = look(named)
    finally:
        os.kill(postmaster, signal.SIGCONT)
    found = reason(broken, Cause.DATABASE)
    assert found is not None
    assert "does not answer" in found.sentence
    assert reason(look(named), Cause.DATABASE) is None


def test_f25_a_database_in_which_dagster_never_ran_says_what_to_do(settings: Settings) -> None:
    found = reason(look(settings), Cause.DAGSTER_TABLES)
    assert found is not None
    assert found.status is Status.DOWN
    assert "run `xbot up` once" in found.sentence


def test_f25_a_database_without_our_tables_says_what_to_do(settings: Settings, server_url: str) -> None:
    found = reason(look(settings.model_copy(update={"database_url": SecretStr(server_url)})), Cause.DATABASE)
    assert found is not None
    assert "run `xbot up` once" in found.sentence


@pytest.mark.parametrize(("off", "way"), [(HOUR, "60 min ahead of"), (-HOUR, "60 min behind")])
def test_f27_a_clock_that_is_an_hour_off_is_found_by_the_databases(
    settings: Settings, off: timedelta, way: str
) -> None:
    found = reason(look(settings, ManualClock(SystemClock().now() + off)), Cause.CLOCK)
    assert found is not None
    assert found.sentence == f"this machine's clock is {way} that of the database: set one by the other"


def test_what_is_looked_at_cannot_be_changed(settings: Settings) -> None:
    assert settings.database_url is not None
    with (
        _read_only(settings.database_url.get_secret_value(), "practice") as database,
        pytest.raises(InternalError, match="read-only transaction"),
        database.transaction() as connection,
    ):
        connection.execute(text("DELETE FROM alerts"))
