"""What is done about a wall, whichever system met it: stop for a person, wait for a limit, or nothing but say so."""

from datetime import timedelta

from xbot_pipelines.clock import Clock
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.quotas import next_day_begins
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.x.walls import DailyLimit, RateLimited, Wall

_WAIT_WHEN_X_DOES_NOT_SAY = timedelta(minutes=15)


def heed(database: AccountDatabase, profile: AccountSettings, wall: Wall, *, clock: Clock, by: Provenance) -> None:
    """Pauses the account where a wall needs a person, and lets it wait where X has set a limit.

    A limit of requests is waited for by everything, the daily limit of posts by publishing alone.
    """
    now = clock.now()
    if wall.needs_person:
        account.pause(database, reason=str(wall), now=now, by=by)
    elif isinstance(wall, DailyLimit):
        account.post_no_more_until(database, next_day_begins(now, profile.timezone), reason=str(wall))
    elif isinstance(wall, RateLimited):
        account.wait_until(database, wall.resets_at or now + _WAIT_WHEN_X_DOES_NOT_SAY, reason=str(wall))


def is_ours_to_wait_out(wall: Wall) -> bool:
    """Says whether a wall stands before the whole account, so that no single post is to blame for it."""
    return wall.needs_person or isinstance(wall, DailyLimit | RateLimited | Standstill)
