"""The first guard: the timetable keeps browser jobs apart (F01)."""

from datetime import timedelta

import pytest

from xbot_pipelines.orchestration.timetable import TIMETABLE, Turn
from xbot_pipelines.orchestration.week import TimetableError, check_timetable


def turn(job: str, *minutes: int, uses_browser: bool = True, deadline: timedelta = timedelta(minutes=4)) -> Turn:
    return Turn(
        job=job, minutes=minutes, uses_browser=uses_browser, deadline=deadline, priority=0, purpose="to be tested"
    )


def test_f01_our_own_timetable_works() -> None:
    check_timetable(TIMETABLE)


def test_f01_two_browser_jobs_in_one_minute_are_refused_by_name() -> None:
    with pytest.raises(TimetableError, match=r"velocity and enhanced_metrics both want the browser at :42"):
        check_timetable([turn("velocity", 12, 42), turn("enhanced_metrics", 42)])


def test_jobs_without_a_browser_may_share_a_minute() -> None:
    check_timetable(
        [turn("plan", 32, uses_browser=False), turn("sync_followers", 32, uses_browser=False), turn("a", 32)]
    )


@pytest.mark.parametrize(("minutes", "deadline"), [((0, 5), 5), ((3, 58), 5), ((15,), 60)])
def test_f13_a_deadline_that_reaches_into_the_next_turn_is_refused(minutes: tuple[int, ...], deadline: int) -> None:
    with pytest.raises(TimetableError, match="its next turn comes after"):
        check_timetable([turn("slow", *minutes, deadline=timedelta(minutes=deadline))])
    check_timetable([turn("slow", *minutes, deadline=timedelta(minutes=deadline) - timedelta(seconds=1))])


def test_f16_posting_goes_first() -> None:
    first = max(TIMETABLE, key=lambda turn: turn.priority)
    assert first.job == "posting"
    assert [turn.priority for turn in TIMETABLE].count(first.priority) == 1
