"""The way to X as the doctor sees it: whether it is reached, when its clock is, and what proves who we are."""

import json
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.models import ProfileSnapshot
from xbot_pipelines.operate.doctor.finding import Patient, Verdict
from xbot_pipelines.operate.doctor.way_to_x import label, login_is_saved, login_is_taken, x_answers
from xbot_pipelines.private_files import write_private
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.lease import hold_lease
from xbot_pipelines.x.api.credentials import TokenFile
from xbot_pipelines_tests.operate.doctor.conftest import faults, only
from xbot_pipelines_tests.operate.doctor.servers import a_server
from xbot_pipelines_tests.operate.programs import free_ports
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.x.api_way import saved_tokens

HOUR = timedelta(hours=1)


def at(patient: Patient, x_url: str) -> Patient:
    """The same patient, whose X is elsewhere."""
    return replace(patient, settings=patient.settings.model_copy(update={"x_url": x_url}))


def by_the_api(patient: Patient) -> Patient:
    """The same patient, who reaches X by its API."""
    profile = patient.settings.profile.model_copy(update={"transport": "api"})
    return replace(patient, settings=patient.settings.model_copy(update={"profile": profile}))


@pytest.mark.parametrize(("ahead", "direction"), [(HOUR, "behind"), (-HOUR, "ahead of")])
def test_f27_a_clock_that_is_wrong_by_an_hour_is_red_until_it_is_set(
    patient: Patient, ahead: timedelta, direction: str
) -> None:
    with a_server() as server:
        server.ahead = ahead
        [wrong] = faults(x_answers(at(patient, server.url)))
        assert wrong.startswith(f"the clock of this machine is 60 min {direction} practice X's: ")
        server.ahead = timedelta(seconds=30)
        assert faults(x_answers(at(patient, server.url))) == []


def test_an_x_that_does_not_answer_is_red_only_where_it_should_and_green_again_when_it_does(
    patient: Patient, practice: Practice
) -> None:
    [nobody] = free_ports(1)
    assert faults(x_answers(at(patient, f"http://127.0.0.1:{nobody}")))[0].startswith(f"http://127.0.0.1:{nobody} does")
    before_up = replace(at(patient, f"http://127.0.0.1:{nobody}"), is_up=False)
    assert only(x_answers(before_up), "practice X").verdict is Verdict.NOT_LOOKED_AT
    assert only(x_answers(at(patient, practice.url)), "practice X").verdict is Verdict.FINE


def test_f20_without_a_session_or_with_one_that_has_ended_it_is_red_until_somebody_logs_in(
    patient: Patient, practice: Practice
) -> None:
    file = patient.settings.session_file
    assert faults(login_is_saved(patient)) == [f"no session is saved in {file}: log in with `xbot login`"]
    state = practice.storage_state()
    [auth] = [cookie for cookie in state["cookies"] if cookie["name"] == "auth_token"]
    ended = {**auth, "expires": SystemClock().now().timestamp() - 60}
    write_private(file, json.dumps({**state, "cookies": [ended]}))
    assert faults(login_is_saved(patient))[0].startswith("the session has ended at 20")
    write_private(file, json.dumps({**state, "cookies": []}))
    assert faults(login_is_saved(patient)) == [f"{file} holds no session of X"]
    write_private(file, json.dumps(state))
    assert only(login_is_saved(patient), "login").found == "a session, saved 0 s ago"
    long_ago = (SystemClock().now() - 40 * 24 * HOUR).timestamp()
    os.utime(file, (long_ago, long_ago))
    assert only(login_is_saved(patient), "login").verdict is Verdict.WARNING


def test_f20_tokens_that_have_ended_are_red_unless_they_are_renewed(patient: Patient, practice: Practice) -> None:
    patient = by_the_api(patient)
    file = TokenFile(path=patient.settings.token_file, api_url=practice.url)
    assert faults(login_is_saved(patient))[0].startswith("no token for X's API is saved")
    saved_tokens(practice, file)
    tokens = file.load()
    file.save(replace(tokens, refresh_token=None, expires_at=SystemClock().now() - HOUR))
    assert faults(login_is_saved(patient))[0].startswith("the token for X's API has ended at ")
    file.save(replace(tokens, refresh_token=None, expires_at=SystemClock().now() + HOUR))
    assert only(login_is_saved(patient), "login").verdict is Verdict.WARNING
    file.save(tokens)
    assert only(login_is_saved(patient), "login").verdict is Verdict.FINE


def test_x_is_asked_whose_login_it_is_only_by_a_deep_examination(patient: Patient, practice: Practice) -> None:
    patient = by_the_api(patient)
    saved_tokens(practice, TokenFile(path=patient.settings.token_file, api_url=practice.url))
    before = practice.ask("GET", "requests")
    assert only(login_is_taken(patient), "login at X").verdict is Verdict.NOT_LOOKED_AT
    assert practice.ask("GET", "requests") == before
    deep = replace(patient, is_deep=True)
    assert only(login_is_taken(deep), "login at X").found == "X knows us as @daily_vitals"
    practice.ask("POST", "api/expire", {"refresh": True})
    assert only(login_is_taken(deep), "login at X").verdict is Verdict.FAULT


def test_f01_a_deep_examination_takes_the_account_from_no_run(
    patient: Patient, database: AccountDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xbot_pipelines.operate.session.WAIT_FOR_THE_LEASE", timedelta())
    with hold_lease(database, wait=timedelta()):
        finding = only(login_is_taken(replace(by_the_api(patient), is_deep=True)), "login at X")
    assert finding.verdict is Verdict.NOT_LOOKED_AT
    assert finding.found.startswith("a run of account 'practice' is at X")


@pytest.mark.parametrize(
    ("bio", "verdict"),
    [
        ("Small habits. Automated by @ada.", Verdict.FINE),
        ("I am a bot", Verdict.FINE),
        ("Both of us like robots", Verdict.WARNING),
        (None, Verdict.WARNING),
    ],
)
def test_a_bio_that_does_not_say_that_a_program_writes_is_a_warning(bio: str | None, verdict: Verdict) -> None:
    [finding] = label(ProfileSnapshot(id="1", handle="daily_vitals", bio=bio))
    assert finding.verdict is verdict
    assert "Automation" in f"{finding.found} {finding.to_do}"
