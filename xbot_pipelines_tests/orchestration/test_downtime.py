"""After a downtime each job runs once at most, the most important first, and nothing that is owed is forgotten."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from dagster import DagsterRun, DagsterRunStatus, RunsFilter
from dagster._core.scheduler.instigation import TickStatus

from xbot_pipelines.orchestration.location import SETTINGS
from xbot_pipelines.orchestration.run_queue import QUIET_SECONDS
from xbot_pipelines.orchestration.schedules import SCHEDULES
from xbot_pipelines.orchestration.timetable import turn_of
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import checkpoints
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines_tests.conftest import ROOT
from xbot_pipelines_tests.history import Past, record_past
from xbot_pipelines_tests.orchestration.daemons import Queue, Scheduler, served_definitions, shipped_instance
from xbot_pipelines_tests.store.given import queued, single

HOUR = timedelta(hours=1)
DOWN = 3 * HOUR

pytestmark = pytest.mark.timeout(240)


def test_f26_after_three_hours_down_each_job_runs_once_the_most_important_first_and_nothing_owed_is_forgotten(
    settings: Settings, database: AccountDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    assert settings.database_url is not None
    for variable, value in {
        "XBOT_ACCOUNTS": str(ROOT / "accounts"),
        "XBOT_HOME": str(settings.home),
        "XBOT_DATABASE_URL": settings.database_url.get_secret_value(),
    }.items():
        monkeypatch.setenv(variable, value)
    ages = (2.5, 5, 13, 25)
    posts = [
        Past(tweet_id=f"190000000000000010{number}", text=f"Post {number}.", posted_at=now - age * HOUR)
        for number, age in enumerate(ages)
    ]
    record_past(database, posts)
    queued(database, single("It waits for posting to come back."), at=now - HOUR)
    owed = checkpoints.due_span(database, now=now)
    assert owed is not None

    with shipped_instance() as instance, served_definitions(instance) as workspace:
        scheduler, queue = Scheduler(workspace), Queue(instance, workspace)
        scheduler.look(now - DOWN)
        assert instance.get_runs() == []
        scheduler.look(now)

        runs = instance.get_runs()
        asked = Counter(run.job_name for run in runs)
        assert max(asked.values()) == 1, asked
        ticks = scheduler.ticks()
        assert set(ticks) == set(SCHEDULES)
        for job, of_job in ticks.items():
            turn = turn_of(job)
            if turn.next_after(now - DOWN, SETTINGS.profile.timezone) > now:
                assert of_job == [], "it has missed none of its turns"
                continue
            [tick] = of_job
            if job in asked:
                assert tick.status == TickStatus.SUCCESS
                continue
            assert tick.status == TickStatus.SKIPPED
            assert tick.skip_reason is not None
            if tick.skip_reason.startswith("missed"):
                turn_was = datetime.fromtimestamp(tick.timestamp, UTC)
                # The schedule was asked a moment after `now`.
                asked_at = now + timedelta(seconds=30)
                assert turn.next_after(now, SETTINGS.profile.timezone) - asked_at < asked_at - turn_was, (
                    job,
                    tick.skip_reason,
                )

        time.sleep(QUIET_SECONDS)
        started: list[DagsterRun] = []
        while newly := queue.look():
            started += newly
            for run in newly:
                queue.end(run)
        assert len(started) == len(runs)
        priorities = [turn_of(run.job_name).priority for run in started if turn_of(run.job_name).uses_browser]
        assert priorities == sorted(priorities, reverse=True)
        assert instance.get_runs(RunsFilter(statuses=[DagsterRunStatus.QUEUED])) == []

    # What a turn would have done is still owed, and found by whoever comes next.
    assert checkpoints.due_span(database, now=now) == owed
