"""How an attempt ends: submitted, then posted, refused, absent or unknown, and what the tables say of each."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import OPEN_ATTEMPT_STATES, Attempt, AttemptState, DecisionStatus, DecisionType, Evidence
from xbot_pipelines.store.claiming import claim_next
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.publishing import known_post_ids, open_attempts, record_posted, record_refused, record_unknown
from xbot_pipelines.store.schema import content_metadata, decision_events, outcomes, posted_decisions, posting_attempts
from xbot_pipelines_tests.store.given import BY, TWEET_ID, claimed, posted, profile, queued, reply, single
from xbot_pipelines_tests.store.looking import row_of
from xbot_pipelines_tests.store.steps import ENDS, MINUTE, Step, doubt, retry, set_aside, submit


def test_before_the_click_it_is_written_down_that_the_click_comes(
    database: AccountDatabase, clock: ManualClock
) -> None:
    attempt = claimed(database, single(), at=clock.now())

    submit(database, attempt, clock.advance(MINUTE))

    (now_open,) = open_attempts(database)
    assert now_open.state == AttemptState.SUBMITTED
    assert (now_open.began_at, now_open.submitted_at) == (attempt.began_at, clock.now())
    assert _content(database)["status"] == DecisionStatus.POSTING


def test_f24_a_post_is_recorded_with_its_evidence_and_who_did_it(
    database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    attempt = claimed(database, single(), at=clock.now())
    submit(database, attempt, clock.now())
    posted_at = clock.advance(MINUTE)

    record_posted(
        database,
        attempt,
        tweet_id=TWEET_ID,
        posted_at=posted_at,
        evidence=Evidence.TOAST,
        checkpoints_hours=(2, 12, 24),
        now=clock.advance(MINUTE),
        by=by,
    )

    assert row_of(database, posted_decisions) == {
        "decision_id": attempt.decision_id,
        "account": "practice",
        "tweet_id": TWEET_ID,
        "posted_at": posted_at,
        "evidence": "toast",
        "attempt_id": attempt.id,
        "run_id": "run-1",
        "version": by.version,
    }
    settled = row_of(database, posting_attempts)
    assert (settled["state"], settled["tweet_id"], settled["evidence"]) == ("confirmed", TWEET_ID, "toast")
    assert (settled["submitted_at"], settled["settled_at"]) == (attempt.began_at, clock.now())
    assert _content(database)["status"] == DecisionStatus.POSTED
    assert open_attempts(database) == []


def test_f09_the_outcome_of_a_new_post_is_unknown_and_not_zero(database: AccountDatabase, clock: ManualClock) -> None:
    decision_id = posted(database, TWEET_ID, at=clock.now())

    outcome = row_of(database, outcomes)
    assert (outcome.pop("decision_id"), outcome.pop("account")) == (decision_id, "practice")
    assert set(outcome.values()) == {None}


@pytest.mark.parametrize(
    ("code", "reason"),
    [(187, "X refused it: Status is a duplicate. (187)"), (None, "refused: Status is a duplicate.")],
)
def test_f02_what_x_refused_is_refused_and_not_failed(
    database: AccountDatabase, clock: ManualClock, code: int | None, reason: str
) -> None:
    attempt = claimed(database, single(), at=clock.now())
    submit(database, attempt, clock.now())

    record_refused(database, attempt, code=code, message="Status is a duplicate.", now=clock.advance(MINUTE), by=BY)

    settled = row_of(database, posting_attempts)
    assert (settled["state"], settled["refusal_code"], settled["detail"]) == ("absent", code, reason)
    assert settled["settled_at"] == clock.now()
    assert (_content(database)["status"], _content(database)["status_reason"]) == ("refused", reason)
    assert claim_next(database, profile(), now=clock.advance(timedelta(days=9)), by=BY).__class__ is not Attempt
    assert _count(database, posted_decisions) == 0


def test_f02_what_nobody_can_tell_stays_open_and_is_not_tried_again(
    database: AccountDatabase, clock: ManualClock
) -> None:
    attempt = claimed(database, single(), at=clock.now())
    submit(database, attempt, clock.now())

    doubt(database, attempt, clock.advance(MINUTE))

    (still_open,) = open_attempts(database)
    assert (still_open.id, still_open.state) == (attempt.id, AttemptState.UNKNOWN)
    assert still_open.submitted_at == attempt.began_at
    row = row_of(database, posting_attempts)
    assert (row["settled_at"], row["detail"]) == (None, "no answer")
    assert (_content(database)["status"], _content(database)["status_reason"]) == ("unconfirmed", "no answer")
    assert claim_next(database, profile(), now=clock.advance(timedelta(days=9)), by=BY).__class__ is not Attempt


def test_f02_who_still_cannot_tell_says_so_without_another_step(database: AccountDatabase, clock: ManualClock) -> None:
    attempt = claimed(database, single(), at=clock.now())
    doubt(database, attempt, clock.now())
    steps = _count(database, decision_events)

    record_unknown(database, attempt, reason="the timeline does not load", now=clock.advance(MINUTE), by=BY)

    assert row_of(database, posting_attempts)["detail"] == "the timeline does not load"
    assert _count(database, decision_events) == steps


def test_f05_what_is_proven_absent_goes_back_to_the_queue_for_later(
    database: AccountDatabase, clock: ManualClock
) -> None:
    attempt = claimed(database, single(), at=clock.now())

    retry(database, attempt, clock.advance(MINUTE))

    settled = row_of(database, posting_attempts)
    assert (settled["state"], settled["settled_at"], settled["detail"]) == ("absent", clock.now(), "not there")
    content = _content(database)
    assert (content["status"], content["status_reason"]) == ("queued", "not there")
    assert content["not_before"] == clock.now() + 10 * MINUTE
    assert content["scheduled_at"] == attempt.began_at
    assert open_attempts(database) == []


def test_f18_what_failed_again_and_again_is_set_aside_with_its_reason(
    database: AccountDatabase, clock: ManualClock
) -> None:
    attempt = claimed(database, single(), at=clock.now())

    set_aside(database, attempt, clock.advance(MINUTE))

    content = _content(database)
    assert (content["status"], content["status_reason"], content["not_before"]) == ("failed", "not there", None)
    assert claim_next(database, profile(), now=clock.advance(timedelta(days=9)), by=BY).__class__ is not Attempt


@pytest.mark.parametrize("way", [(), (submit,), (doubt,), (submit, doubt), (submit, doubt, doubt)])
@pytest.mark.parametrize("end", ENDS)
def test_f19_an_attempt_can_be_settled_wherever_a_crash_left_it(
    database: AccountDatabase, clock: ManualClock, way: tuple[Step, ...], end: Step
) -> None:
    attempt = claimed(database, single(), at=clock.now())
    for step in way:
        step(database, attempt, clock.now())
    (found,) = open_attempts(database)
    assert found.state in OPEN_ATTEMPT_STATES

    end(database, found, clock.advance(MINUTE))

    assert open_attempts(database) == []
    assert _content(database)["status"] == ENDS[end]


def test_open_attempts_come_oldest_first_and_know_how_often_it_was_tried(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    began_at = clock.now()
    first = claimed(database, single("Tried three times."), at=began_at)
    for _ in range(2):
        retry(database, first, clock.now())
        again = claim_next(database, profile(), now=clock.advance(10 * MINUTE), by=BY)
        assert isinstance(again, Attempt)
        first = again
    second = claimed(database, reply("Tried once."), at=clock.advance(MINUTE))
    posted(database, TWEET_ID, at=clock.advance(MINUTE))
    claimed(other, single(), at=clock.now())
    doubt(database, first, clock.now())

    assert [(attempt.id, attempt.number, attempt.text) for attempt in open_attempts(database)] == [
        (first.id, 3, "Tried three times."),
        (second.id, 1, "Tried once."),
    ]
    assert [attempt.decision_type for attempt in open_attempts(database)] == [DecisionType.SINGLE, DecisionType.REPLY]
    assert [attempt.first_began_at for attempt in open_attempts(database)] == [began_at, second.began_at]


def test_the_posts_that_are_known_already_are_no_answer_to_an_open_attempt(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    since = clock.advance(MINUTE)
    posted(database, "1900000000000000101", at=since - timedelta(seconds=1))
    posted(database, "1900000000000000102", at=since)
    posted(database, "1900000000000000103", at=clock.advance(MINUTE))
    posted(other, "1900000000000000104", at=clock.now())
    queued(database, single(), at=clock.now())

    assert known_post_ids(database, since=since) == {"1900000000000000102", "1900000000000000103"}


def _content(database: AccountDatabase) -> dict[str, Any]:
    return row_of(database, content_metadata)


def _count(database: AccountDatabase, table: sa.Table) -> int:
    with database.transaction() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
