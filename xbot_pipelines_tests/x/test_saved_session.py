"""A saved session belongs to one X: what a browser is given of it, and what a file may be overwritten with."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from xbot_pipelines.settings import XSite
from xbot_pipelines.x.saved_session import SessionFile
from xbot_pipelines.x.session import open_session
from xbot_pipelines.x.walls import LoggedOut
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.x.conftest import HASTY


def cookie(domain: str, name: str = "auth_token") -> dict[str, Any]:
    return {
        "name": name,
        "value": f"planted-{domain}",
        "domain": domain,
        "path": "/",
        "expires": -1,
        "httpOnly": True,
        "secure": False,
        "sameSite": "Lax",
    }


def state(*domains: str) -> Any:
    return {
        "cookies": [cookie(domain) for domain in domains],
        "origins": [{"origin": f"https://{domain.lstrip('.')}", "localStorage": []} for domain in domains],
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "session.json"


OTHERS = [".example.com", "127.0.0.1.example.com", "notx.com", "x.com.example.com", "localhost.example.com", "", "["]


@pytest.mark.parametrize(
    ("x", "own", "foreign"),
    [
        ("practice", ["127.0.0.1", "localhost", "[::1]"], [".x.com", "x.com", "api.x.com", ".twitter.com", ".X.com"]),
        ("x.com", [".x.com", "x.com", "api.x.com", ".twitter.com"], ["127.0.0.1", "localhost", "[::1]", "127.8.8.8"]),
    ],
)
def test_session_is_loaded_without_other_sites_and_not_at_all_for_another_x(
    path: Path, x: XSite, own: list[str], foreign: list[str]
) -> None:
    file = SessionFile(path=path, x=x)
    path.write_text(json.dumps({"cookies": [cookie(domain) for domain in own + OTHERS], "origins": []}))
    assert [kept["domain"] for kept in file.load()["cookies"]] == own
    for other in foreign:
        path.write_text(json.dumps({"cookies": [cookie(domain) for domain in [*own, other]], "origins": []}))
        before = path.read_bytes()
        with pytest.raises(LoggedOut, match="was not sent, and stays as it is") as refused:
            file.load()
        assert "planted" not in str(refused.value)
        with pytest.raises(LoggedOut, match="stays as it is"):
            file.save(state(own[0]))
        assert path.read_bytes() == before


def test_only_the_own_part_of_a_browsers_state_is_saved(path: Path) -> None:
    file = SessionFile(path=path, x="x.com")
    file.save(state(".x.com", ".example.com", "127.0.0.1"))
    saved = json.loads(path.read_text())
    assert [kept["domain"] for kept in saved["cookies"]] == [".x.com"]
    assert [kept["origin"] for kept in saved["origins"]] == ["https://x.com"]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"cookies": 3}', '{"cookies": [{"name": "auth_token"}]}', "\x00"])
def test_file_that_is_no_session_may_be_overwritten(path: Path, content: str) -> None:
    file = SessionFile(path=path, x="practice")
    path.write_text(content)
    with pytest.raises(LoggedOut, match="does not hold a saved session"):
        file.load()
    file.save(state("127.0.0.1"))
    assert file.load()["cookies"] == [cookie("127.0.0.1")]


def test_browser_on_practice_x_holds_no_cookie_of_another_site(
    practice: Practice, browser: Browser, session_file: SessionFile
) -> None:
    saved = practice.storage_state()
    saved["cookies"].append(cookie(".example.com", "tracker"))
    session_file.path.write_text(json.dumps(saved))
    with open_session(browser, x_url=practice.url, handle=practice.handle, file=session_file, patience=HASTY) as page:
        assert {held.get("domain") for held in page.context.cookies()} == {"127.0.0.1"}
