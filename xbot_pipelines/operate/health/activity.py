"""What our own tables say of the account: what stops it, what waits, what is open, what is owed, what was spent."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from xbot_pipelines.models import OPEN_ATTEMPT_STATES, AttemptState, DecisionType
from xbot_pipelines.operate.health.facts import (
    Activity,
    ApiUse,
    BrowserHealth,
    CheckpointHealth,
    LastPost,
    OpenAttempt,
    QueueHealth,
)
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store import browser_use, checkpoints, lease, promises, spending, x_limits
from xbot_pipelines.store.account import state_of
from xbot_pipelines.store.alerts import open_alerts
from xbot_pipelines.store.browser_use import BrowserUse
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.quotas import day_began
from xbot_pipelines.systems.budget import month_to_date

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def activity_of(database: AccountDatabase, profile: AccountSettings, *, now: datetime) -> Activity:
    """Answers what the tables say of the account at this moment. It waits for nobody, and changes nothing."""
    with database.transaction() as connection:
        queues = tuple(_queue(connection, database.account, kind, now) for kind in DecisionType)
        attempts = _open_attempts(connection, database.account)
        latest = connection.execute(text(_LATEST), {"account": database.account}).one()
    return Activity(
        state=state_of(database),
        alerts=tuple(open_alerts(database)),
        queues=queues,
        open_attempts=attempts,
        last_post=LastPost(tweet_id=latest.tweet_id, posted_at=latest.posted_at) if latest.tweet_id else None,
        last_reading_at=latest.read_at,
        checkpoints=_checkpoints(database, profile, now),
        browser=_browser(database, now),
        model_spent_usd=spending.spent_since(database, day_began(now, profile.timezone)),
        api_use=_api_use(database, profile, now),
    )


def used_within(uses: list[BrowserUse], *, since: datetime, until: datetime, held: bool) -> timedelta:
    """Answers for how long of [since, until) somebody had the browser.

    Args:
        uses: who had it, in any order.
        since: the beginning.
        until: the end.
        held: whether the last use goes on. A use without an end that does not was killed, and counts for nothing.
    """
    last = max(uses, key=lambda use: use.leased_at, default=None)
    total = timedelta(0)
    for use in uses:
        end = use.closed_at or (until if held and use is last else use.leased_at)
        total += max(min(end, until) - max(use.leased_at, since), timedelta(0))
    return total


def _checkpoints(database: AccountDatabase, profile: AccountSettings, now: datetime) -> CheckpointHealth:
    until = now - profile.checkpoint_tolerance
    day = promises.tally_checkpoints(
        database, due_from=until - _DAY, due_until=until, checkpoints_hours=profile.checkpoints_hours
    )
    return CheckpointHealth(due=checkpoints.due_span(database, now=now), day=day)


def _browser(database: AccountDatabase, now: datetime) -> BrowserHealth:
    held_since = lease.held_since(database)
    latest = browser_use.latest_use(database)
    hour = now.replace(minute=0, second=0, microsecond=0)
    uses = list(browser_use.uses_between(database, since=hour - _HOUR, until=now))
    # A lease without a row of its own belongs to whoever has just taken it, or to a test or a notebook.
    holder = latest.actor if latest is not None and latest.closed_at is None else "somebody"
    return BrowserHealth(
        held_by=holder if held_since else None,
        held_since=held_since,
        used_this_hour=used_within(uses, since=hour, until=now, held=held_since is not None),
    )


def _api_use(database: AccountDatabase, profile: AccountSettings, now: datetime) -> ApiUse | None:
    if profile.transport != "api":
        return None
    used_up = tuple(x_limits.used_up(database, now=now))
    return ApiUse(month=month_to_date(database, profile, now=now), used_up=used_up)


def _queue(connection: Connection, account: str, kind: DecisionType, now: datetime) -> QueueHealth:
    names = {"account": account, "kind": kind, "now": now}
    row = connection.execute(text(_QUEUE), names).one()
    unapproved = connection.execute(text(_UNAPPROVED), names).one()
    return QueueHealth(
        kind=kind,
        waiting=row.waiting,
        due=row.due,
        oldest_due_at=row.oldest_due_at,
        unapproved=unapproved.number,
        unapproved_since=unapproved.since,
    )


def _open_attempts(connection: Connection, account: str) -> tuple[OpenAttempt, ...]:
    names = {"account": account, "open": list(OPEN_ATTEMPT_STATES)}
    return tuple(
        OpenAttempt(
            decision_id=str(row.decision_id),
            kind=DecisionType(row.decision_type),
            state=AttemptState(row.state),
            began_at=row.began_at,
            detail=row.detail,
        )
        for row in connection.execute(text(_OPEN_ATTEMPTS), names)
    )


_QUEUE = """
    SELECT count(*) AS waiting,
           count(*) FILTER (WHERE ready_at <= :now) AS due,
           min(ready_at) FILTER (WHERE ready_at <= :now) AS oldest_due_at
    FROM (SELECT greatest(scheduled_at, not_before) AS ready_at
          FROM content_metadata
          WHERE account = :account AND decision_type = :kind AND status = 'queued') AS queued
"""
_UNAPPROVED = """
    SELECT count(*) AS number, min(scheduled_at) FILTER (WHERE scheduled_at <= :now) AS since
    FROM content_metadata
    WHERE account = :account AND decision_type = :kind AND status = 'needs_review'
      AND coalesce(expires_at > :now, true)
"""
_OPEN_ATTEMPTS = """
    SELECT decision_id, decision_type, state, began_at, detail
    FROM posting_attempts
    WHERE account = :account AND state = ANY(:open)
    ORDER BY began_at
"""
_LATEST = """
    SELECT post.tweet_id, post.posted_at,
           (SELECT max(observed_at) FROM tweet_metrics WHERE account = :account) AS read_at
    FROM (VALUES (1)) AS one
    LEFT JOIN LATERAL (SELECT tweet_id, posted_at FROM posted_decisions
                       WHERE account = :account ORDER BY posted_at DESC LIMIT 1) AS post ON true
"""
