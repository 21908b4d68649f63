"""The search page, the figures of a post, home and hidden posts in a real Chromium (X_SURFACE §1)."""

import re

import pytest
from playwright.sync_api import Page, expect

from xbot_pipelines_tests.practice.front_end.browsing import HANDLE, write_history
from xbot_pipelines_tests.practice_site import Practice

pytestmark = pytest.mark.browser


def asked(practice: Practice, operation: str) -> int:
    counted: dict[str, int] = practice.ask("GET", "requests")["by_operation"]
    return counted.get(operation, 0)


def test_a_search_shows_a_page_and_loads_the_next_ones_only_as_the_reader_comes_near(
    page: Page, practice: Practice
) -> None:
    write_history(practice, 70)
    page.goto(f"/search?q=walking+from%3A{HANDLE}&src=typed_query&f=live")
    expect(page.get_by_text("Note 69 on walking.", exact=True)).to_be_visible()
    expect(page.get_by_role("tab", name="Latest")).to_have_attribute("aria-selected", "true")
    page.wait_for_load_state("networkidle")
    assert asked(practice, "SearchTimeline") == 1
    oldest = page.get_by_text("Note 0 on walking.", exact=True)
    for _ in range(100):
        if oldest.count():
            break
        page.mouse.wheel(0, 1200)
        page.wait_for_timeout(30)
    expect(oldest).to_be_visible()
    page.wait_for_load_state("networkidle")
    # Four pages of posts, and the page of cursors behind them.
    assert asked(practice, "SearchTimeline") <= 5


def test_the_search_box_leads_to_the_page_of_its_query(page: Page, practice: Practice) -> None:
    write_history(practice, 3)
    page.goto("/home")
    page.get_by_test_id("SearchBox_Search_Input").fill('"Note 1" #none OR walking')
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=%22Note\+1%22\+%23none\+OR\+walking&src=typed_query$"))
    expect(page.locator("article").filter(has_text="Note 1 on walking.")).to_be_visible()
    expect(page.get_by_test_id("SearchBox_Search_Input")).to_have_value('"Note 1" #none OR walking')


def test_a_search_that_finds_nothing_says_so(page: Page) -> None:
    page.goto("/search?q=quokkas&f=live")
    expect(page.get_by_test_id("emptyState")).to_contain_text("No results for “quokkas”")


def test_a_tag_leads_to_its_search(page: Page, practice: Practice) -> None:
    practice.put({"author": HANDLE, "text": "Early to bed. #sleep"})
    page.goto(f"/{HANDLE}")
    page.get_by_role("link", name="#sleep").click()
    expect(page).to_have_url(re.compile(r"/search\?q=%23sleep"))
    expect(page.get_by_text("Early to bed.")).to_be_visible()


def test_the_figures_of_an_own_post_stand_in_a_dialog_over_it(page: Page, practice: Practice) -> None:
    [post_id] = write_history(practice, 1)
    practice.ask("POST", "clock", {"advance_seconds": 20 * 3600, "running": False})
    post = practice.truth()["posts"][0]
    page.goto(f"/{HANDLE}/status/{post_id}")
    page.locator(f'a[href="/{HANDLE}/status/{post_id}/analytics"]').click()
    dialog = page.get_by_role("dialog", name="Post Analytics")
    expected = {
        "Impressions": post["counters"]["views"],
        "Engagements": post["private"]["engagements"],
        "Detail expands": post["private"]["detail_expands"],
        "Profile visits": post["private"]["profile_visits"],
        "Link clicks": 0,
    }
    for name, value in expected.items():
        expect(dialog.locator(".figure").filter(has_text=name)).to_have_text(f"{name}{value:,}")
    assert expected["Impressions"] > 0
    expect(page.locator("article[tabindex='-1']").get_by_test_id("tweetText")).to_have_text("Note 0 on walking.")
    dialog.get_by_test_id("app-bar-close").click()
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(re.compile(f"/status/{post_id}$"))


def test_another_ones_post_has_no_page_of_figures(page: Page, practice: Practice) -> None:
    reader = practice.ask("GET", "people")[0]["handle"]
    (theirs,) = practice.put({"author": reader, "text": "Mine alone"})
    page.goto(f"/{reader}/status/{theirs}/analytics")
    expect(page.get_by_test_id("error-detail")).to_contain_text("Hmm...this page doesn’t exist")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_figures_that_fail_offer_a_retry_which_works(page: Page, practice: Practice) -> None:
    [post_id] = write_history(practice, 1)
    practice.fault(operation="TweetActivityQuery", kind="http_500_before", count=1)
    page.goto(f"/{HANDLE}/status/{post_id}/analytics")
    expect(page.get_by_test_id("primaryColumn")).to_contain_text("Something went wrong. Try reloading.")
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("dialog", name="Post Analytics")).to_be_visible()


def test_home_asks_once_for_its_timeline(page: Page, practice: Practice) -> None:
    reader = practice.ask("GET", "people")[0]["handle"]
    practice.put({"author": reader, "text": "Somebody else’s morning"})
    for count in (3, 40):
        write_history(practice, count)
        before = asked(practice, "HomeTimeline")
        page.goto("/home")
        expect(page.locator("article").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert asked(practice, "HomeTimeline") == before + 1
        if count == 3:
            expect(page.get_by_text("Somebody else’s morning")).to_be_visible()
    assert asked(practice, "UserOriginalsTimeline") == 0


def test_a_hidden_post_shows_its_tombstone(page: Page, practice: Practice) -> None:
    [post_id] = write_history(practice, 1)
    practice.ask("POST", f"posts/{post_id}/hide")
    page.goto(f"/{HANDLE}/status/{post_id}")
    expect(page.get_by_test_id("primaryColumn")).to_contain_text("This Post is unavailable.")
    expect(page.locator("article")).to_have_count(0)
