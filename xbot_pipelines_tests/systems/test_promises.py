"""What must never happen again, provoked on the real posting and reading jobs, which are executed in this process.

Each test is named after its row. What is provoked within one room lies with the tests of that room.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

import dagster as dg
import pytest
from sqlalchemy import text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Evidence, Target
from xbot_pipelines.orchestration.schedules import SCHEDULES
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.alerts import open_alerts
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.systems.conftest import move_both
from xbot_pipelines_tests.systems.door import Door
from xbot_pipelines_tests.systems.jobs import Ran, run_job

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

QUESTION = "What helps you sleep?"


class Run(Protocol):
    """Executes a job, as `run("posting")`."""

    def __call__(self, job: str) -> Ran: ...


@pytest.fixture
def run(settings: Settings, database: AccountDatabase, clock: ManualClock) -> Iterator[Run]:
    """Executes the real jobs against the practice site."""
    with dg.DagsterInstance.ephemeral() as instance:

        def execute(job: str) -> Ran:
            # Dagster knows no partition beyond the machine's own day, and a test's clock may have moved past midnight.
            day = f"{datetime.now(UTC):%Y-%m-%d}" if job == "metrics_scraper" else None
            return run_job(job, instance=instance, clock=clock, day=day, settings=settings, database=database)

        yield execute


@pytest.fixture
def queue(database: AccountDatabase, settings: Settings, turn: BrowserTurn, clock: ManualClock, by: Provenance) -> Door:
    """What puts decisions into the queue, and looks at the tables."""
    return Door(database, settings, turn, clock, by)


def test_f03_a_post_that_could_not_be_saved_is_found_by_the_next_run_and_not_posted_again(
    run: Run, queue: Door, practice: Practice
) -> None:
    decision_id = queue.queue()
    execute(queue.database, "ALTER TABLE posted_decisions RENAME TO posted_decisions_away")
    failed = run("posting")
    assert "posted_decisions" in failed.errors
    assert len(practice.truth()["posts"]) == 1
    assert queue.status(decision_id) == "posting"

    execute(queue.database, "ALTER TABLE posted_decisions_away RENAME TO posted_decisions")
    assert run("posting").result == "nothing to do"

    [post] = practice.truth()["posts"]
    assert queue.status(decision_id) == "posted"
    assert recorded_ids(queue.database) == {post["id"]}


def test_f20_a_session_that_has_ended_pauses_the_account_and_tells_its_person_once(
    run: Run, queue: Door, practice: Practice
) -> None:
    decision_id = queue.queue()
    practice.fault(operation="home", kind="logged_out", count=1)

    failed = run("posting")

    assert not failed.success
    assert "log in again with `xbot login`" in failed.errors
    [alert] = open_alerts(queue.database)
    assert "`xbot login`" in alert.sentence
    assert [run("posting").result for _ in range(3)] == ["blocked"] * 3
    assert open_alerts(queue.database) == [alert]
    assert queue.status(decision_id) == "queued"
    assert practice.truth()["posts"] == []


@pytest.mark.parametrize(
    "wall", ["challenge", *(pytest.param(wall, marks=pytest.mark.slow) for wall in ("locked", "suspended"))]
)
def test_f17_f21_after_a_wall_that_needs_a_person_no_request_reaches_the_site(
    run: Run, queue: Door, practice: Practice, wall: str
) -> None:
    queue.queue("Published before the wall.")
    assert run("posting").result == "done"
    decision_id = queue.queue("Not published any more.")
    move_both(practice, queue.clock, minutes=31)
    practice.fault(operation="*", kind=wall, count=999)

    met = run("posting")

    assert not met.success
    paused = account.state_of(queue.database)
    assert paused.paused_at == queue.clock.now()
    assert paused.paused_reason is not None
    assert paused.paused_reason in met.errors
    [alert] = open_alerts(queue.database)
    before = practice.ask("GET", "requests")
    for _ in range(3):
        move_both(practice, queue.clock, hours=1)
        for job in ("posting", "metrics_scraper"):
            blocked = run(job)
            assert (blocked.success, blocked.result) == (True, "blocked"), blocked
            assert blocked.reason == paused.standstill(queue.clock.now())
        for schedule in (SCHEDULES["posting"], SCHEDULES["metrics_scraper"]):
            assert passed_over(schedule, queue) == f"blocked: {paused.standstill(queue.clock.now())}"
    with (
        BrowserTurn(queue.settings, queue.database, queue.clock, by=queue.by) as turn,
        pytest.raises(Standstill, match="the account is paused since"),
    ):
        turn.client()
    assert practice.ask("GET", "requests") == before
    # What it refused itself neither prolongs a pause nor ends it (F17), and tells nobody again (F21).
    assert account.state_of(queue.database) == paused
    assert open_alerts(queue.database) == [alert]

    practice.ask("DELETE", "faults")
    account.resume(queue.database, now=queue.clock.now())
    assert run("posting").result == "done"
    assert queue.status(decision_id) == "posted"


def test_f23_a_reply_whose_target_changes_while_it_waits_is_set_aside_with_the_reason(
    run: Run, queue: Door, practice: Practice
) -> None:
    [target] = practice.put({"author": practice.handle, "text": QUESTION})
    decision_id = queue.queue("A dark room.", Target(post_id=target, author_handle=practice.handle, text=QUESTION))
    practice.ask("DELETE", f"posts/{target}")

    refused = run("posting")

    assert refused.result == "blocked"
    assert refused.reason is not None
    assert target in refused.reason
    assert queue.status(decision_id) == "refused"
    assert "CreateTweet" not in practice.ask("GET", "requests")["by_operation"]


def test_f24_a_post_names_the_run_and_the_version_that_published_it(run: Run, queue: Door) -> None:
    decision_id = queue.queue()
    published = run("posting")
    assert published.result == "done"
    row = queue.row("SELECT * FROM posted_decisions")
    assert (row["run_id"], row["evidence"]) == (published.run_id, Evidence.ANSWER)
    assert row["version"] == Provenance(actor="test").version
    steps = "SELECT array_agg(to_status ORDER BY id) AS steps, array_agg(DISTINCT actor) AS actors FROM decision_events"
    of_this_run = f"WHERE decision_id = '{decision_id}' AND run_id = '{published.run_id}'"
    assert queue.row(f"{steps} {of_this_run}") == {"steps": ["posting", "posted"], "actors": ["posting"]}


def passed_over(schedule: dg.ScheduleDefinition, queue: Door) -> str | None:
    """Answers why a schedule passes its turn over, or None when it does not."""
    resources = {"settings": queue.settings, "database": queue.database, "clock": queue.clock}
    with (
        dg.DagsterInstance.ephemeral() as instance,
        dg.build_schedule_context(
            instance=instance, scheduled_execution_time=queue.clock.now(), resources=resources
        ) as context,
    ):
        return schedule.evaluate_tick(context).skip_message


def recorded_ids(database: AccountDatabase) -> set[str]:
    """Answers every id of a post of ours that stands in any table."""
    with database.transaction() as connection:
        return set(
            connection.scalars(
                text(
                    "SELECT tweet_id FROM posted_decisions UNION SELECT tweet_id FROM posting_attempts "
                    "WHERE tweet_id IS NOT NULL UNION SELECT tweet_id FROM tweet_metrics"
                )
            )
        )


def execute(database: AccountDatabase, statement: str) -> None:
    with database.transaction() as connection:
        connection.execute(text(statement))
