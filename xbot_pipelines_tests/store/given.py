"""What tests of the store begin with: drafts, decisions that wait, attempts that were claimed, posts that are out.

Everything here goes through the store's own doors. Rows that those would refuse lie with the test that needs them.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from xbot_pipelines.models import (
    Attempt,
    Counters,
    DecisionStatus,
    DecisionType,
    Draft,
    Evidence,
    Reading,
    ReadingSource,
    Target,
)
from xbot_pipelines.settings import AccountSettings, Caps
from xbot_pipelines.store.claiming import Blocked, claim_next
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.decisions import add_decision
from xbot_pipelines.store.publishing import record_posted
from xbot_pipelines.store.readings import add_gone, add_readings

BY = Provenance(actor="given", run_id="run-0")
GENEROUS = Caps(posts_per_hour=999, posts_per_day=999, replies_per_hour=999, replies_per_day=999, minimum_gap_minutes=0)
TARGET = Target(post_id="1900000000000000001", author_handle="ada", text="Who else sleeps badly?", author_followers=120)
TWEET_ID = "1900000000000000100"
FULL = Counters(views=200, likes=5, reposts=4, replies=3, quotes=2, bookmarks=1)


def profile(caps: Caps = GENEROUS, timezone: str = "UTC") -> AccountSettings:
    """An account whose caps let everything through, unless the test gives others."""
    return AccountSettings(
        handle="tester", timezone=ZoneInfo(timezone), persona="Somebody.", subjects=("sleep",), caps=caps
    )


def single(text: str = "Ten minutes of walking after lunch.", *, topic: str | None = None) -> Draft:
    """A post of our own, not yet a decision."""
    return Draft(decision_type=DecisionType.SINGLE, text=text, topic=topic)


def reply(text: str = "Same here.", *, to: str = TARGET.author_handle) -> Draft:
    """An answer to a post of `to`, not yet a decision."""
    return Draft(decision_type=DecisionType.REPLY, text=text, target=replace(TARGET, author_handle=to))


def queued(
    database: AccountDatabase,
    draft: Draft,
    *,
    at: datetime,
    written_at: datetime | None = None,
    expires_at: datetime | None = None,
    status: DecisionStatus = DecisionStatus.QUEUED,
) -> UUID:
    """A decision that waits for `at`, and was written an hour before unless the test says otherwise."""
    return add_decision(
        database,
        draft,
        status=status,
        scheduled_at=at,
        expires_at=expires_at,
        now=written_at or at - timedelta(hours=1),
        by=BY,
    )


def claim(database: AccountDatabase, account: AccountSettings, now: datetime) -> Attempt:
    """The next attempt, where there has to be one."""
    attempt = claim_next(database, account, now=now, by=BY)
    assert isinstance(attempt, Attempt), attempt
    return attempt


def blocked(database: AccountDatabase, account: AccountSettings, now: datetime) -> str:
    """Why nothing is claimed, where something has to be in the way."""
    answer = claim_next(database, account, now=now, by=BY)
    assert isinstance(answer, Blocked), answer
    return answer.reason


def claimed(database: AccountDatabase, draft: Draft, *, at: datetime) -> Attempt:
    """An attempt at publishing this draft that began at `at`; nothing else may be due then."""
    decision_id = queued(database, draft, at=at)
    attempt = claim(database, profile(), at)
    assert attempt.decision_id == decision_id
    return attempt


def posted(
    database: AccountDatabase,
    tweet_id: str,
    *,
    at: datetime,
    began_at: datetime | None = None,
    text: str | None = None,
) -> UUID:
    """A post of ours that is out since `at`, which is when publishing it began unless the test says otherwise."""
    attempt = claimed(database, single(text or f"Post {tweet_id}."), at=began_at or at)
    record_posted(
        database,
        attempt,
        tweet_id=tweet_id,
        posted_at=at,
        evidence=Evidence.ANSWER,
        checkpoints_hours=(2, 12, 24),
        now=at,
        by=BY,
    )
    return attempt.decision_id


def reading(tweet_id: str, observed_at: datetime, counters: Counters) -> Reading:
    """What X counted of a post at a moment."""
    return Reading(tweet_id=tweet_id, observed_at=observed_at, **vars(counters))


def read(database: AccountDatabase, *readings: Reading, source: ReadingSource = ReadingSource.METRICS_SCRAPER) -> int:
    """Adds readings, and answers how many were new."""
    new, _ = add_readings(database, readings, source=source, run_id="run-1")
    return new


def gone(database: AccountDatabase, tweet_id: str, at: datetime) -> None:
    """A look at a moment that found a post gone."""
    add_gone(
        database,
        tweet_id,
        reason="This Post was deleted by the Post author.",
        observed_at=at,
        source=ReadingSource.METRICS_SCRAPER,
        run_id="run-1",
    )
