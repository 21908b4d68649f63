"""A person is told of each alert once when it begins and once when it is over, by a real service on this machine."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial

import pytest
from pydantic import SecretStr

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.health import telling
from xbot_pipelines.operate.health.alerting import Outages
from xbot_pipelines.operate.health.reasons import Cause, Status
from xbot_pipelines.operate.health.telling import NEWS_FOR, Services, Teller
from xbot_pipelines.operate.tables import account_tables
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.alerts import close_alert, raise_alert
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines_tests.operate.health.receiver import Receiver, a_receiver
from xbot_pipelines_tests.operate.programs import free_ports, wait_until

MINUTE = timedelta(minutes=1)
BAD, GOOD = "daily_vitals: something is wrong", "daily_vitals: it is over"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as receiver:
        yield receiver


@pytest.fixture
def outages() -> Outages:
    return Outages()


@pytest.fixture
def teller(settings: Settings, receiver: Receiver, outages: Outages, clock: ManualClock) -> Teller:
    return teller_of([receiver.url], settings, outages, clock)


def teller_of(urls: list[str], settings: Settings, outages: Outages, clock: ManualClock) -> Teller:
    services = Services([SecretStr(url) for url in urls], handle="daily_vitals")
    return Teller(services, partial(account_tables, settings), outages, clock)


def begin(database: AccountDatabase, clock: ManualClock, cause: str = "disk") -> None:
    with database.transaction() as connection:
        raise_alert(connection, database.account, cause=cause, sentence=f"{cause}: full", now=clock.now())


def end(database: AccountDatabase, clock: ManualClock, cause: str = "disk") -> None:
    with database.transaction() as connection:
        close_alert(connection, database.account, cause=cause, now=clock.now())


def test_f21_an_alert_is_told_once_when_it_begins_and_once_when_it_is_over(
    teller: Teller, receiver: Receiver, database: AccountDatabase, clock: ManualClock
) -> None:
    begin(database, clock)
    teller.tell()
    teller.tell()
    assert receiver.told == [(BAD, "disk: full (since 2026-03-02 12:00 UTC)", "failure")]
    clock.advance(12 * MINUTE)
    end(database, clock)
    teller.tell()
    teller.tell()
    assert receiver.told[1:] == [(GOOD, "Over: disk: full (after 12 min)", "success")]


def test_f21_a_pause_is_told_as_any_other(
    teller: Teller, receiver: Receiver, database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    account.pause(database, reason="X shows its login page", now=clock.now(), by=by)
    teller.tell()
    [(_, text, _)] = receiver.told
    assert text == "the account is paused: X shows its login page (since 2026-03-02 12:00 UTC)"


def test_a_watch_that_begins_anew_does_not_tell_again(
    teller: Teller,
    receiver: Receiver,
    settings: Settings,
    database: AccountDatabase,
    outages: Outages,
    clock: ManualClock,
) -> None:
    begin(database, clock)
    teller.tell()
    teller_of([receiver.url], settings, outages, clock).tell()
    assert len(receiver.told) == 1


def test_what_cannot_be_delivered_is_tried_until_it_is_and_meanwhile_that_is_a_reason(
    teller: Teller, receiver: Receiver, database: AccountDatabase, clock: ManualClock
) -> None:
    receiver.refuses = True
    begin(database, clock)
    clock.advance(MINUTE)
    begin(database, clock, "model")
    clock.advance(MINUTE)
    end(database, clock)
    for _ in range(3):
        teller.tell()
    [reason] = teller.wrong()
    assert (reason.cause, reason.status) == (Cause.TELLING, Status.DEGRADED)
    receiver.refuses = False
    teller.tell()
    assert [text for _, text, _ in receiver.told] == [
        "disk: full (since 2026-03-02 12:00 UTC)",
        "model: full (since 2026-03-02 12:01 UTC)",
        "Over: disk: full (after 2 min)",
    ]
    assert list(teller.wrong()) == []


def test_a_service_that_is_down_holds_up_no_other_and_none_is_told_twice(
    receiver: Receiver, settings: Settings, database: AccountDatabase, outages: Outages, clock: ManualClock
) -> None:
    with a_receiver() as down:
        down.refuses = True
        teller = teller_of([down.url, receiver.url], settings, outages, clock)
        begin(database, clock)
        teller.tell()
        teller.tell()
        assert len(receiver.told) == 1
        down.refuses = False
        teller.tell()
        assert len(down.told) == len(receiver.told) == 1


def test_what_was_over_a_day_ago_is_no_news(
    teller: Teller, receiver: Receiver, database: AccountDatabase, clock: ManualClock
) -> None:
    begin(database, clock, "yesterday")
    end(database, clock, "yesterday")
    begin(database, clock, "still")
    clock.advance(NEWS_FOR + MINUTE)
    teller.tell()
    assert [text for _, text, _ in receiver.told] == ["still: full (since 2026-03-02 12:00 UTC)"]


def test_an_outage_of_the_database_is_told_although_there_is_none_to_write_it_into(
    receiver: Receiver, settings: Settings, outages: Outages, clock: ManualClock
) -> None:
    [port] = free_ports(1)
    lost = settings.model_copy(update={"database_url": SecretStr(f"postgresql://127.0.0.1:{port}/xbot")})
    teller = teller_of([receiver.url], lost, outages, clock)
    outages.begin("the database does not answer", now=clock.now())
    teller.tell()
    teller.tell()
    outages.end(now=clock.advance(5 * MINUTE))
    teller.tell()
    assert receiver.told == [
        (BAD, "the database does not answer (since 2026-03-02 12:00 UTC)", "failure"),
        (GOOD, "Over: the database does not answer (after 5 min)", "success"),
    ]
    assert list(teller.wrong()) == []


def test_f28_where_to_is_in_no_log_and_no_sentence(
    settings: Settings,
    database: AccountDatabase,
    outages: Outages,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    [port] = free_ports(1)
    teller = teller_of([f"json://somebody:s3same@127.0.0.1:{port}/t0ken"], settings, outages, clock)
    begin(database, clock)
    with caplog.at_level("DEBUG", logger="apprise"):
        teller.tell()
    said = f"{caplog.text} {capfd.readouterr()} {list(teller.wrong())}"
    assert "cannot be delivered" in said
    assert not any(secret in said for secret in ("s3same", "t0ken", "somebody"))


def test_whatever_fails_the_telling_goes_on(
    settings: Settings,
    receiver: Receiver,
    database: AccountDatabase,
    outages: Outages,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(telling, "LOOK_EVERY_SECONDS", 0.001)
    asked = 0

    def tables() -> AbstractContextManager[AccountDatabase]:
        nonlocal asked
        asked += 1
        if asked < 20:
            raise KeyError("s3same")
        return account_tables(settings)

    begin(database, clock)
    teller = Teller(Services([SecretStr(receiver.url)], handle="daily_vitals"), tables, outages, clock)
    ending = threading.Event()
    thread = threading.Thread(target=teller.go_on, args=[ending])
    thread.start()
    wait_until(lambda: len(receiver.told) == 1, "the alert is told in the end")
    ending.set()
    thread.join()
    assert "an alert could not be told: KeyError" in caplog.text
    assert "s3same" not in caplog.text


def test_a_service_that_apprise_does_not_know_is_refused_by_its_number_alone() -> None:
    known = SecretStr("json://127.0.0.1")
    with pytest.raises(CannotRun) as refusal:
        Services([known, SecretStr("pigeon://s3same@roof")], handle="daily_vitals")
    assert str(refusal.value) == ("XBOT_ALERT_URLS: apprise cannot use number 2, pigeon://…: see its list of services")
