"""The timetable: when each job has its turn, as we count and as Dagster counts."""

from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from xbot_pipelines.orchestration.location import SETTINGS
from xbot_pipelines.orchestration.schedules import SCHEDULES
from xbot_pipelines.orchestration.timetable import TIMETABLE, Turn, turn_of

VIENNA = ZoneInfo("Europe/Vienna")


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.parametrize("turn", TIMETABLE, ids=lambda turn: turn.job)
@pytest.mark.parametrize("monday", ["2026-03-02", "2026-03-23", "2026-10-19"], ids=["plain", "short", "long"])
def test_a_week_of_each_schedule_has_just_the_turns_of_the_timetable(turn: Turn, monday: str) -> None:
    """Two of the weeks have a day of 23 and one of 25 hours where the account lives."""
    begins, ends = at(monday), at(monday) + timedelta(days=7)
    schedule = SCHEDULES[turn.job]
    ticks = schedule_execution_time_iterator(begins.timestamp(), turn.cron, schedule.execution_timezone)
    expected, moment = [], begins - timedelta(seconds=1)
    while (moment := turn.next_after(moment, SETTINGS.profile.timezone)) < ends:
        expected.append(moment)
    assert [tick.astimezone(UTC) for tick in takewhile(lambda tick: tick < ends, ticks)] == expected
    assert schedule.cron_schedule == turn.cron
    assert len(expected) == 7 * len(turn.hours) * len(turn.minutes)


def test_the_next_turn_is_the_first_after_a_moment_and_never_the_moment_itself() -> None:
    posting = turn_of("posting")
    assert posting.next_after(at("2026-03-02 12:10"), VIENNA) == at("2026-03-02 12:20")
    assert posting.next_after(at("2026-03-02 23:57"), VIENNA) == at("2026-03-03 00:00")
    assert turn_of("attribution").next_after(at("2026-03-02 12:51"), VIENNA) == at("2026-03-02 14:50")


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-03-28 06:00", "2026-03-29 04:18"),
        ("2026-10-24 06:00", "2026-10-25 05:18"),
        ("2026-10-25 04:18", "2026-10-25 05:18"),
    ],
)
def test_f27_a_turn_in_account_time_stays_at_its_time_of_day_when_clocks_change(after: str, expected: str) -> None:
    assert turn_of("daily_report").next_after(at(after), VIENNA) == at(expected)


def test_distances_between_turns_reach_over_midnight() -> None:
    posting = turn_of("posting")
    assert (posting.shortest_distance, posting.longest_distance) == (timedelta(minutes=5), timedelta(minutes=10))
    assert turn_of("session_check").longest_distance == timedelta(hours=6)
    assert turn_of("daily_report").shortest_distance == timedelta(days=1)


def test_f16_posting_goes_first() -> None:
    first = max(TIMETABLE, key=lambda turn: turn.priority)
    assert first.job == "posting"
    assert [turn.priority for turn in TIMETABLE].count(first.priority) == 1
