"""When a job is wrong: silent or failing for two turns, and not at the first hiccup."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.operate.health.facts import JobHealth
from xbot_pipelines.operate.health.job_rules import (
    HEARD_WITHIN,
    KNOWN_ELSEWHERE,
    LONGEST_WAIT,
    TURNS,
    late,
    latest_turns,
    wrong_with,
)
from xbot_pipelines.operate.health.reasons import Status
from xbot_pipelines.orchestration.records import Ended, JobRecord
from xbot_pipelines.orchestration.timetable import TIMETABLE, Turn, turn_of
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.operate.health.well import DAY, HOUR, MINUTE, VIENNA, job, outcome

NOW = NOON + 2 * MINUTE
"""At :00, :55 and :50 posting had its turns, and all of them could have been heard of by now."""


def sentences(one: JobHealth, now: datetime = NOW) -> list[str]:
    return [reason.sentence for reason in wrong_with(one, VIENNA, now=now)]


@pytest.mark.parametrize("turn", TIMETABLE, ids=lambda turn: turn.job)
def test_a_job_that_was_done_at_its_last_turn_is_well(turn: Turn) -> None:
    assert sentences(job(turn.job)) == []


def test_f14_a_job_that_is_neither_run_nor_passed_over_at_two_turns_is_silent() -> None:
    heard = NOON - 10 * MINUTE
    assert sentences(job("posting", heard_at=heard)) == [
        (
            "posting was silent at its last two turns (Mon 11:55 and Mon 12:00 UTC), not heard of since "
            "2026-03-02 11:50 UTC: see its schedule"
        )
    ]
    assert sentences(job("posting", heard_at=None)) == [
        "posting was silent at its last two turns (Mon 11:55 and Mon 12:00 UTC), not heard of at all: see its schedule"
    ]


@pytest.mark.parametrize(
    ("about", "record"),
    [
        ("it missed one turn", {"heard_at": NOON - 5 * MINUTE}),
        ("it runs", {"heard_at": NOON - HOUR, "under_way_since": NOON - 3 * MINUTE}),
        ("it is new", {"heard_at": None, "scheduled_since": NOON - 5 * MINUTE}),
        ("Dagster never saw it", {"heard_at": None, "scheduled_since": None}),
    ],
)
def test_it_is_not_silent_where(about: str, record: dict[str, datetime | None]) -> None:
    assert sentences(job("posting", **record)) == [], about


def test_f13_a_run_that_nobody_stops_is_found_and_one_that_waits_for_others_is_let_wait() -> None:
    since = NOW - turn_of("news").deadline - LONGEST_WAIT
    assert sentences(job("news", under_way_since=since)) == []
    assert sentences(job("news", under_way_since=since - MINUTE)) == [
        "news is queued or running for 25 min, and its deadline is 4 min: see its run"
    ]


def test_a_turn_that_has_just_come_may_still_be_heard_of() -> None:
    heard = job("posting", heard_at=NOON - 10 * MINUTE)
    assert sentences(heard, NOON + HEARD_WITHIN) == []
    assert sentences(heard, NOON + HEARD_WITHIN + timedelta(microseconds=1)) != []


def test_a_daily_job_is_silent_after_two_days() -> None:
    assert sentences(job("daily_report", heard_at=NOON - DAY)) == []
    assert len(sentences(job("daily_report", heard_at=NOON - 1.5 * DAY))) == 1


def test_f15_a_job_that_fails_twice_in_a_row_is_failing_and_one_success_ends_it() -> None:
    failed = [outcome(NOON - MINUTE * ago, Ended.FAILED, "X answered HTTP 500") for ago in (1, 6)]
    assert sentences(job("posting", outcomes=failed)) == [
        "posting failed 2 times in a row, last at 2026-03-02 11:59 UTC: X answered HTTP 500"
    ]
    assert sentences(job("posting", outcomes=failed[:1])) == []
    for success in (Ended.DONE, Ended.NOTHING_TO_DO):
        assert sentences(job("posting", outcomes=[failed[0], outcome(NOON, success), failed[1]])) == []
    assert sentences(job("posting", outcomes=[failed[0], outcome(NOON, Ended.BLOCKED), failed[1]])) != []


def test_f13_a_job_that_is_stopped_at_its_deadline_twice_is_wrong_too() -> None:
    stopped = [outcome(NOON - MINUTE * ago, Ended.CANCELED) for ago in (1, 6)]
    assert sentences(job("news", outcomes=stopped)) == [
        "news was stopped 2 times in a row, last at 2026-03-02 11:59 UTC"
    ]


def test_a_job_that_has_its_turn_once_a_day_is_not_waited_for_until_the_next() -> None:
    failed = (outcome(NOON, Ended.FAILED, "no space left"),)
    assert sentences(job("housekeeping", outcomes=failed)) == [
        "housekeeping failed, last at 2026-03-02 12:00 UTC: no space left"
    ]


@pytest.mark.parametrize("error", KNOWN_ELSEWHERE)
def test_what_has_a_rule_of_its_own_is_left_to_that(error: str) -> None:
    failed = [outcome(NOON - MINUTE * ago, Ended.FAILED, "something", error) for ago in (1, 6, 11)]
    assert sentences(job("plan", outcomes=failed)) == []


def test_blocked_is_no_failure() -> None:
    assert sentences(job("replies", outcomes=[outcome(NOON, Ended.BLOCKED, "paused")] * 3)) == []


def test_a_job_that_somebody_has_switched_off_is_named() -> None:
    assert sentences(job("news", is_switched_on=False)) == [
        "news is switched off: switch its schedule on in the Dagster UI"
    ]


def test_without_posting_the_account_is_not_at_work_without_another_job_it_is_worse() -> None:
    [posting] = wrong_with(job("posting", is_switched_on=False), VIENNA, now=NOW)
    [news] = wrong_with(job("news", is_switched_on=False), VIENNA, now=NOW)
    assert (posting.cause, posting.status) == ("job posting", Status.DOWN)
    assert (news.cause, news.status) == ("job news", Status.DEGRADED)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(turn=st.sampled_from(TIMETABLE), now=MOMENTS)
def test_the_last_turns_are_two_that_follow_each_other_and_the_next_is_still_to_come(turn: Turn, now: datetime) -> None:
    turns = latest_turns(turn, VIENNA, before=now)
    assert len(turns) == TURNS
    assert turn.next_after(turns[0], VIENNA) == turns[1] < now <= turn.next_after(turns[1], VIENNA)


@given(turn=st.sampled_from(TIMETABLE), succeeded=MOMENTS, ago=st.timedeltas(timedelta(0), 3 * DAY))
def test_a_success_is_late_from_the_next_turn_on(turn: Turn, succeeded: datetime, ago: timedelta) -> None:
    now = succeeded + ago
    found = late(turn, JobRecord(last_success_at=succeeded), VIENNA, now=now)
    owed = turn.next_after(succeeded, VIENNA)
    assert found == (now - owed if now > owed else None)
