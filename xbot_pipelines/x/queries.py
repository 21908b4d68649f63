"""How a question is put to X's search: the operators that X understands, and nothing of what comes back."""

import math
import re
from datetime import datetime

from xbot_pipelines.clock import utc

_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")


def posts_of(handle: str, *, since: datetime, until: datetime) -> str:
    """Writes the query for everything that an account published from `since` up to, not including, `until`.

    X counts in whole seconds here; fractions are widened, so that no post is lost at either end. On "Latest" its posts
    and its replies are found alike.

    Raises:
        ValueError: the handle is none, a moment has no timezone, or the span is empty.
    """
    if not _HANDLE.fullmatch(handle):
        raise ValueError(f"{handle!r} is no handle: 1 to 15 letters, digits and underscores, without the @")
    if utc(until) <= utc(since):
        raise ValueError(f"the span from {since.isoformat()} until {until.isoformat()} is empty")
    return f"from:{handle} since_time:{math.floor(since.timestamp())} until_time:{math.ceil(until.timestamp())}"
