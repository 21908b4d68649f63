"""The replies that wait for a person, and what becomes of them when one answers, or two at once."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import ColumnElement, Connection, delete, select, text, update

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import DecisionStatus, OpportunityStatus
from xbot_pipelines.store.claiming import NothingDue, claim_next
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.decisions import change_status
from xbot_pipelines.store.people import opt_out
from xbot_pipelines.store.review import (
    NotWaiting,
    approve,
    ids_beginning_with,
    reject,
    waiting,
    waiting_reply,
)
from xbot_pipelines.store.schema import content_metadata, reply_opportunities
from xbot_pipelines_tests.store.given import BY, claim, profile, queued, reply, single
from xbot_pipelines_tests.store.looking import events_of, status_of
from xbot_pipelines_tests.store.reviewing import FOUND, HOUR, MINUTE, drafted, found
from xbot_pipelines_tests.store.rows import NOON

ADA = Provenance(actor="person:ada")
BOB = Provenance(actor="person:bob")


def test_a_reply_that_waits_carries_all_that_was_known_when_it_was_written(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = drafted(database)

    [waits] = waiting(database, now=clock.now())

    assert (waits.decision_id, waits.text, waits.quality) == (decision_id, "A dark room helped me.", 0.8)
    assert (waits.reason, waits.written_at, waits.expires_at) == ("a stranger", NOON, NOON + HOUR)
    assert waits.target == FOUND.target
    assert waits.opportunity == FOUND
    assert waiting_reply(database, decision_id) == waits


def test_f09_a_reply_whose_target_was_never_scored_waits_all_the_same(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = queued(database, reply(), at=clock.now(), status=DecisionStatus.NEEDS_REVIEW)

    [waits] = waiting(database, now=clock.now())

    assert (waits.decision_id, waits.opportunity, waits.expires_at, waits.quality) == (decision_id, None, None, None)


def test_those_who_addressed_us_come_first_and_then_what_expires_first(
    database: AccountDatabase, clock: ManualClock
) -> None:
    now = clock.now()
    late = drafted(database, found(1, expires_at=now + 3 * HOUR))
    soon = drafted(database, found(2, expires_at=now + 1 * HOUR))
    to_us = drafted(database, found(3, expires_at=now + 9 * HOUR, addressed_us=True))
    timeless = queued(database, reply(), at=now, status=DecisionStatus.NEEDS_REVIEW)
    with database.transaction() as connection:
        connection.execute(update(content_metadata).where(_this(timeless)).values(target_tweet_id="1"))

    assert [waits.decision_id for waits in waiting(database, now=now)] == [to_us, soon, late, timeless]


def test_only_replies_of_this_account_that_wait_and_have_not_expired_are_shown(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    now = clock.now()
    drafted(database, found(1, expires_at=now))
    drafted(database, found(2), status=DecisionStatus.QUEUED)
    drafted(database, found(3), status=DecisionStatus.REJECTED)
    drafted(other, found(4))
    queued(database, single(), at=now, status=DecisionStatus.NEEDS_REVIEW)
    shown = drafted(database, found(5, expires_at=now + timedelta(seconds=1)))

    assert [waits.decision_id for waits in waiting(database, now=now)] == [shown]


def test_what_is_approved_is_claimed_at_once_and_still_expires_with_its_opportunity(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id, too_late = drafted(database, found(1)), drafted(database, found(2))
    now = clock.advance(10 * MINUTE)

    approve(database, decision_id, now=now, by=ADA)
    approve(database, too_late, now=now, by=ADA)

    attempt = claim(database, profile(), now)
    assert (attempt.decision_id, attempt.text) == (decision_id, "A dark room helped me.")
    assert attempt.target == FOUND.target
    assert events_of(database, decision_id)[1][:4] == ("needs_review", "queued", now, "person:ada")
    assert _opportunity_status(database, decision_id) == OpportunityStatus.DRAFTED
    assert claim_next(database, profile(), now=clock.advance(HOUR), by=BY) == NothingDue()
    assert status_of(database, too_late) == DecisionStatus.QUEUED


def test_what_is_approved_as_edited_keeps_its_first_text_in_its_history(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = drafted(database, text="A dark room\nhelped me.")

    approve(database, decision_id, text="A dark room, and no screens.", now=clock.now(), by=ADA)

    assert claim(database, profile(), clock.now()).text == "A dark room, and no screens."
    assert events_of(database, decision_id)[1][-1] == "edited from: A dark room\nhelped me."


def test_a_text_that_is_the_same_is_no_edit(database: AccountDatabase, clock: ManualClock) -> None:
    decision_id = drafted(database)

    approve(database, decision_id, text="A dark room helped me.", now=clock.now(), by=ADA)

    assert events_of(database, decision_id)[1][-1] is None


def test_what_is_rejected_keeps_the_reason_and_turns_its_opportunity_away(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = drafted(database)

    reject(database, decision_id, reason="too cold", now=clock.now(), by=ADA)

    assert status_of(database, decision_id) == DecisionStatus.REJECTED
    assert events_of(database, decision_id)[1][3:] == ("person:ada", None, ADA.version, "too cold")
    assert _opportunity_status(database, decision_id) == OpportunityStatus.TURNED_AWAY


def test_f18_what_has_expired_meanwhile_is_told_and_not_approved(database: AccountDatabase, clock: ManualClock) -> None:
    decision_id = drafted(database)
    now = clock.advance(HOUR)

    with pytest.raises(NotWaiting, match=r"could be sent until 2026-03-02 13:00 UTC: it is too late now"):
        approve(database, decision_id, now=now, by=ADA)
    assert status_of(database, decision_id) == DecisionStatus.NEEDS_REVIEW
    reject(database, decision_id, reason="too late, and too cold", now=now, by=ADA)
    assert status_of(database, decision_id) == DecisionStatus.REJECTED


@pytest.mark.parametrize(("handle", "user_id"), [("ADA", None), ("ada_of_old", "7")])
def test_f23_a_reply_to_somebody_who_asked_to_be_left_alone_is_not_approved(
    database: AccountDatabase, clock: ManualClock, handle: str, user_id: str | None
) -> None:
    decision_id = drafted(database)
    with database.transaction() as connection:
        opt_out(connection, database.account, handle=handle, user_id=user_id, words="stop", now=clock.now())

    with pytest.raises(NotWaiting, match="@ada asked to be left alone"):
        approve(database, decision_id, now=clock.now(), by=ADA)
    assert status_of(database, decision_id) == DecisionStatus.NEEDS_REVIEW


def _approve(database: AccountDatabase, decision_id: UUID, by: Provenance) -> None:
    approve(database, decision_id, now=NOON, by=by)


def _approve_edited(database: AccountDatabase, decision_id: UUID, by: Provenance) -> None:
    approve(database, decision_id, text="Another text.", now=NOON, by=by)


def _reject(database: AccountDatabase, decision_id: UUID, by: Provenance) -> None:
    reject(database, decision_id, reason="too cold", now=NOON, by=by)


@pytest.mark.parametrize("second", [_approve, _approve_edited, _reject])
@pytest.mark.parametrize(
    ("first", "what_became"),
    [
        (_approve, "is queued since 2026-03-02 12:00 UTC, by person:ada$"),
        (_approve_edited, "is queued since .*, by person:ada: edited from: A dark room helped me.$"),
        (_reject, "is rejected since 2026-03-02 12:00 UTC, by person:ada: too cold$"),
    ],
)
def test_of_two_who_answer_at_once_the_second_is_told_what_the_first_did(
    database: AccountDatabase,
    first: Callable[[AccountDatabase, UUID, Provenance], None],
    second: Callable[[AccountDatabase, UUID, Provenance], None],
    what_became: str,
) -> None:
    decision_id = drafted(database)

    with ThreadPoolExecutor(2) as pool:
        with database.transaction() as held:
            held.execute(select(content_metadata).where(_this(decision_id)).with_for_update())
            sooner = pool.submit(first, database, decision_id, ADA)
            _until_they_wait_for_a_lock(held, 1)
            later = pool.submit(second, database, decision_id, BOB)
            _until_they_wait_for_a_lock(held, 2)
        sooner.result()
        with pytest.raises(NotWaiting, match=f"reply {decision_id} {what_became}"):
            later.result()

    assert len(events_of(database, decision_id)) == 2


def test_what_a_job_has_done_meanwhile_is_told_as_well(database: AccountDatabase, clock: ManualClock) -> None:
    decision_id = drafted(database)
    with database.transaction() as connection:
        change_status(connection, database.account, decision_id, DecisionStatus.EXPIRED, now=clock.now(), by=BY)

    with pytest.raises(NotWaiting, match=f"reply {decision_id} is expired since 2026-03-02 12:00 UTC, by given$"):
        waiting_reply(database, decision_id)


def test_what_is_no_reply_of_this_account_cannot_be_answered(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    of_our_own = queued(database, single(), at=clock.now(), status=DecisionStatus.NEEDS_REVIEW)
    for decision_id in (uuid4(), drafted(other), of_our_own):
        for answer in (_approve, _reject):
            with pytest.raises(NotWaiting, match=f"account 'practice' has no reply {decision_id}"):
                answer(database, decision_id, ADA)
    assert status_of(database, of_our_own) == DecisionStatus.NEEDS_REVIEW


def test_an_id_is_found_by_its_beginning_among_those_that_wait_before_all_others(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    waits, another, decided, theirs = UUID(int=0xAB1 << 116), UUID(int=0xAB2 << 116), UUID(int=0xAB3 << 116), uuid4()
    for number, (account, wanted) in enumerate(
        [(database, waits), (database, another), (database, decided), (other, theirs)], start=1
    ):
        _rename(account, drafted(account, found(number)), wanted)
    _reject(database, decided, ADA)

    assert ids_beginning_with(database, "ab") == [waits, another]
    assert ids_beginning_with(database, "ab1") == [waits]
    assert ids_beginning_with(database, waits.hex) == [waits]
    assert ids_beginning_with(database, "ab3") == [decided]
    assert ids_beginning_with(database, "ac") == []
    assert ids_beginning_with(database, theirs.hex) == []
    assert queued(database, single(), at=clock.now()) not in ids_beginning_with(database, "a")


def _rename(database: AccountDatabase, decision_id: UUID, wanted: UUID) -> None:
    """Gives a reply an id of the test's choice. Its history goes: that would hold on to the first one."""
    with database.transaction() as connection:
        connection.execute(text("DELETE FROM decision_events WHERE decision_id = :id"), {"id": decision_id})
        connection.execute(delete(reply_opportunities).where(reply_opportunities.c.decision_id == decision_id))
        connection.execute(update(content_metadata).where(_this(decision_id)).values(decision_id=wanted))


def _this(decision_id: UUID) -> ColumnElement[bool]:
    return content_metadata.c.decision_id == decision_id


def _opportunity_status(database: AccountDatabase, decision_id: UUID) -> str | None:
    with database.transaction() as connection:
        return connection.scalar(
            select(reply_opportunities.c.status).where(reply_opportunities.c.decision_id == decision_id)
        )


def _until_they_wait_for_a_lock(connection: Connection, count: int) -> None:
    waits = text(
        "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND cardinality(pg_blocking_pids(pid)) > 0"
    )
    give_up = time.monotonic() + 20
    while (connection.scalar(waits) or 0) < count:
        assert time.monotonic() < give_up, "nobody waits"
        time.sleep(0.02)
