"""A Chromium for each file of tests, and a client that is logged in to a practice X of the test's own."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.private_files import write_private
from xbot_pipelines.x.api.client import ApiClient
from xbot_pipelines.x.browser import BrowserClient
from xbot_pipelines.x.saved_session import SessionFile
from xbot_pipelines.x.session import Patience, open_session
from xbot_pipelines_tests.browsers import a_browser
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.practice_site import Json, Practice
from xbot_pipelines_tests.x.api_way import PracticeClock, logged_in_to_the_api, saved_tokens, token_file

HASTY = Patience(page=10, editor=3, answer=4, toast=2)
"""A practice site answers at once; tests of what never comes must not wait as long as for the real one."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with a_browser() as browser:
        yield browser


@pytest.fixture
def session_file(practice: Practice, tmp_path: Path) -> SessionFile:
    """The saved session of our account on the practice site."""
    file = SessionFile(path=tmp_path / "sessions" / "practice.json", x="practice")
    write_private(file.path, json.dumps(practice.storage_state()))
    return file


@pytest.fixture
def client(practice: Practice, browser: Browser, session_file: SessionFile) -> Iterator[BrowserClient]:
    """The browser client, logged in as our account."""
    with ExitStack() as opened:
        page = opened.enter_context(
            open_session(browser, x_url=practice.url, handle=practice.handle, file=session_file, patience=HASTY)
        )
        yield BrowserClient(page=page, x_url=practice.url, handle=practice.handle, clock=SystemClock(), patience=HASTY)


@pytest.fixture
def api_client(practice: Practice, tmp_path: Path) -> Iterator[ApiClient]:
    """The API client, logged in as our account."""
    file = token_file(tmp_path, practice.url)
    saved_tokens(practice, file, expires_in=40 * 86400)
    with logged_in_to_the_api(practice, file, clock=PracticeClock(practice)) as client:
        yield client


@pytest.fixture
def noon(practice: Practice) -> datetime:
    """Stops the practice world at noon of a Monday: whatever is put into it then is the same in every run."""
    practice.ask("POST", "clock", {"now": NOON.isoformat(), "running": False})
    return NOON


def told(practice: Practice, **query: str) -> dict[str, Json]:
    """What the practice site tells of its posts, by their ids."""
    return {post["id"]: post for post in practice.truth(**query)["posts"]}


def history(author: str, newest: datetime, count: int, *, in_reply_to: str | None = None) -> list[Json]:
    """Posts of an author, one a minute, the newest of them at a moment; the oldest first."""
    return [
        {
            "author": author,
            "text": f"Number {number} of {count} by {author}",
            "created_at": (newest - timedelta(minutes=count - 1 - number)).isoformat(),
            **({"in_reply_to": in_reply_to} if in_reply_to else {}),
        }
        for number in range(count)
    ]
