"""A real Chromium for each module, and a page of our account or of a visitor for each test."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from xbot_pipelines_tests.browsers import a_browser
from xbot_pipelines_tests.practice_site import Practice


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


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
