"""The account's session on X: a person logs in and it is kept, or it is tried whether it is still good.

Both hold the account's lease, so that no run uses the browser meanwhile. What an ordinary run does with the session
lies in `systems.browser_turn`, which refuses a paused account; these are what ends such a pause.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from playwright.sync_api import Browser

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import ProfileSnapshot
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.lease import LeaseTaken, hold_lease
from xbot_pipelines.systems.browser_turn import WAIT_FOR_THE_LEASE
from xbot_pipelines.x.browser import BrowserClient
from xbot_pipelines.x.login import LoginAbandoned, await_login, show_login
from xbot_pipelines.x.session import Patience, SessionFile, open_browser, open_session
from xbot_pipelines.x.walls import LoggedOut, Unreachable, Wall

FORBIDDEN = (
    "X forbids scripting its site, and says that doing so may end in the permanent suspension of the account. This "
    "product drives the site with a browser, hides nothing about it, and cannot protect the account from that."
)
"""What the owner of an account on the real X is told before a session is kept that makes it possible."""


def demand_display(settings: Settings, environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> None:
    """Makes sure that a window can be shown to a person.

    Raises:
        CannotRun: there is no display.
    """
    if platform == "linux" and not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        raise CannotRun(
            "logging in needs a window, and this machine has no display (neither DISPLAY nor WAYLAND_DISPLAY is set): "
            f"run `xbot login` on a machine that has one, and copy its session to {settings.session_file}; it is a "
            "secret, only its owner may read it (mode 0600)"
        )


def log_in_by_hand(
    settings: Settings, database: AccountDatabase, *, within: timedelta, say: Callable[[str], None]
) -> None:
    """Opens a window in which a person logs in, and keeps the session.

    Raises:
        CannotRun: no window could be opened, the person did not log in, or not as this account. Nothing is kept.
    """
    with _browser_alone(database), _window(settings) as browser:
        try:
            log_in(settings, browser, within=within, say=say)
        except Wall as wall:
            raise CannotRun(f"{wall}; nothing was saved") from wall


def log_in(settings: Settings, browser: Browser, *, within: timedelta, say: Callable[[str], None]) -> None:
    """Shows the login page in a browser, waits for the person, and keeps the session of whoever is logged in then.

    Raises:
        CannotRun: the person did not log in, or not as this account. Nothing is kept.
        Unreachable: the site did not answer.
    """
    wanted = settings.profile.handle
    # The window's own size: a person works in it.
    with browser.new_context(locale="en-US", no_viewport=True) as context:
        show_login(context.new_page(), x_url=settings.x_url)
        minutes = within.total_seconds() / 60
        say(f"log in as @{wanted} in the window that has opened; it is waited for {minutes:g} minutes")
        try:
            shown = await_login(context, x_url=settings.x_url, within=within)
        except LoginAbandoned as abandoned:
            raise CannotRun(f"{abandoned}: nothing was saved") from abandoned
        if shown.lower() != wanted.lower():
            raise CannotRun(
                f"you are logged in as @{shown}, but the account {settings.account!r} is @{wanted}: nothing was saved"
            )
        SessionFile(path=settings.session_file).save(context)
    say(f"logged in as @{shown}; the session is saved in {settings.session_file}")


def probe(settings: Settings, database: AccountDatabase, *, clock: Clock, patience: Patience) -> ProfileSnapshot:
    """Asks X who is logged in with the saved session, also while the account is paused.

    Raises:
        CannotRun: a run has the browser.
        Wall: the session is not good, or X shows something else than the account's home page.
    """
    with (
        _browser_alone(database),
        open_browser(settings.chromium) as browser,
        open_session(
            browser,
            x_url=settings.x_url,
            handle=settings.profile.handle,
            file=SessionFile(path=settings.session_file),
            patience=patience,
        ) as page,
    ):
        client = BrowserClient(
            page=page, x_url=settings.x_url, handle=settings.profile.handle, clock=clock, patience=patience
        )
        me = client.whoami()
        if me.handle.lower() != settings.profile.handle.lower():
            raise LoggedOut(f"X answers for @{me.handle}, not for @{settings.profile.handle}: log in with `xbot login`")
        return me


@contextmanager
def _window(settings: Settings) -> Iterator[Browser]:
    with ExitStack() as opened:
        try:
            browser = opened.enter_context(open_browser(settings.chromium, visible=True))
        except Unreachable as failure:
            raise CannotRun(
                f"no window could be opened; does DISPLAY name a display that is there? {failure}"
            ) from failure
        yield browser


@contextmanager
def _browser_alone(database: AccountDatabase) -> Iterator[None]:
    try:
        with hold_lease(database, wait=WAIT_FOR_THE_LEASE):
            yield
    except LeaseTaken as taken:
        seconds = WAIT_FOR_THE_LEASE.total_seconds()
        raise CannotRun(
            f"a run has the browser of account {database.account!r}, and did not end within {seconds:.0f} s: try "
            "again when it has"
        ) from taken
