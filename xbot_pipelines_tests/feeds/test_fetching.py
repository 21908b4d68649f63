"""Fetching a feed: politely, and bounded in time, size and places, against a real site on this machine."""

import gzip
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from importlib.metadata import version

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.feeds.errors import FeedFailed
from xbot_pipelines.feeds.fetching import FeedFetcher, Limits
from xbot_pipelines.models import FeedState
from xbot_pipelines_tests.feeds.site import MEGABYTE, Page, Site, open_site, redirect, rss

FEED = rss()
OK = b"HTTP/1.1 200 OK\r\n"


def fetcher(site: Site, clock: ManualClock, *more: str, seconds: float = 10) -> FeedFetcher:
    return FeedFetcher((f"{site.url}/feed", *more), clock=clock, limits=Limits(seconds=seconds))


def failure(fetching: FeedFetcher, url: str) -> str:
    with pytest.raises(FeedFailed) as failed:
        fetching.fetch(FeedState(url=url))
    return failed.value.sentence


def test_a_feed_is_fetched_by_a_reader_who_gives_its_name(site: Site, clock: ManualClock) -> None:
    site.pages["/feed"] = Page(FEED, headers={"ETag": '"a"', "Last-Modified": "Mon", "Content-Type": "text/xml"})
    fetched = fetcher(site, clock).fetch(FeedState(url=f"{site.url}/feed"))
    assert (fetched.content, fetched.content_type) == (FEED, "text/xml")
    assert (fetched.etag, fetched.last_modified) == ('"a"', "Mon")
    _, headers = site.asked[-1]
    assert headers["User-Agent"] == f"xbot-pipelines/{version('xbot-pipelines')} (feed reader)"


def test_what_has_not_changed_is_not_sent_again(site: Site, clock: ManualClock) -> None:
    site.pages["/feed"] = Page(status=304)
    fetched = fetcher(site, clock).fetch(FeedState(url=f"{site.url}/feed", etag='"a"', last_modified="Mon"))
    assert fetched.content is None
    assert (fetched.etag, fetched.last_modified) == ('"a"', "Mon")
    _, headers = site.asked[-1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"a"', "Mon")


def test_f22_unchanged_without_having_asked_is_a_failure(site: Site, clock: ManualClock) -> None:
    site.pages["/feed"] = Page(status=304)
    assert failure(fetcher(site, clock), f"{site.url}/feed").startswith("answered HTTP 304")


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (404, "is the address right?"),
        (410, "it is gone for good. Take it out of `feeds`"),
        (429, "it is asked too often. It is tried again at the next turn"),
        (500, "it is tried again at the next turn"),
    ],
)
def test_an_error_says_what_to_do(site: Site, clock: ManualClock, status: int, advice: str) -> None:
    site.pages["/feed"] = Page(status=status)
    assert failure(fetcher(site, clock), f"{site.url}/feed") == f"answered HTTP {status}: {advice}"


def test_the_key_of_a_private_feed_is_in_no_sentence(site: Site, clock: ManualClock) -> None:
    feed = f"{site.url}/feed?key=secret"
    with pytest.raises(FeedFailed) as failed:
        FeedFetcher((feed,), clock=clock).fetch(FeedState(url=feed))
    assert str(failed.value) == f"{site.url}/feed?… answered HTTP 404: is the address right?"


def test_fifty_megabytes_are_not_read_to_their_end(site: Site, clock: ManualClock) -> None:
    site.pages["/feed"] = site.drip(b"x" * MEGABYTE, every=0, head=OK + b"\r\n")
    assert failure(fetcher(site, clock), f"{site.url}/feed") == (
        "is longer than 2 MB and was not read to its end: look for a shorter feed of that site"
    )
    assert site.sent < 20 * MEGABYTE


def test_a_length_that_is_announced_is_believed_and_nothing_is_read(site: Site, clock: ManualClock) -> None:
    site.pages["/feed"] = site.drip(b"x", every=5, head=OK + b"Content-Length: 50000000\r\n\r\n")
    assert "is longer than 2 MB" in failure(fetcher(site, clock), f"{site.url}/feed")
    assert site.sent == 0


def test_what_a_packed_feed_unpacks_to_is_what_counts(site: Site, clock: ManualClock) -> None:
    packed = gzip.compress(b" " * 50 * MEGABYTE)
    assert len(packed) < MEGABYTE
    site.pages["/feed"] = Page(packed, headers={"Content-Encoding": "gzip"})
    assert "is longer than 2 MB" in failure(fetcher(site, clock), f"{site.url}/feed")
    site.pages["/feed"] = Page(gzip.compress(FEED), headers={"Content-Encoding": "gzip"})
    assert fetcher(site, clock).fetch(FeedState(url=f"{site.url}/feed")).content == FEED


def test_packings_within_packings_are_not_opened(site: Site, clock: ManualClock) -> None:
    site.pages["/feed"] = Page(FEED, headers={"Content-Encoding": ", ".join(["gzip"] * 1000)})
    assert failure(fetcher(site, clock), f"{site.url}/feed").startswith("is packed as 'gzip, gzip")


def test_what_is_no_gzip_though_it_says_so_is_one_sentence(site: Site, clock: ManualClock) -> None:
    site.pages["/feed"] = Page(FEED, headers={"Content-Encoding": "gzip"})
    assert failure(fetcher(site, clock), f"{site.url}/feed").startswith("could not be fetched (")


@pytest.mark.parametrize("head", [b"", OK, OK + b"\r\n"], ids=["nothing", "its headers", "its body"])
def test_a_slow_drip_gains_no_time(site: Site, clock: ManualClock, head: bytes) -> None:
    drop = b"x" if head.endswith(b"\r\n\r\n") else b"A: b\r\n"
    site.pages["/feed"] = site.drip(drop if head else b"", every=0.05, head=head)
    began = time.monotonic()
    sentence = failure(fetcher(site, clock, seconds=0.5), f"{site.url}/feed")
    assert sentence == "did not arrive within 0.5 s: it is tried again at the next turn"
    assert time.monotonic() - began < 5


def test_an_answer_that_is_no_http_is_one_short_sentence(site: Site, clock: ManualClock) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(OK + b"x" * 5000 + b"\r\n\r\n")

    site.pages["/feed"] = answer
    sentence = failure(fetcher(site, clock), f"{site.url}/feed")
    assert sentence.startswith("could not be fetched (")
    assert len(sentence) < 300


def test_a_connection_that_breaks_is_one_sentence(site: Site, clock: ManualClock) -> None:
    def break_off(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(OK + b"Content-Length: 100\r\n\r\nx")
        handler.close_connection = True

    site.pages["/feed"] = break_off
    assert failure(fetcher(site, clock), f"{site.url}/feed").startswith("could not be fetched (")


def test_three_redirects_are_followed_and_no_more(site: Site, clock: ManualClock) -> None:
    site.pages |= {"/feed": redirect("/2"), "/2": redirect("/3", 301), "/3": redirect("/4", 308), "/4": Page(FEED)}
    fetched = fetcher(site, clock).fetch(FeedState(url=f"{site.url}/feed"))
    assert (fetched.content, fetched.address) == (FEED, f"{site.url}/4")
    site.pages |= {"/4": redirect("/5"), "/5": Page(FEED)}
    assert failure(fetcher(site, clock), f"{site.url}/feed").startswith("redirects more than 3 times")


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("http://elsewhere.example/feed", "redirects to elsewhere.example, which is not in `feeds`"),
        ("http://10.0.0.1/feed", "redirects to 10.0.0.1, which is not in `feeds`"),
        ("http://169.254.169.254/latest/meta-data", "redirects to 169.254.169.254, which is not in `feeds`"),
        ("file:///etc/passwd", "redirects to something that is no web address"),
        ("http://user:pass@127.0.0.1/", "redirects to something that is no web address"),
        ("http://127.0.0.1:99999999/feed", "was not read: 127.0.0.1, and that is no public address"),
    ],
)
def test_a_redirect_leads_to_no_place_that_the_owner_did_not_name(
    site: Site, clock: ManualClock, to: str, sentence: str
) -> None:
    site.pages["/feed"] = redirect(to)
    assert failure(fetcher(site, clock), f"{site.url}/feed").startswith(sentence)


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "0.0.0.0", "[fd00::1]"])
def test_a_redirect_to_a_private_address_is_refused_even_where_it_is_in_the_feeds(
    site: Site, clock: ManualClock, host: str
) -> None:
    site.pages["/feed"] = redirect(f"http://{host}/feed")
    sentence = failure(fetcher(site, clock, f"http://{host}/other"), f"{site.url}/feed")
    assert sentence.startswith(f"was not read: {host.strip('[]')}, and that is no public address")


def test_a_redirect_leads_to_no_other_server_of_this_machine(site: Site, clock: ManualClock) -> None:
    with open_site() as other:
        site.pages["/feed"] = redirect(f"{other.url}/feed")
        fetching = fetcher(site, clock, f"{other.url}/feed")
        assert "that is no public address" in failure(fetching, f"{site.url}/feed")
        assert other.asked == []


@pytest.mark.parametrize("name", ["localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"])
def test_this_machine_is_not_reached_by_a_name_however_it_is_written(site: Site, clock: ManualClock, name: str) -> None:
    feed = f"http://{name}:{site.url.rpartition(':')[2]}/feed"
    sentence = failure(FeedFetcher((feed,), clock=clock), feed)
    assert sentence.startswith("was not read: ")
    assert "no public address" in sentence
    assert site.asked == []


def test_only_what_is_in_the_feeds_is_asked_for(site: Site, clock: ManualClock) -> None:
    assert failure(fetcher(site, clock), f"{site.url}/other").startswith("is not in `feeds`")
    assert site.asked == []


def test_robots_txt_is_respected(site: Site, clock: ManualClock) -> None:
    site.pages |= {"/feed": Page(FEED), "/robots.txt": Page(b"User-agent: *\nDisallow: /feed\n")}
    assert failure(fetcher(site, clock), f"{site.url}/feed") == (
        f"is closed to us by {site.url}/robots.txt: take it out of `feeds`"
    )
    assert site.paths() == []


def test_robots_txt_can_address_us_by_name(site: Site, clock: ManualClock) -> None:
    rules = b"User-agent: xbot-pipelines\nDisallow:\n\nUser-agent: *\nDisallow: /\n"
    site.pages |= {"/feed": Page(FEED), "/robots.txt": Page(rules)}
    assert fetcher(site, clock).fetch(FeedState(url=f"{site.url}/feed")).content == FEED


def test_where_a_redirect_leads_robots_txt_holds_too(site: Site, clock: ManualClock) -> None:
    site.pages |= {"/feed": redirect("/closed"), "/robots.txt": Page(b"User-agent: *\nDisallow: /closed\n")}
    assert "is closed to us" in failure(fetcher(site, clock), f"{site.url}/feed")
    assert site.paths() == ["/feed"]


@pytest.mark.parametrize(
    "robots", [*[Page(status=status) for status in (404, 403, 204)], redirect("http://elsewhere.example/")]
)
def test_a_robots_txt_that_is_not_there_allows_everything(site: Site, clock: ManualClock, robots: Page) -> None:
    site.pages |= {"/feed": Page(FEED), "/robots.txt": robots}
    assert fetcher(site, clock).fetch(FeedState(url=f"{site.url}/feed")).content == FEED


def test_a_robots_txt_is_kept_as_text_whatever_its_bytes_are(site: Site, clock: ManualClock) -> None:
    site.pages |= {"/feed": Page(FEED), "/robots.txt": Page(b"\xff\x00User-agent: *\nDisallow: /\x00x\n")}
    fetching = fetcher(site, clock)
    fetching.fetch(FeedState(url=f"{site.url}/feed"))
    assert [file.text for file in fetching.robots] == ["\ufffdUser-agent: *\nDisallow: /x\n"]


def test_a_robots_txt_that_cannot_be_had_closes_the_site_for_now(site: Site, clock: ManualClock) -> None:
    site.pages |= {"/feed": Page(FEED), "/robots.txt": Page(status=503)}
    sentence = failure(fetcher(site, clock), f"{site.url}/feed")
    assert sentence.startswith(f"was not read, because {site.url}/robots.txt answered HTTP 503")


def test_robots_txt_is_asked_for_once_a_day(site: Site, clock: ManualClock) -> None:
    site.pages["/feed"] = Page(FEED)
    today = fetcher(site, clock)
    today.fetch(FeedState(url=f"{site.url}/feed"))
    later = fetcher(site, clock)
    later.remember(today.robots)
    clock.advance(timedelta(hours=23))
    later.fetch(FeedState(url=f"{site.url}/feed"))
    assert [path for path, _ in site.asked].count("/robots.txt") == 1
    clock.advance(timedelta(hours=1))
    later.fetch(FeedState(url=f"{site.url}/feed"))
    assert [path for path, _ in site.asked].count("/robots.txt") == 2
