"""Claiming the next decision: which one and when. How many is tested in `test_claiming_within_quotas`."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Attempt, AttemptState, DecisionStatus, DecisionType
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store.account import pause, resume, wait_until
from xbot_pipelines.store.claiming import NothingDue, claim_next
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.publishing import open_attempts, record_absent
from xbot_pipelines.store.schema import content_metadata, posting_attempts
from xbot_pipelines_tests.store.given import BY, TARGET, blocked, claim, claimed, profile, queued, reply, single

MINUTE = timedelta(minutes=1)

HOUR = timedelta(hours=1)


def test_where_nothing_waits_nothing_is_due(database: AccountDatabase, clock: ManualClock) -> None:
    assert claim_next(database, profile(), now=clock.now(), by=BY) == NothingDue()


def test_f03_an_attempt_is_written_down_before_anything_else_happens(
    database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    decision_id = queued(database, reply("Same here."), at=clock.now())

    attempt = claim_next(database, profile(), now=clock.now(), by=by)

    assert isinstance(attempt, Attempt)
    assert attempt == Attempt(
        id=attempt.id,
        decision_id=decision_id,
        decision_type=DecisionType.REPLY,
        number=1,
        state=AttemptState.INTENDED,
        text="Same here.",
        began_at=clock.now(),
        first_began_at=clock.now(),
        target=TARGET,
    )
    assert open_attempts(database) == [attempt]
    with database.transaction() as connection:
        row = connection.execute(select(posting_attempts)).one()
        assert (row.account, row.run_id, row.version) == ("practice", "run-1", by.version)
        assert connection.scalar(select(content_metadata.c.status)) == DecisionStatus.POSTING


def test_the_attempt_at_a_post_of_our_own_has_no_target(database: AccountDatabase, clock: ManualClock) -> None:
    assert claimed(database, single(), at=clock.now()).target is None


def test_f18_a_post_whose_slot_has_come_goes_first_then_replies_each_kind_in_the_order_of_its_moments(
    database: AccountDatabase, clock: ManualClock
) -> None:
    now = clock.now()
    second = queued(database, single(), at=now, written_at=now - HOUR)
    third = queued(database, reply(), at=now - HOUR, written_at=now)
    fourth = queued(database, reply(to="bob"), at=now, written_at=now - MINUTE)
    first = queued(database, single(), at=now - MINUTE, written_at=now)

    assert _claim_all(database, profile(), now) == [first, second, third, fourth]


def test_nothing_is_claimed_before_it_is_scheduled(database: AccountDatabase, clock: ManualClock) -> None:
    decision_id = queued(database, single(), at=clock.now() + MINUTE)
    assert claim_next(database, profile(), now=clock.now(), by=BY) == NothingDue()

    assert claim(database, profile(), clock.advance(MINUTE)).decision_id == decision_id


def test_f18_what_is_to_be_tried_later_holds_nothing_else_up(database: AccountDatabase, clock: ManualClock) -> None:
    attempt = claimed(database, single(), at=clock.now())
    later = clock.now() + 10 * MINUTE
    record_absent(database, attempt, reason="a wall", retry_at=later, now=clock.now(), by=BY)
    younger = queued(database, single(), at=clock.now())

    assert claim(database, profile(), clock.now()).decision_id == younger
    assert claim_next(database, profile(), now=later - MINUTE, by=BY) == NothingDue()
    again = claim(database, profile(), later)
    assert (again.decision_id, again.number) == (attempt.decision_id, 2)


def test_f18_what_is_overdue_is_never_claimed(database: AccountDatabase, clock: ManualClock) -> None:
    now = clock.now()
    for _ in range(43):
        queued(database, reply(), at=now - HOUR, expires_at=now)
    good = queued(database, reply(), at=now, expires_at=now + timedelta(seconds=1))

    assert _claim_all(database, profile(), now) == [good]


@pytest.mark.parametrize("status", [status for status in DecisionStatus if status is not DecisionStatus.QUEUED])
def test_only_what_is_queued_is_claimed(database: AccountDatabase, clock: ManualClock, status: DecisionStatus) -> None:
    queued(database, single(), at=clock.now(), status=status)

    assert claim_next(database, profile(), now=clock.now(), by=BY) == NothingDue()


def test_what_waits_for_another_account_is_not_ours(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    queued(other, single(), at=clock.now())

    assert claim_next(database, profile(), now=clock.now(), by=BY) == NothingDue()


def test_f17_a_paused_account_publishes_nothing_and_says_why_and_since_when(
    database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    queued(database, single(), at=clock.now())
    pause(database, reason="logged out", now=clock.now(), by=by)
    clock.advance(30 * HOUR)

    assert blocked(database, profile(), clock.now()) == "the account is paused since 2026-03-02 12:00 UTC: logged out"

    resume(database, now=clock.now())
    claim(database, profile(), clock.now())


def test_f17_waiting_for_a_limit_of_x_ends_by_itself(database: AccountDatabase, clock: ManualClock) -> None:
    queued(database, single(), at=clock.now())
    wait_until(database, clock.now() + MINUTE, reason="rate limit")

    assert blocked(database, profile(), clock.now()) == ("the account waits until 2026-03-02 12:01:00 UTC: rate limit")

    claim(database, profile(), clock.advance(MINUTE))


def test_an_account_that_stands_still_says_so_even_when_nothing_is_due(
    database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    pause(database, reason="logged out", now=clock.now(), by=by)

    assert "logged out" in blocked(database, profile(), clock.now())


def _claim_all(database: AccountDatabase, account: AccountSettings, now: datetime) -> list[UUID]:
    claims: list[UUID] = []
    while isinstance(attempt := claim_next(database, account, now=now, by=BY), Attempt):
        claims.append(attempt.decision_id)
    return claims
