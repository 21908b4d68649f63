"""What only the store's own tests need: empty databases, and an ordinary server beside the embedded one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from xbot_pipelines.store.database import AccountDatabase, open_engine
from xbot_pipelines_tests.conftest import address_of, execute
from xbot_pipelines_tests.store.given import TWEET_ID, posted, queued, single
from xbot_pipelines_tests.store.rows import NOON

_DEBIAN_SERVERS = Path("/usr/lib/postgresql")


@pytest.fixture
def other(database: AccountDatabase) -> AccountDatabase:
    """Another account in the same database."""
    return AccountDatabase(database.engine, "other")


@pytest.fixture
def decision_id(database: AccountDatabase) -> UUID:
    """A decision that waits until tomorrow."""
    return queued(database, single(), at=NOON + timedelta(days=1))


@pytest.fixture
def post_id(database: AccountDatabase) -> UUID:
    """A decision that was posted, as `TWEET_ID`, through an attempt of its own."""
    return posted(database, TWEET_ID, at=NOON)


@pytest.fixture(scope="session")
def ordinary_server_url() -> Iterator[str]:
    """A PostgreSQL as a Linux distribution installs it, of whatever version that is."""
    newest = max(_DEBIAN_SERVERS.glob("*/bin/pg_ctl"), default=None, key=lambda path: float(path.parts[-3]))
    if newest is None:
        pytest.skip(f"there is no PostgreSQL server under {_DEBIAN_SERVERS}")
    # Not under pytest's own folder: that is closed to the user which the server has to run as.
    with tempfile.TemporaryDirectory(prefix="ordinary-", ignore_cleanup_errors=True) as folder:
        user = "nobody" if os.geteuid() == 0 else None
        if user is not None:
            shutil.chown(folder, user)
        data = f"{folder}/data"
        _run_as(user, newest.with_name("initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        _run_as(user, newest, "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            _run_as(user, newest, "-D", data, "-m", "immediate", "-w", "stop")


@pytest.fixture(scope="session")
def ordinary_admin(ordinary_server_url: str) -> Iterator[Engine]:
    """The owner of the ordinary server."""
    engine = open_engine(ordinary_server_url).execution_options(isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture
def empty_database_url(admin: Engine) -> Iterator[str]:
    """The address of a database of the test's own that nothing has migrated yet."""
    yield from _empty_database(admin)


@pytest.fixture(params=["embedded", "ordinary"])
def any_empty_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same, on each kind of server that people have."""
    owner = {"embedded": "admin", "ordinary": "ordinary_admin"}[request.param]
    yield from _empty_database(request.getfixturevalue(owner))


def _empty_database(admin: Engine) -> Iterator[str]:
    name = f"empty_{uuid4().hex}"
    execute(admin, f"CREATE DATABASE {name} TEMPLATE template0")
    yield address_of(admin, name)
    execute(admin, f"DROP DATABASE {name} WITH (FORCE)")


def _run_as(user: str | None, program: Path, *arguments: str) -> None:
    # The server inherits what is open here: a pipe would stay open as long as the server lives.
    subprocess.run(
        [program, *arguments], user=user, cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
