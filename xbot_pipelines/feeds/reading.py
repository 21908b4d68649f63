"""Reading a feed: bytes of RSS or Atom in, entries out. Pure: no address is ever opened from here.

feedparser does the parsing, and is given bytes. What a feed that means harm can make it do is bounded in `apart`.
"""

import re
from calendar import timegm
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from xbot_pipelines.feeds.errors import FeedFailed
from xbot_pipelines.feeds.plain_text import plain_text

_MOST_ENTRIES = 200
_LONGEST_TITLE = 300
_LONGEST_SUMMARY = 1000
_LONGEST_LINK = 2000
_SHOWN_OF_A_CAUSE = 100
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PROLOGUE = 2000
_BETTER_ADDRESS = "look for the address of the feed itself"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of a feed, as plain text. `published_at` is in UTC; None where it does not say, or not clearly."""

    title: str
    link: str
    summary: str | None = None
    published_at: datetime | None = None


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
        return feedparser.parse(content, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        # The parser meets foreign bytes, and has no error of its own for them.
        cause = f"{type(error).__name__}: {_short(error)}".rstrip(": ")
        raise FeedFailed(url, f"cannot be read ({cause}): its owner should know") from error


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
    title = plain_text(str(raw.get("title") or ""), longest=_LONGEST_TITLE)
    if not title:
        return "without a title"
    link = str(raw.get("link") or "").strip()
    if not link:
        return "without a link"
    if not _is_web_address(link):
        return "with a link that is no web address"
    summary = plain_text(str(raw.get("summary") or ""), longest=_LONGEST_SUMMARY)
    return Entry(title=title, link=link, summary=summary or None, published_at=_published_at(raw))


def _is_web_address(link: str) -> bool:
    if len(link) > _LONGEST_LINK or not link.isprintable() or re.search(r"[\s<>\"\\]", link):
        return False
    try:
        parts = urlsplit(link)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def _published_at(raw: dict[str, Any]) -> datetime | None:
    """When an entry was published, else when it was changed. A time that names no zone is taken for UTC."""
    # Not raw["updated"]: feedparser answers that with `published`, and warns.
    for name in ("published", "updated", "created"):
        parsed, written = dict.get(raw, f"{name}_parsed"), dict.get(raw, name)
        try:
            if parsed:
                return datetime.fromtimestamp(timegm(parsed), UTC)
            if written:
                # RFC 822 without a zone, of which feedparser makes nothing.
                moment = parsedate_to_datetime(str(written))
                return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, OSError, IndexError, TypeError):
            continue
    return None


def _short(cause: object) -> str:
    return plain_text(str(cause), longest=_SHOWN_OF_A_CAUSE)
