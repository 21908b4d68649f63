"""A job as the old system ran it: a browser of its own, and nobody asked whether another one is open.

It is our job and our code; what is taken away is the lease. A job that needs no browser with us opens one here too, as
all sixteen did, and reads a little with it: who is logged in, and the own timeline of the last day.
"""

import os
from datetime import timedelta
from multiprocessing.connection import Connection

import dagster as dg

from benchmarks.stampeding.runs import Asked, Ending
from xbot_pipelines.clock import Clock, SystemClock
from xbot_pipelines.settings import Settings, load_settings
from xbot_pipelines.store.database import AccountDatabase, Provenance, open_engine
from xbot_pipelines.store.lease import Lease, hold_lease
from xbot_pipelines.store.server import database_address
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.x.walls import Wall
from xbot_pipelines_tests.systems.jobs import run_job

_STDOUT, _STDERR = 1, 2
_DAY = timedelta(days=1)


class LonelyTurn(BrowserTurn):
    """A turn that shares the browser with nobody: its lease is of an account that no other job has ever heard of."""

    def __init__(self, settings: Settings, database: AccountDatabase, clock: Clock, *, job: str) -> None:
        super().__init__(settings, database, clock, by=Provenance(actor=job))
        self._alone = AccountDatabase(database.engine, f"{database.account} of {job} alone")

    def _take_lease(self) -> Lease:
        """Takes what nobody else wants."""
        return self._opened.enter_context(hold_lease(self._alone, wait=timedelta(0)))


def do(asked: Asked, tell: Connection) -> None:
    """Does one job in this process, and tells what came of it once the browser is closed."""
    # What is printed belongs into the log; the other stream is for what the jobs come to.
    os.dup2(_STDERR, _STDOUT)
    settings, clock = load_settings(), SystemClock()
    engine = open_engine(database_address(settings))
    with LonelyTurn(settings, AccountDatabase(engine, settings.account), clock, job=asked.job) as turn:
        ended = _done(asked, turn, clock)
    engine.dispose()
    tell.send(ended)


def _done(asked: Asked, turn: LonelyTurn, clock: Clock) -> tuple[Ending, str | None]:
    if not asked.uses_browser:
        try:
            turn.client().whoami()
            turn.client().own_posts(clock.now() - _DAY)
        except Wall as wall:
            return Ending.FAILED, str(wall)
    with dg.DagsterInstance.ephemeral() as instance:
        ran = run_job(
            asked.job, instance=instance, clock=clock, tags=asked.tags, run_config=asked.run_config, browser=turn
        )
    if not ran.success:
        return Ending.FAILED, ran.why
    return Ending(ran.result) if ran.result else Ending.DONE, ran.reason
