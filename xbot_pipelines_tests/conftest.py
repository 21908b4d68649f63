"""The real parts that tests stand on: a PostgreSQL server for each worker, a fresh database for each test."""

import atexit
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.practice.server import running
from xbot_pipelines.settings import Settings, load_settings
from xbot_pipelines.store.database import AccountDatabase, Provenance, open_engine
from xbot_pipelines.store.migrations import migrate
from xbot_pipelines.store.server import EmbeddedServer
from xbot_pipelines_tests.practice_site import Practice, client_of

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday. Tests that need no other moment begin here."""

ROOT = Path(__file__).parents[1]


_MEMORY = Path("/dev/shm")
_ROOM_IN_MEMORY = 4 * 2**30
_NOBODYS_CHOICE = "/tmp"


def pytest_configure() -> None:
    """Prepares the ground, before anything is collected."""
    _hear_interrupts()
    if os.environ.get("TMPDIR", _NOBODYS_CHOICE) == _NOBODYS_CHOICE and _has_room_for_files(_MEMORY):
        folder = Path(tempfile.mkdtemp(prefix="xbot-tests-", dir=_MEMORY))
        # The last of all that is done at the end: the database server's own care for its end writes here, too.
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        if os.geteuid() == 0:
            folder.chmod(0o711)  # for root, the database server is another user, and its data are to lie here as well
        os.environ["TMPDIR"] = str(folder)  # for workers, and for the programs that tests start
        tempfile.tempdir = None


def _has_room_for_files(folder: Path) -> bool:
    """Whether temporary files may go there: a database for each test is hundreds of them, and a disk takes its time.

    What may not be executed there is no place either, as in a container: some tests write programs.
    """
    if not os.access(folder, os.W_OK):
        return False
    state = os.statvfs(folder)
    return not state.f_flag & os.ST_NOEXEC and state.f_bavail * state.f_frsize >= _ROOM_IN_MEMORY


def _hear_interrupts() -> None:
    """Lets the programs that tests start hear interrupts, wherever the tests themselves were started.

    A shell has what it starts in the background ignore them, as `nohup` does a closed terminal, and each child inherits
    that: a test that interrupts a program would wait for it without end. What is handled is not inherited.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs root where nobody is root, and let the longest begin first, so that no worker ends alone."""
    if os.geteuid() != 0:
        for item in items:
            if item.get_closest_marker("root") is not None:
                item.add_marker(pytest.mark.skip(reason="needs root"))
    items.sort(key=lambda item: -_allowed_seconds(item))


def _allowed_seconds(item: pytest.Item) -> float:
    """The time that a whole file may take, as its own mark says; a file stays together, and in its order."""
    return max((mark.args[0] for mark in item.iter_markers("timeout")), default=0.0)


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A real PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="xbot-postgres-") as folder:
        Path(folder).chmod(0o711)
        server = EmbeddedServer(Path(folder) / "postgres")
        yield server.start()
        server.delete()


@pytest.fixture(scope="session")
def admin(server_url: str) -> Iterator[Engine]:
    """The owner of the server, who stays connected: to come anew for each test takes twice as long as the copying."""
    engine = open_engine(server_url).execution_options(isolation_level="AUTOCOMMIT")
    execute(engine, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def template(admin: Engine) -> str:
    """The name of a migrated database, from which each test's own is copied."""
    name = "template_xbot"
    execute(admin, f"CREATE DATABASE {name}")
    migrate(address_of(admin, name))
    return name


@pytest.fixture
def database_url(admin: Engine, template: str) -> Iterator[str]:
    """The address of a migrated, empty database of the test's own."""
    name = f"test_{uuid4().hex}"
    execute(admin, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield address_of(admin, name)
    execute(admin, f"DROP DATABASE {name} WITH (FORCE)")


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
    with running(tmp_path / "practice") as server, client_of(server.url) as control:
        yield Practice(server.url, control)


def execute(server: Engine, *statements: str) -> None:
    """Lets the owner of a server do something."""
    with server.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


def address_of(server: Engine, database: str) -> str:
    """The address of a database on a server."""
    return server.url.set(drivername="postgresql", database=database).render_as_string(hide_password=False)
