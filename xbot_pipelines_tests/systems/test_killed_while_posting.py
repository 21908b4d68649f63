"""A posting run that is killed in the middle: the next one settles what it left, and nothing is reset by hand."""

from collections.abc import Iterator

import dagster as dg
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import AttemptState
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.publishing import open_attempts
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines_tests.browsers import wait_until_no_browser_is_left
from xbot_pipelines_tests.conftest import ROOT
from xbot_pipelines_tests.operate.programs import wait_until
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.systems.conftest import move_both
from xbot_pipelines_tests.systems.door import Door
from xbot_pipelines_tests.systems.jobs import run_job
from xbot_pipelines_tests.systems.posting_workers import Worker

pytestmark = pytest.mark.browser


@pytest.fixture
def worker(settings: Settings) -> Iterator[Worker]:
    """A process that is ready to execute the posting job."""
    worker = Worker(settings, ROOT / "accounts")
    try:
        assert worker.until("ready") == []
        yield worker
    finally:
        worker.end()


@pytest.mark.parametrize(
    ("state", "slow", "left"),
    [
        pytest.param(AttemptState.INTENDED, "compose", 0, id="before the click"),
        pytest.param(AttemptState.SUBMITTED, "CreateTweet", 1, id="after the click, before the answer"),
    ],
)
def test_f14_f19_a_posting_run_that_was_killed_is_settled_by_the_next_one(
    worker: Worker,
    database: AccountDatabase,
    settings: Settings,
    turn: BrowserTurn,
    practice: Practice,
    clock: ManualClock,
    by: Provenance,
    state: AttemptState,
    slow: str,
    left: int,
) -> None:
    queue = Door(database, settings, turn, clock, by)
    decision_id = queue.queue()
    practice.fault(operation=slow, kind="slow", seconds=40, count=1)
    worker.go()
    wait_until(
        lambda: (
            [attempt.state for attempt in open_attempts(database)] == [state]
            and len(practice.truth()["posts"]) == left
            and asked_for(practice, slow)
        ),
        f"the run is {state}",
    )

    worker.process.kill()

    wait_until_no_browser_is_left(str(settings.home), within_seconds=10)
    with dg.DagsterInstance.ephemeral() as instance:
        for _ in range(2):
            assert queue.status(decision_id) != "posted"
            ran = run_job("posting", instance=instance, clock=clock, settings=settings, database=database)
            assert ran.success, ran.errors
            if queue.status(decision_id) == "posted":
                break
            assert queue.status(decision_id) == "queued"
            move_both(practice, clock, minutes=6)
    [post] = practice.truth()["posts"]
    assert queue.row("SELECT tweet_id FROM posted_decisions") == {"tweet_id": post["id"]}
    assert open_attempts(database) == []
    assert practice.ask("GET", "requests")["by_operation"]["CreateTweet"] == 1


def asked_for(practice: Practice, what: str) -> bool:
    """Says whether the slow one has been struck: then the run waits there."""
    return not any(fault["operation"] == what for fault in practice.ask("GET", "faults"))
