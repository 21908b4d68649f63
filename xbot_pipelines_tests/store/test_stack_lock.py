"""One stack per database: who holds the lock, who is refused, and what becomes of it when something breaks."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from xbot_pipelines.store.database import dagster_url, open_engine
from xbot_pipelines.store.server import EmbeddedServer
from xbot_pipelines.store.stack_lock import _KEY, Stack, StackTaken, hold_stack_lock, running_stack

HOLDER = """
import sys
from xbot_pipelines.store.stack_lock import Stack, hold_stack_lock

with hold_stack_lock(sys.argv[1], Stack.of_this_process(sys.argv[2]), lost=print):
    print("held", flush=True)
    sys.stdin.read()
"""

HOME = "/srv/it's a home: 100%/.xbot"


@contextmanager
def another_stack(url: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until its standard input closes, or it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, url, HOME], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def ours() -> Stack:
    return Stack.of_this_process("/home/somebody/.xbot")


def test_second_stack_is_refused_and_told_who_is_first(database_url: str, ours: Stack) -> None:
    with another_stack(dagster_url(database_url)) as first:
        with pytest.raises(StackTaken) as refused, hold_stack_lock(dagster_url(database_url), ours, lost=pytest.fail):
            pytest.fail("two have the database")

        assert f"process {first.pid} on {ours.host}, since 20" in str(refused.value)
        assert f"data folder {HOME}." in str(refused.value)


def test_stack_whose_first_was_killed_starts(database_url: str, engine: Engine, ours: Stack) -> None:
    with another_stack(database_url) as first:
        first.kill()
        with hold_stack_lock(database_url, ours, lost=pytest.fail):
            assert running_stack(engine) == ours


def test_lock_ends_with_its_block(database_url: str, engine: Engine, ours: Stack) -> None:
    assert running_stack(engine) is None
    with hold_stack_lock(database_url, ours, lost=pytest.fail):
        assert running_stack(engine) == ours
    assert running_stack(engine) is None


def test_stacks_of_two_databases_do_not_meet(database_url: str, server_url: str, ours: Stack) -> None:
    with another_stack(server_url), hold_stack_lock(database_url, ours, lost=pytest.fail):
        pass


def test_lock_whose_connection_was_cut_is_taken_again(database_url: str, engine: Engine, ours: Stack) -> None:
    with hold_stack_lock(database_url, ours, lost=pytest.fail):
        before = _sessions(engine, granted=True)
        assert _cut_off(engine) == 1
        _until(lambda: _sessions(engine, granted=True) not in ([], before))
        assert running_stack(engine) == ours


def test_lock_that_another_took_meanwhile_is_told_as_lost(database_url: str, engine: Engine, ours: Stack) -> None:
    reasons: list[str] = []
    with (
        hold_stack_lock(database_url, ours, lost=reasons.append),
        ThreadPoolExecutor() as aside,
        engine.connect() as other,
    ):
        waits = aside.submit(other.execute, text("SELECT pg_advisory_lock(:key)"), {"key": _KEY})
        _until(lambda: _sessions(engine, granted=False) != [])
        assert _cut_off(engine) == 1
        waits.result(timeout=30)
        _until(lambda: reasons != [])
    assert reasons[0].startswith("another stack works on this database")


def test_lock_is_taken_again_after_the_database_was_restarted(ours: Stack) -> None:
    with tempfile.TemporaryDirectory(prefix="xbot-lock-") as folder:
        Path(folder).chmod(0o711)
        server = EmbeddedServer(Path(folder) / "postgres")
        try:
            with hold_stack_lock(server.start(), ours, lost=pytest.fail):
                server.stop()
                engine = open_engine(server.start())
                _until(lambda: running_stack(engine) == ours)
                engine.dispose()
        finally:
            server.delete()


def _sessions(engine: Engine, *, granted: bool) -> list[int]:
    """The sessions that have the lock of a database, or wait for it."""
    question = """
        SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE locktype = 'advisory' AND datname = current_database() AND granted = :granted
    """
    with engine.connect() as connection:
        return list(connection.scalars(text(question), {"granted": granted}))


def _cut_off(engine: Engine) -> int:
    """End the session that has the lock, and return how many that were."""
    holding = _sessions(engine, granted=True)
    with engine.connect() as connection:
        for session in holding:
            connection.execute(text("SELECT pg_terminate_backend(:session)"), {"session": session})
    return len(holding)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
