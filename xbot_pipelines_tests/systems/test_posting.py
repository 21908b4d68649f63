"""The one door: a decision becomes a post once, whatever happens between its steps.

A crash is provoked by leaving a step out: what the next run finds is what the crash would have left.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import (
    Attempt,
    AttemptState,
    DecisionType,
    PostSnapshot,
    ProfileSnapshot,
    Target,
)
from xbot_pipelines.settings import PublishingSettings, Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.claiming import Blocked, NothingDue
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems import posting
from xbot_pipelines.systems.posting import SettleSummary
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.x.client import Posted, Refused, Unknown
from xbot_pipelines.x.text import first_id_at
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.systems.conftest import move_both
from xbot_pipelines_tests.systems.door import TEXT, Door

SHARES_ITS_BROWSER = True

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.browser
def test_what_is_posted_is_in_the_tables_as_it_is_on_x(door: Door, practice: Practice) -> None:
    decision_id = door.queue()
    assert door.settle() == SettleSummary()
    assert isinstance(door.publish_and_record(), Posted)
    [post] = practice.truth()["posts"]
    row = door.row("SELECT * FROM posted_decisions")
    assert (post["text"], post["id"]) == (TEXT, row["tweet_id"])
    assert row["decision_id"] == decision_id
    assert row["run_id"] == "run-1"
    assert row["version"]
    assert abs(row["posted_at"] - datetime.fromisoformat(post["created_at"])) < timedelta(seconds=1)
    assert door.row("SELECT collected_at, views FROM outcomes") == {"collected_at": None, "views": None}
    assert isinstance(door.claim(), Blocked | NothingDue)


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["answer_lost", "http_500_after"])
def test_f02_f03_a_post_whose_answer_is_lost_is_found_on_the_timeline_and_not_sent_again(
    door: Door, practice: Practice, kind: str
) -> None:
    decision_id = door.queue()
    practice.fault(operation="CreateTweet", kind=kind, count=1)
    assert isinstance(door.publish_and_record(), Posted)
    assert door.row("SELECT evidence FROM posted_decisions") == {"evidence": "timeline"}
    assert door.status(decision_id) == "posted"
    assert len(practice.truth()["posts"]) == 1


@pytest.mark.browser
def test_f19_a_crash_after_the_claim_frees_the_decision_in_the_next_run(door: Door, practice: Practice) -> None:
    decision_id = door.queue()
    door.claimed()
    assert door.status(decision_id) == "posting"
    assert door.settle() == SettleSummary(absent=1)
    assert door.status(decision_id) == "queued"
    move_both(practice, door.clock, minutes=6)
    assert isinstance(door.publish_and_record(), Posted)
    assert len(practice.truth()["posts"]) == 1


@pytest.mark.browser
def test_f03_f19_a_crash_between_the_post_and_its_record_is_settled_by_the_next_run(
    door: Door, practice: Practice
) -> None:
    decision_id = door.queue()
    door.publish(door.claimed())
    assert door.status(decision_id) == "posting"
    assert door.settle() == SettleSummary(found=1)
    assert door.status(decision_id) == "posted"
    [post] = practice.truth()["posts"]
    assert door.row("SELECT tweet_id, evidence FROM posted_decisions") == {
        "tweet_id": post["id"],
        "evidence": "timeline",
    }
    assert door.settle() == SettleSummary()


@pytest.mark.browser
def test_f02_f05_a_post_that_never_arrived_is_absent_once_x_had_the_time_to_show_it(
    door: Door, practice: Practice
) -> None:
    decision_id = door.queue()
    practice.fault(operation="CreateTweet", kind="connection_reset", count=1)
    practice.fault(operation="*", kind="toast_never", count=99)
    assert isinstance(door.publish_and_record(), Unknown)
    assert door.status(decision_id) == "unconfirmed"
    assert door.settle() == SettleSummary(still_unknown=1)
    assert isinstance(door.claim(), NothingDue)
    move_both(practice, door.clock, minutes=3)
    assert door.settle() == SettleSummary(absent=1)
    assert door.status(decision_id) == "queued"
    move_both(practice, door.clock, minutes=6)
    assert isinstance(door.publish_and_record(), Posted)
    assert len(practice.truth()["posts"]) == 1


@pytest.mark.browser
def test_a_reply_whose_answer_is_lost_is_found_among_the_replies(door: Door, practice: Practice) -> None:
    [target] = practice.put({"author": practice.handle, "text": "What helps you sleep?"})
    door.queue("A dark room.", Target(post_id=target, author_handle=practice.handle, text="What helps you sleep?"))
    practice.fault(operation="CreateTweet", kind="answer_lost", count=1)
    assert isinstance(door.publish_and_record(), Posted)
    [reply] = [post for post in practice.truth()["posts"] if post["in_reply_to"] == target]
    assert door.row("SELECT tweet_id FROM posted_decisions") == {"tweet_id": reply["id"]}


@pytest.mark.browser
@pytest.mark.parametrize("change", ["deleted", "another text"])
def test_f23_a_reply_to_a_post_that_is_no_longer_what_was_read_is_not_sent(
    door: Door, practice: Practice, change: str
) -> None:
    [target] = practice.put({"author": practice.handle, "text": "What helps you sleep?"})
    read = "What helps you sleep?" if change == "deleted" else "What helps you wake up?"
    decision_id = door.queue("A dark room.", Target(post_id=target, author_handle=practice.handle, text=read))
    if change == "deleted":
        practice.ask("DELETE", f"posts/{target}")
    assert isinstance(door.publish_and_record(), Refused)
    assert door.status(decision_id) == "refused"
    assert not [post for post in practice.truth()["posts"] if post["in_reply_to"] == target]


@pytest.mark.browser
def test_f21_a_challenge_pauses_the_account_and_keeps_the_decision(door: Door, practice: Practice) -> None:
    decision_id = door.queue()
    door.turn.client()
    practice.fault(operation="*", kind="challenge", count=9)
    result = door.publish_and_record()
    assert isinstance(result, Refused)
    assert result.wall is not None
    state = account.state_of(door.database)
    assert state.paused_reason == str(result.wall)
    assert door.status(decision_id) == "queued"
    move_both(practice, door.clock, hours=1)
    blocked = door.claim()
    assert isinstance(blocked, Blocked)
    assert "confirm that a human" in blocked.reason


@pytest.mark.browser
def test_a_rate_limit_is_waited_for_in_the_database(door: Door, practice: Practice) -> None:
    door.queue()
    practice.fault(operation="CreateTweet", kind="http_429", count=1)
    assert isinstance(door.publish_and_record(), Refused)
    until = account.state_of(door.database).wait_until
    assert until is not None
    assert until > door.clock.now()
    assert isinstance(door.claim(), Blocked)
    move_both(practice, door.clock, minutes=20)
    assert isinstance(door.publish_and_record(), Posted)


@pytest.mark.browser
def test_the_daily_limit_stops_publishing_until_the_next_day_and_reading_goes_on(
    door: Door, practice: Practice
) -> None:
    decision_id = door.queue()
    practice.fault(operation="CreateTweet", kind="error_code", code=344, count=1)
    assert isinstance(door.publish_and_record(), Refused)
    assert door.status(decision_id) == "queued"
    state = account.state_of(door.database)
    assert state.standstill(door.clock.now()) is None
    assert state.posting_wait_until is not None
    assert isinstance(door.claim(), Blocked)
    move_both(practice, door.clock, hours=25)
    # Its twelve hours in the queue are over by then.
    assert door.settle() == SettleSummary(expired=1)


@pytest.mark.browser
def test_a_pause_between_claim_and_click_stops_the_click(door: Door, practice: Practice) -> None:
    decision_id = door.queue()
    attempt = door.claimed()
    door.turn.client()
    account.pause(door.database, reason="enough for today", now=door.clock.now(), by=door.by)
    result = door.publish(attempt)
    assert isinstance(result, Refused)
    assert isinstance(result.wall, Standstill)
    door.record(attempt, result)
    assert door.status(decision_id) == "queued"
    assert practice.truth()["posts"] == []


def test_a_dry_run_claims_nothing(
    database: AccountDatabase, settings: Settings, clock: ManualClock, by: Provenance
) -> None:
    dry = settings.profile.model_copy(update={"publishing": PublishingSettings(dry_run=True)})
    assert posting.claim(database, dry, clock=clock, by=by) == Blocked(posting.DRY_RUN)


def attempt_of(text: str = TEXT, *, answers: str | None = None, number: int = 1) -> Attempt:
    target = Target(post_id=answers, author_handle="them", text="?") if answers else None
    return Attempt(
        id=uuid4(),
        decision_id=uuid4(),
        decision_type=DecisionType.REPLY if answers else DecisionType.SINGLE,
        number=number,
        state=AttemptState.SUBMITTED,
        text=text,
        began_at=NOON,
        first_began_at=NOON,
        submitted_at=NOON + timedelta(seconds=5),
        target=target,
    )


def post_of(
    text: str = TEXT, *, at: datetime = NOON + timedelta(seconds=6), answers: str | None = None
) -> PostSnapshot:
    return PostSnapshot(
        id=str(first_id_at(at)),
        author=ProfileSnapshot(id="1", handle="us"),
        text=text,
        visible_text=text,
        created_at=at,
        in_reply_to_id=answers,
    )


@pytest.mark.parametrize(
    ("post", "attempt", "matches"),
    [
        (post_of(), attempt_of(), True),
        (post_of(TEXT.replace("\n\n", "\n")), attempt_of(), True),
        (post_of(TEXT[:-3]), attempt_of(), False),
        (post_of("Another text"), attempt_of(), False),
        (post_of(at=NOON - timedelta(minutes=6)), attempt_of(), False),
        (post_of(at=NOON - timedelta(minutes=4)), attempt_of(), True),
        (post_of(answers="77"), attempt_of(answers="77"), True),
        (post_of(answers="78"), attempt_of(answers="77"), False),
        (post_of(answers="77"), attempt_of(), False),
        (post_of(), attempt_of(answers="77"), False),
    ],
)
def test_f07_an_attempt_is_bound_to_exactly_its_post(post: PostSnapshot, attempt: Attempt, matches: bool) -> None:
    assert posting.matching_post(attempt, [post], taken=()) == (post if matches else None)


def test_f07_a_post_that_belongs_to_another_decision_is_not_bound_again() -> None:
    first, second = post_of(), post_of(at=NOON + timedelta(seconds=9))
    assert posting.matching_post(attempt_of(), [first, second], taken={first.id}) == second


def test_f18_a_decision_is_tried_later_and_later_and_then_set_aside() -> None:
    pauses = [posting.retry_at(attempt_of(number=number), now=NOON) for number in range(1, 6)]
    assert pauses[:3] == [NOON + timedelta(minutes=5), NOON + timedelta(minutes=30), NOON + timedelta(hours=2)]
    assert pauses[3:] == [None, None]
