"""News: all feeds of an account, the good ones beside every kind of bad one, from a real site on this machine."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from zoneinfo import ZoneInfo

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.feeds.fetching import FeedFetcher, Limits
from xbot_pipelines.models import Result
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.feeds import known_feeds
from xbot_pipelines.store.news import unused_news
from xbot_pipelines.systems.news import Look, NewsSummary, gather
from xbot_pipelines_tests.feeds.site import MEGABYTE, Page, Site, item, open_site, redirect, rss

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TODAY, LAST_WEEK = "Mon, 02 Mar 2026 08:00:00 GMT", "Mon, 23 Feb 2026 08:00:00 GMT"
GOOD = rss(
    item("Naps help memory", "https://example.org/naps", TODAY), item("Walk more", "https://example.org/walk", TODAY)
)


@pytest.fixture
def site() -> Iterator[Site]:
    """A site with one good feed."""
    with open_site() as site:
        site.pages["/good"] = Page(GOOD, headers={"ETag": '"1"'})
        yield site


@pytest.fixture
def clock() -> ManualClock:
    """Feeds are of no site of ours: their clock needs none beside it."""
    return ManualClock(NOON)


Gather = Callable[..., NewsSummary]


@pytest.fixture
def look_at(database: AccountDatabase, site: Site, clock: ManualClock) -> Gather:
    """Looks at feeds of the site by their paths, as a run of its own does."""

    def look(*paths: str, seconds: float = 15) -> NewsSummary:
        feeds = tuple(f"{site.url}{path}" for path in paths)
        profile = AccountSettings(
            handle="tester", timezone=ZoneInfo("UTC"), persona="Somebody.", subjects=("sleep",), feeds=feeds
        )
        fetcher = FeedFetcher(feeds, clock=clock, limits=Limits(seconds=seconds))
        return gather(database, profile, fetcher, clock=clock)

    return look


def titles(database: AccountDatabase, now: datetime = NOON) -> list[str]:
    return [news.title for news in unused_news(database, now=now, limit=20)]


def test_what_is_new_in_a_feed_is_offered_with_its_source(
    database: AccountDatabase, look_at: Gather, site: Site
) -> None:
    summary = look_at("/good")
    assert (summary.result, summary.reason, summary.new) == (Result.DONE, None, 2)
    assert summary.feeds[0].sentence == f"{site.url}/good: 2 new, 0 known, 0 refused"
    offered = unused_news(database, now=NOON, limit=20)
    assert [news.source for news in offered] == [site.url.removeprefix("http://")] * 2
    assert titles(database) == ["Naps help memory", "Walk more"]


def test_no_feeds_are_nothing_to_do(look_at: Gather) -> None:
    assert look_at().reason == "the account names no feeds: `feeds` is empty"


def test_a_feed_that_has_not_changed_is_not_sent_again(look_at: Gather, site: Site) -> None:
    look_at("/good")

    def unless_known(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(304 if handler.headers["If-None-Match"] == '"1"' else 500)
        handler.end_headers()

    site.pages["/good"] = unless_known
    summary = look_at("/good")
    assert summary.feeds[0].look == Look.UNCHANGED
    assert (summary.result, summary.reason) == (Result.NOTHING_TO_DO, "nothing is new")
    assert [path for path, _ in site.asked].count("/robots.txt") == 1


def test_a_feed_without_etags_is_read_again_and_nothing_is_new(look_at: Gather, site: Site) -> None:
    site.pages["/good"] = Page(GOOD)
    look_at("/good")
    summary = look_at("/good")
    assert (summary.feeds[0].new, summary.feeds[0].known) == (0, 2)
    assert summary.result == Result.NOTHING_TO_DO


def test_f22_what_a_feed_offers_adds_up(look_at: Gather, site: Site) -> None:
    site.pages["/mixed"] = Page(
        rss(
            item("Naps help memory", "https://example.org/naps?utm_source=rss", TODAY),
            item("Naps help memory", "https://example.org/naps", TODAY),
            item("Naps help the memory", "https://other.example/", TODAY),
            item("From last week", "https://example.org/old", LAST_WEEK),
            item("Sunlight", "javascript:alert(1)", TODAY),
            item("", "https://example.org/untitled", TODAY),
            item("Without a date", "https://example.org/undated"),
        )
    )
    [feed] = look_at("/mixed").feeds
    assert (feed.new, feed.known) == (2, 2)
    assert feed.refused == {
        "older than 3 days": 1,
        "with a link that is no web address": 1,
        "without a title": 1,
    }
    assert feed.entries == 7


def test_feeds_each_of_which_is_bad_in_its_own_way_end_in_one_line_each_and_stop_no_other(
    database: AccountDatabase, look_at: Gather, site: Site
) -> None:
    ok = b"HTTP/1.1 200 OK\r\n\r\n"
    site.pages |= {
        "/malformed": Page(b"<rss version='2.0'><channel><title>x</channel>"),
        "/fifty-megabytes": site.drip(b" " * MEGABYTE, every=0, head=ok),
        "/slow-drip": site.drip(b" ", every=0.05, head=ok),
        "/to-a-private-address": redirect("http://192.168.1.1/feed"),
        "/to-another-server-here": redirect("http://127.0.0.1:1/feed"),
        "/page": Page(b"<!doctype html><html>"),
        "/broken": Page(status=500),
        "/duplicates": Page(rss(*[item("Rest days count", "https://example.org/rest", TODAY)] * 3)),
        "/no-dates": Page(rss(item("Drink water", "https://example.org/water"))),
        "/half": Page(rss(item("Read so far", "https://example.org/far", TODAY), "<title>A & B")[:-9]),
        "/empty": Page(rss()),
    }
    summary = look_at(*[path for path in site.pages if path != "/good"], "/good", seconds=4)
    said = {
        feed.url.removeprefix(site.url): feed.sentence.removeprefix(feed.url).lstrip(": ") for feed in summary.feeds
    }
    assert said["/malformed"].startswith("is malformed XML in line 1 (mismatched tag), and nothing of it could be read")
    assert said["/fifty-megabytes"].startswith("is longer than 2 MB")
    assert said["/slow-drip"].startswith("did not arrive within 4 s")
    assert said["/to-a-private-address"].startswith("redirects to 192.168.1.1, which is not in `feeds`")
    assert said["/to-another-server-here"].startswith("was not read: 127.0.0.1, and that is no public address")
    assert said["/page"].startswith("is a web page, not a feed")
    assert said["/broken"] == "answered HTTP 500: it is tried again at the next turn"
    assert said["/duplicates"] == "1 new, 2 known, 0 refused"
    assert said["/no-dates"] == "1 new, 0 known, 0 refused"
    assert said["/half"].startswith("1 new, 0 known, 1 refused (1 without a title); it is malformed XML in line 1")
    assert said["/empty"] == "0 new, 0 known, 0 refused; it has no entries"
    assert said["/good"] == "2 new, 0 known, 0 refused"
    assert all("\n" not in feed.sentence for feed in summary.feeds)
    assert (summary.count(Look.FAILED), summary.count(Look.READ)) == (7, 5)
    assert (summary.result, summary.reason) == (Result.DONE, "7 of 12 feeds could not be read")
    assert set(titles(database)) == {"Naps help memory", "Walk more", "Rest days count", "Drink water", "Read so far"}


def test_f22_where_no_feed_can_be_read_the_run_is_blocked(look_at: Gather) -> None:
    summary = look_at("/missing", "/gone")
    assert (summary.result, summary.reason) == (Result.BLOCKED, "none of 2 feeds could be read")
    assert summary.failure is not None
    assert summary.failure.startswith("no feed could be read: ")
    assert all(feed.sentence in summary.failure for feed in summary.feeds)


def test_some_feeds_that_can_be_read_are_no_failure(look_at: Gather) -> None:
    assert look_at("/missing", "/good").failure is None
    assert look_at().failure is None


def test_a_feed_that_could_not_be_read_is_asked_for_in_full_the_next_time(
    database: AccountDatabase, look_at: Gather, site: Site
) -> None:
    site.pages["/good"] = Page(b"<rss version='2.0'><channel><title>x</channel>", headers={"ETag": '"broken"'})
    look_at("/good")
    assert known_feeds(database)[f"{site.url}/good"].etag is None
    site.pages["/good"] = Page(GOOD)
    assert look_at("/good").new == 2


def test_news_grows_old(database: AccountDatabase, look_at: Gather, clock: ManualClock) -> None:
    look_at("/good")
    clock.advance(timedelta(days=3))
    assert titles(database, clock.now()) == []
    [feed] = look_at("/good").feeds
    assert feed.refused == {"older than 3 days": 2}
