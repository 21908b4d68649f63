"""The last of the three guards, alone: processes that pass no queue share one browser, and the dead keep nothing."""

import signal
import subprocess
import sys
from datetime import timedelta

import psutil
import pytest

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.browser_use import uses_between
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines_tests.browsers import (
    BrowserWatch,
    environment_for,
    open_browsers,
    wait_until_no_browser_is_left,
)
from xbot_pipelines_tests.conftest import ROOT

pytestmark = pytest.mark.browser

TAKE_A_TURN = """
import sys
from datetime import timedelta
from xbot_pipelines.clock import SystemClock
from xbot_pipelines.settings import load_settings
from xbot_pipelines.store.database import AccountDatabase, Provenance, open_engine
from xbot_pipelines.systems.browser_turn import BrowserTurn

settings, clock = load_settings(), SystemClock()
database = AccountDatabase(open_engine(settings.database_url.get_secret_value()), settings.account)
with BrowserTurn(settings, database, clock, by=Provenance(actor="a process")) as turn:
    client = turn.client()
    print("open", flush=True)
    if "hold" in sys.argv:
        sys.stdin.read()
    client.own_posts(clock.now() - timedelta(days=1))
print("done", flush=True)
"""


def take_a_turn(settings: Settings, *arguments: str) -> subprocess.Popen[str]:
    """Starts a process that opens the browser, reads, and closes it; with `hold` it waits for its standard input."""
    assert settings.database_url is not None
    return subprocess.Popen(
        [sys.executable, "-c", TAKE_A_TURN, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment_for(
            str(settings.home),
            XBOT_DATABASE_URL=settings.database_url.get_secret_value(),
            XBOT_X_URL=settings.x_url,
            XBOT_ACCOUNTS=str(ROOT / "accounts"),
        ),
    )


def test_f01_processes_that_pass_no_queue_never_have_two_browsers_open(settings: Settings) -> None:
    with BrowserWatch(str(settings.home)) as watch:
        turns = [take_a_turn(settings) for _ in range(4)]
        said = [turn.communicate(timeout=120)[0] for turn in turns]
    assert said == ["open\ndone\n"] * 4
    assert watch.samples > 20
    assert watch.most_at_once == 1


def test_f12_f14_a_process_that_is_killed_leaves_neither_a_browser_nor_a_lock(
    settings: Settings, database: AccountDatabase, by: Provenance
) -> None:
    holder = take_a_turn(settings, "hold")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "open\n"
    assert len(open_browsers(str(settings.home))) == 1
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    wait_until_no_browser_is_left(str(settings.home), within_seconds=10)
    with BrowserTurn(settings, database, SystemClock(), by=by) as turn:
        assert turn.lease().connection is not None


def test_a_turn_writes_down_how_long_it_had_the_browser(
    settings: Settings, database: AccountDatabase, by: Provenance
) -> None:
    clock = SystemClock()
    began = clock.now()
    with BrowserTurn(settings, database, clock, by=by, asked_at=began - timedelta(seconds=7)) as turn:
        turn.client()
        [use] = uses_between(database, since=began, until=clock.now())
        assert use.opened_at is not None
        assert use.held is None, "it still has it"
    [use] = uses_between(database, since=began, until=clock.now())
    assert turn.use == use
    assert (use.actor, use.run_id) == (by.actor, by.run_id)
    assert use.waited >= timedelta(seconds=7)
    parts = (use.opening, use.working, use.closing)
    assert use.held == sum((part for part in parts if part is not None), timedelta())
    assert None not in parts


def test_a_turn_that_only_needs_the_lease_opens_no_browser(
    settings: Settings, database: AccountDatabase, by: Provenance
) -> None:
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    with BrowserTurn(settings, database, SystemClock(), by=by) as turn:
        turn.lease()
        assert {process.pid for process in psutil.Process().children(recursive=True)} == before
    assert turn.use is not None
    assert turn.use.opening is None
