"""Spans and moments as a person reads them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_UNITS = (("s", 1, 0, 120), ("min", 60, 0, 2 * 3600), ("h", 3600, 1, 2 * 86400))
"""A unit, its seconds, the digits behind its point, and below how many seconds a span is told in it."""


def in_words(span: timedelta) -> str:
    """Answers a span in one unit: 45 s, 12 min, 3.5 h, 9 days."""
    seconds = span.total_seconds()
    for unit, size, digits, below in _UNITS:
        if seconds < below:
            return f"{seconds / size:.{digits}f} {unit}"
    return f"{seconds / 86400:.0f} days"


def in_zone(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment by the account's own clock, with the name of its zone: Tue 2026-03-03 14:30 Europe/Vienna."""
    return f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M} {zone.key}"
