"""The three guards together, on the real queue: whatever asks for the browser at once, one is open at a time (F01)."""

import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import httpx2
import psutil
import pytest

from xbot_pipelines.operate.dagster_ui import DagsterUi, Run
from xbot_pipelines_tests.browsers import BrowserWatch, open_browsers
from xbot_pipelines_tests.dagster_by_hand import backfill_by_hand, materialize_by_hand, spans_of
from xbot_pipelines_tests.e2e.conftest import somebody
from xbot_pipelines_tests.e2e.newcomer import LONGEST_START_SECONDS, LONGEST_STOP_SECONDS, Newcomer, wait_until
from xbot_pipelines_tests.store.given import queued, single

pytestmark = [pytest.mark.house, pytest.mark.browser, pytest.mark.timeout(600)]

LONGEST_WORK_SECONDS = 300.0
DEADLINE_SECONDS = 5
TEXTS = ("First of three in a row.", "Second, and about something else.", "Third: a last one, on rest.")


@pytest.fixture(scope="module")
def newcomer() -> Iterator[Newcomer]:
    """One newcomer, and so one house, for all tests of this file."""
    with somebody() as newcomer:
        yield newcomer


@pytest.fixture(scope="module")
def ui(newcomer: Newcomer) -> Iterator[DagsterUi]:
    """The Dagster of a house that has published its first post, with caps that let it publish at once again."""
    newcomer.set_up_account(posts_per_hour=60, minimum_gap_minutes=0)
    house = newcomer.up()
    newcomer.waits_for("first reading", house)
    with closing(DagsterUi(newcomer.ui_url, location="practice")) as ui:
        wait_until(lambda: all(run.has_ended for run in ui.runs()), LONGEST_START_SECONDS, newcomer.output)
        yield ui
    house.send_signal(signal.SIGINT)
    assert house.wait(timeout=LONGEST_STOP_SECONDS) == 0


def test_f01_jobs_materializations_and_a_backfill_at_once_never_have_two_browsers_open(
    newcomer: Newcomer, ui: DagsterUi
) -> None:
    before = {run.id for run in ui.runs()}
    queue_posts(newcomer)
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    days = [f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%d}" for days in (2, 1, 0)]
    with BrowserWatch(str(newcomer.home)) as watch:
        for _ in range(2):
            ui.launch("posting", {})
        ui.launch("metrics_scraper", {"dagster/partition": today})
        materialize_by_hand(ui, "posted_decisions")
        materialize_by_hand(ui, "tweet_metrics", day=today)
        backfill_by_hand(ui, ["tweet_metrics", "outcomes"], days)
        wait_until(lambda: len(ended_since(ui, before)) >= 6, LONGEST_WORK_SECONDS, newcomer.output)
    runs = ended_since(ui, before)
    assert [run.status for run in runs] == ["SUCCESS"] * len(runs)
    assert watch.samples > 50
    assert watch.most_at_once == 1
    # The lease alone would see to that as well; that no run even began before the last one ended is the queue's work.
    spans = sorted(spans_of(ui, [run.id for run in runs]).values(), key=lambda span: span.began_at)
    assert all(before.ended_at <= after.began_at for before, after in pairwise(spans)), spans
    assert set(TEXTS) <= set(newcomer.truth().values())


def test_f12_f13_a_wedged_browser_is_ended_with_all_its_processes_and_its_slot_is_free_within_a_minute(
    newcomer: Newcomer, ui: DagsterUi
) -> None:
    with BrowserWatch(str(newcomer.home)) as watch:
        with slow_home_page(newcomer):
            wedged = ui.launch("session_check", {"dagster/max_runtime": str(DEADLINE_SECONDS)})
            # Only the run under way has the browser: of another one's, it would have to be known when it ends.
            wait_until(lambda: is_under_way(ui, wedged), LONGEST_WORK_SECONDS, newcomer.output)
            wait_until(lambda: open_browsers(str(newcomer.home)) != [], LONGEST_WORK_SECONDS, newcomer.output)
            [browser] = open_browsers(str(newcomer.home))
            family = [browser, *browser.parents()[:2], *browser.children(recursive=True)]
            for process in (browser, *browser.children(recursive=True)):
                process.suspend()
        waiting = ui.launch("session_check", {})
        wait_until(
            lambda: all(run.has_ended for run in ui.runs(runIds=[wedged, waiting])),
            LONGEST_WORK_SECONDS,
            newcomer.output,
        )
    assert {run.id: run.status for run in ui.runs(runIds=[wedged, waiting])} == {wedged: "FAILURE", waiting: "SUCCESS"}
    spans = spans_of(ui, [wedged, waiting])
    assert spans[waiting].began_at <= spans[wedged].began_at + DEADLINE_SECONDS + 60
    assert [process for process in family if is_alive(process)] == []
    assert watch.most_at_once == 1


@contextmanager
def slow_home_page(newcomer: Newcomer) -> Iterator[None]:
    """Keeps whoever opens a browser waiting for the home page, so that no run is over before it can be looked at."""
    faults = f"{newcomer.practice_url}/practice/faults"
    slow = {"operation": "home", "kind": "slow", "seconds": 20, "probability": 1.0}
    httpx2.post(faults, json=slow, trust_env=False).raise_for_status()
    yield
    httpx2.delete(faults, trust_env=False).raise_for_status()


def is_under_way(ui: DagsterUi, run_id: str) -> bool:
    """Whether the process of a run is at work."""
    return [run.status for run in ui.runs(runIds=[run_id])] == ["STARTED"]


def is_alive(process: psutil.Process) -> bool:
    """Whether a process still is one; numbers that were given to others do not count."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def queue_posts(newcomer: Newcomer) -> None:
    """Puts posts into the queue that are due now."""
    now = datetime.now(UTC)
    with newcomer.database() as database:
        for text in TEXTS:
            queued(database, single(text), at=now, written_at=now)


def ended_since(ui: DagsterUi, before: set[str]) -> list[Run]:
    """Answers the runs that began since and have ended."""
    return [run for run in ui.runs() if run.id not in before and run.has_ended]
