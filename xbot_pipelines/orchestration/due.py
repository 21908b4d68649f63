"""What is due: one question for each job of the timetable, asked of our own tables at each of its turns.

The truth about what is owed lies in them alone, so no turn depends on how the last one ended (F15), and what a turn
leaves undone is found by the next. Whether the turn may be taken at all is asked in `schedules`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import dagster as dg

from xbot_pipelines.models import DecisionType
from xbot_pipelines.orchestration.assets.metrics import ReadingConfig, tweet_metrics
from xbot_pipelines.orchestration.partitions import days
from xbot_pipelines.orchestration.passing import Due, blocked, nothing_to_do
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account, checkpoints, decisions, publishing, readings
from xbot_pipelines.store.claiming import Blocked
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems import analytics, by_hand, conversations, dry_run, learning, metrics, planning, reporting
from xbot_pipelines.systems.metrics import Posts

_READ_FOR = timedelta(hours=24)
_CONSOLIDATED_FOR = timedelta(days=8)
_NOTHING_LATELY = "nothing of ours was published in the last eight days"

Question = Callable[[Settings, AccountDatabase, datetime], Due]


def _posting(settings: Settings, database: AccountDatabase, now: datetime) -> Due:
    # A person may have sent a reply by hand: only our timeline tells.
    by_a_person = by_hand.awaited_since(database, settings.profile) is not None
    is_owed = by_a_person or bool(publishing.open_attempts(database))
    if settings.profile.publishing.dry_run and not is_owed:
        shown = dry_run.next_to_show(database, settings.profile, now=now)
        return blocked(shown.reason) if isinstance(shown, Blocked) else dg.RunRequest()
    queues = [decisions.queue_of(database, kind, now=now) for kind in DecisionType]
    if not any(queue.due for queue in queues) and not is_owed:
        unapproved = sum(queue.unapproved for queue in queues)
        waits = f"; waiting for approval in `xbot review`: {unapproved}" if unapproved else ""
        return nothing_to_do(f"no decision is due and no attempt is open{waits}")
    standstill = account.state_of(database).posting_standstill(now)
    return blocked(standstill) if standstill else dg.RunRequest()


def _plan(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    enough = planning.why_not_now(decisions.queue_of(database, DecisionType.SINGLE, now=now))
    return nothing_to_do(enough) if enough else dg.RunRequest()


def _metrics_scraper(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    posts = readings.living_posts(database, since=now - _READ_FOR, until=now)
    if not posts:
        return nothing_to_do("nothing of ours was published in the last 24 hours")
    return dg.RunRequest(tags=days(posts[0].posted_at, posts[-1].posted_at))


def _data_collection(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    stale = [post.posted_at for post in metrics.stale_posts(database, now=now)]
    due = checkpoints.due_span(database, now=now)
    moments = [*stale, *((due.first_posted_at, due.last_posted_at) if due else ())]
    if not moments:
        return nothing_to_do("every reading is fresh enough, and no checkpoint is due")
    chosen = dg.RunConfig(ops={tweet_metrics.op.name: ReadingConfig(posts=Posts.STALE)})
    return dg.RunRequest(tags=days(min(moments), max(moments)), run_config=chosen)


def _velocity_tracker(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    due = checkpoints.due_span(database, now=now)
    if due is None:
        return nothing_to_do("no checkpoint is due")
    return dg.RunRequest(tags=days(due.first_posted_at, due.last_posted_at))


def _replies(settings: Settings, _: AccountDatabase, __: datetime) -> Due:
    if settings.profile.caps.replies_per_day == 0:
        return blocked("replies are switched off: caps.replies_per_day is 0")
    return dg.RunRequest()


def _analytics(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    return dg.RunRequest() if analytics.owed(database, now=now) else nothing_to_do("no private figures are owed")


def _enhanced_metrics(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    if not conversations.unread(database, now=now):
        return nothing_to_do("no post has more replies than when we last looked")
    return dg.RunRequest()


def _learning(settings: Settings, database: AccountDatabase, now: datetime) -> Due:
    learned = learning.why_not_now(database, settings.profile, now=now)
    return nothing_to_do(learned) if learned else dg.RunRequest()


def _attribution(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    published = readings.count_posts(database, since=now - _CONSOLIDATED_FOR, until=now)
    return dg.RunRequest() if published else nothing_to_do(_NOTHING_LATELY)


def _real_outcomes(_: Settings, database: AccountDatabase, now: datetime) -> Due:
    posts = readings.published_posts(database, since=now - _CONSOLIDATED_FOR, until=now)
    if not posts:
        return nothing_to_do(_NOTHING_LATELY)
    return dg.RunRequest(tags=days(posts[0].posted_at, posts[-1].posted_at))


def _daily_report(settings: Settings, database: AccountDatabase, now: datetime) -> Due:
    written = reporting.why_not_now(settings, database, now=now)
    return nothing_to_do(written) if written else dg.RunRequest()


def _always(_: Settings, __: AccountDatabase, ___: datetime) -> Due:
    return dg.RunRequest()


QUESTIONS: Mapping[str, Question] = {
    "posting": _posting,
    "plan": _plan,
    "data_collection": _data_collection,
    "metrics_scraper": _metrics_scraper,
    "velocity_tracker": _velocity_tracker,
    "replies": _replies,
    "analytics": _analytics,
    "sync_followers": _always,
    "news": _always,
    "enhanced_metrics": _enhanced_metrics,
    "learning": _learning,
    "attribution": _attribution,
    "real_outcomes": _real_outcomes,
    "session_check": _always,
    "daily_report": _daily_report,
    "housekeeping": _always,
}
"""The question of each job, by the job's name."""
