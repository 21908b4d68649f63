"""Reading a feed: bytes of RSS or Atom in, entries out. Pure: no address is ever opened from here.

feedparser does the parsing, and is given bytes. What a feed that means harm can make it do is bounded in `apart`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from xbot_pipelines.feeds.dates import moment_in
from xbot_pipelines.feeds.errors import FeedFailed
from xbot_pipelines.feeds.plain_text import plain_text, title_text

_MOST_ENTRIES = 200
_LONGEST_TITLE = 300
_LONGEST_SUMMARY = 1000
_LONGEST_LINK = 2000
_SHOWN_OF_A_CAUSE = 100
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PROLOGUE = 2000
_CDATA_OR_AMPERSAND = re.compile(
    rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<!DOCTYPE[^>\[]*\[.*?\]\s*>|&(?!(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][\w.-]*);)",
    re.DOTALL,
)
_BETTER_ADDRESS = "look for the address of the feed itself"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of a feed, as plain text. `published_at` is in UTC; None where it does not say, or not clearly.

    `guid` tells an entry from others of the feed that lead to the same page; empty where the feed does not tell.
    """

    title: str
    link: str
    summary: str | None = None
    published_at: datetime | None = None
    guid: str = ""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a feed holds: its entries in its own order, why others were refused and how many, and what was wrong.

    Args:
        entries: those that can be used, the same link perhaps more than once.
        refused: how many could not be used, for each reason.
        flaw: what is wrong with the feed as a whole, as the end of a sentence about it; None where nothing is.
    """

    entries: tuple[Entry, ...] = ()
    refused: Mapping[str, int]
    flaw: str | None = None


def read_feed(content: bytes, *, url: str, address: str, content_type: str) -> Contents:
    """Reads what a feed says.

    Args:
        content: RSS or Atom of any version, in any encoding.
        url: the feed as the owner wrote it, for the error.
        address: where the content was found; links are relative to it.
        content_type: as the server said, perhaps with the encoding.

    Raises:
        FeedFailed: it is no feed, or nothing of it can be read.
    """
    if not content.strip():
        raise FeedFailed(url, f"answered nothing at all: {_BETTER_ADDRESS}")
    parsed = _parsed(content, url=url, address=address, content_type=content_type)
    flaw = _flaw(parsed, content)
    if not parsed.get("version"):
        if _HTML.search(content[:_PROLOGUE]):
            raise FeedFailed(url, f"is a web page, not a feed: {_BETTER_ADDRESS}")
        raise FeedFailed(url, f"is neither RSS nor Atom: {_BETTER_ADDRESS}")
    if flaw and not parsed.entries:
        raise FeedFailed(url, f"{flaw}, and nothing of it could be read: its owner should know")
    entries: list[Entry] = []
    refused: dict[str, int] = {}
    for raw in parsed.entries[:_MOST_ENTRIES]:
        found = _entry(raw)
        if isinstance(found, Entry):
            entries.append(found)
        else:
            refused[found] = refused.get(found, 0) + 1
    if len(parsed.entries) > _MOST_ENTRIES:
        refused[f"behind the first {_MOST_ENTRIES}"] = len(parsed.entries) - _MOST_ENTRIES
    return Contents(entries=tuple(entries), refused=refused, flaw=flaw if parsed.entries else "has no entries")


def _parsed(content: bytes, *, url: str, address: str, content_type: str) -> Any:
    # Loading it takes longer than reading a feed, and most feeds have not changed when they are looked at.
    import feedparser  # type: ignore[import-untyped]

    headers = {"content-location": address, "content-type": content_type}
    try:
        # Markup is taken out here: the time of feedparser's own ways grows with the square of its length.
        return feedparser.parse(
            _with_plain_ampersands(content), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:
        # The parser meets foreign bytes, and has no error of its own for them.
        cause = f"{type(error).__name__}: {_short(error)}".rstrip(": ")
        raise FeedFailed(url, f"cannot be read ({cause}): its owner should know") from error


def _with_plain_ampersands(content: bytes) -> bytes:
    """Escape each ampersand that stands for itself, as in "R&D": a malformed feed would be read as if it had no end."""
    return _CDATA_OR_AMPERSAND.sub(lambda found: b"&amp;" if found[0] == b"&" else found[0], content)


def _flaw(parsed: Any, content: bytes) -> str | None:
    """Says what is wrong with the XML. That a server names the wrong encoding is usual, and was put right already."""
    import feedparser

    error = parsed.get("bozo_exception")
    harmless = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    if error is None or isinstance(error, harmless):
        return None
    line = getattr(error, "getLineNumber", lambda: None)()
    # feedparser puts a line of its own in front of XML that begins without a declaration.
    own_lines = not content.lstrip().startswith(b"<?xml")
    where = f" in line {line - own_lines}" if line else ""
    return f"is malformed XML{where} ({_short(getattr(error, 'getMessage', error.__str__)())})"


def _entry(raw: Any) -> Entry | str:
    """Answers an entry, or why it cannot be used."""
    title = title_text(str(raw.get("title") or ""), longest=_LONGEST_TITLE)
    if not title:
        return "without a title"
    link = _link(raw)
    if not link:
        return "without a link"
    if not _is_web_address(link):
        return "with a link that is no web address"
    summary = plain_text(str(raw.get("summary") or ""), longest=_LONGEST_SUMMARY)
    guid = str(raw.get("id") or "").strip()[:_LONGEST_LINK]
    return Entry(title=title, link=link, summary=summary or None, published_at=_published_at(raw), guid=guid)


def _link(raw: Any) -> str:
    """The address of the article: not of a picture or a recording that comes with it."""
    links = [link for link in raw.get("links") or [] if str(link.get("href") or "").strip()]
    alternates = [link for link in links if link.get("rel", "alternate") == "alternate"]
    pages = [link for link in alternates if "html" in str(link.get("type") or "html")]
    for link in [*pages, *alternates]:
        return str(link["href"]).strip()
    others = {str(link["href"]).strip() for link in links if link.get("rel") == "enclosure"}
    link = str(raw.get("link") or "").strip()
    return "" if link in others else link


def _is_web_address(link: str) -> bool:
    if len(link) > _LONGEST_LINK or not link.isprintable() or re.search(r"[\s<>\"\\]", link):
        return False
    try:
        parts = urlsplit(link)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def _published_at(raw: dict[str, Any]) -> datetime | None:
    """When an entry was published, else when it was changed."""
    # Not raw["updated"]: feedparser answers that with `published`, and warns.
    written = (dict.get(raw, name) for name in ("published", "updated", "created"))
    return next((moment for text in written if text and (moment := moment_in(str(text))) is not None), None)


def _short(cause: object) -> str:
    return plain_text(str(cause), longest=_SHOWN_OF_A_CAUSE)
