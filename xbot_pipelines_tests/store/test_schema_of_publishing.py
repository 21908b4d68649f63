"""What the tables of publishing refuse, whatever code writes to them."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xbot_pipelines.models import OPEN_ATTEMPT_STATES, AttemptState, DecisionStatus
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import (
    account_state,
    content_metadata,
    decision_events,
    metadata,
    outcomes,
    post_follower_tracking,
    post_velocity_tracking,
    posted_decisions,
    posting_attempts,
    reply_opportunities,
    tweet_metrics,
)
from xbot_pipelines_tests.store.given import TWEET_ID, claimed, single
from xbot_pipelines_tests.store.rows import (
    NOON,
    Row,
    attempt,
    checkpoint,
    content,
    followers_then,
    measured,
    opportunity,
    refuse,
    write,
)

NOT_AN_ID = ["1767225600.5", "post_1767225600", "unknown", "", " 1900000000000000100", "1" * 21, "123\n", "-1", "١٢٣"]


def test_rows_that_keep_every_promise_are_taken(database: AccountDatabase, decision_id: UUID, post_id: UUID) -> None:
    write(database, content_metadata, content(decision_type="reply", target_tweet_id="1"))
    write(database, posting_attempts, attempt(decision_id))
    write(database, tweet_metrics, measured(views=0))
    write(database, reply_opportunities, opportunity())
    write(database, post_velocity_tracking, checkpoint(post_id))
    write(database, post_follower_tracking, followers_then(post_id))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"status": "done"}, "ck_content_metadata_status_known"),
        ({"status": "Queued"}, "ck_content_metadata_status_known"),
        ({"decision_type": "thread"}, "ck_content_metadata_decision_type_known"),
        ({"decision_type": "reply"}, "ck_content_metadata_a_reply_has_a_target"),
        ({"target_tweet_id": "1900000000000000001"}, "ck_content_metadata_a_reply_has_a_target"),
    ],
)
def test_content_of_an_unknown_kind_or_status_is_refused(database: AccountDatabase, changes: Row, rule: str) -> None:
    refuse(database, content_metadata, content(**changes), because=rule)


@pytest.mark.parametrize("column", ["account", "decision_type", "text", "status", "scheduled_at", "created_at"])
def test_content_without_what_it_needs_is_refused(database: AccountDatabase, column: str) -> None:
    with pytest.raises(IntegrityError, match=f'null value in column "{column}"'):
        write(database, content_metadata, content(**{column: None}))


@pytest.mark.parametrize("made_up", NOT_AN_ID)
@pytest.mark.usefixtures("post_id")
def test_f06_an_id_that_is_not_an_id_is_refused_wherever_one_is_kept(
    database: AccountDatabase, decision_id: UUID, made_up: str
) -> None:
    refuse(
        database,
        content_metadata,
        content(decision_type="reply", target_tweet_id=made_up),
        because="ck_content_metadata_target_tweet_id_is_an_id",
    )
    refuse(
        database,
        posting_attempts,
        attempt(decision_id, state="confirmed", tweet_id=made_up, evidence="answer"),
        because="ck_posting_attempts_tweet_id_is_an_id",
    )
    refuse(
        database,
        reply_opportunities,
        opportunity(tweet_id=made_up),
        because="ck_reply_opportunities_tweet_id_is_an_id",
    )
    with (
        pytest.raises(IntegrityError, match="ck_posted_decisions_tweet_id_is_an_id"),
        database.transaction() as connection,
    ):
        connection.execute(posted_decisions.update().values(tweet_id=made_up))
    refuse(database, tweet_metrics, measured(tweet_id=made_up), because="fk_tweet_metrics_posted_decisions")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"state": "confirmed", "tweet_id": TWEET_ID}, "ck_posting_attempts_confirmed_by_evidence"),
        ({"state": "confirmed", "evidence": "answer"}, "ck_posting_attempts_confirmed_by_evidence"),
        ({"state": "confirmed"}, "ck_posting_attempts_confirmed_by_evidence"),
        ({"state": "unknown", "tweet_id": TWEET_ID, "evidence": "toast"}, "ck_posting_attempts_confirmed_by_evidence"),
        ({"state": "confirmed", "tweet_id": "1", "evidence": "guess"}, "ck_posting_attempts_evidence_known"),
        ({"state": "clicked"}, "ck_posting_attempts_state_known"),
        ({"decision_type": "thread"}, "ck_posting_attempts_decision_type_known"),
    ],
)
def test_f06_an_attempt_is_confirmed_by_evidence_or_not_at_all(
    database: AccountDatabase, decision_id: UUID, changes: Row, rule: str
) -> None:
    refuse(database, posting_attempts, attempt(decision_id, **changes), because=rule)


@pytest.mark.parametrize("first", OPEN_ATTEMPT_STATES)
def test_f03_a_decision_has_at_most_one_open_attempt(
    database: AccountDatabase, decision_id: UUID, first: AttemptState
) -> None:
    write(database, posting_attempts, attempt(decision_id, state="absent"))
    write(database, posting_attempts, attempt(decision_id, state=first))

    for second in OPEN_ATTEMPT_STATES:
        refuse(
            database,
            posting_attempts,
            attempt(decision_id, state=second),
            because="uq_posting_attempts_open_decision",
        )


def test_f03_a_decision_is_confirmed_at_most_once(database: AccountDatabase, post_id: UUID) -> None:
    again = attempt(post_id, state="confirmed", tweet_id="1900000000000000101", evidence="timeline")

    refuse(database, posting_attempts, again, because="uq_posting_attempts_confirmed_decision")


def test_f03_a_decision_becomes_one_post_and_a_post_belongs_to_one_decision(
    database: AccountDatabase, post_id: UUID
) -> None:
    other_attempt = claimed(database, single("Another one."), at=NOON + timedelta(minutes=1))
    row = {
        "account": "practice",
        "posted_at": NOON,
        "evidence": "answer",
        "attempt_id": other_attempt.id,
        "version": "1",
    }

    refuse(
        database,
        posted_decisions,
        {**row, "decision_id": post_id, "tweet_id": "1900000000000000101"},
        because="pk_posted_decisions",
    )
    refuse(
        database,
        posted_decisions,
        {**row, "decision_id": other_attempt.decision_id, "tweet_id": TWEET_ID},
        because="uq_posted_decisions_(account_)?tweet_id",
    )


@pytest.mark.usefixtures("post_id")
def test_f03_another_account_cannot_claim_the_same_post(database: AccountDatabase, other: AccountDatabase) -> None:
    theirs = claimed(other, single(), at=NOON)
    row = {
        "decision_id": theirs.decision_id,
        "account": "other",
        "tweet_id": TWEET_ID,
        "posted_at": NOON,
        "evidence": "answer",
        "attempt_id": theirs.id,
        "version": "1",
    }

    refuse(database, posted_decisions, row, because="uq_posted_decisions_tweet_id")


def test_f10_every_way_back_to_a_decision_carries_the_account_along() -> None:
    ways = [
        key
        for table in metadata.tables.values()
        for key in table.foreign_key_constraints
        if {"decision_id", "tweet_id"} & set(key.column_keys)
    ]

    assert {key.table.name for key in ways} == {
        "decision_events",
        "posting_attempts",
        "posted_decisions",
        "outcomes",
        "tweet_metrics",
        "post_velocity_tracking",
        "post_follower_tracking",
        "owed_checkpoints",
        "received_replies",
        "reply_opportunities",
    }
    assert all("account" in key.column_keys for key in ways)


def test_f10_no_row_of_one_account_hangs_on_a_decision_of_another(database: AccountDatabase, post_id: UUID) -> None:
    theirs: list[tuple[sa.Table, Row, str]] = [
        (posting_attempts, attempt(post_id), "fk_posting_attempts_content_metadata"),
        (reply_opportunities, opportunity(decision_id=post_id), "fk_reply_opportunities_content_metadata"),
        (post_velocity_tracking, checkpoint(post_id), "fk_post_velocity_tracking_posted_decisions"),
        (post_follower_tracking, followers_then(post_id), "fk_post_follower_tracking_posted_decisions"),
        (tweet_metrics, measured(), "fk_tweet_metrics_posted_decisions"),
        (
            decision_events,
            {"decision_id": post_id, "to_status": "queued", "happened_at": NOON, "actor": "x", "version": "1"},
            "fk_decision_events_content_metadata",
        ),
    ]
    for table, row, rule in theirs:
        refuse(database, table, {**row, "account": "other"}, because=rule)
    with (
        pytest.raises(IntegrityError, match="fk_outcomes_posted_decisions"),
        database.transaction() as connection,
    ):
        connection.execute(outcomes.update().values(account="other"))


def test_f10_an_outcome_needs_a_post_not_only_content(database: AccountDatabase, decision_id: UUID) -> None:
    row = {"decision_id": decision_id, "account": "practice"}

    refuse(database, outcomes, row, because="fk_outcomes_posted_decisions")


def test_an_opportunity_of_an_unknown_status_is_refused(database: AccountDatabase) -> None:
    refuse(
        database,
        reply_opportunities,
        opportunity(status="maybe"),
        because="ck_reply_opportunities_status_known",
    )


@pytest.mark.parametrize("changes", [{"paused_at": NOON}, {"paused_reason": "a wall"}])
def test_f17_a_pause_says_both_why_and_since_when(database: AccountDatabase, changes: Row) -> None:
    refuse(
        database,
        account_state,
        {"account": "practice", **changes},
        because="ck_account_state_a_pause_has_a_reason",
    )


def test_the_statuses_of_the_design_are_the_statuses_of_the_code() -> None:
    assert set(DecisionStatus) == {
        *("draft", "needs_review", "queued", "posting", "posted"),
        *("rejected", "unconfirmed", "failed", "expired", "refused"),
    }
