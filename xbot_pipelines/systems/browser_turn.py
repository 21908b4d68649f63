"""A turn at X: the account's lease first, then, only when it is needed, a browser that is logged in, or the API.

Every use of X goes through here, whether Dagster runs it, a notebook or a test. What is opened lies in `transports`.
"""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sqlalchemy.exc import SQLAlchemyError

from xbot_pipelines.clock import Clock
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account, browser_use
from xbot_pipelines.store.browser_use import BrowserUse
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.lease import Lease, hold_lease
from xbot_pipelines.systems.budget import AccountMeter, Purpose
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.systems.transports import assert_acknowledged, by_the_api, in_a_browser
from xbot_pipelines.x.client import XClient

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from xbot_pipelines.x.session import Patience

WAIT_FOR_THE_LEASE = timedelta(seconds=60)
"""A run that was killed may hold its lease for some seconds more; the queue has freed its slot by then."""


class BrowserTurn:
    """One turn; what it opened is closed at the end of its block, the way to X before the lease.

    Args:
        settings: where X is, and as whom.
        database: the account whose browser it is.
        clock: what the time of the turn is taken by.
        by: who wants the browser.
        asked_at: when it was put into the queue, if it came through the queue.
    """

    def __init__(
        self,
        settings: Settings,
        database: AccountDatabase,
        clock: Clock,
        *,
        by: Provenance,
        asked_at: datetime | None = None,
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._by = by
        self._asked_at = asked_at
        self._opened = ExitStack()
        self._lease: Lease | None = None
        self._client: XClient | None = None
        self._row: int | None = None
        self._use: BrowserUse | None = None
        self._meter = (
            AccountMeter(database, settings.profile, clock, run_id=by.run_id, purpose=Purpose.PUBLISH)
            if settings.profile.transport == "api"
            else None
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        done_at = self._clock.now()
        try:
            self._opened.__exit__(kind, failure, trace)
        finally:
            if self._row is not None:
                # What came of the turn is not to be lost for want of a figure about it.
                with suppress(SQLAlchemyError):
                    self._use = browser_use.record_closed(
                        self._database, self._row, done_at=done_at, closed_at=self._clock.now()
                    )

    @property
    def use(self) -> BrowserUse | None:
        """How long the turn had the browser, once it has ended; None where it never had."""
        return self._use

    def lease(self) -> Lease:
        """Takes the account's lease, and keeps it to the end of the turn.

        Raises:
            LeaseTaken: somebody else has the browser.
        """
        if self._lease is None:
            began_at = self._clock.now()
            self._lease = self._take_lease()
            self._row = browser_use.record_lease(
                self._database,
                asked_at=self._asked_at,
                began_at=began_at,
                leased_at=self._clock.now(),
                by=self._by,
            )
        return self._lease

    @property
    def spent_usd(self) -> Decimal | None:
        """What X has charged for in this turn, in US dollars; None where nothing is paid for."""
        return None if self._meter is None else self._meter.spent_usd

    def client(self, purpose: Purpose = Purpose.PUBLISH) -> XClient:
        """Opens the way to X, proves that it is the account's, and answers it.

        Args:
            purpose: what it is wanted for now, which says how much of the month's budget may be spent on it.

        Raises:
            LeaseTaken: somebody else has the account.
            Standstill: the account may not act; nothing was opened.
            Wall: X shows something else than the account.
        """
        if self._meter is not None:
            self._meter.purpose = purpose
        if self._client is None:
            self.lease()
            # Asked under the lease: a run that waited here while another met a wall must not meet it again (F21).
            self.assert_may_act()
            self._client = self._open()
            assert self._row is not None, "the lease is taken"
            browser_use.record_opened(self._database, self._row, opened_at=self._clock.now())
        return self._client

    def client_for(self, purpose: Purpose) -> Callable[[], XClient]:
        """Answers what opens the way to X for a purpose, once somebody needs it."""
        return partial(self.client, purpose)

    def assert_may_act(self) -> None:
        """Makes sure that nobody has stopped the account, and that its way to X may be taken at all.

        Raises:
            Standstill: it is paused, waits for a limit, or its owner has not acknowledged what X says of browsers.
        """
        assert_acknowledged(self._settings)
        standstill = account.state_of(self._database).standstill(self._clock.now())
        if standstill:
            raise Standstill(standstill)

    def _take_lease(self) -> Lease:
        return self._opened.enter_context(hold_lease(self._database, wait=WAIT_FOR_THE_LEASE))

    def _open_browser(self) -> "Browser":
        from xbot_pipelines.x.session import open_browser

        return self._opened.enter_context(open_browser(self._settings.chromium, home=self._settings.home))

    def _patience(self) -> "Patience":
        from xbot_pipelines.x.session import Patience

        return Patience()

    def _open(self) -> XClient:
        if self._meter is not None:
            return self._opened.enter_context(by_the_api(self._settings, meter=self._meter, clock=self._clock))
        way = in_a_browser(self._settings, self._open_browser(), patience=self._patience(), clock=self._clock)
        return self._opened.enter_context(way)
