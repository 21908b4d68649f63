"""Plain text out of foreign markup: no tags, nothing that cannot be seen, and not too long. Pure.

What is left is data all the same: how it is quoted to a model is the business of `content`.
"""

import re
from html.parser import HTMLParser

from xbot_pipelines.text.visible import visible_text

_LONGEST_MARKUP = 20_000
# Some feeds escape their markup twice.
_MOST_LAYERS = 3
_MARKUP = re.compile(r"</?[a-z!][^<>]*>|&(?:#\w+|[a-z]+\d*);", re.IGNORECASE)
_UNSEEN_ELEMENTS = frozenset({"script", "style", "template", "head", "title", "iframe", "noscript", "svg", "math"})


def plain_text(markup: str, *, longest: int) -> str:
    """Answers what a reader would see of a piece of HTML: one line, cut at a word, at most `longest` characters."""
    text = markup[:_LONGEST_MARKUP]
    for _ in range(_MOST_LAYERS):
        if not _MARKUP.search(text):
            break
        text = _without_tags(text)
    return _cut(visible_text(text), longest)


def _without_tags(markup: str) -> str:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return "".join(reader.pieces)


class _Reader(HTMLParser):
    """Collects the text of a page, and a blank wherever a tag stood that may separate words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _UNSEEN_ELEMENTS:
            self._unseen.append(tag)
        self._separate(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        self._separate(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._separate(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)

    def _separate(self, tag: str) -> None:
        if tag not in _WITHIN_WORDS:
            self.pieces.append(" ")


_WITHIN_WORDS = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "mark", "q", "s", "small"}
    | {"span", "strong", "sub", "sup", "u", "wbr"}
)


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    at_a_word = head.rpartition(" ")[0] if text[longest - 1] != " " else head
    return f"{(at_a_word if len(at_a_word) > longest // 2 else head).rstrip()}…"
