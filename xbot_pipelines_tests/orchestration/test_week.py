"""A week of the timetable is walked before anything is scheduled: browser jobs are kept apart (F01)."""

from datetime import timedelta
from typing import Any

import pytest

from xbot_pipelines.orchestration.timetable import EVERY_HOUR, TIMETABLE, Turn, turn_of
from xbot_pipelines.orchestration.week import (
    ENDED_WITHIN,
    TimetableError,
    check_timetable,
    jobs_by_minute,
    minutes_of_a_week,
)

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
WEEK = 7 * 24 * 60


def turn(job: str, *minutes: int, deadline: timedelta = 2 * MINUTE, **more: Any) -> Turn:
    plain: dict[str, Any] = {"uses_browser": True, "priority": 0, "purpose": "to be tested"}
    return Turn(job=job, minutes=minutes, deadline=deadline, **(plain | more))


def test_f01_in_a_week_of_our_own_timetable_no_minute_has_two_browser_jobs() -> None:
    check_timetable(TIMETABLE)
    walked = jobs_by_minute([turn for turn in TIMETABLE if turn.uses_browser])
    assert [minute for minute in range(WEEK) if len(walked.get(minute, ())) > 1] == []
    # 10 of posting, 1, 6, 2, 1, 2, 1 and 1 in each hour, and the canary four times a day.
    assert len(walked) == 7 * (24 * 24 + 4)


def test_f16_in_a_week_posting_can_always_begin_within_its_slot() -> None:
    """At worst some other run has begun the second before, and is stopped at its deadline."""
    posting = minutes_of_a_week(turn_of("posting"))
    longest = max(turn.deadline for turn in TIMETABLE if turn.uses_browser and turn.job != "posting")
    slots = [after - before for before, after in zip(posting, [*posting[1:], posting[0] + WEEK], strict=True)]
    assert longest + ENDED_WITHIN < min(slots) * MINUTE


def test_f01_two_browser_jobs_in_one_minute_are_refused_by_name() -> None:
    meeting = r"velocity and enhanced_metrics both want the browser at Monday 00:42 \(168 times a week\)"
    with pytest.raises(TimetableError, match=meeting):
        check_timetable([turn("velocity", 12, 42), turn("enhanced_metrics", 42)])


@pytest.mark.parametrize(
    ("hours", "when"),
    [((6,), r"Monday 06:33 \(7 times a week\)"), ((0, 6, 12, 18), r"Monday 00:33 \(28 times a week\)")],
)
def test_f01_jobs_that_meet_in_some_hours_only_are_refused_too(hours: tuple[int, ...], when: str) -> None:
    with pytest.raises(TimetableError, match=rf"canary and hourly both want the browser at {when}"):
        check_timetable([turn("canary", 33, hours=hours), turn("hourly", 3, 33)])
    check_timetable([turn("canary", 33, hours=(6,)), turn("other", 33, hours=(7,))])


def test_jobs_without_a_browser_may_share_a_minute() -> None:
    check_timetable([turn("plan", 32, uses_browser=False), turn("followers", 32, uses_browser=False), turn("a", 32)])


@pytest.mark.parametrize(
    ("minutes", "hours", "distance"),
    [((0, 5), EVERY_HOUR, 5), ((3, 58), EVERY_HOUR, 5), ((15,), EVERY_HOUR, 60), ((50,), (0, 23), 60)],
)
def test_f13_a_deadline_that_reaches_into_the_jobs_own_next_turn_is_refused(
    minutes: tuple[int, ...], hours: tuple[int, ...], distance: int
) -> None:
    just_too_long = distance * MINUTE - ENDED_WITHIN
    with pytest.raises(TimetableError, match=r"slow may run for .* and its next turn comes after"):
        check_timetable([turn("slow", *minutes, hours=hours, deadline=just_too_long)])
    check_timetable([turn("slow", *minutes, hours=hours, deadline=just_too_long - SECOND)])


def test_f16_a_job_that_could_keep_the_first_one_from_its_slot_is_refused() -> None:
    first, just_too_long = turn("first", 0, 10, 20, priority=9), 10 * MINUTE - ENDED_WITHIN
    with pytest.raises(TimetableError, match=r"slow may have the browser for .* first could not begin before its next"):
        check_timetable([first, turn("slow", 5, deadline=just_too_long)])
    check_timetable([first, turn("slow", 5, deadline=just_too_long - SECOND)])
    check_timetable([first, turn("slow", 5, deadline=just_too_long, uses_browser=False)])


def test_f27_a_browser_job_by_the_clock_on_the_wall_is_refused() -> None:
    with pytest.raises(TimetableError, match="early uses the browser, so its minutes must be in UTC"):
        check_timetable([turn("early", 18, hours=(6,), account_time=True)])


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(TimetableError) as refused:
        check_timetable([turn("a", 1, deadline=60 * MINUTE), turn("b", 1)])
    assert "a and b both want" in str(refused.value)
    assert "a may run for 1:00:00" in str(refused.value)
