"""The pages of practice X in a real Chromium: login, home, profile, post, timeline (X_SURFACE §1 and §2)."""

import re

import pytest
from playwright.sync_api import Page, expect

from xbot_pipelines_tests.practice.front_end.browsing import (
    EDITOR,
    HANDLE,
    HARD_TEXT,
    TOAST,
    composer_of,
    write_history,
)
from xbot_pipelines_tests.practice_site import Practice

pytestmark = pytest.mark.browser


def test_a_person_logs_in_and_lands_where_they_wanted_to_go(visitor: Page) -> None:
    visitor.goto("/compose/post")
    expect(visitor).to_have_url(re.compile(r"/i/jf/onboarding/web\?redirect_after_login=%2Fcompose%2Fpost"))
    visitor.locator('input[name="username_or_email"]').fill(HANDLE)
    visitor.locator('input[name="password"]').fill("wrong")
    visitor.get_by_role("button", name="Log in").click()
    expect(visitor.locator(TOAST)).to_be_visible()
    visitor.locator('input[name="password"]').fill("practice")
    visitor.get_by_role("button", name="Log in").click()
    expect(visitor.locator(f"[role=dialog] {EDITOR}")).to_be_visible()
    expect(visitor.get_by_test_id("AppTabBar_Profile_Link")).to_have_attribute("href", f"/{HANDLE}")
    assert "auth_token" in {cookie.get("name") for cookie in visitor.context.cookies()}


def test_home_without_a_session_leads_to_the_login_page(visitor: Page) -> None:
    visitor.goto("/home")
    expect(visitor).to_have_url(re.compile(r"/i/jf/onboarding/web\?redirect_after_login=%2Fhome"))


def test_a_session_that_dies_while_the_page_is_open_leads_to_the_login_page(page: Page) -> None:
    page.goto("/home")
    composer = composer_of(page, "[data-testid=primaryColumn]")
    composer.locator(EDITOR).fill("Too late.")
    page.context.clear_cookies(name="auth_token")
    composer.get_by_test_id("tweetButtonInline").click()
    expect(page).to_have_url(re.compile("/i/jf/onboarding/web"))


def test_a_post_and_a_profile_are_shown_without_a_session(visitor: Page, practice: Practice) -> None:
    [post_id] = write_history(practice, 1)
    visitor.goto(f"/{HANDLE}/status/{post_id}")
    expect(visitor.get_by_test_id("tweetText")).to_have_text("Note 0 on walking.")
    expect(visitor.get_by_test_id("SideNav_AccountSwitcher_Button")).to_have_count(0)
    visitor.goto(f"/{HANDLE}")
    expect(visitor.get_by_test_id("UserName")).to_contain_text(f"@{HANDLE}")


def test_a_post_is_shown_as_it_was_written_with_emoji_as_images(page: Page, practice: Practice) -> None:
    practice.put({"author": HANDLE, "text": HARD_TEXT})
    page.goto(f"/{HANDLE}")
    shown = page.get_by_test_id("tweetText").filter(has_text="A family").first
    expect(shown.locator("img")).to_have_count(2)
    read = "text => [...text.children].map((part) => part.alt ?? part.textContent).join('')"
    assert shown.evaluate(read) == HARD_TEXT
    expect(shown.locator(f'a[href="/{HANDLE}"]')).to_have_text(f"@{HANDLE}")


def test_a_post_shows_author_time_and_exact_counts(page: Page, practice: Practice) -> None:
    write_history(practice, 1)
    practice.ask("POST", "clock", {"advance_seconds": 6 * 3600, "running": False})
    post = practice.truth()["posts"][0]
    page.goto(f"/{HANDLE}")
    article = page.locator("article[data-testid=tweet]").filter(has_text="Note 0 on walking.")
    expect(article).to_have_attribute("role", "article")
    name = article.get_by_test_id("User-Name")
    expect(name.locator(f'a[href="/{HANDLE}"][tabindex="-1"]')).to_have_text(f"@{HANDLE}")
    expect(name.locator(f'a[href="/{HANDLE}/status/{post["id"]}"] > time')).to_have_attribute(
        "datetime", re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$")
    )
    counters = post["counters"]
    units = (
        ("replies", "reply"),
        ("reposts", "repost"),
        ("likes", "like"),
        ("bookmarks", "bookmark"),
        ("views", "view"),
    )
    terms = [f"{counters[many]} {many if counters[many] > 1 else one}" for many, one in units if counters[many]]
    assert counters["views"] > 0
    expect(article.get_by_role("group")).to_have_attribute("aria-label", ", ".join(terms))


def test_a_profile_shows_who_it_is_and_exact_followers(page: Page, practice: Practice) -> None:
    practice.ask("POST", "clock", {"running": False})
    page.goto(f"/{HANDLE}")
    accounts = practice.truth()["accounts"]
    followers = next(account["followers"] for account in accounts if account["handle"] == HANDLE)
    expect(page.locator('a[href$="/verified_followers"]')).to_have_text(f"{followers:,} Followers")
    expect(page.get_by_test_id("UserJoinDate")).to_contain_text("Joined ")
    expect(page.get_by_test_id("UserDescription")).not_to_be_empty()


def test_an_empty_profile_says_nothing_of_being_empty(page: Page) -> None:
    page.goto(f"/{HANDLE}")
    expect(page.get_by_label("Who to follow")).to_be_visible()
    expect(page.locator("article")).to_have_count(0)
    expect(page.get_by_test_id("emptyState")).to_have_count(0)


@pytest.mark.parametrize("path", ["/nobody_here", "/not-a-handle", f"/{HANDLE}/status/1234567890123456789"])
def test_what_does_not_exist_says_so_with_a_curly_apostrophe(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator("[data-testid=primaryColumn] [data-testid=error-detail]")).to_have_text(
        "Hmm...this page doesn’t exist. Try searching for something else."
    )


def test_a_timeline_loads_while_scrolling_and_keeps_few_rows_mounted(page: Page, practice: Practice) -> None:
    write_history(practice, 130)
    page.goto(f"/{HANDLE}")
    seen: set[str] = set()
    most_mounted = 0
    oldest = page.get_by_text("Note 0 on walking.", exact=True)
    for _ in range(200):
        at_end = oldest.count() > 0
        texts = page.locator("article [data-testid=tweetText]").all_inner_texts()
        seen.update(texts)
        most_mounted = max(most_mounted, len(texts))
        if at_end:
            break
        page.mouse.wheel(0, 1200)
        page.wait_for_timeout(30)
    assert {f"Note {number} on walking." for number in range(130)} <= seen
    assert 20 < most_mounted <= 60
    page.evaluate("scrollTo(0, 0)")
    expect(page.get_by_text("Note 129 on walking.", exact=True)).to_be_visible()


def test_the_cookie_bar_comes_once(visitor: Page) -> None:
    visitor.goto("/login")
    visitor.get_by_role("button", name="Refuse non-essential cookies").click()
    expect(visitor.get_by_test_id("BottomBar")).to_have_count(0)
    visitor.reload()
    expect(visitor.locator('input[name="password"]')).to_be_visible()
    expect(visitor.get_by_test_id("BottomBar")).to_have_count(0)


def test_visible_counts_are_truncated_never_rounded(visitor: Page) -> None:
    visitor.goto("/login")
    counts = [0, 7, 999, 1000, 1349, 1776, 11716, 315026, 1_299_999]
    shown = visitor.evaluate(f"{counts}.map($numbers.visibleCount)")
    assert shown == ["", "7", "999", "1K", "1.3K", "1.7K", "11K", "315K", "1.2M"]
    followers = visitor.evaluate("[2181, 9999, 12345].map($numbers.followerCount)")
    assert followers == ["2,181", "9,999", "12.3K"]


def test_the_action_bar_leaves_zeros_away_and_knows_the_singular(visitor: Page) -> None:
    visitor.goto("/login")
    counts = "{ replies: 17, reposts: 1, likes: 131, bookmarks: 0, views: null }"
    assert visitor.evaluate(f"$numbers.actionBarLabel({counts})") == "17 replies, 1 repost, 131 likes"
    only_views = "{ replies: 0, reposts: 0, likes: 0, bookmarks: 0, views: 8 }"
    assert visitor.evaluate(f"$numbers.actionBarLabel({only_views})") == "8 views"


def test_the_mentions_show_who_wrote_to_us(page: Page, practice: Practice) -> None:
    reader = practice.ask("GET", "people")[0]["handle"]
    practice.put({"author": reader, "text": f"@{HANDLE} how do you begin?"})
    page.goto("/home")
    page.get_by_test_id("AppTabBar_Notifications_Link").click()
    expect(page).to_have_url(re.compile(r"/notifications/mentions$"))
    expect(page.get_by_role("tab", name="Mentions")).to_have_attribute("aria-selected", "true")
    expect(page.locator("article").first).to_contain_text("how do you begin?")


def test_a_closed_post_cannot_be_answered_on_its_page(page: Page, practice: Practice) -> None:
    judged = practice.ask("GET", "truth/opportunities?within=48&fresh=48")["posts"]
    post = next(one for one in judged if "closed" in one["reasons"] and "deleted" not in one["reasons"])
    page.goto(f"/{post['author']}/status/{post['id']}")
    focal = page.locator("article[tabindex='-1']")
    expect(focal.get_by_test_id("reply")).to_be_disabled()
    expect(page.get_by_text("Who can reply?")).to_be_visible()
    expect(page.locator(EDITOR)).to_have_count(0)


def test_a_protected_profile_says_so_and_shows_no_posts(page: Page, practice: Practice) -> None:
    judged = practice.ask("GET", "truth/opportunities")["posts"]
    author = next(one["author"] for one in judged if "protected" in one["reasons"])
    page.goto(f"/{author}")
    expect(page.get_by_test_id("emptyState")).to_contain_text("These posts are protected")
    expect(page.get_by_test_id("icon-lock")).to_be_visible()
    expect(page.locator("article")).to_have_count(0)
