"""`xbot login` for an account that reaches X by a browser: a person logs in by hand, and the session is kept.

What an ordinary run does with it lies in `systems.browser_turn`, whether it is still good in `session`.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from playwright.sync_api import Browser

from xbot_pipelines.operate.display import has_display
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.session import alone_at_x
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.x.login import LoginAbandoned, await_login, show_login
from xbot_pipelines.x.saved_session import SessionFile
from xbot_pipelines.x.session import open_browser
from xbot_pipelines.x.walls import Unreachable, Wall


def demand_display(settings: Settings, environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> None:
    """Makes sure that a window can be shown to a person.

    Raises:
        CannotRun: there is no display.
    """
    if not has_display(environ, platform):
        raise CannotRun(
            "logging in needs a window, and this machine has no display (neither DISPLAY nor WAYLAND_DISPLAY is set): "
            f"run `xbot login` on a machine that has one, and copy its session to {settings.session_file}; it is a "
            "secret, only its owner may read it (mode 0600)"
        )


def demand_acknowledgement(settings: Settings) -> None:
    """Makes sure that the account's owner knows what X says of what a session is kept for.

    Raises:
        CannotRun: they have not said so.
    """
    if settings.lacks_acknowledgement is not None:
        raise CannotRun(settings.lacks_acknowledgement)


def log_in_by_hand(
    settings: Settings, database: AccountDatabase, *, within: timedelta, say: Callable[[str], None]
) -> None:
    """Opens a window in which a person logs in, and keeps the session.

    Raises:
        CannotRun: no window could be opened, the person did not log in, or not as this account. Nothing is kept.
    """
    with alone_at_x(database), _window(settings) as browser:
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
    wanted, file = settings.profile.handle, SessionFile(path=settings.session_file, x=settings.profile.x)
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
        file.save(context.storage_state())
    say(f"logged in as @{shown}; the session is saved in {file.path}")


@contextmanager
def _window(settings: Settings) -> Iterator[Browser]:
    with ExitStack() as opened:
        try:
            browser = opened.enter_context(open_browser(settings.chromium, home=settings.home, visible=True))
        except Unreachable as failure:
            raise CannotRun(
                f"no window could be opened; does DISPLAY name a display that is there? {failure}"
            ) from failure
        yield browser
