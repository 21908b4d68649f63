"""Writing a post in a real Chromium: typing, suggestions, sending, refusals (X_SURFACE §2 and §5)."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from xbot_pipelines_tests.practice.front_end.browsing import (
    EDITOR,
    HANDLE,
    HARD_TEXT,
    SUGGESTION,
    TOAST,
    composer_of,
    covered,
    texts_on_x,
    write_history,
)
from xbot_pipelines_tests.practice_site import Practice

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("how", ["fill", "insert_text", "type", "lines"])
def test_a_hard_text_typed_in_the_dialog_arrives_exactly(page: Page, practice: Practice, how: str) -> None:
    page.goto("/compose/post")
    expect(page.locator(EDITOR)).to_have_count(2)  # the composer of home stays mounted behind the dialog
    composer = composer_of(page, "[role=dialog]")
    editor = composer.locator(EDITOR)
    if how == "fill":
        editor.fill(HARD_TEXT)
    else:
        editor.click()
        write = {"insert_text": page.keyboard.insert_text, "type": page.keyboard.type, "lines": by_lines(page)}[how]
        write(HARD_TEXT)
    composer.get_by_test_id("tweetButton").click()
    expect(page.locator(TOAST)).to_contain_text("Your post was sent.")
    assert texts_on_x(practice) == [HARD_TEXT]
    expect(page).to_have_url(re.compile("/home$"))
    expect(page.locator("[role=dialog]")).to_have_count(0)


def by_lines(page: Page) -> Any:
    def write(text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                page.keyboard.press("Enter")
            page.keyboard.insert_text(line)

    return write


def test_a_post_from_home_empties_the_editor_and_its_toast_comes_and_goes(page: Page, practice: Practice) -> None:
    page.goto("/home")
    composer = composer_of(page, "[data-testid=primaryColumn]")
    button = composer.get_by_test_id("tweetButtonInline")
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("aria-disabled", "true")
    composer.locator(EDITOR).fill("Water first.")
    page.keyboard.press("Control+Enter")
    link = page.locator(f'{TOAST} [aria-hidden=true] a[href*="/status/"]')
    expect(link).to_have_attribute("href", re.compile(rf"^/{HANDLE}/status/\d+$"))
    expect(composer.locator(EDITOR)).to_have_text("")
    assert texts_on_x(practice) == ["Water first."]
    expect(page.locator(TOAST)).to_have_count(0, timeout=9000)


def test_a_refused_duplicate_leaves_the_composer_open_with_its_text(page: Page, practice: Practice) -> None:
    for _ in range(2):
        page.goto("/compose/post")
        composer = composer_of(page, "[role=dialog]")
        composer.locator(EDITOR).fill("Twice the same.")
        composer.get_by_test_id("tweetButton").click()
        expect(page.locator(TOAST)).to_be_visible()
    expect(page.locator(TOAST)).to_have_text("Whoops! You already said that.")
    expect(composer.locator(EDITOR)).to_have_text("Twice the same.")
    assert texts_on_x(practice) == ["Twice the same."]


def test_a_text_over_280_cannot_be_sent(page: Page) -> None:
    page.goto("/compose/post")
    composer = composer_of(page, "[role=dialog]")
    composer.locator(EDITOR).fill("a" * 278 + "🧑‍🎄")
    expect(composer.get_by_test_id("tweetButton")).to_be_enabled()
    composer.locator(EDITOR).fill("a" * 279 + "🧑‍🎄")
    expect(composer.get_by_test_id("tweetButton")).to_be_disabled()


@pytest.mark.parametrize("token", ["#sleep", "@daily"])
def test_suggestions_lie_over_the_button_until_end_and_space(page: Page, token: str) -> None:
    page.goto("/compose/post")
    composer = composer_of(page, "[role=dialog]")
    composer.locator(EDITOR).fill(f"A walk and {token}")
    expect(page.locator(SUGGESTION).first).to_be_visible()
    assert covered(composer.get_by_test_id("tweetButton"))
    page.keyboard.press("End")
    page.keyboard.press("Space")
    expect(page.locator(SUGGESTION)).to_have_count(0)
    assert not covered(composer.get_by_test_id("tweetButton"))


@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_enter_and_tab_take_a_suggestion_and_change_the_text(page: Page, key: str) -> None:
    page.goto("/compose/post")
    editor = composer_of(page, "[role=dialog]").locator(EDITOR)
    editor.fill("A walk and #sle")
    page.keyboard.press(key)
    expect(editor).to_have_text(re.compile(r"A walk and #sle\w+ $"))


def test_escape_and_a_click_beside_close_the_suggestions_without_a_change(page: Page) -> None:
    page.goto("/compose/post")
    editor = composer_of(page, "[role=dialog]").locator(EDITOR)
    editor.fill("Good #night")
    page.keyboard.press("Escape")
    expect(page.locator(SUGGESTION)).to_have_count(0)
    page.keyboard.type("s")
    expect(page.locator(SUGGESTION).first).to_be_visible()
    page.mouse.click(5, 5)
    expect(page.locator(SUGGESTION)).to_have_count(0)
    expect(editor).to_have_text("Good #nights")


def test_leaving_unsent_text_asks_first(page: Page) -> None:
    page.goto("/compose/post")
    composer_of(page, "[role=dialog]").locator(EDITOR).fill("Unsent.")
    page.get_by_test_id("app-bar-close").click()
    page.get_by_test_id("confirmationSheetCancel").click()
    expect(composer_of(page, "[role=dialog]").locator(EDITOR)).to_have_text("Unsent.")
    page.get_by_test_id("app-bar-close").click()
    page.get_by_test_id("confirmationSheetConfirm").click()
    expect(page.locator("[role=dialog]")).to_have_count(0)
    expect(page).to_have_url(re.compile("/home$"))


def test_a_reply_from_the_status_page_or_the_dialog_answers_that_post(page: Page, practice: Practice) -> None:
    [target] = write_history(practice, 1)
    page.goto(f"/i/status/{target}")
    focal = page.locator('article[data-testid=tweet][tabindex="-1"]')
    expect(focal.get_by_test_id("tweetText")).to_have_text("Note 0 on walking.")
    inline = composer_of(page, "[data-testid=primaryColumn]")
    inline.locator(EDITOR).fill("From the page.")
    inline.get_by_test_id("tweetButtonInline").click()
    expect(page.locator('article[tabindex="0"]').get_by_test_id("tweetText")).to_have_text("From the page.")
    page.goto(f"/compose/post?in_reply_to={target}")
    dialog = composer_of(page, "[role=dialog]")
    expect(page.locator("[role=dialog] article")).to_contain_text("Note 0 on walking.")
    dialog.locator(EDITOR).fill("From the dialog.")
    dialog.get_by_test_id("tweetButton").click()
    expect(page.locator(TOAST)).to_contain_text("Your post was sent.")
    posts = practice.truth()["posts"]
    answers = {post["text"]: post["in_reply_to"] for post in posts if post["in_reply_to"]}
    assert answers == {"From the page.": target, "From the dialog.": target}


def test_the_cookie_bar_can_be_dismissed_while_the_dialog_is_open(page: Page) -> None:
    page.goto("/compose/post")
    composer = composer_of(page, "[role=dialog]")
    assert not covered(composer.locator(EDITOR))
    page.get_by_role("button", name="Refuse non-essential cookies", exact=True).click()
    expect(page.get_by_test_id("BottomBar")).to_have_count(0)
    expect(composer.locator(EDITOR)).to_be_visible()


def test_a_text_weighs_what_x_says(visitor: Page) -> None:
    visitor.goto("/login")
    lengths = {
        "plain": 5,
        "🧑‍🎄": 2,
        "👨‍👩‍👧‍👦": 2,
        "你好": 4,
        "naïve – “ok”": 12,
        "e\u0301": 1,
        "…": 2,
        "see https://example.org/a/very/long/address/indeed": 27,
    }
    for text, length in lengths.items():
        assert (text, visitor.evaluate(f"$weight.weightedLength({text!r})")) == (text, length)
