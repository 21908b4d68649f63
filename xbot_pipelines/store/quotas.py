"""How much may be published now: pure rules over what was tried lately.

An attempt that is not proven absent counts, whatever is known of it, so that a lost answer can never open the door to
one post more (F04, F05). Counting is done inside the claiming transaction, in `publishing`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from xbot_pipelines.models import DecisionType
from xbot_pipelines.settings import Caps


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Attempts of one kind that may have posted: in the last hour, since midnight, and when the last one began."""

    last_hour: int
    today: int
    last_began_at: datetime | None


def day_began(now: datetime, timezone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the account's own day began."""
    # fold=0: where clocks go back over midnight there are two, and the day began at the first.
    midnight = now.astimezone(timezone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return midnight.astimezone(UTC)


def next_day_begins(now: datetime, timezone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the account's next day begins."""
    # Noon of the next day: 24 hours more would miss a day of 23, and begin the same one again on a day of 25.
    noon = now.astimezone(timezone).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return day_began(noon, timezone)


def what_blocks(kind: DecisionType, tried: Tried, caps: Caps, *, now: datetime) -> str | None:
    """Says why nothing more of this kind may be published now, or None when it may.

    Args:
        kind: single or reply, each with caps of its own.
        tried: what was tried of this kind; `last_began_at` of any kind.
        caps: the account's caps.
        now: the present moment.
    """
    per_hour, per_day = {
        DecisionType.SINGLE: (caps.posts_per_hour, caps.posts_per_day),
        DecisionType.REPLY: (caps.replies_per_hour, caps.replies_per_day),
    }[kind]
    if tried.last_hour >= per_hour:
        return f"{kind}: {tried.last_hour} of {per_hour} an hour are used"
    if tried.today >= per_day:
        return f"{kind}: {tried.today} of {per_day} a day are used"
    gap = timedelta(minutes=caps.minimum_gap_minutes)
    if tried.last_began_at is not None and now - tried.last_began_at < gap:
        minutes = (now - tried.last_began_at).total_seconds() / 60
        return f"{kind}: the last publication began {minutes:.0f} minutes ago, the gap is {caps.minimum_gap_minutes}"
    return None
