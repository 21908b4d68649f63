"""An account that lives on a practice X of the test's own: its settings, its session, its moment."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from xbot_pipelines.clock import Clock, ManualClock
from xbot_pipelines.content.writer import Writer
from xbot_pipelines.private_files import write_private
from xbot_pipelines.settings import Settings, load_settings
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.writing import Desk
from xbot_pipelines.x.api.credentials import TokenFile
from xbot_pipelines.x.session import Patience
from xbot_pipelines_tests.browsers import a_browser
from xbot_pipelines_tests.conftest import ROOT
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.systems.door import Door
from xbot_pipelines_tests.x.api_way import saved_tokens


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path, database_url: str, practice: Practice) -> Settings:
    """The example account's settings, on a practice X, with the practice model, and logged in.

    Files whose account reaches X by its API say so by `BY_THE_API`.
    """
    settings = load_settings(
        {
            "XBOT_HOME": str(tmp_path / "home"),
            "XBOT_DATABASE_URL": database_url,
            "XBOT_ACCOUNTS": str(ROOT / "accounts"),
            "XBOT_X_URL": practice.url,
            "OPENAI_BASE_URL": f"{practice.url}/v1",
            "OPENAI_API_KEY": "practice",
        }
    )
    if getattr(request.module, "BY_THE_API", False):
        saved_tokens(practice, TokenFile(path=settings.token_file, api_url=settings.api_url), expires_in=30 * 86400)
        return settings.model_copy(update={"profile": settings.profile.model_copy(update={"transport": "api"})})
    write_private(settings.session_file, json.dumps(practice.storage_state()))
    return settings


@pytest.fixture
def clock(practice: Practice) -> ManualClock:
    """A clock that stands still together with the practice site's."""
    practice.ask("POST", "clock", {"running": False})
    return ManualClock(practice.now())


HASTY = Patience(page=10, editor=3, answer=4, toast=1)
"""A practice site answers at once; what never comes is not waited for as long as on the real one."""


class TurnInAnOpenBrowser(BrowserTurn):
    """A turn whose browser runs already, and goes on running: a session of its own is all that it opens."""

    def __init__(
        self,
        settings: Settings,
        database: AccountDatabase,
        clock: Clock,
        browser: Browser,
        *,
        patience: Patience | None = None,
    ) -> None:
        super().__init__(settings, database, clock, by=Provenance(actor="test"))
        self._running = browser
        self._chosen_patience = patience

    def _open_browser(self) -> Browser:
        return self._running

    def _patience(self) -> Patience:
        return self._chosen_patience or super()._patience()


@pytest.fixture(scope="module")
def open_chromium() -> Iterator[Browser]:
    """A real Chromium for all tests of a file."""
    with a_browser() as browser:
        yield browser


@pytest.fixture
def turn(request: pytest.FixtureRequest, settings: Settings, database: AccountDatabase, clock: ManualClock) -> Any:
    """A turn at a real browser.

    Files whose tests open no other one share it among them, and say so by `SHARES_ITS_BROWSER`: to start Chromium costs
    more than most of these tests.
    """
    if not getattr(request.module, "SHARES_ITS_BROWSER", False):
        with BrowserTurn(settings, database, clock, by=Provenance(actor="test")) as turn:
            yield turn
        return
    with TurnInAnOpenBrowser(settings, database, clock, request.getfixturevalue("open_chromium")) as turn:
        yield turn


@pytest.fixture
def desk(settings: Settings, database: AccountDatabase, clock: ManualClock, by: Provenance) -> Desk:
    """Where the account writes, with the practice model."""
    writer = Writer(model=settings.model, api_key=settings.openai_api_key, base_url=settings.openai_base_url)
    return Desk(database=database, profile=settings.profile, writer=writer, clock=clock, by=by)


def move_both(practice: Practice, clock: ManualClock, **hours_or_so: float) -> datetime:
    """Moves the site's clock and ours: `move_both(practice, clock, minutes=3)`."""
    practice.advance(**hours_or_so)
    clock.advance(practice.now() - clock.now())
    return clock.now()


@pytest.fixture
def door(database: AccountDatabase, settings: Settings, turn: BrowserTurn, clock: ManualClock, by: Provenance) -> Door:
    """The door, on a practice X."""
    return Door(database, settings, turn, clock, by)
