"""The text rules of X: how long a text is, whether two texts are the same post, and the time that an id tells.

Pure and small. `content` shares these rules when it writes; nothing else of `x` leaves this room. How a link is
recognised is in `links`, which codes are of one language in `languages`.
"""

import re
import unicodedata
from bisect import bisect_right
from datetime import UTC, datetime, timedelta

import emoji

from xbot_pipelines.clock import utc
from xbot_pipelines.x.languages import same_language
from xbot_pipelines.x.links import find_links

__all__ = [
    "FIRST_ID_WITH_TIME",
    "LONGEST_POST",
    "find_links",
    "first_id_at",
    "fits",
    "normalised",
    "post_time",
    "same_language",
    "same_text",
    "unescaped",
    "weighted_length",
]

LONGEST_POST = 280
_LINK_LENGTH = 23
_LIGHT_RANGES = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
_LIGHT_STARTS = [first for first, _ in _LIGHT_RANGES]

_MILLISECOND = timedelta(milliseconds=1)
_SNOWFLAKE_EPOCH = datetime(1970, 1, 1, tzinfo=UTC) + 1288834974657 * _MILLISECOND
_TIME_SHIFT = 22
_LARGEST_ID = 2**63 - 1
FIRST_ID_WITH_TIME = 10**15
"""A smaller id is of the first days of such ids in 2010, or of a server that numbers its posts: it tells no time."""


def weighted_length(text: str) -> int:
    """Answers how long X takes a text to be, by the rules of twitter-text v3 (X_SURFACE §4).

    Counted on NFC: a link is 23, a whole emoji sequence 2, a character of the light ranges 1 (Latin, Greek, Cyrillic,
    dashes, curly quotes), any other 2 (CJK, and "…"). The mentions that X puts in front of a reply and attached
    media count nothing, and are no part of the text that we write.
    """
    normal = unicodedata.normalize("NFC", text)
    length = end = 0
    for start, link_end in find_links(normal):
        length += _length_without_links(normal[end:start]) + _LINK_LENGTH
        end = link_end
    return length + _length_without_links(normal[end:])


def fits(text: str, limit: int = LONGEST_POST) -> bool:
    """Says whether X takes the text as one post: something to read, and no longer than `limit`."""
    return bool(text.strip()) and weighted_length(text) <= limit


def _length_without_links(text: str) -> int:
    length = end = 0
    for found in emoji.emoji_list(text):
        start, emoji_end = int(found["match_start"]), int(found["match_end"])
        # A lone code point has the weight of its range: © is an emoji by Unicode's list, and weighs 1 on X.
        if emoji_end - start > 1:
            length += sum(map(_weight, text[end:start])) + 2
            end = emoji_end
    return length + sum(map(_weight, text[end:]))


def _weight(character: str) -> int:
    place = bisect_right(_LIGHT_STARTS, ord(character)) - 1
    return 1 if ord(character) <= _LIGHT_RANGES[place][1] else 2


def unescaped(text: str) -> str:
    """Answers the text with the HTML entities that X writes, `&amp;`, `&lt;` and `&gt;`, as the characters they are."""
    # The ampersand last: the text "&lt;" travels as "&amp;lt;" and must not become "<".
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def normalised(text: str) -> str:
    """Answers what stays of a text on its way through X, for comparison: never for showing.

    HTML entities are read, characters composed (NFC), every run of white space is one blank and none is at the ends,
    and a link is without its scheme, its host in lower case, without a slash at its end: X shows "example.com" as
    "http://example.com/". Everything else stays as it is.
    """
    composed = unicodedata.normalize("NFC", unescaped(text))
    pieces = []
    end = 0
    for start, link_end in find_links(composed):
        pieces += [composed[end:start], _bare_link(composed[start:link_end])]
        end = link_end
    return " ".join("".join([*pieces, composed[end:]]).split())


def same_text(first: str, second: str) -> bool:
    """Says whether two texts are the same post's, as written and as X shows it (`PostSnapshot.visible_text`).

    This binds an attempt to a post on our own timeline, so it is exact: the whole text, never a beginning of it (F03).
    """
    return normalised(first) == normalised(second)


def _bare_link(link: str) -> str:
    host, rest = re.fullmatch(r"(?:https?://)?([^/?#]*)(.*)", link, re.IGNORECASE | re.DOTALL).groups()  # type: ignore[union-attr]  # any text matches
    return host.lower() + rest.rstrip("/")


def post_time(post_id: str) -> datetime:
    """Answers the moment at which X made a post, in UTC, to the millisecond, from nothing but its id (X_SURFACE §5).

    Raises:
        ValueError: it is no id of a post.
    """
    if not re.fullmatch(r"[0-9]{1,19}", post_id) or int(post_id) > _LARGEST_ID:
        raise ValueError(f"{post_id!r} is no id of a post: an id is a whole number in digits, below 2**63")
    return _SNOWFLAKE_EPOCH + (int(post_id) >> _TIME_SHIFT) * _MILLISECOND


def first_id_at(moment: datetime) -> int:
    """Answers the smallest id that a post made at the moment or later can have; 0 before ids told the time.

    Raises:
        ValueError: the moment has no timezone.
    """
    milliseconds = -((_SNOWFLAKE_EPOCH - utc(moment)) // _MILLISECOND)
    return max(0, milliseconds) << _TIME_SHIFT
