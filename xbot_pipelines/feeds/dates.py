"""When an entry of a feed was published, as feeds write it. Pure.

A moment is only told where the text says it: feedparser fills what it does not understand with the present month.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_EPOCH = re.compile(r"(?P<seconds>[0-9]{9,10})(?:\.[0-9]+)?|(?P<milliseconds>[0-9]{12,13})")
_TIME = (
    r"(?:(?:\s*[T,]\s*|\s+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?)?\s*(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?"
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>[0-9]{{4}})(?P<by>[-/.])(?P<month>[0-9]{{1,2}})(?P=by)(?P<day>[0-9]{{1,2}}){_TIME}"
)
_YEAR_LAST = re.compile(
    rf"(?P<first>[0-9]{{1,2}})(?P<by>[-/.])(?P<then>[0-9]{{1,2}})(?P=by)(?P<year>[0-9]{{4}}){_TIME}"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\b", re.IGNORECASE)
_MONTHS_A_YEAR = 12
_NOON = 12


def moment_in(written: str) -> datetime | None:
    """Return the moment that a text says, in UTC; None where it says none, or may mean one of two.

    A time that names no zone is taken for UTC, and a day without a time for its beginning.
    """
    text = written.strip()
    try:
        if epoch := _EPOCH.fullmatch(text):
            milliseconds = epoch["milliseconds"]
            return datetime.fromtimestamp(int(milliseconds) // 1000 if milliseconds else int(epoch["seconds"]), UTC)
        if found := _YEAR_FIRST.fullmatch(text):
            return _moment(found, month=int(found["month"]), day=int(found["day"]))
        if found := _YEAR_LAST.fullmatch(text):
            return _year_last(found)
        moment = _in_iso(text) or _with_a_month_in_words(text)
        return None if moment is None else _in_utc(moment)
    except (ValueError, OverflowError, OSError, IndexError, TypeError):
        return None


def _year_last(found: re.Match[str]) -> datetime | None:
    """Read a date that Americans write month first, and others day first; dots are never American."""
    first, then = int(found["first"]), int(found["then"])
    if found["by"] == "." or first > _MONTHS_A_YEAR or first == then:
        return _moment(found, month=then, day=first)
    return _moment(found, month=first, day=then) if then > _MONTHS_A_YEAR else None


def _moment(found: re.Match[str], *, month: int, day: int) -> datetime:
    hour = int(found["hour"] or 0)
    if found["half"]:
        hour = hour % _NOON + (_NOON if found["half"] in "Pp" else 0)
    zone = found["zone"] or "Z"
    numbers = (int(found["year"]), month, day, hour, int(found["minute"] or 0), int(found["second"] or 0))
    offset = zone if zone[0] in "+-" else "+00:00"
    return _in_utc(datetime(*numbers, tzinfo=datetime.strptime(offset, "%z").tzinfo))


def _in_iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _with_a_month_in_words(text: str) -> datetime | None:
    """Read what mail calls a date, and what is near it."""
    month = _MONTH.search(text)
    moment = parsedate_to_datetime(text if ":" in text else f"{text} 00:00:00") if month else None
    if month is None or moment is None:
        return None
    says_so = month[1].lower() == _MONTHS[moment.month - 1] and re.search(rf"(?<![0-9])0?{moment.day}(?![0-9])", text)
    return moment if says_so and f"{moment.year % 100:02}" in text else None


def _in_utc(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
