"""What a person tells the account: stand still, or go on. Each answers the sentence that the person is shown."""

from datetime import datetime

from xbot_pipelines.clock import Clock, utc
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.session import probe
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.budget import Purpose, month_to_date, why_stopped
from xbot_pipelines.x.session import Patience
from xbot_pipelines.x.walls import Wall

A_PERSON = Provenance(actor="a person")
"""Who pauses by the terminal, as the tables have it."""


def pause(database: AccountDatabase, *, reason: str, clock: Clock) -> str:
    """Stops everything that acts for the account, from its next step in the browser on.

    Raises:
        CannotRun: no reason is given; who looks later could not know why it stands still.
    """
    if not reason.strip():
        raise CannotRun("a pause needs a reason: it is all that people see of it later")
    now = clock.now()
    if account.pause(database, reason=reason, now=now, by=A_PERSON):
        return f"{account.state_of(database).standstill(now)}. `xbot resume` lets it go on."
    return f"nothing changes: {account.state_of(database).standstill(now)}"


def resume(settings: Settings, database: AccountDatabase, *, clock: Clock, patience: Patience) -> str:
    """Lets a paused account go on, once X has shown that it is logged in and that nothing stands in the way (F17).

    Raises:
        CannotRun: something does; the account stays paused.
    """
    before = account.state_of(database)
    if not before.needs_resuming:
        return f"the account is not paused. {_standing(settings, database, clock)}"
    try:
        me = probe(settings, database, clock=clock, patience=patience)
    except Wall as wall:
        raise CannotRun(f"the account stays paused: {wall}") from wall
    account.resume(database, now=clock.now())
    return f"X shows @{me.handle} logged in: the pause is over. {_standing(settings, database, clock)}"


def _standing(settings: Settings, database: AccountDatabase, clock: Clock) -> str:
    now = clock.now()
    waits = account.state_of(database).posting_standstill(now) or _spent(settings, database, now)
    return f"But {waits}." if waits else "It acts at its next turn."


def _spent(settings: Settings, database: AccountDatabase, now: datetime) -> str | None:
    """Why X's API may not be asked for anything more, or None."""
    if settings.profile.transport != "api":
        return None
    month = month_to_date(database, settings.profile, now=now)
    return why_stopped(
        month.budget, Purpose.PUBLISH, spent=month.spent, today=utc(now).date(), account=database.account
    )
