"""A login of one X goes to no other: what is saved for X stays as it is, and no request carries it (H5)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.operate.errors import WrongX
from xbot_pipelines.operate.migrating import migrate_ours
from xbot_pipelines.orchestration.resources import database_resource
from xbot_pipelines.private_files import write_private
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.which_x import AnotherX
from xbot_pipelines_tests.account_files import of_x
from xbot_pipelines_tests.operate.shell import Shell, refusal
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.wiretap import Wiretap, tapped

SECRET = "planted-1f4e9b"
FOUR_KEYS = dict.fromkeys(("X_API_KEY", "X_API_KEY_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"), SECRET)
ACCOUNT = """
handle = "daily_vitals"
timezone = "Europe/Vienna"
persona = "Ada, who walks."
subjects = ["walking"]
"""
REAL_SESSION = {
    "cookies": [
        {
            "name": name,
            "value": f"{SECRET}-{name}",
            "domain": ".x.com",
            "path": "/",
            "expires": datetime(2030, 1, 1, tzinfo=UTC).timestamp(),
            "httpOnly": name == "auth_token",
            "secure": True,
            "sameSite": "None",
        }
        for name in ("auth_token", "ct0")
    ],
    "origins": [{"origin": "https://x.com", "localStorage": [{"name": "note", "value": SECRET}]}],
}
REAL_TOKENS = {
    "access_token": f"{SECRET}-access",
    "refresh_token": f"{SECRET}-refresh",
    "expires_at": datetime(2030, 1, 1, tzinfo=UTC).isoformat(),
    "client_id": "my-app",
}


@pytest.fixture
def tap(practice: Practice) -> Iterator[Wiretap]:
    with tapped(practice.url) as tap:
        yield tap


@pytest.fixture
def daily(shell: Shell, tap: Wiretap, tmp_path: Path, database_url: str) -> Shell:
    """A shell of the account `daily`, whose variables do not say that it is X's: practice X is where they lead."""
    write_account(tmp_path)
    shell.variables |= {
        "XBOT_ACCOUNTS": str(tmp_path / "accounts"),
        "XBOT_ACCOUNT": "daily",
        "XBOT_DATABASE_URL": database_url,
        "XBOT_PRACTICE_PORT": tap.url.rpartition(":")[2],
    }
    return shell


def write_account(folder: Path, more: str = "", name: str = "daily") -> None:
    (folder / "accounts").mkdir(exist_ok=True)
    (folder / "accounts" / f"{name}.toml").write_text(more + ACCOUNT)


def saved(shell: Shell, name: str, content: object) -> Path:
    file = shell.home / "sessions" / name
    write_private(file, json.dumps(content))
    return file


@pytest.mark.parametrize("command", [["practice-login"], ["resume"], ["doctor", "--deep"]])
def test_real_session_is_not_sent_to_practice_x(daily: Shell, tap: Wiretap, command: list[str]) -> None:
    file = saved(daily, "daily.json", REAL_SESSION)
    before = file.read_bytes()
    done = daily.types(*command)
    assert done.returncode == 1
    assert 'x = "x.com"' in done.stdout + done.stderr
    assert SECRET.encode() not in tap.sent
    assert file.read_bytes() == before


@pytest.mark.parametrize("command", [["practice-login"], ["resume"], ["doctor", "--deep"]])
@pytest.mark.parametrize("given_by", [{}, {"api_url": "https://api.x.com"}])
def test_real_token_is_not_sent_to_practice_x(
    daily: Shell, tap: Wiretap, tmp_path: Path, command: list[str], given_by: dict[str, str]
) -> None:
    write_account(tmp_path, 'transport = "api"\n')
    file = saved(daily, "daily.api.json", {**REAL_TOKENS, **given_by})
    before = file.read_bytes()
    done = daily.types(*command)
    assert done.returncode == 1
    assert SECRET.encode() not in tap.sent
    assert file.read_bytes() == before


@pytest.mark.parametrize("variables", [FOUR_KEYS, {"X_CLIENT_SECRET": SECRET, "X_CLIENT_ID": "my-app"}])
def test_keys_of_x_are_not_sent_to_practice_x(
    daily: Shell, tap: Wiretap, tmp_path: Path, variables: dict[str, str]
) -> None:
    write_account(tmp_path, 'transport = "api"\n')
    assert "X_" in refusal(daily.types("login", "--minutes", "0.1", "--no-browser", **variables))
    assert SECRET.encode() not in tap.sent


@pytest.fixture
def of_practice(settings: Settings) -> Settings:
    return settings.model_copy(update={"account": "daily"})


@pytest.fixture
def rows(database: AccountDatabase) -> AccountDatabase:
    """The tables as the account `daily` sees them."""
    return AccountDatabase(database.engine, "daily")


def test_x_is_recorded_with_the_migration_and_refused_as_another_afterwards(
    of_practice: Settings, rows: AccountDatabase, database_url: str, daily: Shell, tmp_path: Path
) -> None:
    migrate_ours(of_practice, database_url)
    assert account.recorded_x(rows) == "practice"
    assert daily.types("pause").returncode == 0
    write_account(tmp_path, 'x = "x.com"\n')
    told = refusal(daily.types("pause"))
    assert told.startswith("xbot: the database knows the account 'daily' as one of x = \"practice\", but its file says")
    assert "Give the file another name" in told
    with pytest.raises(WrongX):
        migrate_ours(of_x(of_practice), database_url)
    assert account.recorded_x(rows) == "practice"
    # Under another name it is another account, whose rows are its own.
    write_account(tmp_path, 'x = "x.com"\n', name="real")
    assert daily.types("pause", XBOT_ACCOUNT="real").returncode == 0


def test_first_run_of_an_account_records_its_x_and_one_of_another_fails(
    of_practice: Settings, rows: AccountDatabase
) -> None:
    def open_for_a_run(settings: Settings) -> None:
        with dg.build_resources({"settings": settings, "database": database_resource}) as opened:
            assert opened.database.account == "daily"

    open_for_a_run(of_x(of_practice))
    assert account.recorded_x(rows) == "x.com"
    open_for_a_run(of_x(of_practice))
    with pytest.raises(dg.DagsterResourceFunctionError) as failure:
        open_for_a_run(of_practice)
    assert isinstance(failure.value.__cause__, AnotherX)


def test_real_login_keeps_a_file_that_lost_its_x_from_being_recorded_as_practice(
    of_practice: Settings, rows: AccountDatabase, database_url: str
) -> None:
    write_private(of_practice.session_file, json.dumps(REAL_SESSION))
    with pytest.raises(WrongX, match=r'Write x = "x\.com" into the account\'s file'):
        migrate_ours(of_practice, database_url)
    assert account.recorded_x(rows) is None
    migrate_ours(of_x(of_practice), database_url)
    assert account.recorded_x(rows) == "x.com"


def test_state_that_was_written_before_does_not_say_which_x(
    of_practice: Settings, rows: AccountDatabase, database_url: str, clock: ManualClock, by: Provenance
) -> None:
    account.pause(rows, reason="on holiday", now=clock.now(), by=by)
    assert account.recorded_x(rows) is None
    migrate_ours(of_practice, database_url)
    assert account.recorded_x(rows) == "practice"
    assert account.state_of(rows).paused_reason == "on holiday"
