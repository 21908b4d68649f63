"""Alerts: once for each cause, until it is over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.store import account
from xbot_pipelines.store.alerts import PAUSED, Alert, close_alert, open_alerts, raise_alert, record_told, untold
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.schema import alerts
from xbot_pipelines_tests.store.rows import NOON, write

MINUTE = timedelta(minutes=1)


def raised(database: AccountDatabase, cause: str, sentence: str, clock: ManualClock) -> bool:
    """Raises an alert in a transaction of its own."""
    with database.transaction() as connection:
        return raise_alert(connection, database.account, cause=cause, sentence=sentence, now=clock.now())


def closed(database: AccountDatabase, cause: str, clock: ManualClock) -> bool:
    """Closes an alert in a transaction of its own."""
    with database.transaction() as connection:
        return close_alert(connection, database.account, cause=cause, now=clock.now())


def history(database: AccountDatabase) -> list[tuple[object, ...]]:
    """Every alert there ever was: its sentence, when it was opened and closed."""
    with database.transaction() as connection:
        rows = connection.execute(
            sa.select(alerts.c.sentence, alerts.c.opened_at, alerts.c.closed_at).order_by(alerts.c.id)
        )
        return [tuple(row) for row in rows]


def test_f21_an_alert_is_raised_once_until_it_is_over(database: AccountDatabase, clock: ManualClock) -> None:
    opened_at = clock.now()
    assert raised(database, "disk", "the disk is full", clock)
    clock.advance(MINUTE)
    assert not raised(database, "disk", "the disk is fuller", clock)
    assert open_alerts(database) == [Alert(cause="disk", sentence="the disk is full", opened_at=opened_at)]

    assert closed(database, "disk", clock)
    assert open_alerts(database) == []
    assert not closed(database, "disk", clock)
    assert raised(database, "disk", "the disk is full again", clock)


def test_alerts_of_other_causes_and_accounts_stand_beside_it_the_oldest_first(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    assert raised(database, "disk", "the disk is full", clock)
    clock.advance(MINUTE)
    assert raised(database, "model", "the model costs too much", clock)
    assert raised(other, "disk", "the disk is full", clock)
    assert [alert.cause for alert in open_alerts(database)] == ["disk", "model"]
    assert closed(other, "disk", clock)
    assert [alert.cause for alert in open_alerts(database)] == ["disk", "model"]


def test_f21_of_those_who_raise_it_at_once_one_is_the_first(database: AccountDatabase, clock: ManualClock) -> None:
    with ThreadPoolExecutor(4) as pool:
        raising = [pool.submit(raised, database, "disk", f"cause {number}", clock) for number in range(8)]
        assert sum(one.result() for one in raising) == 1
    assert len(open_alerts(database)) == 1


def test_f21_the_table_itself_takes_one_open_alert_of_a_cause(database: AccountDatabase) -> None:
    row = {"account": "practice", "cause": "disk", "sentence": "the disk is full", "opened_at": NOON}
    write(database, alerts, {**row, "closed_at": NOON})
    write(database, alerts, row)
    with pytest.raises(IntegrityError, match="uq_alerts_open_cause"):
        write(database, alerts, row)


def test_f21_a_pause_is_one_alert_with_its_first_cause_and_resuming_ends_it(
    database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    paused_at = clock.now()
    account.pause(database, reason="X asks for a human", now=paused_at, by=by)
    account.pause(database, reason="logged out", now=clock.advance(MINUTE), by=by)
    sentence = "the account is paused: X asks for a human"
    assert open_alerts(database) == [Alert(cause=PAUSED, sentence=sentence, opened_at=paused_at)]

    resumed_at = clock.advance(MINUTE)
    account.resume(database, now=resumed_at)
    account.resume(database, now=clock.advance(MINUTE))
    assert history(database) == [(sentence, paused_at, resumed_at)]


def test_f21_a_pause_without_its_alert_is_no_pause(
    database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    """Both are written in one transaction: where the alert cannot be written, nobody would hear of the pause."""
    with database.transaction() as connection:
        connection.execute(sa.text("ALTER TABLE alerts ADD CHECK (false)"))
    with pytest.raises(IntegrityError):
        account.pause(database, reason="X asks for a human", now=clock.now(), by=by)
    assert account.state_of(database).paused_at is None


def told_of(database: AccountDatabase, clock: ManualClock, *, since: timedelta = timedelta(days=1)) -> list[str]:
    """Tells everything that is to be told, and answers it."""
    found = untold(database, since=clock.now() - since)
    for one in found:
        record_told(database, one, now=clock.now())
    return [f"{'over' if one.closed_at else 'began'}: {one.sentence}" for one in found]


def test_each_alert_is_to_be_told_once_when_it_begins_and_once_when_it_is_over(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    raised(database, "disk", "the disk is full", clock)
    raised(other, "disk", "another disk is full", clock)
    assert told_of(database, clock) == ["began: the disk is full"]
    assert told_of(database, clock) == []
    clock.advance(MINUTE)
    closed(database, "disk", clock)
    assert told_of(database, clock) == ["over: the disk is full"]
    assert told_of(database, clock) == []


def test_what_is_to_be_told_comes_in_the_order_in_which_it_happened(
    database: AccountDatabase, clock: ManualClock
) -> None:
    raised(database, "disk", "the disk is full", clock)
    clock.advance(MINUTE)
    raised(database, "model", "the model is silent", clock)
    clock.advance(MINUTE)
    closed(database, "disk", clock)
    assert told_of(database, clock) == [
        "began: the disk is full",
        "began: the model is silent",
        "over: the disk is full",
    ]


def test_what_was_over_long_ago_is_told_no_more_and_what_is_open_is_however_old(
    database: AccountDatabase, clock: ManualClock
) -> None:
    raised(database, "disk", "the disk is full", clock)
    raised(database, "model", "the model is silent", clock)
    closed(database, "disk", clock)
    clock.advance(2 * MINUTE)
    assert told_of(database, clock, since=MINUTE) == ["began: the model is silent"]
