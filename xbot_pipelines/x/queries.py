"""How a question is put to X's search: the operators that X understands, and nothing of what comes back.

X takes 512 characters and some 22 operators, as several public clients found; every query here stays below both.
"""

import math
import re
from collections.abc import Sequence
from datetime import datetime

from xbot_pipelines.clock import utc
from xbot_pipelines.x.languages import language_on_x

LONGEST_QUERY = 500
MOST_HANDLES = 18
"""How many accounts one query can ask for, however long their names are, with room left for other operators."""

_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
_PLAIN_WORD = re.compile(r"#?\w+")
_JOINING_WORDS = frozenset({"OR", "AND"})
_QUOTATION_MARKS = str.maketrans(dict.fromkeys('"“”„', " "))


def posts_of(handle: str, *, since: datetime, until: datetime) -> str:
    """Writes the query for everything that an account published from `since` up to, not including, `until`.

    X counts in whole seconds here; fractions are widened, so that no post is lost at either end. On "Latest" its posts
    and its replies are found alike.

    Raises:
        ValueError: the handle is none, a moment has no timezone, or the span is empty.
    """
    if utc(until) <= utc(since):
        raise ValueError(f"the span from {since.isoformat()} until {until.isoformat()} is empty")
    return f"{_from(handle)} since_time:{math.floor(since.timestamp())} until_time:{math.ceil(until.timestamp())}"


def about(subject: str, *, language: str) -> str:
    """Writes the query for the posts of a language that name a subject and answer nobody.

    What is about the subject without naming it is not found, and what names it may be about something else.

    Args:
        subject: a word, or several that stand in this order. Nothing in it is taken for an operator.
        language: its code; X knows no regions, so "pt-BR" asks for "pt", and "he" for "iw".

    Raises:
        ValueError: there is no word in the subject, the language is no code, or the query is longer than X takes.
    """
    return _whole(f"{_phrase(subject)} lang:{_language(language)} -filter:replies")


def linking(subject: str, *, language: str) -> str:
    """Writes the query for those posts of `about` that have a link in them.

    Raises:
        ValueError: as `about`.
    """
    return _whole(f"{about(subject, language=language)} filter:links")


def by_any(handles: Sequence[str]) -> str:
    """Writes the query for everything that any of some accounts published, posts and replies alike.

    Raises:
        ValueError: one of the handles is none, there is none at all, or there are more than `MOST_HANDLES`.
    """
    if not 1 <= len(handles) <= MOST_HANDLES:
        raise ValueError(f"one query asks for 1 to {MOST_HANDLES} accounts, not for {len(handles)}: ask several times")
    return f"({' OR '.join(map(_from, handles))})"


def _from(handle: str) -> str:
    if not _HANDLE.fullmatch(handle):
        raise ValueError(f"{handle!r} is no handle: 1 to 15 letters, digits and underscores, without the @")
    return f"from:{handle}"


def _language(code: str) -> str:
    if not _LANGUAGE.fullmatch(code):
        raise ValueError(f"{code!r} is no language code such as 'en' or 'pt-BR'")
    return language_on_x(code)


def _phrase(subject: str) -> str:
    words = subject.translate(_QUOTATION_MARKS).split()
    if not re.search(r"\w", " ".join(words)):
        raise ValueError(f"{subject!r} is no subject to search for: there is no word in it")
    plain = len(words) == 1 and _PLAIN_WORD.fullmatch(words[0]) and words[0] not in _JOINING_WORDS
    return words[0] if plain else f'"{" ".join(words)}"'


def _whole(query: str) -> str:
    if len(query) > LONGEST_QUERY:
        raise ValueError(f"the query has {len(query)} characters, and X takes {LONGEST_QUERY}: {query[:60]!r}…")
    return query
