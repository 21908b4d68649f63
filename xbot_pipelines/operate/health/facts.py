"""What can be known of the health, as plain values. Each part may be unknown, and then says why.

How they are found out is the business of `collecting`, what they mean of `judging`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from xbot_pipelines.models import AttemptState, DecisionType
from xbot_pipelines.orchestration.records import JobRecord
from xbot_pipelines.orchestration.timetable import Turn
from xbot_pipelines.store.account import AccountState
from xbot_pipelines.store.alerts import Alert
from xbot_pipelines.store.checkpoints import DueSpan
from xbot_pipelines.store.promises import CheckpointTally
from xbot_pipelines.store.x_limits import UsedUp
from xbot_pipelines.systems.budget import Month


@dataclass(frozen=True, kw_only=True)
class QueueHealth:
    """What waits of one kind: how much, how much of it now, and since when the oldest of that could have gone out.

    `unapproved` waits for a person beside those, and `unapproved_since` is the earliest time among them that has
    passed: without an approval nothing went out then.
    """

    kind: DecisionType
    waiting: int
    due: int
    oldest_due_at: datetime | None
    unapproved: int
    unapproved_since: datetime | None


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
class CheckpointHealth:
    """What is due and unread (`due` None: nothing), and what became of all that fell due within 24 hours."""

    due: DueSpan | None
    day: CheckpointTally


@dataclass(frozen=True, kw_only=True)
class BrowserHealth:
    """Who has the account's browser, if anybody, since when; how long it was used in the hour that has begun."""

    held_by: str | None
    held_since: datetime | None
    used_this_hour: timedelta


@dataclass(frozen=True, kw_only=True)
class ApiUse:
    """What X's API has cost this month, and its limits that leave nothing now."""

    month: Month
    used_up: tuple[UsedUp, ...]


@dataclass(frozen=True, kw_only=True)
class Activity:
    """What our own tables say of the account.

    `model_spent_usd` is what the language model has cost in the account's day. `api_use` is None where the account goes
    to X by a browser.
    """

    state: AccountState
    alerts: tuple[Alert, ...]
    queues: tuple[QueueHealth, ...]
    open_attempts: tuple[OpenAttempt, ...]
    last_post: LastPost | None
    last_reading_at: datetime | None
    checkpoints: CheckpointHealth
    browser: BrowserHealth
    model_spent_usd: float
    api_use: ApiUse | None


@dataclass(frozen=True, kw_only=True)
class JobHealth:
    """One job: its turns, its past, its next turn, and by how much its last success is late (None: it is not)."""

    turn: Turn
    record: JobRecord
    next_turn_at: datetime
    late: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Dagster:
    """What Dagster has written down: the jobs, its daemon's heartbeats, when the sensor of checkpoints last looked."""

    jobs: Sequence[JobHealth]
    heartbeats: Mapping[str, datetime]
    looked_for_checkpoints_at: datetime | None


class Proof(StrEnum):
    """What shows X who we are: a browser's session, or what X's API takes."""

    SESSION = "session"
    TOKENS = "tokens"
    KEYS = "keys"


@dataclass(frozen=True, kw_only=True)
class Login:
    """By what the account is known to X, and since when that is saved; None where it is not, as keys never are.

    `ended_at` is when the saved session has ended by its own date. What has not ended need not be good any more: that
    is proven by each run (F20).
    """

    proof: Proof
    saved_at: datetime | None
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OtherClock:
    """A clock that is not ours: whose, and by how much ours is ahead of it (negative: behind)."""

    whose: str
    ahead: timedelta


@dataclass(frozen=True, kw_only=True)
class Model:
    """Whether the language model's provider answers: `fault` says what is wrong, None is nothing.

    `is_practice`: it is the practice model, which lives in practice X.
    """

    name: str
    fault: str | None
    asked_at: datetime
    is_practice: bool


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The machine and the site: what is left of the disk of the data folder, and why no browser can be started.

    `practice_fault` and `ui_fault` say where practice X or Dagster's UI do not answer; None where they do, or where
    none is expected.
    """

    disk_free_bytes: int
    disk_total_bytes: int
    browser_fault: str | None
    practice_fault: str | None
    ui_fault: str | None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that is known of one account at one moment.

    `activity` is None where our tables cannot be read, and `dagster` where Dagster's cannot; the fault beside each then
    says why.
    """

    account: str
    handle: str
    version: str
    zone: ZoneInfo
    dry_run: bool
    looked_at: datetime
    model_budget_usd: float
    activity: Activity | None
    database_fault: str | None
    dagster: Dagster | None
    dagster_fault: str | None
    login: Login
    model: Model
    surroundings: Surroundings
    clocks: tuple[OtherClock, ...]
