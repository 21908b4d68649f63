"""What the pages show when something goes wrong: walls, failures, and the faults of the front end itself."""

import re

import pytest
from playwright.sync_api import Page, expect

from xbot_pipelines_tests.practice.front_end.browsing import (
    EDITOR,
    HANDLE,
    SUGGESTION,
    TOAST,
    composer_of,
    covered,
    texts_on_x,
    write_history,
)
from xbot_pipelines_tests.practice_site import Practice

pytestmark = pytest.mark.browser


def test_a_failed_timeline_offers_a_retry_which_works(page: Page, practice: Practice) -> None:
    write_history(practice, 1)
    practice.fault(operation="UserOriginalsTimeline", kind="http_500_before", count=1)
    page.goto(f"/{HANDLE}")
    expect(page.get_by_test_id("primaryColumn")).to_contain_text("Something went wrong. Try reloading.")
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_text("Note 0 on walking.")).to_be_visible()


def test_a_rate_limit_says_so(page: Page, practice: Practice) -> None:
    practice.fault(operation="UserOriginalsTimeline", kind="http_429", count=1)
    page.goto(f"/{HANDLE}")
    expect(page.get_by_test_id("primaryColumn")).to_contain_text("Rate limit exceeded")


@pytest.mark.parametrize(
    ("wall", "words"),
    [
        ("locked", "Your account has been locked."),
        ("suspended", "Your account is suspended"),
        ("challenge", "Let's confirm you are a human"),
    ],
)
def test_a_wall_stands_before_the_page_and_says_which_it_is(
    page: Page, practice: Practice, wall: str, words: str
) -> None:
    practice.fault(operation="home", kind=wall, count=1)
    page.goto("/home")
    expect(page.get_by_role("main")).to_contain_text(words)
    expect(page).to_have_url(re.compile("/account/access"))
    expect(page.locator(EDITOR)).to_have_count(0)


def test_an_account_that_is_locked_while_the_page_is_open_is_told_so(page: Page, practice: Practice) -> None:
    practice.fault(operation="Viewer", kind="error_code", code=326, count=1)
    page.goto("/home")
    expect(page.get_by_role("main")).to_contain_text("Your account has been locked.")


def test_a_post_whose_answer_is_lost_leaves_its_text_and_says_something_went_wrong(
    page: Page, practice: Practice
) -> None:
    practice.fault(operation="CreateTweet", kind="answer_lost", count=1)
    page.goto("/compose/post")
    composer = composer_of(page, "[role=dialog]")
    composer.locator(EDITOR).fill("Did it arrive?")
    composer.get_by_test_id("tweetButton").click()
    expect(page.locator(TOAST)).to_contain_text("Something went wrong")
    expect(composer.locator(EDITOR)).to_have_text("Did it arrive?")
    assert texts_on_x(practice) == ["Did it arrive?"]


@pytest.mark.parametrize("kind", ["toast_never", "toast_vanishes"])
def test_a_faulty_toast_is_not_there_long_enough(page: Page, practice: Practice, kind: str) -> None:
    practice.fault(operation="home", kind=kind, count=1)
    page.goto("/home")
    composer = composer_of(page, "[data-testid=primaryColumn]")
    composer.locator(EDITOR).fill("Quietly sent.")
    composer.get_by_test_id("tweetButtonInline").click()
    expect(composer.locator(EDITOR)).to_have_text("")
    expect(page.locator(TOAST)).to_have_count(0, timeout=1000)
    assert texts_on_x(practice) == ["Quietly sent."]


def test_a_faulty_typeahead_opens_on_any_word(page: Page, practice: Practice) -> None:
    practice.fault(operation="compose", kind="typeahead", count=1)
    page.goto("/compose/post")
    composer = composer_of(page, "[role=dialog]")
    composer.locator(EDITOR).fill("Plain words")
    expect(page.locator(SUGGESTION).first).to_be_visible()
    assert covered(composer.get_by_test_id("tweetButton"))


def test_an_unknown_dialog_lies_over_everything(page: Page, practice: Practice) -> None:
    practice.fault(operation="home", kind="unknown_dialog", count=1)
    page.goto("/home")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert covered(page.get_by_test_id("SideNav_NewTweet_Button"))


def test_a_changed_layout_has_no_test_id_that_was_known(page: Page, practice: Practice) -> None:
    practice.fault(operation="home", kind="layout_changed", count=1)
    page.goto("/home")
    expect(page.get_by_role("textbox", name="Post text")).to_be_visible()
    expect(page.locator(f"{EDITOR}, [data-testid=primaryColumn], [data-testid=AppTabBar_Profile_Link]")).to_have_count(
        0
    )
