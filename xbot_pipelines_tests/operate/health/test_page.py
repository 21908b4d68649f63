"""The page, in a real Chromium as wide as a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from xbot_pipelines.orchestration.records import Ended
from xbot_pipelines.orchestration.timetable import TIMETABLE
from xbot_pipelines_tests.browsers import a_browser
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.operate.health.served import Served, a_server
from xbot_pipelines_tests.operate.health.well import HOUR, dagster, job, outcome, surroundings, well

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with a_server() as served:
        yield served


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Page]:
    """A page as wide as a phone. Whatever the browser complains of fails the test."""
    served.facts = well()
    page = browser.new_context(base_url=served.url, viewport={"width": 360, "height": 740}).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.context.close()
    assert complaints == []


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_person_sees_at_once_that_all_is_well(phone: Page) -> None:
    phone.goto("/")
    assert phone.title() == "ok: @daily_vitals"
    assert phone.inner_text("header .status") == "All is well"
    assert phone.query_selector("#wrong") is None
    assert phone.locator(".jobs li").count() == len(TIMETABLE)
    assert "looked at 13:00 Europe/Vienna" in phone.inner_text("header")
    assert fits(phone)
    good = phone.eval_on_selector("header .status", "element => getComputedStyle(element).color")
    assert good == "rgb(23, 100, 58)", "the style sheet is let in"


def test_what_is_wrong_stands_first_however_long_it_is_and_fits(phone: Page, served: Served) -> None:
    long = "http://127.0.0.1:8700/" + 40 * "without-a-blank-"
    failed = [outcome(NOON - HOUR, Ended.FAILED, long), outcome(NOON - 2 * HOUR, Ended.FAILED, long)]
    served.facts = well(
        surroundings=surroundings(browser_fault="No browser was found"), dagster=dagster(job("news", outcomes=failed))
    )
    phone.goto("/")
    assert phone.inner_text("header .status") == "Not at work"
    reasons = phone.locator(".reasons li").all_inner_texts()
    assert [reason.splitlines()[0] for reason in reasons] == ["browser", "job news"]
    assert long in reasons[1]
    assert fits(phone)


def test_what_others_wrote_is_shown_and_does_nothing(phone: Page, served: Served) -> None:
    script = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"
    served.facts = well(surroundings=surroundings(browser_fault=script))
    phone.goto("/")
    assert phone.title() == "down: @daily_vitals"
    assert script in phone.inner_text(".reasons")


def test_it_comes_anew_by_itself(phone: Page) -> None:
    phone.goto("/")
    assert phone.get_attribute("meta[http-equiv=refresh]", "content") == "30"
