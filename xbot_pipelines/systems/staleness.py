"""How old a look at a post may be before it is stale. Who looks at what is decided elsewhere."""

from collections.abc import Sequence
from datetime import datetime, timedelta

Rules = Sequence[tuple[timedelta, timedelta]]
"""Up to which age of a post a look at it stays fresh for what time, the youngest first."""


def fresh_for(age: timedelta, rules: Rules) -> timedelta | None:
    """Answers how long a look at a post of this age stays fresh; None: for ever, no rule reaches so far."""
    return next((allowed for up_to, allowed in rules if age <= up_to), None)


def since_look(look: datetime | None, now: datetime) -> timedelta | None:
    """Answers how long ago a look was; None: there was none."""
    return None if look is None else now - look
