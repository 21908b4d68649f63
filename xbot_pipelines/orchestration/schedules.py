"""The schedules: the timetable's minutes, and a reason wherever a turn is passed over.

A turn costs nothing when there is nothing to do. The truth about what is due lies in our own database, so no turn
depends on how the last one ended (F15).
"""

from datetime import timedelta

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import DecisionType
from xbot_pipelines.orchestration import jobs
from xbot_pipelines.orchestration.timetable import turn_of
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account, decisions, publishing, readings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems import planning, posting

# Without NOT_STARTED: such a run is not in the queue. Where the database died between creating a run and queueing it,
# run monitoring gives it up only after its start timeout, and a schedule that waited for it would lose its turn (F14).
_UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
_READ_FOR = timedelta(hours=24)
_RANGE_START, _RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"

Answer = dg.RunRequest | dg.SkipReason


@dg.schedule(
    job=jobs.posting,
    cron_schedule=turn_of("posting").cron,
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def posting_turn(
    context: dg.ScheduleEvaluationContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    clock: dg.ResourceParam[Clock],
) -> Answer:
    """Asks for a posting run when a decision is due or an attempt is open."""
    if settings.profile.publishing.dry_run:
        return dg.SkipReason(posting.DRY_RUN)
    due = sum(decisions.queue_of(database, kind, now=clock.now()).due for kind in DecisionType)
    if not due and not publishing.open_attempts(database):
        return dg.SkipReason("no decision is due and no attempt is open")
    waits = account.state_of(database).posting_standstill(clock.now())
    return dg.SkipReason(waits) if waits else _unless_it_runs(context, jobs.posting.name, dg.RunRequest())


@dg.schedule(
    job=jobs.plan,
    cron_schedule=turn_of("plan").cron,
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def plan_turn(
    context: dg.ScheduleEvaluationContext,
    database: dg.ResourceParam[AccountDatabase],
    clock: dg.ResourceParam[Clock],
) -> Answer:
    """Asks for a planning run when the queue runs low."""
    enough = planning.why_not_now(decisions.queue_of(database, DecisionType.SINGLE, now=clock.now()))
    return dg.SkipReason(enough) if enough else _unless_it_runs(context, jobs.plan.name, dg.RunRequest())


@dg.schedule(
    job=jobs.metrics_scraper,
    cron_schedule=turn_of("metrics_scraper").cron,
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def metrics_scraper_turn(
    context: dg.ScheduleEvaluationContext,
    database: dg.ResourceParam[AccountDatabase],
    clock: dg.ResourceParam[Clock],
) -> Answer:
    """Asks for one run over the days of the posts that are younger than a day."""
    now = clock.now()
    posts = readings.published_posts(database, since=now - _READ_FOR, until=now)
    if not posts:
        return dg.SkipReason("nothing of ours was published in the last 24 hours")
    days = {_RANGE_START: f"{posts[0].posted_at:%Y-%m-%d}", _RANGE_END: f"{posts[-1].posted_at:%Y-%m-%d}"}
    waits = account.state_of(database).standstill(now)
    return (
        dg.SkipReason(waits) if waits else _unless_it_runs(context, jobs.metrics_scraper.name, dg.RunRequest(tags=days))
    )


def _unless_it_runs(context: dg.ScheduleEvaluationContext, job: str, request: dg.RunRequest) -> Answer:
    """Answers the request, unless the job is queued or running: that run does the work of this turn too (F26)."""
    unfinished = context.instance.get_run_ids(dg.RunsFilter(job_name=job, statuses=_UNFINISHED), limit=1)
    return dg.SkipReason(f"{job} is queued or running already (run {unfinished[0]})") if unfinished else request


SCHEDULES = (posting_turn, plan_turn, metrics_scraper_turn)
