"""Who had the browser, and how long for: what capacity is known from."""

from datetime import timedelta

from xbot_pipelines.store.browser_use import latest_use, record_closed, record_lease, record_opened, uses_between
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines_tests.conftest import NOON

SECOND = timedelta(seconds=1)


def test_a_use_of_the_browser_is_told_apart_into_waiting_opening_working_and_closing(
    database: AccountDatabase, by: Provenance
) -> None:
    row = record_lease(database, asked_at=NOON, began_at=NOON + 2 * SECOND, leased_at=NOON + 3 * SECOND, by=by)
    record_opened(database, row, opened_at=NOON + 4 * SECOND)
    use = record_closed(database, row, done_at=NOON + 9 * SECOND, closed_at=NOON + 10 * SECOND)
    assert (use.actor, use.run_id) == ("test", "run-1")
    assert use.waited == 3 * SECOND
    assert (use.opening, use.working, use.closing) == (SECOND, 5 * SECOND, SECOND)
    assert use.held == 7 * SECOND


def test_who_came_past_the_queue_waited_for_the_lease_alone(database: AccountDatabase, by: Provenance) -> None:
    row = record_lease(database, asked_at=None, began_at=NOON, leased_at=NOON + SECOND, by=by)
    use = record_closed(database, row, done_at=NOON + 2 * SECOND, closed_at=NOON + 2 * SECOND)
    assert (use.waited, use.opening, use.working) == (SECOND, None, SECOND)


def test_f12_who_was_killed_leaves_a_use_without_an_end(database: AccountDatabase, by: Provenance) -> None:
    record_lease(database, asked_at=None, began_at=NOON, leased_at=NOON, by=by)
    [use] = uses_between(database, since=NOON, until=NOON + SECOND)
    assert (use.working, use.closing, use.held) == (None, None, None)


def test_uses_of_a_time_are_those_of_this_account_that_began_in_it_the_earliest_first(
    database: AccountDatabase, by: Provenance
) -> None:
    for seconds in (5, 3, 0, -1):
        moment = NOON + seconds * SECOND
        record_lease(database, asked_at=None, began_at=moment, leased_at=moment, by=by)
    other = AccountDatabase(database.engine, "other")
    record_lease(other, asked_at=None, began_at=NOON, leased_at=NOON, by=by)
    found = uses_between(database, since=NOON, until=NOON + 5 * SECOND)
    assert [use.leased_at for use in found] == [NOON, NOON + 3 * SECOND]


def test_the_latest_use_is_that_of_this_account(
    database: AccountDatabase, other: AccountDatabase, by: Provenance
) -> None:
    assert latest_use(database) is None
    for seconds in (3, 5):
        moment = NOON + seconds * SECOND
        record_lease(database, asked_at=None, began_at=moment, leased_at=moment, by=by)
    record_lease(other, asked_at=None, began_at=NOON + 9 * SECOND, leased_at=NOON + 9 * SECOND, by=by)
    use = latest_use(database)
    assert use is not None
    assert use.leased_at == NOON + 5 * SECOND
