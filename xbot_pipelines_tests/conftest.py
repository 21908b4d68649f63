"""The real parts that tests stand on: a PostgreSQL server for each worker, a fresh database for each test."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import make_url, text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.practice.server import running
from xbot_pipelines.settings import Settings, load_settings
from xbot_pipelines.store.database import AccountDatabase, Provenance, open_engine
from xbot_pipelines.store.migrations import migrate
from xbot_pipelines.store.server import EmbeddedServer
from xbot_pipelines_tests.practice_site import Practice

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday. Tests that need no other moment begin here."""

ROOT = Path(__file__).parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets the longest begin first, so that no worker is left alone with one of them at the end."""
    items.sort(key=lambda item: -_allowed_seconds(item))


def _allowed_seconds(item: pytest.Item) -> float:
    """The time that a whole file may take, as its own mark says; a file stays together, and in its order."""
    return max((mark.args[0] for mark in item.iter_markers("timeout")), default=0.0)


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A real PostgreSQL with a migrated database `template_xbot`, from which each test's own is copied."""
    # Not in pytest's own folder: every new session closes that to other users, and for root the server is another user.
    with tempfile.TemporaryDirectory(prefix="xbot-postgres-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedServer(Path(folder) / "data")
        url = server.start()
        _run(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        _create_database(url, "template_xbot")
        migrate(_database(url, "template_xbot"))
        yield url
        server.stop()


@pytest.fixture
def database_url(server_url: str) -> Iterator[str]:
    """The address of a migrated, empty database of the test's own."""
    name = f"test_{uuid4().hex}"
    _create_database(server_url, name, template="template_xbot")
    yield _database(server_url, name)
    _run(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[AccountDatabase]:
    """The test's own database as the account `practice` sees it."""
    engine = open_engine(database_url)
    yield AccountDatabase(engine, "practice")
    engine.dispose()


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands at noon of a Monday until the test moves it."""
    return ManualClock(NOON)


@pytest.fixture
def by() -> Provenance:
    """Who did it, in tests."""
    return Provenance(actor="test", run_id="run-1")


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """The example account's settings, with a data folder and a database of the test's own."""
    return load_settings(
        {
            "XBOT_HOME": str(tmp_path / "home"),
            "XBOT_DATABASE_URL": database_url,
            "XBOT_ACCOUNTS": str(ROOT / "accounts"),
        }
    )


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    """A fresh practice X with control, and nobody logged in."""
    with running(tmp_path / "practice") as server, httpx2.Client(base_url=server.url) as control:
        yield Practice(server.url, control)


def _create_database(server_url: str, name: str, *, template: str = "template1") -> None:
    _run(server_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")


def _run(server_url: str, *statements: str) -> None:
    engine = open_engine(server_url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _database(server_url: str, name: str) -> str:
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)
