"""What is done about a wall, whichever system met it: stop for a person, wait for a limit, or nothing but say so."""

from datetime import timedelta

from xbot_pipelines.clock import Clock
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.x.walls import RateLimited, Wall

_WAIT_WHEN_X_DOES_NOT_SAY = timedelta(minutes=15)


def heed(database: AccountDatabase, wall: Wall, *, clock: Clock, by: Provenance) -> None:
    """Pauses the account where a wall needs a person, and lets it wait where X has set a limit."""
    if wall.needs_person:
        account.pause(database, reason=str(wall), now=clock.now(), by=by)
    elif isinstance(wall, RateLimited):
        until = wall.resets_at or clock.now() + _WAIT_WHEN_X_DOES_NOT_SAY
        account.wait_until(database, until, reason=str(wall))
