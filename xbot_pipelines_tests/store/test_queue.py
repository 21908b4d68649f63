"""What waits: how much of it, what is overdue, which time slots are taken, and what was written lately."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import DecisionStatus, DecisionType
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.decisions import Queue, Written, change_status, expire_overdue, queue_of, recent_content
from xbot_pipelines_tests.store.given import queued, reply, single
from xbot_pipelines_tests.store.looking import events_of, status_of

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def test_f18_what_waited_past_its_time_is_set_aside(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    now = clock.now()
    overdue = queued(database, reply(), at=now - HOUR, expires_at=now - MINUTE)
    just_now = queued(database, single(), at=now - HOUR, expires_at=now)
    still_good = queued(database, reply(), at=now - HOUR, expires_at=now + timedelta(seconds=1))
    timeless = queued(database, single(), at=now - 100 * HOUR)
    under_review = queued(database, reply(), at=now, expires_at=now - HOUR, status=DecisionStatus.NEEDS_REVIEW)
    theirs = queued(other, reply(), at=now - HOUR, expires_at=now - HOUR)

    assert expire_overdue(database, now=now, by=by) == 3
    assert expire_overdue(database, now=now, by=by) == 0

    gone = [status_of(database, one) for one in (overdue, just_now, under_review)]
    assert gone == [DecisionStatus.EXPIRED] * 3
    assert status_of(database, still_good) == status_of(database, timeless) == DecisionStatus.QUEUED
    assert status_of(other, theirs) == DecisionStatus.QUEUED
    assert events_of(database, overdue)[-1] == (
        *("queued", "expired", now, "test", "run-1", by.version),
        "waited past its time",
    )
    assert events_of(database, under_review)[-1][-1] == "nobody approved it in time"


def test_f18_what_waits_past_its_time_is_set_aside_of_one_kind_alone_where_that_is_asked(
    database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    now = clock.now()
    post = queued(database, single(), at=now - HOUR, expires_at=now, status=DecisionStatus.NEEDS_REVIEW)
    answer = queued(database, reply(), at=now - HOUR, expires_at=now, status=DecisionStatus.NEEDS_REVIEW)

    assert expire_overdue(database, now=now, by=by, kind=DecisionType.SINGLE) == 1

    assert status_of(database, post) == DecisionStatus.EXPIRED
    assert status_of(database, answer) == DecisionStatus.NEEDS_REVIEW


def test_f18_what_is_being_taken_at_this_moment_is_not_waited_for(
    database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    now = clock.now()
    taken, free = (queued(database, single(), at=now - HOUR, expires_at=now) for _ in range(2))

    with database.transaction() as connection:
        change_status(connection, database.account, taken, DecisionStatus.POSTING, now=now, by=by)
        assert expire_overdue(database, now=now, by=by) == 1

    assert status_of(database, taken) == DecisionStatus.POSTING
    assert status_of(database, free) == DecisionStatus.EXPIRED


def test_the_queue_of_a_kind_counts_what_waits_and_what_is_due(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    now = clock.now()
    queued(database, single(), at=now - HOUR)
    queued(database, single(), at=now)
    queued(database, single(), at=now + timedelta(seconds=1))
    queued(database, single(), at=now + HOUR, status=DecisionStatus.NEEDS_REVIEW)
    queued(database, single(), at=now - HOUR, expires_at=now, status=DecisionStatus.NEEDS_REVIEW)
    queued(database, reply(), at=now)
    queued(other, single(), at=now)
    _try_again(database, queued(database, single(), at=now - HOUR), now + MINUTE, by)
    _try_again(database, queued(database, single(), at=now - HOUR), now, by)

    singles, replies = (queue_of(database, kind, now=now) for kind in (DecisionType.SINGLE, DecisionType.REPLY))

    assert (singles.waiting, singles.unapproved, singles.due) == (5, 1, 3)
    assert (replies.waiting, replies.unapproved, replies.due) == (1, 0, 1)


@pytest.mark.parametrize("status", DecisionStatus)
def test_a_time_slot_is_taken_unless_what_had_it_was_turned_away(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock, status: DecisionStatus
) -> None:
    now = clock.now()
    queued(database, single(), at=now + HOUR)
    queued(database, single(), at=now + 2 * HOUR, status=status)
    queued(database, reply(), at=now + 3 * HOUR)
    queued(other, single(), at=now + 4 * HOUR)

    given_back = status in {DecisionStatus.REJECTED, DecisionStatus.EXPIRED}

    last_slot = queue_of(database, DecisionType.SINGLE, now=now).last_slot
    assert last_slot == now + (HOUR if given_back else 2 * HOUR)


def test_an_empty_queue_has_no_last_slot(database: AccountDatabase, clock: ManualClock) -> None:
    nothing = Queue(waiting=0, unapproved=0, due=0, last_slot=None)

    assert queue_of(database, DecisionType.SINGLE, now=clock.now()) == nothing


def test_recent_content_is_what_was_written_of_our_own_newest_first(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    now = clock.now()
    since = now - 48 * HOUR
    queued(database, single("old"), at=now, written_at=since - timedelta(seconds=1))
    queued(database, single("first", topic="sleep"), at=now, written_at=since)
    queued(database, single("third"), at=now, written_at=now - HOUR, status=DecisionStatus.FAILED)
    queued(database, single("second"), at=now, written_at=now - 2 * HOUR, status=DecisionStatus.POSTED)
    queued(database, single("bad"), at=now, written_at=now, status=DecisionStatus.REJECTED)
    queued(database, reply("an answer"), at=now, written_at=now)
    queued(other, single("theirs"), at=now, written_at=now)

    assert recent_content(database, since=since, limit=10) == [
        Written(text="third", topic=None),
        Written(text="second", topic=None),
        Written(text="first", topic="sleep"),
    ]
    assert [content.text for content in recent_content(database, since=since, limit=2)] == ["third", "second"]


def _try_again(database: AccountDatabase, decision_id: UUID, retry_at: datetime, by: Provenance) -> None:
    with database.transaction() as connection:
        for to, moment in ((DecisionStatus.POSTING, None), (DecisionStatus.QUEUED, retry_at)):
            change_status(connection, database.account, decision_id, to, now=retry_at, by=by, not_before=moment)
