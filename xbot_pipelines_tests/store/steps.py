"""The steps of an attempt, each told shortly."""

from collections.abc import Callable
from datetime import datetime, timedelta

from xbot_pipelines.models import Attempt, Evidence
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.publishing import mark_submitted, record_absent, record_posted, record_refused, record_unknown
from xbot_pipelines_tests.store.given import BY, TWEET_ID

MINUTE = timedelta(minutes=1)


def confirm(database: AccountDatabase, attempt: Attempt, at: datetime) -> None:
    """The post was found."""
    record_posted(
        database,
        attempt,
        tweet_id=TWEET_ID,
        posted_at=at,
        evidence=Evidence.ANSWER,
        checkpoints_hours=(2, 12, 24),
        now=at,
        by=BY,
    )


def refuse(database: AccountDatabase, attempt: Attempt, at: datetime) -> None:
    """X said no."""
    record_refused(database, attempt, code=187, message="duplicate", now=at, by=BY)


def doubt(database: AccountDatabase, attempt: Attempt, at: datetime) -> None:
    """Nobody can tell."""
    record_unknown(database, attempt, reason="no answer", now=at, by=BY)


def retry(database: AccountDatabase, attempt: Attempt, at: datetime) -> None:
    """There is no post; again in ten minutes."""
    record_absent(database, attempt, reason="not there", retry_at=at + 10 * MINUTE, now=at, by=BY)


def set_aside(database: AccountDatabase, attempt: Attempt, at: datetime) -> None:
    """There is no post, and it is not tried again."""
    record_absent(database, attempt, reason="not there", retry_at=None, now=at, by=BY)


def submit(database: AccountDatabase, attempt: Attempt, at: datetime) -> None:
    """The click comes next."""
    mark_submitted(database, attempt, now=at)


Step = Callable[[AccountDatabase, Attempt, datetime], None]
ENDS: dict[Step, str] = {confirm: "posted", refuse: "refused", retry: "queued", set_aside: "failed"}
"""Each way to settle an attempt for good, and where it leads the decision."""
