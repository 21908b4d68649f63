"""Reading apart: the same answers, and an end to what a feed can cost."""

import json
import signal
import subprocess
import sys

import pytest

from xbot_pipelines.feeds.apart import read_apart
from xbot_pipelines.feeds.errors import FeedFailed
from xbot_pipelines.feeds.reading import read_feed
from xbot_pipelines_tests.feeds.site import item, rss

FEED = "https://example.org/feed.xml"
BLANK_LINES = b"<?xml version='1.0'?>" + b"\n" * 1_000_000 + rss()


def test_it_reads_what_reading_here_would() -> None:
    feed = rss(item("Müde", "/a", "Mon, 02 Mar 2026 10:00:00 GMT"), item("B", "javascript:x"), item("C", "/c"))
    here = read_feed(feed, url=FEED, address=FEED, content_type="text/xml")
    assert read_apart(feed, url=FEED, address=FEED, content_type="text/xml") == here


def test_a_failure_there_is_a_failure_here() -> None:
    with pytest.raises(FeedFailed, match=r"^https://example.org/feed.xml is a web page, not a feed"):
        read_apart(b"<html>", url=FEED, address=FEED, content_type="text/html")


def test_a_feed_that_keeps_the_parser_busy_for_minutes_is_one_sentence() -> None:
    with pytest.raises(FeedFailed, match="takes more than 1 s to read"):
        read_apart(BLANK_LINES, url=FEED, address=FEED, content_type="text/xml", seconds=1)


def test_the_process_ends_itself_also_where_nobody_waits_for_it() -> None:
    about = json.dumps({"url": FEED, "address": FEED, "content_type": "text/xml", "seconds": 1}).encode()
    program = [sys.executable, "-m", "xbot_pipelines.feeds.apart"]
    ended = subprocess.run(program, input=about + b"\n" + BLANK_LINES, capture_output=True, timeout=60, check=False)
    assert ended.returncode in {-signal.SIGXCPU, -signal.SIGKILL}


def test_a_feed_that_fills_the_memory_is_one_sentence() -> None:
    grown = b'<!DOCTYPE x [\n<!ENTITY a "' + b"a" * 100_000 + b'">\n]>\n<rss version="2.0"><channel><item><title>'
    with pytest.raises(FeedFailed, match=r"(cannot|could not) be read|takes more than"):
        read_apart(
            grown + b"&a;" * 200_000 + b"</title></item></channel></rss>", url=FEED, address=FEED, content_type=""
        )
