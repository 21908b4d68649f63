"""A person logs in to X by themselves; here one only waits until the site itself shows that they are (F20).

Nothing is typed, clicked or read but who is logged in. What is done with the session belongs to `session`.
"""

import time
from datetime import timedelta

from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from xbot_pipelines.x.page import OWN_PROFILE_LINK
from xbot_pipelines.x.session import has_session
from xbot_pipelines.x.walls import Unreachable

_LOOK_EVERY_SECONDS = 0.5
_LINK_SECONDS = 2.0


class LoginAbandoned(Exception):
    """The person did not log in: the window was closed, or the time is over."""


def show_login(page: Page, *, x_url: str) -> None:
    """Leads the page to where a person logs in.

    Raises:
        Unreachable: the site did not answer.
    """
    try:
        page.goto(f"{x_url}/login", wait_until="domcontentloaded")
    except PlaywrightError as failure:
        raise Unreachable(f"{x_url}/login cannot be reached: {failure.message.splitlines()[0]}") from failure


def await_login(context: BrowserContext, *, x_url: str, within: timedelta) -> str:
    """Waits until somebody is logged in, in whichever tab, and answers their handle.

    Logged in is the session's cookie and the link to the own profile in sight; either alone may be of a dead session
    (X_SURFACE §1).

    Raises:
        LoginAbandoned: the last tab was closed, or nobody was logged in after that time.
    """
    give_up = time.monotonic() + within.total_seconds()
    while time.monotonic() < give_up:
        try:
            handle = _who_is_logged_in(context, x_url)
        except PlaywrightError:
            # A tab may be closed, or on its way to another page, while it is looked at. The next look will tell.
            handle = None
        if handle:
            return handle
        if not context.pages:
            raise LoginAbandoned("the window was closed before anybody was logged in")
        time.sleep(_LOOK_EVERY_SECONDS)
    raise LoginAbandoned(f"nobody was logged in within {within.total_seconds() / 60:g} minutes")


def _who_is_logged_in(context: BrowserContext, x_url: str) -> str | None:
    if not has_session(context, x_url):
        return None
    return next((handle for page in context.pages if (handle := _handle_on(page))), None)


def _handle_on(page: Page) -> str | None:
    link = page.locator(f"a{OWN_PROFILE_LINK}")
    if not link.is_visible():
        return None
    try:
        return (link.get_attribute("href", timeout=_LINK_SECONDS * 1000) or "").strip("/")
    except PlaywrightTimeout:
        return None
