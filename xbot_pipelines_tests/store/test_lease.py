"""The lease on an account's browser: one holder, and none that is dead."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from xbot_pipelines.store.database import AccountDatabase, open_engine
from xbot_pipelines.store.lease import Lease, LeaseLost, LeaseTaken, held_since, hold_lease, lease_key

AT_ONCE = timedelta()
SOON = timedelta(seconds=3)

HOLDER = """
import sys
from datetime import timedelta
from xbot_pipelines.store.database import AccountDatabase, open_engine
from xbot_pipelines.store.lease import hold_lease

with hold_lease(AccountDatabase(open_engine(sys.argv[1]), sys.argv[2]), wait=timedelta()):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process_holds_it(url: str, account: str = "practice") -> Iterator[subprocess.Popen[str]]:
    """A process that holds the account's lease until its standard input closes, or it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, url, account], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_f01_the_browser_has_one_holder(database: AccountDatabase) -> None:
    with hold_lease(database, wait=AT_ONCE) as lease:
        lease.assert_held()
        with pytest.raises(LeaseTaken), hold_lease(database, wait=AT_ONCE):
            pytest.fail("two have the browser")
        lease.assert_held()


def test_f01_the_browser_has_one_holder_among_processes_too(database: AccountDatabase, database_url: str) -> None:
    with (
        another_process_holds_it(database_url),
        pytest.raises(LeaseTaken),
        hold_lease(database, wait=timedelta(seconds=0.5)),
    ):
        pytest.fail("two have the browser")


def test_f14_the_lease_of_a_killed_process_is_free_at_once_or_nearly(
    database: AccountDatabase, database_url: str
) -> None:
    with another_process_holds_it(database_url) as process:
        process.kill()
        with hold_lease(database, wait=SOON) as lease:
            lease.assert_held()


def test_f14_the_lease_is_free_when_the_block_ends_however_it_ends(database: AccountDatabase) -> None:
    with pytest.raises(ZeroDivisionError), hold_lease(database, wait=AT_ONCE):
        _ = 1 / 0

    with hold_lease(database, wait=SOON) as lease:
        lease.assert_held()


def test_who_waits_for_the_lease_gets_it_when_it_becomes_free(database: AccountDatabase) -> None:
    def wait_for_it() -> None:
        with hold_lease(database, wait=SOON) as lease:
            lease.assert_held()

    with ThreadPoolExecutor(1) as pool:
        with hold_lease(database, wait=AT_ONCE):
            waiting = pool.submit(wait_for_it)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.6)
        waiting.result(timeout=10)


def test_a_lease_that_is_taken_says_who_has_it_and_what_happens_next(database: AccountDatabase) -> None:
    with hold_lease(database, wait=AT_ONCE) as lease:
        holder = lease.connection.scalar(text("SELECT pg_backend_pid()"))
        with pytest.raises(LeaseTaken) as taken, hold_lease(database, wait=AT_ONCE):
            pytest.fail("two have the browser")

    sentence = str(taken.value)
    assert f"the browser of account 'practice' is in use (database session {holder}, connected since " in sentence
    assert sentence.endswith("did not become free within 0 s; the next run will try again")


def test_the_holder_is_named_although_another_database_of_the_server_has_the_same_account(
    database: AccountDatabase, empty_database_url: str
) -> None:
    elsewhere = AccountDatabase(open_engine(empty_database_url), "practice")
    with hold_lease(elsewhere, wait=AT_ONCE), hold_lease(database, wait=AT_ONCE) as lease:
        holder = lease.connection.scalar(text("SELECT pg_backend_pid()"))
        with pytest.raises(LeaseTaken) as taken, hold_lease(database, wait=AT_ONCE):
            pytest.fail("two have the browser")
    elsewhere.engine.dispose()

    assert f"database session {holder}," in str(taken.value)


def test_since_when_the_browser_is_held_is_known_while_it_is(database: AccountDatabase, other: AccountDatabase) -> None:
    assert held_since(database) is None
    with hold_lease(database, wait=AT_ONCE):
        with database.transaction() as connection:
            now = connection.scalar(text("SELECT clock_timestamp()"))
        since = held_since(database)
        assert since is not None
        assert timedelta() <= now - since < timedelta(seconds=30)
        assert held_since(other) is None
    assert held_since(database) is None


def test_accounts_do_not_disturb_each_other(database: AccountDatabase, other: AccountDatabase) -> None:
    with hold_lease(database, wait=AT_ONCE) as ours, hold_lease(other, wait=AT_ONCE) as theirs:
        ours.assert_held()
        theirs.assert_held()


def test_f14_a_lease_whose_connection_died_is_lost_and_stays_lost(database: AccountDatabase) -> None:
    with hold_lease(database, wait=AT_ONCE) as lease:
        _terminate(database, lease)

        for _ in range(3):
            with pytest.raises(LeaseLost, match="account 'practice'"):
                lease.assert_held()


def test_f14_a_lost_lease_is_free_for_the_next(database: AccountDatabase) -> None:
    with hold_lease(database, wait=AT_ONCE) as lost:
        _terminate(database, lost)
        with hold_lease(database, wait=SOON) as found:
            found.assert_held()
            with pytest.raises(LeaseLost):
                lost.assert_held()


def test_a_lock_that_was_given_back_is_no_longer_held_whatever_else_the_connection_has(
    database: AccountDatabase,
) -> None:
    with hold_lease(database, wait=AT_ONCE) as lease:
        lease.connection.execute(text("SELECT pg_advisory_unlock_all()"))
        lease.connection.execute(text("SELECT pg_advisory_lock(1)"))

        with pytest.raises(LeaseLost, match="no longer ours"):
            lease.assert_held()


def test_the_key_of_an_account_never_changes() -> None:
    # Two versions of ours may run beside each other during an update: they have to mean the same lock.
    assert lease_key("practice") == 1065298068480483504


@given(st.text(), st.text())
def test_every_account_has_a_key_of_its_own_that_postgresql_can_hold(one: str, another: str) -> None:
    assert 0 <= lease_key(one) < 2**63
    assert (lease_key(one) == lease_key(another)) == (one == another)


def _terminate(database: AccountDatabase, lease: Lease) -> None:
    """Ends the session that holds the lease, as a restarted server would, and waits until it is gone."""
    session = {"pid": lease.connection.scalar(text("SELECT pg_backend_pid()"))}
    with database.transaction() as connection:
        assert connection.scalar(text("SELECT pg_terminate_backend(:pid, 10000)"), session)
