"""Whether the account is still logged in to X, asked while nothing else is at X, and also while it is paused.

How a person logs in lies in `browser_login` and in `api_login`; how X is asked, in `systems.whose_login`.
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
from xbot_pipelines.systems.whose_login import whose_login
from xbot_pipelines.x.session import Patience


def probe(settings: Settings, database: AccountDatabase, *, clock: Clock, patience: Patience) -> ProfileSnapshot:
    """Asks X who is logged in with what is saved for the account, also while it is paused or its budget is spent.

    Raises:
        CannotRun: a run is at X.
        Wall: the login is not good, or X shows something else than the account.
    """
    with alone_at_x(database):
        return whose_login(settings, database, clock=clock, patience=patience)


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
