"""Whether the account is still logged in to X, asked while nothing else is at X, and also while it is paused.

How a person logs in lies in `browser_login` and in `api_login`. An ordinary run goes by `systems.browser_turn`, which
refuses a paused account; this is what ends such a pause.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import ProfileSnapshot
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.lease import LeaseTaken, hold_lease
from xbot_pipelines.systems.browser_turn import WAIT_FOR_THE_LEASE
from xbot_pipelines.systems.budget import AccountMeter, Purpose
from xbot_pipelines.systems.transports import by_the_api, in_a_browser
from xbot_pipelines.x.client import XClient
from xbot_pipelines.x.session import Patience, open_browser
from xbot_pipelines.x.walls import LoggedOut


class MeterForAPerson(AccountMeter):
    """Counts what it costs to look whose login it is, and never refuses that.

    A person waits for the answer. It is a cent, once a day, and without it nobody could tell a dead login from a
    budget that is spent.
    """

    def __init__(self, settings: Settings, database: AccountDatabase, clock: Clock) -> None:
        super().__init__(database, settings.profile, clock, run_id=None, purpose=Purpose.PUBLISH)

    def assert_affordable(self) -> None:
        """Makes sure of nothing."""


def probe(settings: Settings, database: AccountDatabase, *, clock: Clock, patience: Patience) -> ProfileSnapshot:
    """Asks X who is logged in with what is saved for the account, also while it is paused or its budget is spent.

    Raises:
        CannotRun: a run is at X.
        Wall: the login is not good, or X shows something else than the account.
    """
    wanted = settings.profile.handle
    with alone_at_x(database), _way_to_x(settings, database, clock=clock, patience=patience) as client:
        me = client.whoami()
    if me.handle.lower() != wanted.lower():
        raise LoggedOut(f"X answers for @{me.handle}, not for @{wanted}: log in with `xbot login`")
    return me


@contextmanager
def alone_at_x(database: AccountDatabase) -> Iterator[None]:
    """Holds the account's lease, so that no run is at X meanwhile.

    Raises:
        CannotRun: a run is, and did not end in time.
    """
    try:
        with hold_lease(database, wait=WAIT_FOR_THE_LEASE):
            yield
    except LeaseTaken as taken:
        seconds = WAIT_FOR_THE_LEASE.total_seconds()
        raise CannotRun(
            f"a run of account {database.account!r} is at X, and did not end within {seconds:.0f} s: try again when "
            "it has"
        ) from taken


@contextmanager
def _way_to_x(settings: Settings, database: AccountDatabase, *, clock: Clock, patience: Patience) -> Iterator[XClient]:
    if settings.profile.transport == "api":
        meter = MeterForAPerson(settings, database, clock)
        with by_the_api(settings, meter=meter, clock=clock) as client:
            yield client
    else:
        with (
            open_browser(settings.chromium) as browser,
            in_a_browser(settings, browser, patience=patience, clock=clock) as client,
        ):
            yield client
