"""Whose login it is that the account goes to X with, asked also while the account is paused or its budget is spent.

An ordinary run goes by `browser_turn`, which refuses a paused account; this is what ends such a pause.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import ProfileSnapshot
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems.budget import AccountMeter, Purpose
from xbot_pipelines.systems.transports import assert_acknowledged, by_the_api, in_a_browser
from xbot_pipelines.x.client import XClient
from xbot_pipelines.x.walls import LoggedOut

if TYPE_CHECKING:
    from xbot_pipelines.x.session import Patience


class MeterForAPerson(AccountMeter):
    """Counts what it costs to look whose login it is, and never refuses that.

    A person waits for the answer. It is a cent, once a day, and without it nobody could tell a dead login from a
    budget that is spent.
    """

    def __init__(self, settings: Settings, database: AccountDatabase, clock: Clock) -> None:
        super().__init__(database, settings.profile, clock, run_id=None, purpose=Purpose.PUBLISH)

    def assert_affordable(self) -> None:
        """Makes sure of nothing."""


def whose_login(
    settings: Settings, database: AccountDatabase, *, clock: Clock, patience: "Patience"
) -> ProfileSnapshot:
    """Asks X who is logged in with what is saved for the account. The caller holds the lease.

    Raises:
        Wall: the login is not good, or X shows something else than the account.
    """
    assert_acknowledged(settings)
    wanted = settings.profile.handle
    with _way_to_x(settings, database, clock=clock, patience=patience) as client:
        me = client.whoami()
    if me.handle.lower() != wanted.lower():
        raise LoggedOut(f"X answers for @{me.handle}, not for @{wanted}: log in with `xbot login`")
    return me


@contextmanager
def _way_to_x(
    settings: Settings, database: AccountDatabase, *, clock: Clock, patience: "Patience"
) -> Iterator[XClient]:
    if settings.profile.transport == "api":
        meter = MeterForAPerson(settings, database, clock)
        with by_the_api(settings, meter=meter, clock=clock) as client:
            yield client
    else:
        from xbot_pipelines.x.session import open_browser

        with (
            open_browser(settings.chromium, home=settings.home) as browser,
            in_a_browser(settings, browser, patience=patience, clock=clock) as client,
        ):
            yield client
