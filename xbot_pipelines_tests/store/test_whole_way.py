"""A decision's whole way through the store, on each kind of server that people have."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Attempt, Counters, DecisionType, Evidence, ReadingSource
from xbot_pipelines.store.account import pause, resume
from xbot_pipelines.store.claiming import Blocked, NothingDue, claim_next
from xbot_pipelines.store.database import AccountDatabase, open_engine
from xbot_pipelines.store.decisions import queue_of
from xbot_pipelines.store.lease import LeaseTaken, hold_lease
from xbot_pipelines.store.migrations import migrate
from xbot_pipelines.store.outcomes import outcomes_between, rebuild_outcomes
from xbot_pipelines.store.publishing import mark_submitted, open_attempts, record_absent, record_posted, record_unknown
from xbot_pipelines.store.readings import add_readings
from xbot_pipelines_tests.store.given import BY, profile, queued, reading, reply, single

TWEET_ID = "1900000000000000100"
AT_ONCE = timedelta()


@pytest.fixture
def fresh(any_empty_database_url: str) -> Iterator[AccountDatabase]:
    """A database that was empty a moment ago."""
    migrate(any_empty_database_url)
    engine = open_engine(any_empty_database_url)
    yield AccountDatabase(engine, "practice")
    engine.dispose()


def test_a_post_goes_its_whole_way_and_a_doubtful_reply_comes_back(fresh: AccountDatabase, clock: ManualClock) -> None:
    now = clock.now()
    post = queued(fresh, single(), at=now)
    answer = queued(fresh, reply(), at=now + timedelta(seconds=1))
    pause(fresh, reason="logged out", now=now, by=BY)
    assert isinstance(claim_next(fresh, profile(), now=now, by=BY), Blocked)
    resume(fresh, now=now)

    with hold_lease(fresh, wait=AT_ONCE) as lease:
        with pytest.raises(LeaseTaken), hold_lease(fresh, wait=AT_ONCE):
            pytest.fail("two have the browser")
        _publish(fresh, post, now)
        lease.assert_held()
    _doubt_and_try_again(fresh, answer, clock)

    add_readings(fresh, [reading(TWEET_ID, now, Counters(views=7))], source=ReadingSource.DATA_COLLECTION, run_id=None)
    assert rebuild_outcomes(fresh, since=now, until=now + timedelta(days=1)) == 1
    (outcome,) = outcomes_between(fresh, since=now, until=now + timedelta(days=1))
    assert (outcome.tweet_id, outcome.views, outcome.likes) == (TWEET_ID, 7, None)


def _publish(database: AccountDatabase, decision_id: object, now: datetime) -> None:
    attempt = claim_next(database, profile(), now=now, by=BY)
    assert isinstance(attempt, Attempt)
    assert attempt.decision_id == decision_id
    assert claim_next(database, profile(), now=now, by=BY) == NothingDue()
    mark_submitted(database, attempt, now=now)
    record_posted(
        database,
        attempt,
        tweet_id=TWEET_ID,
        posted_at=now,
        evidence=Evidence.TIMELINE,
        checkpoints_hours=(2, 12, 24),
        now=now,
        by=BY,
    )
    assert open_attempts(database) == []


def _doubt_and_try_again(database: AccountDatabase, decision_id: object, clock: ManualClock) -> None:
    attempt = claim_next(database, profile(), now=clock.advance(timedelta(seconds=1)), by=BY)
    assert isinstance(attempt, Attempt)
    assert attempt.decision_id == decision_id
    record_unknown(database, attempt, reason="no answer", now=clock.now(), by=BY)
    (doubtful,) = open_attempts(database)
    record_absent(database, doubtful, reason="not there", retry_at=clock.now(), now=clock.now(), by=BY)
    assert queue_of(database, DecisionType.REPLY, now=clock.now()).due == 1
