"""The machine around the account: its disk, browser and session, practice X and the Dagster UI."""

import json
import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.operate.health.facts import Login, Proof
from xbot_pipelines.operate.health.judging import judge
from xbot_pipelines.operate.health.lines import as_table
from xbot_pipelines.operate.health.surroundings import login_of, surroundings_of
from xbot_pipelines.operate.lock import house_lock, runs_here
from xbot_pipelines.private_files import write_private
from xbot_pipelines.settings import Settings
from xbot_pipelines_tests.account_files import of_x
from xbot_pipelines_tests.operate.health.well import well
from xbot_pipelines_tests.operate.programs import free_ports
from xbot_pipelines_tests.practice_site import Practice

HOUR = timedelta(hours=1)
NOW = SystemClock().now()


@pytest.fixture
def nowhere(settings: Settings) -> Settings:
    """Settings of a house in which nothing runs."""
    ui, practice = free_ports(2)
    x_url = f"http://127.0.0.1:{practice}"
    return settings.model_copy(update={"ui_port": ui, "practice_port": practice, "x_url": x_url})


def test_the_disk_is_that_of_the_data_folder_also_before_that_is_made(nowhere: Settings) -> None:
    found = surroundings_of(nowhere, now=NOW)
    assert not nowhere.home.exists()
    assert found.disk_total_bytes == psutil.disk_usage(str(nowhere.home.parent)).total
    assert 0 < found.disk_free_bytes <= found.disk_total_bytes


def test_a_browser_that_is_missing_is_told_and_no_browser_is_missed_where_the_api_is_used(nowhere: Settings) -> None:
    gone = nowhere.model_copy(update={"chromium": Path("/nowhere/chromium")})
    fault = surroundings_of(gone, now=NOW).browser_fault
    assert fault is not None
    assert fault.startswith("XBOT_CHROMIUM is /nowhere/chromium, which is no program")
    by_api = gone.model_copy(update={"profile": gone.profile.model_copy(update={"transport": "api"})})
    assert surroundings_of(by_api, now=NOW).browser_fault is None


def test_practice_x_that_answers_is_well_and_one_that_does_not_is_told_with_its_port(
    nowhere: Settings, practice: Practice
) -> None:
    assert surroundings_of(nowhere.model_copy(update={"x_url": practice.url}), now=NOW).practice_fault is None
    fault = surroundings_of(nowhere, now=NOW).practice_fault
    assert fault == f"{nowhere.x_url}/practice/ready (the port is free)"
    with socket.create_server(("127.0.0.1", nowhere.practice_port)):
        fault = surroundings_of(nowhere, now=NOW).practice_fault
    assert fault is not None
    assert f"process {os.getpid()}" in fault
    real = of_x(nowhere)
    assert surroundings_of(real, now=NOW).practice_fault is None


def test_the_ui_is_only_missed_where_a_house_runs(nowhere: Settings) -> None:
    assert surroundings_of(nowhere, now=NOW).ui_fault is None
    with house_lock(nowhere.home, since=SystemClock().now(), address="http://ui"):
        assert runs_here(nowhere.home)
        fault = surroundings_of(nowhere, now=NOW).ui_fault
        assert fault == f"http://127.0.0.1:{nowhere.ui_port}/server_info (the port is free)"


@pytest.mark.parametrize(
    "noted",
    [
        "",
        "{}",
        json.dumps({"pid": 2**22 + 1, "since": NOW.isoformat(), "address": "x"}),
        json.dumps({"pid": os.getpid(), "since": "2020-01-01T00:00:00+00:00", "address": "x"}),
    ],
    ids=["nothing", "too little", "a process that is gone", "a process that began later"],
)
def test_f14_a_lock_of_a_house_that_has_ended_is_none(tmp_path: Path, noted: str) -> None:
    (tmp_path / "up.lock").write_text(noted)
    assert not runs_here(tmp_path)


def _save(settings: Settings, expires: float) -> None:
    settings.session_file.parent.mkdir(parents=True, exist_ok=True)
    cookies = [{"name": "lang", "expires": 1}, {"name": "auth_token", "value": "s3cret", "expires": expires}]
    settings.session_file.write_text(json.dumps({"cookies": cookies, "origins": []}))


def test_f20_a_session_is_saved_or_not_and_has_ended_by_its_own_date_or_not(settings: Settings) -> None:
    assert login_of(settings, now=NOW).saved_at is None
    for lasts in ((NOW + HOUR).timestamp(), -1):
        _save(settings, lasts)
        login = login_of(settings, now=NOW)
        assert (login.proof, login.ended_at) == (Proof.SESSION, None)
        assert login.saved_at is not None
    _save(settings, (NOW - HOUR).timestamp())
    assert login_of(settings, now=NOW).ended_at == NOW - HOUR
    assert "s3cret" not in repr(login_of(settings, now=NOW))


def test_it_is_told_by_what_the_account_is_known_to_xs_api(settings: Settings) -> None:
    by_api = settings.model_copy(update={"profile": settings.profile.model_copy(update={"transport": "api"})})
    write_private(by_api.session_file, "of a browser, which it does not use")
    missing = login_of(by_api, now=NOW)
    assert (missing.proof, missing.saved_at) == (Proof.TOKENS, None)
    assert _told(missing, NOW) == "no tokens for X's API are saved: `xbot login`"
    write_private(by_api.token_file, "tokens")
    saved = login_of(by_api, now=NOW)
    assert saved.saved_at is not None
    assert _told(saved, saved.saved_at + timedelta(minutes=5)) == "tokens for X's API, saved 5 min ago"
    keys = ("x_api_key", "x_api_key_secret", "x_access_token", "x_access_token_secret")
    keyed = by_api.model_copy(update={name: SecretStr("s3same") for name in keys})
    assert _told(login_of(keyed, now=NOW), NOW) == "four keys in the environment"


def _told(login: Login, at: datetime) -> str:
    table = as_table(judge(well(login=login, looked_at=at)))
    return next(line for line in table.splitlines() if line.startswith("session")).removeprefix("session").strip()


@pytest.mark.parametrize("content", ["", "[]", '{"cookies": [{"name": "auth_token"}]}', '{"cookies": 3}'])
def test_what_is_no_session_is_left_to_the_run_that_opens_it(settings: Settings, content: str) -> None:
    settings.session_file.parent.mkdir(parents=True)
    settings.session_file.write_text(content)
    assert login_of(settings, now=NOW).ended_at is None
