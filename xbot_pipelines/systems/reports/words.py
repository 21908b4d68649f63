"""Figures in plain language, the same in a sentence and in a table. What is unknown is said to be, never 0 (F09)."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

UNKNOWN = "unknown"

_SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PLURALS = {"reply": "replies", "person": "people"}
_EXACT_BELOW = 10
_CENT = 0.01


def number(count: float | None) -> str:
    """A figure: 1,234; below ten one decimal, where it has any."""
    if count is None:
        return UNKNOWN
    decimals = 0 if abs(count) >= _EXACT_BELOW or round(count, 1) == round(count) else 1
    return f"{count:,.{decimals}f}"


def signed(count: int | None) -> str:
    """A change: +14, -3, 0."""
    return UNKNOWN if count is None else f"{count:+,}" if count else "0"


def percent(share: float | None) -> str:
    """A share: 1.3 %."""
    return UNKNOWN if share is None else f"{share * 100:.1f} %"


def dollars(amount: float) -> str:
    """An amount of money: $0.12, and with four decimals below a cent."""
    return f"${amount:,.4f}" if 0 < amount < _CENT else f"${amount:,.2f}"


def counted(count: int, thing: str) -> str:
    """So many of a thing: nine posts, one reply, no followers, 31 posts."""
    return f"{spelled(count)} {thing if count == 1 else _PLURALS.get(thing, f'{thing}s')}"


def spelled(count: int) -> str:
    """A number as one reads it in a sentence: in words up to twelve."""
    return _SPELLED[count] if 0 <= count < len(_SPELLED) else f"{count:,}"


def listed(parts: Sequence[str]) -> str:
    """Parts of a sentence: a, b and c."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def sentence(words: str) -> str:
    """Words as a sentence: with a capital letter, and a full stop."""
    return f"{words[:1].upper()}{words[1:]}."


def time_of_day(moment: datetime, zone: ZoneInfo) -> str:
    """When something was, where the account lives: 14:05."""
    return f"{moment.astimezone(zone):%H:%M}"


def day_and_time(moment: datetime, zone: ZoneInfo) -> str:
    """When something was, with its day: Mon 2 Mar, 14:05."""
    there = moment.astimezone(zone)
    return f"{there:%a} {there.day} {there:%b}, {there:%H:%M}"


def long_date(day: date) -> str:
    """A day: Monday, 2 March 2026."""
    return f"{day:%A}, {day.day} {day:%B %Y}"
