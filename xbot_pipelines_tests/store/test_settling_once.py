"""What must not be done to an attempt: nothing twice, nothing by halves, nothing by another account."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy.exc import IntegrityError

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import AttemptState, DecisionStatus, Evidence
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.decisions import IllegalTransition, change_status
from xbot_pipelines.store.publishing import AttemptOvertaken, open_attempts, record_posted
from xbot_pipelines_tests.store.given import BY, TWEET_ID, claimed, posted, single
from xbot_pipelines_tests.store.looking import everything
from xbot_pipelines_tests.store.steps import ENDS, MINUTE, Step, confirm, doubt, refuse, retry, set_aside, submit


@pytest.mark.parametrize("before", [submit, doubt, *ENDS])
def test_f03_no_click_comes_but_from_an_attempt_that_is_only_intended(
    database: AccountDatabase, clock: ManualClock, before: Step
) -> None:
    attempt = claimed(database, single(), at=clock.now())
    before(database, attempt, clock.now())
    tables = everything(database)

    with pytest.raises(AttemptOvertaken, match=f"attempt {attempt.id} was settled by another run: it is not submitted"):
        submit(database, attempt, clock.advance(MINUTE))

    assert everything(database) == tables


def test_f03_of_two_who_would_click_one_is_stopped(database: AccountDatabase, clock: ManualClock) -> None:
    attempt = claimed(database, single(), at=clock.now())
    together = Barrier(2)

    def click() -> bool:
        together.wait()
        try:
            submit(database, attempt, clock.now())
        except AttemptOvertaken:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(clicking.result() for clicking in [pool.submit(click), pool.submit(click)]) == [False, True]


def test_f03_recording_a_post_is_one_transaction(database: AccountDatabase, clock: ManualClock) -> None:
    posted(database, TWEET_ID, at=clock.now())
    attempt = claimed(database, single("Another."), at=clock.advance(MINUTE))
    submit(database, attempt, clock.now())
    tables = everything(database)

    with pytest.raises(IntegrityError, match="uq_posted_decisions_"):
        confirm(database, attempt, clock.now())

    assert everything(database) == tables
    assert [attempt.state for attempt in open_attempts(database)] == [AttemptState.SUBMITTED]


def test_f06_a_post_with_a_made_up_id_is_not_recorded_at_all(database: AccountDatabase, clock: ManualClock) -> None:
    attempt = claimed(database, single(), at=clock.now())
    tables = everything(database)

    with pytest.raises(IntegrityError, match="tweet_id_is_an_id"):
        record_posted(
            database,
            attempt,
            tweet_id="post_1767225600",
            posted_at=clock.now(),
            evidence=Evidence.ANSWER,
            checkpoints_hours=(2, 12, 24),
            now=clock.now(),
            by=BY,
        )

    assert everything(database) == tables


@pytest.mark.parametrize("record", [confirm, refuse, retry, set_aside, doubt])
def test_nothing_is_recorded_of_a_decision_that_cannot_go_there(
    database: AccountDatabase, clock: ManualClock, record: Step
) -> None:
    attempt = claimed(database, single(), at=clock.now())
    with database.transaction() as connection:
        for to in (DecisionStatus.FAILED, DecisionStatus.REJECTED):
            change_status(connection, database.account, attempt.decision_id, to, now=clock.now(), by=BY)
    tables = everything(database)

    with pytest.raises(IllegalTransition, match="is rejected"):
        record(database, attempt, clock.now())

    assert everything(database) == tables


@pytest.mark.parametrize("first", ENDS)
def test_f03_an_attempt_that_is_settled_stays_settled(
    database: AccountDatabase, clock: ManualClock, first: Step
) -> None:
    attempt = claimed(database, single(), at=clock.now())
    first(database, attempt, clock.now())
    tables = everything(database)

    for second in (*ENDS, doubt):
        with pytest.raises(AttemptOvertaken, match=f"attempt {attempt.id} was settled by another run already"):
            second(database, attempt, clock.advance(MINUTE))

    assert everything(database) == tables


@pytest.mark.parametrize("step", [submit, doubt, *ENDS])
def test_an_attempt_of_another_account_cannot_be_touched(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock, step: Step
) -> None:
    theirs = claimed(other, single(), at=clock.now())
    tables = everything(other)

    with pytest.raises(AttemptOvertaken):
        step(database, theirs, clock.now())

    assert everything(other) == tables
