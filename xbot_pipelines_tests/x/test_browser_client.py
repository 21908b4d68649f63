"""The browser client against the practice site, in a real Chromium: what it reads and what it writes is true."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime, timedelta

import psutil
import pytest
from playwright.sync_api import Browser, Page, Route

from xbot_pipelines.models import Evidence
from xbot_pipelines.x.browser import BrowserClient
from xbot_pipelines.x.client import Posted
from xbot_pipelines.x.saved_session import SessionFile
from xbot_pipelines.x.session import open_session
from xbot_pipelines.x.walls import LayoutChanged, LoggedOut, Unreachable
from xbot_pipelines_tests.browsers import a_browser
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.x.conftest import HASTY, history, told

pytestmark = pytest.mark.browser

HARD_TEXTS = [
    "One plain line.",
    "A list:\n\n1. first\n2. second\n\nAnd an end.",
    "Joined emoji 🧑‍🎄 👨‍👩‍👧‍👦, a flag 🇦🇹, a keycap 1️⃣, a skin tone 👍🏽",
    "Ends with a tag #sleep",
    "Names @somebody_else and goes on",
    'Quotes “curly” and "straight", dashes – —, dots…, & < > \\',
    "日本語の文と English in one post",
    "Cafe\u0301 with a combining accent",
]


@pytest.mark.parametrize("text", HARD_TEXTS)
def test_a_post_arrives_as_it_was_written(client: BrowserClient, practice: Practice, text: str) -> None:
    result = client.publish(text, reply_to=None, before_click=lambda: None)
    assert isinstance(result, Posted)
    assert result.evidence == Evidence.ANSWER
    assert told(practice)[result.post_id]["text"] == text


def test_a_reply_arrives_under_the_post_that_it_answers(client: BrowserClient, practice: Practice) -> None:
    [target] = practice.put({"author": practice.handle, "text": "What do you do on rest days?"})
    result = client.publish("Mostly nothing, and that is the point.", reply_to=target, before_click=lambda: None)
    assert isinstance(result, Posted)
    assert told(practice)[result.post_id]["in_reply_to"] == target


def test_what_stops_the_click_stops_the_post(client: BrowserClient, practice: Practice) -> None:
    def stop() -> None:
        raise RuntimeError("the lease is lost")

    with pytest.raises(RuntimeError, match="the lease is lost"):
        client.publish("This must not appear.", reply_to=None, before_click=stop)
    assert practice.truth()["posts"] == []


def test_f20_a_session_that_has_ended_is_found_out_before_anything_else(
    practice: Practice, browser: Browser, session_file: SessionFile
) -> None:
    practice.fault(operation="*", kind="logged_out", count=1)
    with (
        pytest.raises(LoggedOut, match="xbot login"),
        open_session(browser, x_url=practice.url, handle=practice.handle, file=session_file, patience=HASTY),
    ):
        pytest.fail("a page was handed out without a session")


def test_f20_a_session_of_another_account_is_refused(
    practice: Practice, browser: Browser, session_file: SessionFile
) -> None:
    with (
        pytest.raises(LoggedOut, match="belongs to @daily_vitals, not to @somebody"),
        open_session(browser, x_url=practice.url, handle="somebody", file=session_file, patience=HASTY),
    ):
        pytest.fail("a page was handed out to the wrong account")


def test_no_saved_session_says_how_to_log_in(practice: Practice, browser: Browser, session_file: SessionFile) -> None:
    session_file.path.unlink()
    with (
        pytest.raises(LoggedOut, match="log in with `xbot login`"),
        open_session(browser, x_url=practice.url, handle=practice.handle, file=session_file, patience=HASTY),
    ):
        pytest.fail("a page was handed out without a session")


def test_a_session_file_with_cookies_that_are_none_says_how_to_log_in_and_quotes_nothing(
    practice: Practice, browser: Browser, session_file: SessionFile
) -> None:
    session_file.path.write_text('{"cookies": [{"name": "auth_token", "value": "planted-secret"}]}')
    with (
        pytest.raises(LoggedOut, match="does not hold a saved session") as met,
        open_session(browser, x_url=practice.url, handle=practice.handle, file=session_file, patience=HASTY),
    ):
        pytest.fail("a page was handed out without a session")
    assert "planted-secret" not in str(met.value)


def test_f14_a_browser_that_dies_while_it_takes_the_session_does_not_make_the_session_wrong(
    practice: Practice, session_file: SessionFile
) -> None:
    """Else the account would stand still until a person logs in with a session that was right all the time."""

    def lose_the_driver() -> None:
        before = drivers()
        with a_browser() as browser:
            for driver in drivers() - before:
                driver.kill()
                driver.wait()
            with open_session(browser, x_url=practice.url, handle=practice.handle, file=session_file, patience=HASTY):
                pytest.fail("a page was handed out by a dead browser")

    # In a thread of its own: this one has a browser already, and Playwright takes one a thread.
    with ThreadPoolExecutor(1) as apart, pytest.raises(Unreachable, match="the browser broke off"):
        apart.submit(lose_the_driver).result(timeout=60)


def drivers() -> set[psutil.Process]:
    """Answers the Playwright drivers that this process has started."""
    return {child for child in psutil.Process().children() if "run-driver" in child.cmdline()}


def test_f28_a_saved_session_is_for_its_owner_alone(client: BrowserClient, session_file: SessionFile) -> None:
    client.whoami()
    session_file.save(client.page.context.storage_state())
    assert session_file.path.stat().st_mode & 0o777 == 0o600


def test_f11_a_page_whose_parts_were_renamed_is_a_failure_that_names_the_part(
    client: BrowserClient, practice: Practice
) -> None:
    practice.fault(operation="*", kind="layout_changed", count=1)
    with pytest.raises(LayoutChanged, match="tweetTextarea_0"):
        client.publish("Nowhere to write this", reply_to=None, before_click=lambda: None)


def test_a_walk_that_is_closed_early_leaves_nothing_listening(
    client: BrowserClient, practice: Practice, noon: datetime
) -> None:
    practice.put(*history(practice.handle, noon, 45))
    before = listeners(client)
    pages, _ = client.own_timelines(noon - timedelta(days=1))
    next(pages)
    assert listeners(client) > before
    pages.close()
    assert listeners(client) == before


@pytest.mark.usefixtures("noon")
def test_what_we_wrote_ourselves_is_none_of_our_mentions_where_x_shows_it_among_them(
    client: BrowserClient, practice: Practice
) -> None:
    ours, theirs = (person["handle"] for person in practice.ask("GET", "people")[:2])
    text = f"@{practice.handle} and others"
    [by_them, by_us] = practice.put({"author": theirs, "text": text}, {"author": ours, "text": text})

    def tell_as_ours(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(f'"{ours}"', f'"{practice.handle.title()}"'))

    with routed(client.page, {"**/NotificationsTimeline?**": tell_as_ours}), closing(client.mentions()) as pages:
        told_of = [post.id for post in next(pages).posts]
    assert by_them in told_of
    assert by_us not in told_of


def test_f11_what_another_tab_of_the_notifications_asks_is_not_taken_for_our_mentions(client: BrowserClient) -> None:
    def ask_for_all(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('timeline_type: "Mentions"', 'timeline_type: "All"'))

    def answer_as_ever(route: Route) -> None:
        route.fulfill(response=route.fetch(url=route.request.url.replace("All", "Mentions")))

    with (
        routed(client.page, {"**/static/*/app.js": ask_for_all, "**/NotificationsTimeline?**": answer_as_ever}),
        pytest.raises(LayoutChanged, match='timeline_type "Mentions" in the question'),
    ):
        next(client.mentions())


@contextmanager
def routed(page: Page, routes: Mapping[str, Callable[[Route], None]]) -> Iterator[None]:
    """Lets what the page asks for at some addresses pass through our hands, until the end of the block."""
    for address, handle in routes.items():
        page.route(address, handle)
    try:
        yield
    finally:
        # What is under way then need not arrive.
        page.unroute_all(behavior="ignoreErrors")


def listeners(client: BrowserClient) -> int:
    """How many listen to the page's answers."""
    return len(client.page._impl_obj.listeners("response"))
