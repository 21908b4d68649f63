"""The three guards together, on the real queue: whatever asks for the browser at once, one is open at a time (F01)."""

import signal
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from xbot_pipelines.models import DecisionStatus, DecisionType, Draft
from xbot_pipelines.operate.dagster_ui import DagsterUi, Run
from xbot_pipelines.store import decisions
from xbot_pipelines.store.database import Provenance
from xbot_pipelines_tests.browsers import BrowserWatch
from xbot_pipelines_tests.dagster_by_hand import backfill_by_hand, materialize_by_hand, spans_of
from xbot_pipelines_tests.e2e.newcomer import LONGEST_START_SECONDS, LONGEST_STOP_SECONDS, Newcomer, wait_until

pytestmark = [pytest.mark.house, pytest.mark.browser, pytest.mark.timeout(600)]

LONGEST_WORK_SECONDS = 300.0
TEXTS = ("First of three in a row.", "Second, and about something else.", "Third: a last one, on rest.")


@pytest.fixture
def ui(newcomer: Newcomer) -> Iterator[DagsterUi]:
    """The Dagster of a house that has published its first post, with caps that let it publish at once again."""
    newcomer.set_caps(posts_per_hour=60, minimum_gap_minutes=0)
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


def queue_posts(newcomer: Newcomer) -> None:
    """Puts posts into the queue that are due now."""
    now = datetime.now(UTC)
    with newcomer.database() as database:
        for text in TEXTS:
            decisions.add_decision(
                database,
                Draft(decision_type=DecisionType.SINGLE, text=text),
                status=DecisionStatus.QUEUED,
                scheduled_at=now,
                expires_at=None,
                now=now,
                by=Provenance(actor="test"),
            )


def ended_since(ui: DagsterUi, before: set[str]) -> list[Run]:
    """Answers the runs that began since and have ended."""
    return [run for run in ui.runs() if run.id not in before and run.has_ended]
