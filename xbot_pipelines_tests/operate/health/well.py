"""An account that is well, as the tests of this room begin; each then breaks one thing."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from xbot_pipelines.models import DecisionType
from xbot_pipelines.operate.health.facts import (
    Activity,
    BrowserHealth,
    CheckpointHealth,
    Dagster,
    Facts,
    JobHealth,
    Login,
    Model,
    OtherClock,
    Proof,
    QueueHealth,
    Surroundings,
)
from xbot_pipelines.orchestration.records import Ended, JobRecord, Outcome
from xbot_pipelines.orchestration.timetable import TIMETABLE, turn_of
from xbot_pipelines.store.account import AccountState
from xbot_pipelines.store.promises import CheckpointTally
from xbot_pipelines_tests.conftest import NOON

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
VIENNA = ZoneInfo("Europe/Vienna")
GB = 1024**3
MAY_ACT = AccountState(
    paused_at=None,
    paused_reason=None,
    paused_by=None,
    wait_until=None,
    wait_reason=None,
    posting_wait_until=None,
    posting_wait_reason=None,
    posting_stopped_at=None,
    posting_stopped_reason=None,
)


def outcome(at: datetime, ended: Ended = Ended.DONE, reason: str | None = None, error: str | None = None) -> Outcome:
    return Outcome(at=at, ended=ended, reason=reason, error=error)


def job(name: str = "posting", **changes: Any) -> JobHealth:
    """A job that was scheduled long ago, and was done at its last turn."""
    turn = turn_of(name)
    done_at = NOON - turn.shortest_distance / 2
    record = JobRecord(
        scheduled_since=NOON - 60 * DAY, heard_at=done_at, last_success_at=done_at, outcomes=(outcome(done_at),)
    )
    next_turn_at = turn.next_after(NOON, VIENNA)
    return JobHealth(turn=turn, record=replace(record, **changes), next_turn_at=next_turn_at, late=None)


def queue(**changes: Any) -> QueueHealth:
    """The queue of posts, in which nothing waits."""
    nothing = QueueHealth(
        kind=DecisionType.SINGLE, waiting=0, due=0, oldest_due_at=None, unapproved=0, unapproved_since=None
    )
    return replace(nothing, **changes)


def activity(**changes: Any) -> Activity:
    """An account that may act and owes nothing."""
    nothing_waits = tuple(queue(kind=kind) for kind in DecisionType)
    usual = Activity(
        state=MAY_ACT,
        alerts=(),
        queues=nothing_waits,
        open_attempts=(),
        last_post=None,
        last_reading_at=None,
        checkpoints=CheckpointHealth(due=None, day=CheckpointTally(on_time=20, late=0, missed=0, owed=0)),
        browser=BrowserHealth(held_by=None, held_since=None, used_this_hour=timedelta(0)),
        model_spent_usd=0.01,
        api_use=None,
    )
    return replace(usual, **changes)


def dagster(*jobs: JobHealth, **changes: Any) -> Dagster:
    """A Dagster that works, with these jobs in place of the usual ones of their names."""
    own = {one.turn.job: one for one in jobs}
    daemons = ("SCHEDULER", "SENSOR", "QUEUED_RUN_COORDINATOR", "MONITORING")
    usual = Dagster(
        jobs=tuple(own.get(turn.job) or job(turn.job) for turn in TIMETABLE),
        heartbeats=dict.fromkeys(daemons, NOON - 20 * SECOND),
        looked_for_checkpoints_at=NOON - 25 * SECOND,
    )
    return replace(usual, **changes)


def surroundings(**changes: Any) -> Surroundings:
    """A machine with room, a browser and a practice X that answers."""
    usual = Surroundings(
        disk_free_bytes=20 * GB, disk_total_bytes=100 * GB, browser_fault=None, practice_fault=None, ui_fault=None
    )
    return replace(usual, **changes)


def well(**changes: Any) -> Facts:
    """An account of which nothing is wrong."""
    usual = Facts(
        account="practice",
        handle="daily_vitals",
        version="0.1.0",
        zone=VIENNA,
        dry_run=False,
        looked_at=NOON,
        model_budget_usd=1.0,
        activity=activity(),
        database_fault=None,
        dagster=dagster(),
        dagster_fault=None,
        login=Login(proof=Proof.SESSION, saved_at=NOON - HOUR),
        model=Model(name="gpt-5-mini", fault=None, asked_at=NOON, is_practice=True),
        surroundings=surroundings(),
        clocks=(OtherClock(whose="the database", ahead=timedelta(0)),),
    )
    return replace(usual, **changes)
