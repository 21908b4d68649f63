"""A real Chromium for each module, and a page of our account or of a visitor for each test."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from xbot_pipelines_tests.practice_site import Practice


def chromium_path() -> str | None:
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))
    return os.environ.get("XBOT_CHROMIUM") or next(filter(None, found), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium: install one or set XBOT_CHROMIUM to its path")
    arguments = ["--disable-quic", "--disable-background-networking", "--no-first-run"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def opened(browser: Browser, practice: Practice, **options: Any) -> Page:
    context = browser.new_context(
        base_url=practice.url, locale="en-US", viewport={"width": 1280, "height": 900}, **options
    )
    context.set_default_timeout(10_000)
    return context.new_page()


@pytest.fixture
def visitor(browser: Browser, practice: Practice) -> Iterator[Page]:
    """A page of somebody who is not logged in."""
    page = opened(browser, practice)
    yield page
    page.context.close()


@pytest.fixture
def page(browser: Browser, practice: Practice) -> Iterator[Page]:
    """A page of our account, logged in. A script error fails the test."""
    page = opened(browser, practice, storage_state=practice.storage_state())
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.context.close()
    assert errors == []
