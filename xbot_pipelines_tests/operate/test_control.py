"""Pausing and resuming, with a real browser on a real practice site: a pause ends by a probe, and by nothing else."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.operate import control, session
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.private_files import write_private
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.alerts import open_alerts
from xbot_pipelines.store.claiming import NothingDue, claim_next
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.lease import hold_lease
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.x.api.credentials import TokenFile
from xbot_pipelines.x.session import Patience
from xbot_pipelines_tests.browsers import a_browser
from xbot_pipelines_tests.operate.programs import free_ports
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.store.given import BY, blocked, profile, queued, single
from xbot_pipelines_tests.x.api_way import saved_tokens

HASTY = Patience(page=10, editor=3, answer=4, toast=2)
PAUSED = "the account is paused since 2026-03-02 12:00 UTC: on holiday"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real Chromium for all tests of this file."""
    with a_browser() as browser:
        yield browser


@pytest.fixture
def in_an_open_browser(chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a probe open a session of its own, and no browser: to start one takes longer than the probe."""
    monkeypatch.setattr("xbot_pipelines.x.session.open_browser", lambda _chromium, **_: nullcontext(chromium))


@pytest.fixture
def logged_in(on_practice: Settings, practice: Practice) -> Settings:
    """The account on a practice X, with a session that is good."""
    write_private(on_practice.session_file, json.dumps(practice.storage_state()))
    return on_practice


def pause(database: AccountDatabase, clock: ManualClock) -> str:
    """Pauses the account for a holiday."""
    return control.pause(database, reason="on holiday", clock=clock)


def resume(settings: Settings, database: AccountDatabase, clock: ManualClock) -> str:
    """Types `xbot resume`."""
    return control.resume(settings, database, clock=clock, patience=HASTY)


def test_f17_a_pause_by_hand_says_why_since_when_and_by_whom(database: AccountDatabase, clock: ManualClock) -> None:
    assert pause(database, clock) == f"{PAUSED}. `xbot resume` lets it go on."
    assert account.state_of(database).paused_by == "a person"
    assert [alert.sentence for alert in open_alerts(database)] == ["the account is paused: on holiday"]


def test_f17_who_pauses_a_paused_account_hears_of_the_first_cause(
    database: AccountDatabase, clock: ManualClock
) -> None:
    pause(database, clock)
    clock.advance(timedelta(hours=1))
    assert control.pause(database, reason="something else", clock=clock) == f"nothing changes: {PAUSED}"
    assert len(open_alerts(database)) == 1


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_pause_without_a_reason_is_refused(database: AccountDatabase, clock: ManualClock, reason: str) -> None:
    with pytest.raises(CannotRun, match="needs a reason"):
        control.pause(database, reason=reason, clock=clock)
    assert account.state_of(database).paused_at is None


def test_f17_a_pause_stops_the_next_claim_and_the_next_browser(
    logged_in: Settings, database: AccountDatabase, clock: ManualClock, practice: Practice
) -> None:
    queued(database, single(), at=clock.now())
    pause(database, clock)
    before = practice.ask("GET", "requests")
    assert blocked(database, profile(), clock.now()) == PAUSED
    with (
        BrowserTurn(logged_in, database, clock, by=Provenance(actor="test")) as turn,
        pytest.raises(Standstill, match="on holiday"),
    ):
        turn.client()
    assert practice.ask("GET", "requests") == before


def test_an_account_that_is_not_paused_is_not_tried(
    on_practice: Settings, database: AccountDatabase, clock: ManualClock, practice: Practice
) -> None:
    before = practice.ask("GET", "requests")
    assert resume(on_practice, database, clock) == "the account is not paused. It acts at its next turn."
    account.wait_until(database, clock.now() + timedelta(minutes=15), reason="rate limit exceeded")
    assert resume(on_practice, database, clock) == (
        "the account is not paused. But the account waits until 2026-03-02 12:15:00 UTC: rate limit exceeded."
    )
    assert practice.ask("GET", "requests") == before


@pytest.mark.browser
def test_f17_a_pause_ends_once_x_shows_who_is_logged_in(
    logged_in: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    """In a browser that is started for it; so it stands before those who share one, beside which none can be."""
    pause(database, clock)
    assert resume(logged_in, database, clock) == (
        "X shows @daily_vitals logged in: the pause is over. It acts at its next turn."
    )
    assert account.state_of(database).standstill(clock.now()) is None
    assert open_alerts(database) == []
    assert claim_next(database, profile(), now=clock.now(), by=BY) == NothingDue()


@pytest.mark.browser
@pytest.mark.usefixtures("in_an_open_browser")
@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("challenge", "X asks to confirm that a human is there"),
        ("locked", "X has locked the account"),
        ("logged_out", "X shows its login page"),
        ("http_500_before", "answered HTTP 500"),
    ],
)
def test_f17_a_wall_that_still_stands_leaves_the_account_paused_for_its_first_cause(
    logged_in: Settings, database: AccountDatabase, clock: ManualClock, practice: Practice, fault: str, sentence: str
) -> None:
    pause(database, clock)
    practice.fault(operation="home", kind=fault, probability=1)
    for _ in range(2):
        with pytest.raises(CannotRun, match=f"^the account stays paused: .*{sentence}"):
            resume(logged_in, database, clock)
        clock.advance(timedelta(hours=1))
    assert account.state_of(database).standstill(clock.now()) == PAUSED
    assert len(open_alerts(database)) == 1


@pytest.mark.browser
@pytest.mark.usefixtures("in_an_open_browser")
def test_f20_a_session_of_another_account_does_not_end_a_pause(
    logged_in: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    another = logged_in.profile.model_copy(update={"handle": "another_handle"})
    pause(database, clock)
    with pytest.raises(CannotRun, match="the session belongs to @daily_vitals, not to @another_handle"):
        resume(logged_in.model_copy(update={"profile": another}), database, clock)
    assert account.state_of(database).standstill(clock.now()) == PAUSED


@pytest.mark.browser
@pytest.mark.usefixtures("in_an_open_browser")
def test_f20_a_site_that_cannot_be_reached_does_not_end_a_pause(
    logged_in: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    pause(database, clock)
    [nobody_listens] = free_ports(1)
    with pytest.raises(CannotRun, match=r"the account stays paused: .* cannot be reached"):
        resume(logged_in.model_copy(update={"x_url": f"http://127.0.0.1:{nobody_listens}"}), database, clock)
    assert account.state_of(database).standstill(clock.now()) == PAUSED


@pytest.mark.browser
@pytest.mark.usefixtures("in_an_open_browser")
def test_f20_without_a_session_the_person_is_told_to_log_in(
    on_practice: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    pause(database, clock)
    with pytest.raises(CannotRun, match=r"the account stays paused: no session is saved .* `xbot login`"):
        resume(on_practice, database, clock)


def test_f01_while_a_run_has_the_browser_nothing_is_tried(
    logged_in: Settings,
    database: AccountDatabase,
    clock: ManualClock,
    practice: Practice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session, "WAIT_FOR_THE_LEASE", timedelta())
    pause(database, clock)
    before = practice.ask("GET", "requests")
    with (
        hold_lease(database, wait=timedelta()),
        pytest.raises(CannotRun, match="a run of account 'practice' is at X"),
    ):
        resume(logged_in, database, clock)
    assert account.state_of(database).standstill(clock.now()) == PAUSED
    assert practice.ask("GET", "requests") == before


@pytest.fixture
def by_the_api(on_practice: Settings, practice: Practice) -> Settings:
    """The account on a practice X that it reaches by the API, with tokens that are good."""
    settings = on_practice.model_copy(update={"profile": on_practice.profile.model_copy(update={"transport": "api"})})
    saved_tokens(practice, TokenFile(path=settings.token_file, api_url=settings.api_url))
    return settings


def test_f17_a_pause_of_an_account_at_the_api_ends_once_the_api_knows_it(
    by_the_api: Settings, database: AccountDatabase, practice: Practice
) -> None:
    clock = ManualClock(practice.now())
    pause(database, clock)
    assert resume(by_the_api, database, clock) == (
        "X shows @daily_vitals logged in: the pause is over. It acts at its next turn."
    )
    assert account.state_of(database).standstill(clock.now()) is None


def test_f20_a_login_at_the_api_that_has_ended_does_not_end_a_pause(
    by_the_api: Settings, database: AccountDatabase, practice: Practice
) -> None:
    clock = ManualClock(practice.now())
    pause(database, clock)
    practice.ask("POST", "api/expire", {"refresh": True})
    with pytest.raises(CannotRun, match=r"^the account stays paused: .*`xbot login`"):
        resume(by_the_api, database, clock)
    by_the_api.token_file.unlink()
    with pytest.raises(CannotRun, match="no token for X's API is saved"):
        resume(by_the_api, database, clock)
    assert account.state_of(database).standstill(clock.now()) is not None


def test_a_budget_that_is_spent_keeps_nobody_from_hearing_whether_the_login_is_good(
    by_the_api: Settings, database: AccountDatabase, practice: Practice
) -> None:
    clock = ManualClock(practice.now())
    spent = by_the_api.profile.api.model_copy(update={"monthly_budget_usd": 0.01})
    profile = by_the_api.profile.model_copy(update={"api": spent})
    pause(database, clock)
    told = resume(by_the_api.model_copy(update={"profile": profile}), database, clock)
    assert told.startswith(
        "X shows @daily_vitals logged in: the pause is over. But X's API has cost $0.01 of the month's $0.01 since "
    )
    assert told.endswith("or when api.monthly_budget_usd is raised in accounts/practice.toml.")
