"""Decisions on their way: who may go where, and what is written down of it."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, select, text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import DecisionStatus, DecisionType, Draft
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.decisions import TRANSITIONS, IllegalTransition, add_decision, change_status
from xbot_pipelines.store.schema import content_metadata
from xbot_pipelines_tests.store.given import TARGET, queued, single
from xbot_pipelines_tests.store.looking import events_of, status_of

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("standing", DecisionStatus)
def test_a_decision_goes_exactly_where_the_table_of_transitions_says(
    database: AccountDatabase, clock: ManualClock, by: Provenance, standing: DecisionStatus
) -> None:
    for to in DecisionStatus:
        decision_id = queued(database, single(), at=clock.now(), status=standing)
        if to in TRANSITIONS[standing]:
            _lead(database, decision_id, to, clock, by)
            assert status_of(database, decision_id) == to
            assert len(events_of(database, decision_id)) == 2
        else:
            with pytest.raises(IllegalTransition, match=f"{decision_id} is {standing}: it cannot become {to}"):
                _lead(database, decision_id, to, clock, by)
            assert status_of(database, decision_id) == standing
            assert len(events_of(database, decision_id)) == 1


def test_what_is_posted_rejected_or_expired_stays_so() -> None:
    assert set(TRANSITIONS) == set(DecisionStatus)
    assert {status for status, ways in TRANSITIONS.items() if not ways} == {
        DecisionStatus.POSTED,
        DecisionStatus.REJECTED,
        DecisionStatus.EXPIRED,
    }


def test_f24_only_what_waits_is_published_and_only_what_was_tried_is_posted() -> None:
    assert _ways_to(DecisionStatus.POSTING) == {DecisionStatus.QUEUED}
    assert _ways_to(DecisionStatus.POSTED) == {DecisionStatus.POSTING, DecisionStatus.UNCONFIRMED}


def test_f24_every_step_of_a_decision_is_written_down_with_who_did_it(
    database: AccountDatabase, clock: ManualClock
) -> None:
    writer = Provenance(actor="plan", run_id="run-1", version="1.0")
    person = Provenance(actor="ann", version="1.1")
    poster = Provenance(actor="posting", run_id="run-2", version="1.2")
    wrote_at = clock.now()
    decision_id = add_decision(
        database,
        single(),
        status=DecisionStatus.NEEDS_REVIEW,
        scheduled_at=wrote_at,
        expires_at=None,
        now=wrote_at,
        by=writer,
        reason="a person has to see it",
    )
    reviewed_at = clock.advance(HOUR)
    _lead(database, decision_id, DecisionStatus.QUEUED, clock, person)
    claimed_at = clock.advance(HOUR)
    _lead(database, decision_id, DecisionStatus.POSTING, clock, poster)

    assert events_of(database, decision_id) == [
        (None, "needs_review", wrote_at, "plan", "run-1", "1.0", "a person has to see it"),
        ("needs_review", "queued", reviewed_at, "ann", None, "1.1", "because"),
        ("queued", "posting", claimed_at, "posting", "run-2", "1.2", "because"),
    ]


def test_the_version_of_ours_is_known_without_being_told(by: Provenance) -> None:
    assert by.version[0].isdigit()


def test_f23_a_draft_is_kept_whole_with_the_text_that_it_answers(
    database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    draft = Draft(
        decision_type=DecisionType.REPLY,
        text="Größere Schritte 👣 & mehr",
        topic="walking",
        angle="small experiment",
        tone="warm",
        format="mini story",
        hook="question",
        chosen_because={"expected": 1.2, "tone": {"value": "warm", "why": "it was given"}},
        quality=0.75,
        model="practice-1",
        prompt_version="7",
        prompt_tokens=321,
        completion_tokens=45,
        cost_usd=0.000123,
        target=TARGET,
    )
    decision_id = add_decision(
        database,
        draft,
        status=DecisionStatus.QUEUED,
        scheduled_at=clock.now(),
        expires_at=clock.now() + HOUR,
        now=clock.now(),
        by=by,
    )

    with database.transaction() as connection:
        row = connection.execute(select(content_metadata)).mappings().one()
    assert float(row["cost_usd"]) == 0.000123
    assert {name: value for name, value in row.items() if name != "cost_usd"} == {
        "decision_id": decision_id,
        "account": "practice",
        "decision_type": "reply",
        "text": "Größere Schritte 👣 & mehr",
        "topic": "walking",
        "angle": "small experiment",
        "tone": "warm",
        "format": "mini story",
        "hook": "question",
        "chosen_because": {"expected": 1.2, "tone": {"value": "warm", "why": "it was given"}},
        "quality_score": 0.75,
        "status": "queued",
        "status_reason": None,
        "scheduled_at": clock.now(),
        "not_before": None,
        "expires_at": clock.now() + HOUR,
        "target_tweet_id": TARGET.post_id,
        "target_author": TARGET.author_handle,
        "target_text": TARGET.text,
        "target_author_followers": TARGET.author_followers,
        "news_url": None,
        "model": "practice-1",
        "prompt_version": "7",
        "prompt_tokens": 321,
        "completion_tokens": 45,
        "created_at": clock.now(),
        "updated_at": clock.now(),
    }


def test_f09_what_was_chosen_by_nobody_has_no_reason_which_is_not_an_empty_one(
    database: AccountDatabase, clock: ManualClock
) -> None:
    queued(database, single(), at=clock.now())
    with database.transaction() as connection:
        assert connection.scalar(select(content_metadata.c.chosen_because.is_(None)))


def test_f09_what_is_not_known_of_a_draft_stays_unknown(database: AccountDatabase, clock: ManualClock) -> None:
    queued(database, single(), at=clock.now())

    with database.transaction() as connection:
        row = connection.execute(select(content_metadata)).mappings().one()
    for name in ("topic", "quality_score", "model", "prompt_tokens", "completion_tokens", "cost_usd", "expires_at"):
        assert row[name] is None, name


def test_a_decision_of_another_account_cannot_be_led_anywhere(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    theirs = queued(other, single(), at=clock.now())

    with pytest.raises(IllegalTransition, match=f"account 'practice' has no decision {theirs}"):
        _lead(database, theirs, DecisionStatus.REJECTED, clock, by)
    with pytest.raises(IllegalTransition, match="has no decision"):
        _lead(database, uuid4(), DecisionStatus.REJECTED, clock, by)

    assert status_of(other, theirs) == DecisionStatus.QUEUED


def test_of_two_who_lead_a_decision_at_once_the_second_is_told_that_it_came_too_late(
    database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    decision_id = queued(database, single(), at=clock.now())

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as first:
            change_status(first, database.account, decision_id, DecisionStatus.REJECTED, now=clock.now(), by=by)
            second = pool.submit(_lead, database, decision_id, DecisionStatus.POSTING, clock, by)
            _until_somebody_waits_for_a_lock(first)
        with pytest.raises(IllegalTransition, match="is rejected: it cannot become posting"):
            second.result()

    assert status_of(database, decision_id) == DecisionStatus.REJECTED
    assert len(events_of(database, decision_id)) == 2


def _lead(database: AccountDatabase, decision_id: UUID, to: DecisionStatus, clock: ManualClock, by: Provenance) -> None:
    with database.transaction() as connection:
        change_status(connection, database.account, decision_id, to, now=clock.now(), by=by, reason="because")


def _ways_to(status: DecisionStatus) -> set[DecisionStatus]:
    return {start for start, ways in TRANSITIONS.items() if status in ways}


def _until_somebody_waits_for_a_lock(connection: Connection) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))")
    give_up = time.monotonic() + 20
    while not connection.scalar(waiting):
        assert time.monotonic() < give_up, "nobody waits"
        time.sleep(0.02)
