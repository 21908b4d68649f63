"""What a robots.txt allows us, by RFC 9309."""

import pytest

from xbot_pipelines.feeds.robots import allows
from xbot_pipelines.models import RobotsFile
from xbot_pipelines_tests.conftest import NOON


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/feed.xml", True),
        ("User-agent: *\nDisallow: /", "/feed.xml", False),
        ("\ufeffUser-agent: *\nDisallow: /", "/feed.xml", False),
        ("User-agent: *\nDisallow:", "/feed.xml", True),
        ("User-agent: *\nDisallow: /*.xml$", "/feed.xml", False),
        ("User-agent: *\nDisallow: /*.xml$", "/feed.xml?page=2", True),
        ("User-agent: *\nDisallow: /*/feed", "/news/feed", False),
        # The longest rule counts, whichever stands first; of two equal ones the one that allows.
        ("User-agent: *\nDisallow: /\nAllow: /feed", "/feed.xml", True),
        ("User-agent: *\nAllow: /\nDisallow: /feed", "/feed.xml", False),
        ("User-agent: *\nDisallow: /feed\nAllow: /feed", "/feed.xml", True),
        # Our own group counts and no other, wherever it stands, in several parts.
        ("User-agent: *\nDisallow: /\n\nUser-agent: XBOT-Pipelines\nAllow: /", "/feed.xml", True),
        ("User-agent: xbot-pipelines\nDisallow: /a\n\nUser-agent: xbot-pipelines\nDisallow: /feed", "/feed.xml", False),
        ("User-agent: other\nUser-agent: xbot-pipelines\nDisallow: /", "/feed.xml", False),
        ("User-agent: other\nDisallow: /", "/feed.xml", True),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/caf\u00e9/feed", False),
        ("<html><body>Not found</body></html>", "/feed.xml", True),
    ],
)
def test_the_longest_rule_of_our_group_says_what_is_allowed(text: str, path: str, allowed: bool) -> None:
    robots = RobotsFile(origin="https://example.org", text=text, read_at=NOON)
    assert allows(robots, f"https://example.org{path}") is allowed
