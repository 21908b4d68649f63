"""The schedules: the timetable's minutes, and a reason wherever a turn is passed over.

A turn costs nothing when there is nothing to do. The truth about what is due lies in our own database, so no turn
depends on how the last one ended (F15).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import DecisionType
from xbot_pipelines.orchestration import jobs
from xbot_pipelines.orchestration.assets.metrics import ReadingConfig, tweet_metrics
from xbot_pipelines.orchestration.partitions import days
from xbot_pipelines.orchestration.runs import unless_it_runs
from xbot_pipelines.orchestration.timetable import turn_of
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account, checkpoints, decisions, publishing, readings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems import analytics, conversations, metrics, planning, posting
from xbot_pipelines.systems.metrics import Posts

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition as Job

_READ_FOR = timedelta(hours=24)
_CONSOLIDATED_FOR = timedelta(days=8)

Due = dg.RunRequest | str
"""What a question for work answers: the run that does it, or why there is none."""


def _posting(settings: Settings, database: AccountDatabase, now: datetime) -> Due:
    if settings.profile.publishing.dry_run:
        return posting.DRY_RUN
    due = sum(decisions.queue_of(database, kind, now=now).due for kind in DecisionType)
    if not due and not publishing.open_attempts(database):
        return "no decision is due and no attempt is open"
    return account.state_of(database).posting_standstill(now) or dg.RunRequest()


def _plan(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    return planning.why_not_now(decisions.queue_of(database, DecisionType.SINGLE, now=now)) or dg.RunRequest()


def _metrics_scraper(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    posts = readings.living_posts(database, since=now - _READ_FOR, until=now)
    if not posts:
        return "nothing of ours was published in the last 24 hours"
    return dg.RunRequest(tags=days(posts[0].posted_at, posts[-1].posted_at))


def _data_collection(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    stale = [post.posted_at for post in metrics.stale_posts(database, now=now)]
    due = checkpoints.due_span(database, now=now)
    moments = [*stale, *((due.first_posted_at, due.last_posted_at) if due else ())]
    if not moments:
        return "every reading is fresh enough, and no checkpoint is due"
    chosen = dg.RunConfig(ops={tweet_metrics.op.name: ReadingConfig(posts=Posts.STALE)})
    return dg.RunRequest(tags=days(min(moments), max(moments)), run_config=chosen)


def _velocity_tracker(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    due = checkpoints.due_span(database, now=now)
    return dg.RunRequest(tags=days(due.first_posted_at, due.last_posted_at)) if due else "no checkpoint is due"


def _replies(settings: Settings, _: AccountDatabase, __: datetime) -> Due:
    if settings.profile.caps.replies_per_day == 0:
        return "replies are switched off: caps.replies_per_day is 0"
    return dg.RunRequest()


def _analytics(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    return dg.RunRequest() if analytics.owed(database, now=now) else "no private figures are owed"


def _enhanced_metrics(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    return (
        dg.RunRequest()
        if conversations.unread(database, now=now)
        else "no post has more replies than when we last looked"
    )


def _of_the_last_days(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    posts = readings.published_posts(database, since=now - _CONSOLIDATED_FOR, until=now)
    return dg.RunRequest(tags=days(posts[0].posted_at, posts[-1].posted_at)) if posts else _NOTHING_LATELY


def _attribution(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    published = readings.count_posts(database, since=now - _CONSOLIDATED_FOR, until=now)
    return dg.RunRequest() if published else _NOTHING_LATELY


def _always(_: Settings, __: AccountDatabase, ___: datetime) -> Due:
    return dg.RunRequest()


_NOTHING_LATELY = "nothing of ours was published in the last eight days"


def _schedule(job: "Job", due: Callable[[Settings, AccountDatabase, datetime], Due]) -> dg.ScheduleDefinition:
    turn = turn_of(job.name)

    @dg.schedule(
        name=f"{job.name}_turn",
        job=job,
        cron_schedule=turn.cron,
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=turn.purpose,
    )
    def asked(
        context: dg.ScheduleEvaluationContext,
        settings: dg.ResourceParam[Settings],
        database: dg.ResourceParam[AccountDatabase],
        clock: dg.ResourceParam[Clock],
    ) -> dg.RunRequest | dg.SkipReason:
        now = clock.now()
        answer = due(settings, database, now)
        if not isinstance(answer, str) and turn.uses_browser:
            answer = account.state_of(database).standstill(now) or answer
        return dg.SkipReason(answer) if isinstance(answer, str) else unless_it_runs(context.instance, job.name, answer)

    return asked


posting_turn = _schedule(jobs.posting, _posting)
plan_turn = _schedule(jobs.plan, _plan)
metrics_scraper_turn = _schedule(jobs.metrics_scraper, _metrics_scraper)
data_collection_turn = _schedule(jobs.data_collection, _data_collection)
velocity_tracker_turn = _schedule(jobs.velocity_tracker, _velocity_tracker)
replies_turn = _schedule(jobs.replies, _replies)
analytics_turn = _schedule(jobs.analytics, _analytics)
news_turn = _schedule(jobs.news, _always)
enhanced_metrics_turn = _schedule(jobs.enhanced_metrics, _enhanced_metrics)
sync_followers_turn = _schedule(jobs.sync_followers, _always)
attribution_turn = _schedule(jobs.attribution, _attribution)
real_outcomes_turn = _schedule(jobs.real_outcomes, _of_the_last_days)
session_check_turn = _schedule(jobs.session_check, _always)

SCHEDULES = (
    posting_turn,
    plan_turn,
    metrics_scraper_turn,
    data_collection_turn,
    velocity_tracker_turn,
    replies_turn,
    analytics_turn,
    news_turn,
    enhanced_metrics_turn,
    sync_followers_turn,
    attribution_turn,
    real_outcomes_turn,
    session_check_turn,
)
