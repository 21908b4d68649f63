"""How the account is, as plain values: what stops it, what waits, what is open, when it last did something.

Collected from the tables and the data folder at the moment of asking; nothing is asked of X or of Dagster. How it is
shown lies in `health_report`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, text

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import OPEN_ATTEMPT_STATES, AttemptState, DecisionType
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.tables import account_tables
from xbot_pipelines.settings import AccountSettings, Settings
from xbot_pipelines.store import x_limits
from xbot_pipelines.store.account import AccountState, state_of
from xbot_pipelines.store.alerts import Alert, open_alerts
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.x_limits import UsedUp
from xbot_pipelines.systems.budget import Month, month_to_date
from xbot_pipelines.systems.transports import proof_of
from xbot_pipelines.x.api.credentials import Keys


@dataclass(frozen=True, kw_only=True)
class QueueHealth:
    """What waits of one kind: how much, how much of it now, and since when the oldest of that could have gone out."""

    kind: DecisionType
    waiting: int
    due: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OpenAttempt:
    """A try to publish of which it is not known whether there is a post."""

    decision_id: str
    kind: DecisionType
    state: AttemptState
    began_at: datetime
    detail: str | None


@dataclass(frozen=True, kw_only=True)
class LastPost:
    """The post that was published last."""

    tweet_id: str
    posted_at: datetime


@dataclass(frozen=True, kw_only=True)
class Activity:
    """What the tables say of the account."""

    state: AccountState
    alerts: tuple[Alert, ...]
    queues: tuple[QueueHealth, ...]
    open_attempts: tuple[OpenAttempt, ...]
    last_post: LastPost | None
    last_reading_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ApiUse:
    """What X's API has cost this month, and its limits that leave nothing now."""

    month: Month
    used_up: tuple[UsedUp, ...]


class Proof(StrEnum):
    """What shows X who we are: a browser's session, or what X's API takes."""

    SESSION = "session"
    TOKENS = "tokens"
    KEYS = "keys"


@dataclass(frozen=True, kw_only=True)
class Login:
    """By what the account is known to X, and since when that is saved; None where it is not, as keys never are.

    What is saved need not be good any more: that is proven by each run (F20).
    """

    proof: Proof
    saved_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Health:
    """How the account is at one moment.

    `activity` is None where the tables cannot be read, and `database_fault` then says why; `api_use` also where the
    account goes to X by a browser.
    """

    account: str
    handle: str
    looked_at: datetime
    login: Login
    activity: Activity | None
    api_use: ApiUse | None
    database_fault: str | None

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps the account from acting until a person does something; none, when all is well."""
        if self.activity is None:
            return (self.database_fault or "the database does not answer",)
        state = self.activity.state
        paused = state.standstill(self.looked_at) if state.paused_at is not None else None
        return (paused,) if paused else ()


def look(settings: Settings, clock: Clock) -> Health:
    """Answers how the account is. A database that does not answer is part of the answer, not an error."""
    now = clock.now()
    activity, api_use, fault = None, None, None
    try:
        with account_tables(settings) as database:
            activity = activity_of(database, now=now)
            api_use = _api_use(database, settings.profile, now=now)
    except CannotRun as reason:
        fault = str(reason)
    return Health(
        account=settings.account,
        handle=settings.profile.handle,
        looked_at=now,
        login=_login(settings),
        activity=activity,
        api_use=api_use,
        database_fault=fault,
    )


def activity_of(database: AccountDatabase, *, now: datetime) -> Activity:
    """Answers what the tables say of the account at this moment."""
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
    )


def _api_use(database: AccountDatabase, profile: AccountSettings, *, now: datetime) -> ApiUse | None:
    if profile.transport != "api":
        return None
    used_up = tuple(x_limits.used_up(database, now=now))
    return ApiUse(month=month_to_date(database, profile, now=now), used_up=used_up)


def _queue(connection: Connection, account: str, kind: DecisionType, now: datetime) -> QueueHealth:
    row = connection.execute(text(_QUEUE), {"account": account, "kind": kind, "now": now}).one()
    return QueueHealth(kind=kind, waiting=row.waiting, due=row.due, oldest_due_at=row.oldest_due_at)


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


def _login(settings: Settings) -> Login:
    if settings.profile.transport == "browser":
        return Login(proof=Proof.SESSION, saved_at=_saved_at(settings.session_file))
    if isinstance(proof_of(settings), Keys):
        return Login(proof=Proof.KEYS, saved_at=None)
    return Login(proof=Proof.TOKENS, saved_at=_saved_at(settings.token_file))


def _saved_at(file: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


_QUEUE = """
    SELECT count(*) AS waiting,
           count(*) FILTER (WHERE ready_at <= :now) AS due,
           min(ready_at) FILTER (WHERE ready_at <= :now) AS oldest_due_at
    FROM (SELECT greatest(scheduled_at, not_before) AS ready_at
          FROM content_metadata
          WHERE account = :account AND decision_type = :kind AND status = 'queued') AS queued
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
