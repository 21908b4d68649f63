"""What is done about a wall, whichever system met it: stop for a person, wait for a limit, or nothing but say so."""

from datetime import datetime, timedelta

from xbot_pipelines.clock import Clock
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.quotas import next_day_begins
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.x.walls import LONGEST_LIMIT, DailyLimit, PublishingNotPermitted, RateLimited, Wall

_WAIT_WHEN_X_DOES_NOT_SAY = timedelta(minutes=15)
_SHORTEST_WAIT = timedelta(seconds=10)
"""X's clock and ours are not the same: a limit whose reset has passed here may hold there."""


def heed(database: AccountDatabase, profile: AccountSettings, wall: Wall, *, clock: Clock, by: Provenance) -> None:
    """Pause the account where a wall needs a person, and let it wait where X has set a limit.

    A limit of requests is waited for by everything, the daily limit of posts by publishing alone. Where X takes no
    posts from us, publishing alone is stopped.
    """
    now = clock.now()
    if wall.needs_person:
        account.pause(database, reason=str(wall), now=now, by=by)
    elif isinstance(wall, PublishingNotPermitted):
        account.stop_publishing(database, reason=str(wall), now=now)
    elif isinstance(wall, DailyLimit):
        until = wait_until(wall.resets_at, now=now) if wall.resets_at else next_day_begins(now, profile.timezone)
        account.post_no_more_until(database, until, reason=str(wall))
    elif isinstance(wall, RateLimited):
        account.wait_until(database, wait_until(wall.resets_at, now=now), reason=str(wall))


def wait_until(resets_at: datetime | None, *, now: datetime) -> datetime:
    """Return until when a limit is waited for: as X says, but some seconds at least and a day at most."""
    if resets_at is None:
        return now + _WAIT_WHEN_X_DOES_NOT_SAY
    return min(max(resets_at, now + _SHORTEST_WAIT), now + LONGEST_LIMIT)


def is_ours_to_wait_out(wall: Wall) -> bool:
    """Says whether a wall stands before the whole account, so that no single post is to blame for it."""
    return wall.needs_person or isinstance(wall, DailyLimit | PublishingNotPermitted | RateLimited | Standstill)
