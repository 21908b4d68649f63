"""The one way in which a feed fails. What can go wrong, and in which words, lies where it happens."""

from urllib.parse import urlsplit

from xbot_pipelines.text.clean import clean
from xbot_pipelines.text.escape import for_terminal_line


class FeedFailed(Exception):
    """A feed could not be read. As text it is one sentence: which feed, what happened, what to do.

    `sentence` is the same without the feed.
    """

    def __init__(self, url: str, sentence: str) -> None:
        self.sentence = for_terminal_line(clean(sentence))
        super().__init__(for_terminal_line(f"{shown(url)} {sentence}"))


def shown(url: str) -> str:
    """Answers an address as it may be shown: without its query, where the keys of private feeds stand (F28)."""
    parts = urlsplit(url)
    return parts._replace(query="…" if parts.query else "", fragment="").geturl()
