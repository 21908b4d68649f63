"""Logging in by hand, with a real Chromium on a real practice site."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from xbot_pipelines.operate.browser_login import demand_acknowledgement, demand_display, log_in
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.private_files import write_private
from xbot_pipelines.settings import ACKNOWLEDGEMENT, Settings
from xbot_pipelines.x.login import LoginAbandoned, await_login
from xbot_pipelines.x.page import OWN_PROFILE_LINK
from xbot_pipelines_tests.account_files import of_x
from xbot_pipelines_tests.browsers import a_browser
from xbot_pipelines_tests.practice_site import Practice

A_WHILE = timedelta(seconds=20)
AT_ONCE = timedelta(seconds=0.5)

FILL_IN_THE_FORM = """handle => {
    const type = () => {
        const form = document.querySelector("form.login");
        if (form === null) {
            setTimeout(type, 50);
            return;
        }
        form.username_or_email.value = handle;
        form.password.value = "practice";
        form.requestSubmit();
    };
    setTimeout(type, 700);
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with a_browser() as browser:
        yield browser


def a_person(browser: Browser, said: list[str], *, handle: str) -> Callable[[str], None]:
    """Somebody who hears that they are to log in, and does so a moment later in the window that is open."""

    def hears(line: str) -> None:
        said.append(line)
        for context in browser.contexts:
            context.pages[0].evaluate(FILL_IN_THE_FORM, handle)

    return hears


@pytest.mark.browser
def test_f20_a_person_logs_in_and_the_session_is_kept_for_nobody_elses_eyes(
    browser: Browser, on_practice: Settings, practice: Practice
) -> None:
    said: list[str] = []
    log_in(on_practice, browser, within=A_WHILE, say=a_person(browser, said, handle=practice.handle))

    file = on_practice.session_file
    assert file.stat().st_mode & 0o777 == 0o600
    visitor = practice.returning(json.loads(file.read_text()))
    assert visitor.page_config("/home")["viewer"]["handle"] == practice.handle
    assert said[0].startswith(f"log in as @{practice.handle} in the window that has opened")
    assert said[1:] == [f"logged in as @{practice.handle}; the session is saved in {file}"]
    token = {cookie["name"]: cookie["value"] for cookie in json.loads(file.read_text())["cookies"]}["auth_token"]
    assert not any(token in line for line in said)


@pytest.mark.browser
def test_f20_whoever_logs_in_as_somebody_else_is_told_so_and_nothing_is_saved(
    browser: Browser, on_practice: Settings, practice: Practice
) -> None:
    profile = on_practice.profile.model_copy(update={"handle": "another_handle"})
    settings = on_practice.model_copy(update={"profile": profile})
    write_private(settings.session_file, "what was there before")
    with pytest.raises(CannotRun) as refusal:
        log_in(settings, browser, within=A_WHILE, say=a_person(browser, [], handle=practice.handle))
    assert str(refusal.value) == (
        f"you are logged in as @{practice.handle}, but the account 'practice' is @another_handle: nothing was saved"
    )
    assert settings.session_file.read_text() == "what was there before"
    assert browser.contexts == []


@pytest.mark.browser
def test_whoever_closes_the_window_is_told_that_nothing_was_saved(browser: Browser, on_practice: Settings) -> None:
    def closes_the_window(_line: str) -> None:
        browser.contexts[0].pages[0].close()

    with pytest.raises(CannotRun, match=r"^the window was closed before anybody was logged in: nothing was saved$"):
        log_in(on_practice, browser, within=A_WHILE, say=closes_the_window)
    assert not on_practice.session_file.exists()


@pytest.mark.browser
def test_whoever_does_nothing_is_not_waited_for_without_end(browser: Browser, on_practice: Settings) -> None:
    with pytest.raises(CannotRun, match=r"^nobody was logged in within 0\.01 minutes: nothing was saved$"):
        log_in(on_practice, browser, within=timedelta(seconds=0.6), say=lambda _line: None)
    assert not on_practice.session_file.exists()


@pytest.mark.browser
def test_f20_a_cookie_alone_is_nobody_logged_in(browser: Browser, practice: Practice) -> None:
    with browser.new_context() as context:
        context.add_cookies([{"name": "auth_token", "value": "of a session long gone", "url": practice.url}])
        context.new_page().goto(f"{practice.url}/home")
        with pytest.raises(LoginAbandoned, match="nobody was logged in"):
            await_login(context, x_url=practice.url, within=AT_ONCE)


@pytest.mark.browser
@pytest.mark.parametrize("missing", ["the cookie", "the link in sight"])
def test_f20_logged_in_is_the_cookie_and_the_link_to_the_own_profile_together(
    browser: Browser, practice: Practice, missing: str
) -> None:
    with browser.new_context(storage_state=practice.storage_state()) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{practice.url}/home")
        page.locator(OWN_PROFILE_LINK).wait_for()
        if missing == "the cookie":
            context.clear_cookies(name="auth_token")
        else:
            page.add_style_tag(content=f"{OWN_PROFILE_LINK} {{ display: none }}")
        with pytest.raises(LoginAbandoned, match="nobody was logged in"):
            await_login(context, x_url=practice.url, within=AT_ONCE)


@pytest.mark.browser
def test_who_logs_in_is_seen_in_any_tab(browser: Browser, practice: Practice) -> None:
    with browser.new_context(storage_state=practice.storage_state()) as context:  # type: ignore[arg-type]
        context.new_page()
        context.new_page().goto(f"{practice.url}/home")
        assert await_login(context, x_url=practice.url, within=A_WHILE) == practice.handle


@pytest.mark.parametrize("variables", [{}, {"DISPLAY": "", "HOME": "/home/somebody"}])
def test_a_machine_without_a_display_is_one_sentence(settings: Settings, variables: dict[str, str]) -> None:
    with pytest.raises(CannotRun, match="this machine has no display") as refusal:
        demand_display(settings, variables, "linux")
    assert str(settings.session_file) in str(refusal.value)


@pytest.mark.parametrize(
    ("variables", "platform"),
    [({"DISPLAY": ":0"}, "linux"), ({"WAYLAND_DISPLAY": "wayland-0"}, "linux"), ({}, "darwin")],
)
def test_a_machine_with_a_display_is_taken_as_it_is(
    settings: Settings, variables: dict[str, str], platform: str
) -> None:
    demand_display(settings, variables, platform)


def test_no_window_is_opened_for_xs_own_site_before_its_owner_has_acknowledged_what_x_says(settings: Settings) -> None:
    demand_acknowledgement(settings)
    with pytest.raises(CannotRun, match=ACKNOWLEDGEMENT):
        demand_acknowledgement(of_x(settings))
