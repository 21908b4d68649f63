"""How long something takes, as one says it."""

from datetime import timedelta

_UNITS = (("s", 1, 0, 120), ("min", 60, 0, 2 * 3600), ("h", 3600, 1, 2 * 86400))
"""A unit, its seconds, the digits behind its point, and below how many seconds a span is told in it."""


def in_words(span: timedelta) -> str:
    """Answers a span in one unit: 45 s, 12 min, 3.5 h, 9 days."""
    seconds = span.total_seconds()
    for unit, size, digits, below in _UNITS:
        if seconds < below:
            return f"{seconds / size:.{digits}f} {unit}"
    return f"{seconds / 86400:.0f} days"
