"""A query of `x.queries` as the API's recent search understands it: other operators, and moments beside the query.

Pure. X's web search and its API speak two dialects; what both know is passed on as it is.
"""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

REACH = timedelta(days=7)
"""How far back recent search goes."""

_INSIDE_THE_REACH = timedelta(minutes=1)
BEHIND_NOW = timedelta(seconds=15)
"""X refuses a moment that is less than ten seconds ago."""

_IN_THE_API = {"-filter:replies": "-is:reply", "filter:replies": "is:reply", "filter:links": "has:links"}
_MOMENT = re.compile(r"\b(since_time|until_time):(\d+)\b")
_OPERATOR = re.compile(r"-?filter:\w+")
_PHRASE = re.compile(r'("[^"]*")')


@dataclass(frozen=True, kw_only=True)
class RecentSearch:
    """What recent search is asked: a query, from when, and until when, not including that moment."""

    query: str
    start: datetime | None
    end: datetime | None


def recent_search(query: str, *, now: datetime) -> RecentSearch | None:
    """Translates a query. None where all that it asks for is older than recent search goes back.

    Raises:
        ValueError: it asks for something that the API has no word for.
    """
    pieces = _PHRASE.split(query)
    # Every second piece is a phrase: what looks like an operator in there is a word that somebody wrote.
    outside = pieces[::2]
    moments = {name: datetime.fromtimestamp(int(seconds), UTC) for name, seconds in _MOMENT.findall(" ".join(outside))}
    unknown = [word for word in _OPERATOR.findall(" ".join(outside)) if word not in _IN_THE_API]
    if unknown:
        raise ValueError(f"X's API has no word for {unknown[0]!r} in the query {query!r}")
    pieces[::2] = [_OPERATOR.sub(lambda found: _IN_THE_API[found[0]], _MOMENT.sub("", piece)) for piece in outside]
    # The API takes whole seconds, and refuses a span that is empty in them.
    now = now.replace(microsecond=0)
    oldest, newest = now - REACH + _INSIDE_THE_REACH, now - BEHIND_NOW
    start, end = moments.get("since_time"), moments.get("until_time")
    if end is not None and end <= oldest:
        return None
    return RecentSearch(
        query=" ".join("".join(pieces).split()),
        start=None if start is None else min(max(start, oldest), newest - BEHIND_NOW),
        end=None if end is None or end > newest else end,
    )


def written(moment: datetime | None) -> str | None:
    """Return a moment as the API takes it, in whole seconds, not later than it is."""
    if moment is None:
        return None
    return datetime.fromtimestamp(math.floor(moment.timestamp()), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
