"""Sensors: what cannot wait for a minute of the timetable is looked for every half a minute."""

from datetime import datetime, timedelta

import dagster as dg

from xbot_pipelines.clock import Clock, utc
from xbot_pipelines.orchestration.jobs import JOBS
from xbot_pipelines.orchestration.partitions import days
from xbot_pipelines.orchestration.passing import Due, PassedOver, blocked, nothing_to_do, told
from xbot_pipelines.orchestration.runs import unless_it_runs
from xbot_pipelines.store import account, checkpoints
from xbot_pipelines.store.database import AccountDatabase

LOOK_EVERY_SECONDS = 30
_JOB = "velocity_tracker"

ASK_AGAIN_AFTER = timedelta(minutes=10)
"""Checkpoints that are still due after a run could not be read: to ask for one at every look would be hammering."""


@dg.sensor(
    job=JOBS[_JOB],
    minimum_interval_seconds=LOOK_EVERY_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Looks every 30 seconds for posts that are 2, 12 or 24 hours old by now, and asks for one run that "
    "reads whatever is due.",
)
def checkpoints_due(
    context: dg.SensorEvaluationContext,
    database: dg.ResourceParam[AccountDatabase],
    clock: dg.ResourceParam[Clock],
) -> dg.SensorResult | dg.RunRequest | dg.SkipReason:
    """Asks one indexed question. Its cursor holds when it has last asked for a run."""
    now = clock.now()
    asked_at = utc(datetime.fromisoformat(context.cursor)) if context.cursor else None
    answer = checkpoints_wanted(database, now=now, asked_at=asked_at)
    if isinstance(answer, dg.RunRequest):
        answer = unless_it_runs(context.instance, _JOB, answer)
    if isinstance(answer, PassedOver):
        return told(answer)
    return dg.SensorResult(run_requests=[answer], cursor=now.isoformat())


def checkpoints_wanted(database: AccountDatabase, *, now: datetime, asked_at: datetime | None) -> Due:
    """Answers the run that reads what is due, whether or not one is under way: only Dagster knows that.

    `asked_at` is when a run was asked for last; None is never.
    """
    due = checkpoints.due_span(database, now=now)
    if due is None:
        return nothing_to_do("no checkpoint is due")
    standstill = account.state_of(database).standstill(now)
    if standstill:
        return blocked(standstill)
    if asked_at is not None and due.newest_due_at <= asked_at and now - asked_at < ASK_AGAIN_AFTER:
        return blocked(
            f"a run for these {due.count} checkpoints was asked for at {asked_at:%H:%M:%S} UTC; "
            f"it is asked for again at {asked_at + ASK_AGAIN_AFTER:%H:%M:%S}"
        )
    return dg.RunRequest(tags=days(due.first_posted_at, due.last_posted_at))


SENSORS = (checkpoints_due,)
