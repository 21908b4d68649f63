"""The replies that wait for a person, and what becomes of them when one answers, or two at once."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import ColumnElement, Connection, delete, select, text, update

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import DecisionStatus, DecisionType, NewsItem, OpportunityStatus
from xbot_pipelines.settings import Caps
from xbot_pipelines.store.claiming import NothingDue, claim_next
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.decisions import change_status, expire_overdue
from xbot_pipelines.store.news import add_news
from xbot_pipelines.store.people import opt_out
from xbot_pipelines.store.review import approve as approve_shown
from xbot_pipelines.store.review import reject
from xbot_pipelines.store.schema import content_metadata, reply_opportunities
from xbot_pipelines.store.waiting import NotWaiting, ids_beginning_with, waiting, waiting_draft
from xbot_pipelines.systems.slots import free_slot
from xbot_pipelines_tests.store.given import BY, claim, profile, queued, reply, single
from xbot_pipelines_tests.store.looking import events_of, status_of
from xbot_pipelines_tests.store.reviewing import FOUND, HOUR, MINUTE, drafted, found
from xbot_pipelines_tests.store.rows import NOON

ADA = Provenance(actor="person:ada")
DAY = timedelta(days=1)
BOB = Provenance(actor="person:bob")


def approve(database: AccountDatabase, decision_id: UUID, *, now: datetime, by: Provenance, **edit: str) -> datetime:
    """Approves a draft as it stands now, by the caps of an account that may post twice an hour."""
    account = profile(Caps(posts_per_hour=2, posts_per_day=48))
    return approve_shown(
        database,
        decision_id,
        shown=edit.pop("shown", texts_of(database).get(decision_id, "")),
        free_slot=lambda taken: free_slot(taken, account, now),
        now=now,
        by=by,
        **edit,
    )


def texts_of(database: AccountDatabase) -> dict[UUID, str]:
    """What would be sent, of every decision of anybody."""
    with database.transaction() as connection:
        rows = connection.execute(select(content_metadata.c.decision_id, content_metadata.c.text))
        return {row.decision_id: row.text for row in rows}


def post_that_waits(
    database: AccountDatabase, at: datetime, *, text: str = "Ten minutes of walking after lunch.", **changes: Any
) -> UUID:
    """A post that waits for a person, with a slot, and a day more until it expires."""
    usual = {"expires_at": at + 24 * HOUR, "written_at": NOON, "status": DecisionStatus.NEEDS_REVIEW}
    return queued(database, single(text), at=at, **{**usual, **changes})


def test_a_reply_that_waits_carries_all_that_was_known_when_it_was_written(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = drafted(database)

    [waits] = waiting(database, now=clock.now())

    assert (waits.decision_id, waits.text, waits.quality) == (decision_id, "A dark room helped me.", 0.8)
    assert (waits.reason, waits.written_at, waits.expires_at) == ("a stranger", NOON, NOON + HOUR)
    assert waits.target == FOUND.target
    assert waits.opportunity == FOUND
    assert waiting_draft(database, decision_id) == waits


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


def test_only_drafts_of_this_account_that_wait_and_have_not_expired_are_shown(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    now = clock.now()
    drafted(database, found(1, expires_at=now))
    drafted(database, found(2), status=DecisionStatus.QUEUED)
    drafted(database, found(3), status=DecisionStatus.REJECTED)
    drafted(other, found(4))
    queued(database, single(), at=now)
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


TEXT = "A dark room helped me."


def _approve(database: AccountDatabase, decision_id: UUID, by: Provenance) -> None:
    approve(database, decision_id, shown=TEXT, now=NOON, by=by)


def _approve_edited(database: AccountDatabase, decision_id: UUID, by: Provenance) -> None:
    approve(database, decision_id, shown=TEXT, text="Another text.", now=NOON, by=by)


def _reject(database: AccountDatabase, decision_id: UUID, by: Provenance) -> None:
    reject(database, decision_id, reason="too cold", now=NOON, by=by)


def _waits(database: AccountDatabase, kind: DecisionType) -> tuple[UUID, str]:
    """A draft of this kind that waits, and what a person calls it."""
    if kind is DecisionType.REPLY:
        return drafted(database, text=TEXT), "reply"
    return post_that_waits(database, NOON + HOUR, text=TEXT), "post"


@pytest.mark.parametrize("kind", DecisionType)
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
    kind: DecisionType,
) -> None:
    decision_id, called = _waits(database, kind)

    with ThreadPoolExecutor(2) as pool:
        with database.transaction() as held:
            held.execute(select(content_metadata).where(_this(decision_id)).with_for_update())
            sooner = pool.submit(first, database, decision_id, ADA)
            _until_they_wait_for_a_lock(held, 1)
            later = pool.submit(second, database, decision_id, BOB)
            _until_they_wait_for_a_lock(held, 2)
        sooner.result()
        with pytest.raises(NotWaiting, match=f"{called} {decision_id} {what_became}"):
            later.result()

    assert len(events_of(database, decision_id)) == 2


def test_what_a_job_has_done_meanwhile_is_told_as_well(database: AccountDatabase, clock: ManualClock) -> None:
    decision_id = drafted(database)
    with database.transaction() as connection:
        change_status(connection, database.account, decision_id, DecisionStatus.EXPIRED, now=clock.now(), by=BY)

    with pytest.raises(NotWaiting, match=f"reply {decision_id} is expired since 2026-03-02 12:00 UTC, by given$"):
        waiting_draft(database, decision_id)


def test_what_is_no_draft_of_this_account_cannot_be_answered(database: AccountDatabase, other: AccountDatabase) -> None:
    for decision_id in (uuid4(), drafted(other)):
        for answer in (_approve, _reject):
            with pytest.raises(NotWaiting, match=f"account 'practice' has no draft {decision_id}"):
                answer(database, decision_id, ADA)


def test_a_post_that_waits_carries_its_slot_its_subject_and_the_news_it_was_made_from(
    database: AccountDatabase, clock: ManualClock
) -> None:
    now = clock.now()
    news = NewsItem(url="https://example.org/1", title="Sleep and memory", source="example.org", published_at=now)
    add_news(database, [news], now=now)
    draft = replace(single("I sleep better now.", topic="sleep"), news_url=news.url)
    queued(database, draft, at=now + HOUR, written_at=now, status=DecisionStatus.NEEDS_REVIEW)

    [waits] = waiting(database, now=now)

    assert (waits.kind, waits.called, waits.text) == (DecisionType.SINGLE, "post", "I sleep better now.")
    assert (waits.topic, waits.scheduled_at, waits.news) == ("sleep", now + HOUR, news)
    assert (waits.target, waits.opportunity) == (None, None)
    assert waiting_draft(database, waits.decision_id) == waits


def test_posts_and_replies_come_in_the_order_in_which_they_can_go_out(
    database: AccountDatabase, clock: ManualClock
) -> None:
    now = clock.now()
    later, sooner = post_that_waits(database, now + 2 * HOUR), post_that_waits(database, now + HOUR)
    missed_its_slot = post_that_waits(database, now - HOUR)
    answer = drafted(database)

    assert [waits.decision_id for waits in waiting(database, now=now)] == [answer, missed_its_slot, sooner, later]


def test_a_post_is_never_claimed_before_it_is_approved_and_then_once(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = post_that_waits(database, clock.now() + HOUR)
    assert claim_next(database, profile(), now=clock.now() + 2 * HOUR, by=BY) == NothingDue()

    assert approve(database, decision_id, now=clock.now(), by=ADA) == clock.now() + HOUR

    assert claim_next(database, profile(), now=clock.now(), by=BY) == NothingDue()
    assert claim(database, profile(), clock.now() + HOUR).decision_id == decision_id
    assert claim_next(database, profile(), now=clock.now() + HOUR, by=BY) == NothingDue()
    with pytest.raises(NotWaiting, match=f"post {decision_id} is posting since"):
        approve(database, decision_id, now=clock.now(), by=BOB)


def test_a_post_that_missed_its_slot_takes_the_next_one_that_nobody_has(
    database: AccountDatabase, clock: ManualClock
) -> None:
    now, half_hour = clock.now(), 30 * MINUTE
    missed = post_that_waits(database, now - 10 * MINUTE)
    post_that_waits(database, now - 20 * MINUTE)  # missed its own, so it is in nobody's way
    queued(database, single("An approved one."), at=now)
    post_that_waits(database, now + half_hour)
    queued(database, single("A rejected one."), at=now + 2 * half_hour, status=DecisionStatus.REJECTED)
    queued(database, reply(), at=now + 2 * half_hour)

    assert approve(database, missed, now=now, by=ADA) == now + 2 * half_hour

    attempt = claim(database, profile(), now)
    assert attempt.text == "An approved one."


def test_a_post_that_missed_its_slot_and_finds_no_other_in_time_is_not_approved(
    database: AccountDatabase, clock: ManualClock
) -> None:
    now = clock.now()
    missed = post_that_waits(database, now - HOUR, expires_at=now + 30 * MINUTE)
    queued(database, single("It has the last slot."), at=now)

    with pytest.raises(NotWaiting, match=f"post {missed} missed its slot, and no other is free before it expires at"):
        approve(database, missed, now=now, by=ADA)
    assert status_of(database, missed) == DecisionStatus.NEEDS_REVIEW


def test_what_was_changed_since_it_was_shown_is_not_approved(database: AccountDatabase, clock: ManualClock) -> None:
    for decision_id, called in (_waits(database, kind) for kind in DecisionType):
        with database.transaction() as connection:
            connection.execute(update(content_metadata).where(_this(decision_id)).values(text="Buy my pills."))

        with pytest.raises(NotWaiting, match=f"{called} {decision_id} was changed since it was shown: look at it aga"):
            approve(database, decision_id, shown=TEXT, now=clock.now(), by=ADA)
        assert status_of(database, decision_id) == DecisionStatus.NEEDS_REVIEW


def test_of_many_late_posts_that_are_approved_at_once_each_takes_a_slot_of_its_own(
    database: AccountDatabase, clock: ManualClock
) -> None:
    now = clock.now()
    missed = [post_that_waits(database, now - (1 + number) * MINUTE) for number in range(8)]

    with ThreadPoolExecutor(8) as pool:
        slots = list(pool.map(lambda one: approve(database, one, now=now, by=ADA), missed))

    assert sorted(slots) == [now + number * 30 * MINUTE for number in range(8)]


@pytest.mark.parametrize("kind", DecisionType)
def test_an_approval_that_meets_an_expiry_is_kept_or_told_that_it_came_too_late(
    database: AccountDatabase, clock: ManualClock, kind: DecisionType
) -> None:
    """The person's clock is before the end, the job's is past it: whoever comes first decides, and no step is lost."""
    for number in range(20):
        now = clock.now() + number * DAY
        draft = single(TEXT) if kind is DecisionType.SINGLE else reply(TEXT)
        decision_id = queued(
            database, draft, at=now + HOUR, expires_at=now + 2 * HOUR, status=DecisionStatus.NEEDS_REVIEW
        )
        with ThreadPoolExecutor(2) as pool:
            approval = pool.submit(approve, database, decision_id, now=now, by=ADA, shown=TEXT)
            pool.submit(expire_overdue, database, now=now + 2 * HOUR, by=BY).result()
        expire_overdue(database, now=now + 2 * HOUR, by=BY)
        steps = [event[1] for event in events_of(database, decision_id)]
        if approval.exception() is None:
            assert steps == ["needs_review", "queued", "expired"]
        else:
            assert isinstance(approval.exception(), NotWaiting)
            assert steps == ["needs_review", "expired"]


def test_an_id_is_found_by_its_beginning_among_those_that_wait_before_all_others(
    database: AccountDatabase, other: AccountDatabase
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
