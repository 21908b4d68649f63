"""The canary (F11): whatever kind of page stops to parse, one look names it and says what is missing there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Route

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.canary import check_pages
from xbot_pipelines.x.browser import BrowserClient
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.history import Past, put_past, record_past
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.systems.conftest import HASTY, TurnInAnOpenBrowser

pytestmark = pytest.mark.browser

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PAGES = ["home", "profile", "own timelines", "post", "conversation", "post analytics", "search"]


class Canary:
    """The canary, on an account with a practice site of its own."""

    def __init__(
        self, database: AccountDatabase, settings: Settings, turn: BrowserTurn, practice: Practice, clock: ManualClock
    ) -> None:
        self.database, self.settings, self.practice, self.clock = database, settings, practice, clock
        self.turn = turn

    def has_posts(self, *ages: timedelta) -> list[Past]:
        """Lets the account have published posts of these ages."""
        posts = put_past(self.practice, [self.clock.now() - age for age in ages])
        record_past(self.database, posts)
        return posts

    def is_answered_nothing_known(self, *operations: str) -> None:
        """Lets the site answer these operations with HTTP 200, an error that nobody knows, and no data."""
        for operation in operations:
            self.practice.fault(operation=operation, kind="error_code", code=999, probability=1)

    def renames(self, operation: str, *names: str) -> None:
        """Lets these names in the answers to an operation be others from now on, between the site and the browser."""

        def renamed(route: Route) -> None:
            answer = route.fetch()
            body = answer.text()
            for name in names:
                body = body.replace(f'"{name}"', f'"new_{name}"')
            route.fulfill(response=answer, body=body)

        client = self.turn.client()
        assert isinstance(client, BrowserClient)
        client.page.route(f"**/graphql/*/{operation}?*", renamed)

    def look(self) -> tuple[list[str], dict[str, str], dict[str, str]]:
        """Looks once: the pages in their order, what is missing on which, and why which was not opened."""
        handle = self.settings.profile.handle
        checks = check_pages(self.database, self.turn.client, handle=handle, clock=self.clock)
        missing = {check.page: check.missing for check in checks if check.missing is not None}
        skipped = {check.page: check.skipped for check in checks if check.skipped is not None}
        return [check.page for check in checks], missing, skipped


@pytest.fixture
def clock(practice: Practice) -> ManualClock:
    """A clock that stands at noon together with the practice site's: what readers do depends on the hour."""
    practice.ask("POST", "clock", {"now": NOON.isoformat(), "running": False})
    return ManualClock(NOON)


@pytest.fixture
def canary(
    database: AccountDatabase, settings: Settings, open_chromium: Browser, practice: Practice, clock: ManualClock
) -> Iterator[Canary]:
    """A canary that does not wait long for what never comes."""
    with TurnInAnOpenBrowser(settings, database, clock, open_chromium, patience=HASTY) as turn:
        yield Canary(database, settings, turn, practice, clock)


def test_an_account_that_is_silent_is_no_failure_and_what_needs_a_post_is_not_opened(canary: Canary) -> None:
    canary.has_posts(3 * DAY, 2 * MINUTE)
    pages, missing, skipped = canary.look()
    assert (pages, missing) == (PAGES, {})
    assert skipped == dict.fromkeys(PAGES[3:], "nothing of ours was published in the last two days")


def test_f11_one_look_names_every_page_that_answers_and_parses_to_nothing_and_none_that_is_read(
    canary: Canary,
) -> None:
    canary.has_posts(30 * HOUR, 10 * MINUTE)
    canary.is_answered_nothing_known(
        "Viewer", "UserRepliesTimeline", "TweetDetail", "TweetActivityQuery", "SearchTimeline"
    )
    _, missing, _ = canary.look()
    assert set(missing) == set(PAGES) - {"profile"}
    for page, said in {
        "home": "an account is missing on the home page",
        "own timelines": "a timeline or a post is missing on",
        "post": "a timeline or a post is missing on the page of post",
        "conversation": "a timeline or a post is missing on the page of post",
        "post analytics": "is missing on the analytics of post",
        "search": "a timeline or a post is missing on the search for",
    }.items():
        assert said in missing[page]

    canary.practice.ask("DELETE", "faults")
    assert canary.look() == (PAGES, {}, {})


def test_f11_a_profile_and_a_home_page_that_changed_are_named(canary: Canary) -> None:
    canary.turn.client()
    canary.practice.fault(operation="home", kind="layout_changed", count=1)
    canary.renames("UserByScreenName", "relationship_counts", "followers_count")
    _, missing, _ = canary.look()
    assert set(missing) == {"home", "profile"}
    assert "the link to the own profile is missing" in missing["home"]
    assert missing["profile"] == "the number of followers"


def test_f11_counters_that_get_another_name_are_named_though_everything_parses(canary: Canary) -> None:
    """It was so that views were null for weeks: unknown is allowed, and nobody looked how much of it there was."""
    canary.has_posts(HOUR)
    canary.renames("TweetDetail", "views")
    assert canary.look()[1] == {}, "a post that hardly anybody can have seen may have no views"
    canary.has_posts(30 * HOUR)
    canary.renames("TweetDetail", "views", "quote_count")
    assert canary.look()[1] == {"post": "its views, quotes"}


def test_f11_a_timeline_that_shows_none_of_our_posts_is_a_failure_and_not_an_empty_account(canary: Canary) -> None:
    _, newest = canary.has_posts(30 * HOUR, HOUR)
    canary.practice.ask("POST", f"posts/{newest.tweet_id}/hide")
    _, missing, _ = canary.look()
    assert missing["own timelines"] == missing["search"] == f"our newest post, {newest.tweet_id}"
