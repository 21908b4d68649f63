"""The account's session on practice X, from a real practice site."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.practice_session import provide_practice_session
from xbot_pipelines.practice.server import running
from xbot_pipelines.x.saved_session import SessionFile
from xbot_pipelines_tests.account_files import accounts_with
from xbot_pipelines_tests.operate.shell import Shell, refusal
from xbot_pipelines_tests.practice_site import Practice

HANDLE = "daily_vitals"


@pytest.fixture
def x_url(tmp_path: Path) -> Iterator[str]:
    with running(tmp_path / "world", handle=HANDLE) as practice:
        yield practice.url


def session_in(folder: Path) -> SessionFile:
    return SessionFile(path=folder / "practice.json", x="practice")


def test_a_session_is_saved_for_nobody_elses_eyes_and_logs_in(x_url: str, tmp_path: Path) -> None:
    provide_practice_session(x_url, handle=HANDLE, file=session_in(tmp_path / "sessions"))
    file = tmp_path / "sessions" / "practice.json"
    assert file.stat().st_mode & 0o777 == 0o600
    cookies = {cookie["name"]: cookie["value"] for cookie in json.loads(file.read_text())["cookies"]}
    assert httpx2.get(f"{x_url}/home", cookies=cookies, trust_env=False).status_code == 200


def test_a_session_that_is_accepted_is_kept_as_the_browser_left_it(x_url: str, tmp_path: Path) -> None:
    file = tmp_path / "practice.json"
    provide_practice_session(x_url, handle=HANDLE, file=session_in(tmp_path))
    saved_later = {**json.loads(file.read_text()), "origins": [{"origin": x_url, "localStorage": []}]}
    file.write_text(json.dumps(saved_later))
    provide_practice_session(x_url, handle=HANDLE, file=session_in(tmp_path))
    assert json.loads(file.read_text()) == saved_later


@pytest.mark.parametrize("saved", ['{"cookies": [{"name": "auth_token", "value": "of a world long gone"}]}', "{", "[]"])
def test_a_session_that_is_not_accepted_or_is_none_is_replaced(x_url: str, tmp_path: Path, saved: str) -> None:
    file = tmp_path / "practice.json"
    file.write_text(saved)
    provide_practice_session(x_url, handle=HANDLE, file=session_in(tmp_path))
    assert "auth_token" in file.read_text()
    assert "long gone" not in file.read_text()


def test_a_handle_that_practice_x_does_not_know_is_one_sentence(x_url: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="gives no session for @nobody_here"):
        provide_practice_session(x_url, handle="nobody_here", file=session_in(tmp_path))


def test_who_starts_the_programs_one_by_one_asks_for_the_login_by_a_command(shell: Shell, practice: Practice) -> None:
    done = shell.types("practice-login", XBOT_X_URL=practice.url)
    assert done.returncode == 0, done.stderr
    assert (shell.home / "sessions" / "practice.json").stat().st_mode & 0o777 == 0o600


def test_nobody_is_logged_in_where_practice_x_does_not_answer(shell: Shell) -> None:
    assert "does not answer" in refusal(shell.types("practice-login", XBOT_X_URL="http://127.0.0.1:1"))


def test_practice_x_does_not_log_in_an_account_of_x(shell: Shell, tmp_path: Path) -> None:
    accounts = str(accounts_with(tmp_path, x="x.com", approval="replies"))
    assert "log in with `xbot login`" in refusal(shell.types("practice-login", XBOT_ACCOUNTS=accounts))
