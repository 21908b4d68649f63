"""The one way in which a feed fails. What can go wrong, and in which words, lies where it happens."""

from urllib.parse import urlsplit


class FeedFailed(Exception):
    """A feed could not be read. As text it is one sentence: which feed, what happened, what to do.

    `sentence` is the same without the feed.
    """

    def __init__(self, url: str, sentence: str) -> None:
        super().__init__(f"{shown(url)} {sentence}")
        self.sentence = sentence


def shown(url: str) -> str:
    """Answers an address as it may be shown: without its query, where the keys of private feeds stand (F28)."""
    parts = urlsplit(url)
    return parts._replace(query="…" if parts.query else "", fragment="").geturl()
