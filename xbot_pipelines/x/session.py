"""A browser that is logged in: opened with the saved session, proven to be the right account, saved again.

A person logs in once (`xbot login`); here the session is only used, and its cookies go nowhere but back to its file
(`saved_session`).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from xbot_pipelines.x.browser_folder import BrowserFolder, browser_folder
from xbot_pipelines.x.chromium import find_chromium, launch_arguments
from xbot_pipelines.x.driver import browser_environment, start_driver
from xbot_pipelines.x.page import OWN_PROFILE_LINK, wall_on
from xbot_pipelines.x.sandbox import sandbox_obstacle
from xbot_pipelines.x.saved_session import SessionFile
from xbot_pipelines.x.walls import LayoutChanged, LoggedOut, Unreachable


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long each step may take, in seconds. The defaults are what X was seen to need (X_SURFACE §5)."""

    page: float = 45
    editor: float = 15
    answer: float = 30
    toast: float = 10


@contextmanager
def open_browser(
    chromium: Path | None, *, home: Path, visible: bool = False, within_seconds: float = 30
) -> Iterator[Browser]:
    """Start a Chromium of our own, and end it with everything it has started at the end of the block.

    It runs in its sandbox wherever the machine allows that. Where `sandbox_obstacle` finds nothing in the way and the
    sandbox still fails, the browser does not start: it is never tried again without one.

    Args:
        chromium: what XBOT_CHROMIUM names, if anything.
        home: the data folder, in which the browser's temporary files lie.
        visible: whether a person is to see the window.
        within_seconds: how long the start may take.

    Raises:
        ChromiumMissing: there is no browser.
        Unreachable: it does not start, or not within its time.
    """
    program = find_chromium(chromium)
    with browser_folder(home) as folder:
        environment = browser_environment(os.environ, temporary=folder.tmpdir, visible=visible)
        with unbroken("its start"):
            driver = start_driver(environment)
        try:
            with unbroken("its start"):
                browser = driver.chromium.launch(
                    executable_path=program,
                    args=launch_arguments(),
                    chromium_sandbox=sandbox_obstacle(program) is None,
                    env={**environment},
                    headless=not visible,
                    timeout=within_seconds * 1000,
                    # The run's own handlers decide what a signal means; the browser ends with the block or the driver.
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )
            _folders[browser] = folder
            try:
                yield browser
            finally:
                with folder.ended_within(CLOSING_SECONDS), suppress(PlaywrightError):
                    browser.close()
        finally:
            with folder.ended_within(CLOSING_SECONDS):
                driver.stop()


CLOSING_SECONDS = 8.0
"""How long a browser may take for one step of its end: to save a session, to close, to end its driver.

It takes a fraction of a second; a frozen one would never answer, and is killed. Together with what is left to do after
that, this is less than `run_launcher` waits for a run that it has told to end.
"""

_SANDBOX_FAILED = "Chromium sandboxing failed"
"""What Playwright makes of the several messages of Chromium that say so."""

_folders: WeakKeyDictionary[Browser, BrowserFolder] = WeakKeyDictionary()
"""The folder of each open browser: who closes a session has only the browser."""


@contextmanager
def open_session(browser: Browser, *, x_url: str, handle: str, file: SessionFile, patience: Patience) -> Iterator[Page]:
    """Opens a page that is logged in as `handle`, proven by the site itself before anything else is done (F20).

    The session is saved again at the end of a block that went well, and at whose end it is still logged in.

    Raises:
        LoggedOut: there is no session, it has ended, or it belongs to another account.
        Wall: the site shows something else than the home page.
    """
    saved = file.load()
    with unbroken("the way to the home page"):
        try:
            context = browser.new_context(
                storage_state=saved, locale="en-US", service_workers="block", viewport={"width": 1280, "height": 900}
            )
        except PlaywrightError:
            # A browser that has just died does not know it yet. One that still opens a context proves that the session
            # is wrong, and only then may the account stand still until a person comes.
            browser.new_context().close()
            # What Playwright says of a cookie that it cannot set may quote it: not passed on (F28).
            raise file.is_no_session() from None
    try:
        with unbroken("the home page"):
            context.add_cookies([{"name": "lang", "value": "en", "url": x_url}])
            page = context.new_page()
            page.set_default_timeout(patience.page * 1000)
            go(page, f"{x_url}/home")
            shown = own_handle(page, patience)
        if shown.lower() != handle.lower():
            raise LoggedOut(f"the session belongs to @{shown}, not to @{handle}: log in as @{handle} with `xbot login`")
        yield page
        # A browser that has ended meanwhile has nothing to save, and the run's own work is done.
        with _folders[browser].ended_within(CLOSING_SECONDS), suppress(PlaywrightError):
            if has_session(context, x_url):
                file.save(context.storage_state())
    finally:
        with _folders[browser].ended_within(CLOSING_SECONDS), suppress(PlaywrightError):
            context.close()


@contextmanager
def unbroken(where: str) -> Iterator[None]:
    """Turns a browser that breaks off into the wall that callers know.

    Raises:
        Unreachable: the browser ended, or did not do what it was told; `where` says on the way to what.
    """
    try:
        yield
    except PlaywrightError as failure:
        if _SANDBOX_FAILED in failure.message:
            raise Unreachable(
                "Chromium's sandbox does not start, although nothing was found to be in its way, and Chromium is not "
                "started without it: start Chromium by hand to see why"
            ) from failure
        raise Unreachable(f"the browser broke off on {where}: {failure.message.splitlines()[0]}") from failure


def has_session(context: BrowserContext, x_url: str) -> bool:
    """Says whether the browser holds a session's cookie. It may be dead: only the page proves that it is not."""
    return any(cookie.get("name") == "auth_token" and cookie.get("value") for cookie in context.cookies(x_url))


def go(page: Page, url: str) -> None:
    """Sends the page to an address and waits until it can be looked at.

    Raises:
        Unreachable: the site did not answer.
        Wall: what it shows is a wall.
    """
    try:
        response = page.goto(url, wait_until="domcontentloaded")
    except PlaywrightTimeout as failure:
        raise Unreachable(f"{url} did not answer in time") from failure
    except PlaywrightError as failure:
        raise Unreachable(f"{url} cannot be reached: {failure.message.splitlines()[0]}") from failure
    wall = wall_on(page)
    if wall:
        raise wall
    if response is not None and response.status >= 500:  # noqa: PLR2004 - a fault of the server
        raise Unreachable(f"{url} answered HTTP {response.status}")


def own_handle(page: Page, patience: Patience) -> str:
    """Answers the handle of whoever is logged in, from the link to the own profile.

    Raises:
        Wall: the page is something else than X with somebody logged in.
    """
    link = page.locator(f"a{OWN_PROFILE_LINK}")
    try:
        link.wait_for(timeout=patience.editor * 1000)
    except PlaywrightTimeout:
        raise wall_on(page) or LayoutChanged(missing="the link to the own profile", where=page.url) from None
    return (link.get_attribute("href") or "").strip("/")
