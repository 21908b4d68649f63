"""Plain text out of foreign markup: no tags, nothing that cannot be seen, and not too long. Pure.

What is left is data all the same: how it is quoted to a model is the business of `content`.
"""

import re
from html import unescape
from html.entities import html5
from html.parser import HTMLParser

from xbot_pipelines.text.visible import visible_text

_LONGEST_MARKUP = 20_000
# Some feeds escape their markup twice.
_MOST_LAYERS = 2
_MARKUP = re.compile(r"</?[a-z!][^<>]*>|&(?:#\w+|[a-z]+\d*);", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]*);")
_ESCAPED_MARKUP = re.compile(r"</[a-z][a-z0-9]*\s*>|<(?:br|hr|p)\s*/?>|<img\s[^<>]*=|<!\[CDATA\[|<!--", re.IGNORECASE)
_UNSEEN_ELEMENT = re.compile(
    r"<!--.*?-->|<(script|style|template|iframe|noscript|svg|math)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL
)
_EMPTY_ELEMENT = re.compile(r"<(?P<breaks>br|hr)\s*/?>|<wbr\s*/?>|<img\s[^<>]*=[^<>]*>", re.IGNORECASE)
_ELEMENT = re.compile(
    r"<(?P<tag>[a-z][a-z0-9]{0,9})(?:\s[^<>]*)?>(?P<inner>[^<>]*|(?:(?!</?(?P=tag)\b).)*)</(?P=tag)\s*>",
    re.IGNORECASE | re.DOTALL,
)
_DEEPEST_TITLE = 5
_UNSEEN_ELEMENTS = frozenset({"script", "style", "template", "head", "title", "iframe", "noscript", "svg", "math"})


def plain_text(markup: str, *, longest: int) -> str:
    """Answers what a reader would see of a piece of HTML: one line, cut at a word, at most `longest` characters."""
    text = _CDATA.sub(r"\1", markup[:_LONGEST_MARKUP])
    if _MARKUP.search(text):
        text = _without_tags(text)
    for _ in range(_MOST_LAYERS):
        if not _ESCAPED_MARKUP.search(text):
            break
        text = _without_tags(_CDATA.sub(r"\1", text))
    return _cut(visible_text(text), longest)


def title_text(markup: str, *, longest: int) -> str:
    """Return what a reader would see of a title, in which a word may look like a tag: "<a> as <area> in image maps".

    Only what can be nothing else is markup: an element with its end, a break, a picture with its address. Entities are
    read once.
    """
    text = _CDATA.sub(r"\1", markup[: _LONGEST_MARKUP // 10])
    text = _without_elements(text)
    # Some feeds escape their markup, or their CDATA, twice.
    text = _CDATA.sub(r"\1", _ENTITY.sub(_character, text))
    return _cut(visible_text(_without_elements(text)), longest)


def _without_elements(text: str) -> str:
    """Take away elements from the inside out, their text stays."""
    text = _UNSEEN_ELEMENT.sub(" ", text)
    text = _EMPTY_ELEMENT.sub(lambda found: " " if found["breaks"] else "", text)
    for _ in range(_DEEPEST_TITLE):
        text, found = _ELEMENT.subn(_contents_of, text)
        if not found:
            break
    return text


def _contents_of(element: re.Match[str]) -> str:
    return element["inner"] if element["tag"].lower() in _WITHIN_WORDS else f" {element['inner']} "


def _character(entity: re.Match[str]) -> str:
    known = entity[1].startswith("#") or f"{entity[1]};" in html5
    return unescape(entity[0]) if known else entity[0]


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
