"""What fails names no secret: not in its own words, not in those of its cause, not in the events of its run (F28)."""

import json
import traceback
from collections.abc import Iterator
from urllib.parse import quote

import dagster as dg
import pytest
from playwright.sync_api import Browser
from pydantic import SecretStr

from xbot_pipelines.clock import ManualClock, SystemClock
from xbot_pipelines.private_files import write_private
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines_tests.operate.programs import free_ports
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.providers import a_provider
from xbot_pipelines_tests.systems.conftest import TurnInAnOpenBrowser
from xbot_pipelines_tests.systems.jobs import run_job

KEY = "sk-planted-4b7f1d20c9e35a68"
PASSWORD = "planted/pass word+9d41"
COOKIE = "planted0c00c1e5"


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """Where runs are written down."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def test_f28_a_provider_that_repeats_the_key_which_it_refuses_is_not_quoted_with_it(
    instance: dg.DagsterInstance, settings: Settings, clock: ManualClock
) -> None:
    with a_provider() as provider:
        provider.status = 401
        planted = settings.model_copy(update={"openai_api_key": SecretStr(KEY), "openai_base_url": provider.url})
        failed = run_job("plan", instance=instance, clock=clock, settings=planted)
    assert "Incorrect API key provided" in failed.errors
    assert KEY not in failed.errors
    assert KEY not in everything_of(instance, failed.run_id)


@pytest.mark.parametrize("job", ["plan", "posting"])
def test_f28_a_database_that_cannot_be_reached_is_named_without_its_password(
    instance: dg.DagsterInstance, settings: Settings, clock: ManualClock, job: str
) -> None:
    [port] = free_ports(1)
    url = f"postgresql://somebody:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/xbot"
    planted = settings.model_copy(update={"database_url": SecretStr(url)})
    failed = run_job(job, instance=instance, clock=clock, settings=planted)
    assert f"port {port}" in failed.errors
    for secret in (PASSWORD, quote(PASSWORD, safe="")):
        assert secret not in failed.errors
        assert secret not in everything_of(instance, failed.run_id)


GOOD = {"name": "auth_token", "value": COOKIE, "domain": "127.0.0.1", "path": "/", "expires": -1, "secure": False}
SESSIONS = {
    "dead": {"cookies": [GOOD]},
    "without a domain": {"cookies": [{**GOOD, "domain": None}]},
    "with a word that no browser knows": {"cookies": [{**GOOD, "sameSite": "planted"}]},
    "with a value that is none": {"cookies": [{**GOOD, "value": [COOKIE]}]},
    "with a value that cannot be sent": {"cookies": [{**GOOD, "value": f"{COOKIE}\n;"}]},
    "with cookies that are none": {"cookies": COOKIE},
    "of another shape": [COOKIE],
}


@pytest.mark.browser
@pytest.mark.parametrize("session", [*SESSIONS.values(), f"auth_token={COOKIE}"], ids=[*SESSIONS, "no session at all"])
def test_f28_a_session_that_is_refused_is_refused_without_its_cookies(
    settings: Settings, database: AccountDatabase, open_chromium: Browser, session: object
) -> None:
    write_private(settings.session_file, session if isinstance(session, str) else json.dumps(session))
    with (
        TurnInAnOpenBrowser(settings, database, SystemClock(), open_chromium) as turn,
        pytest.raises(Exception) as failure,  # noqa: PT011 - whatever it is, it must not name the cookie
    ):
        turn.client()
    assert COOKIE not in "".join(traceback.format_exception(failure.value))


@pytest.mark.browser
def test_f28_a_wall_is_described_without_the_cookies_of_who_met_it(
    settings: Settings, database: AccountDatabase, open_chromium: Browser, practice: Practice
) -> None:
    practice.fault(operation="home", kind="logged_out", count=1)
    saved = json.loads(settings.session_file.read_text())
    with (
        TurnInAnOpenBrowser(settings, database, SystemClock(), open_chromium) as turn,
        pytest.raises(Exception) as failure,  # noqa: PT011 - as above
    ):
        turn.client()
    said = "".join(traceback.format_exception(failure.value))
    assert "login page" in said
    assert not [cookie["name"] for cookie in saved["cookies"] if len(cookie["value"]) > 10 and cookie["value"] in said]


def everything_of(instance: dg.DagsterInstance, run_id: str) -> str:
    """Answers all that is written down of a run: its events, its tags, its configuration."""
    return f"{instance.all_logs(run_id)} {instance.get_run_by_id(run_id)}"
