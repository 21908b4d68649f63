"""The agenda: every turn of the timetable at its moment, none twice, and the sensor's looks between them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from xbot_pipelines.operate.rehearsal.agenda import Agenda, Looks
from xbot_pipelines.orchestration.timetable import TIMETABLE, turn_of
from xbot_pipelines_tests.conftest import NOON

VIENNA = ZoneInfo("Europe/Vienna")
MINUTE = timedelta(minutes=1)


def test_the_first_moment_has_its_turns_too() -> None:
    agenda = Agenda(TIMETABLE, VIENNA, NOON)
    assert agenda.next_moment == NOON
    assert [turn.job for turn in agenda.take(NOON)] == ["posting"]
    assert agenda.next_moment == NOON + 2 * MINUTE


def test_a_day_has_each_turn_of_the_timetable_once() -> None:
    agenda, taken = Agenda(TIMETABLE, VIENNA, NOON), []
    while (moment := agenda.next_moment) < NOON + timedelta(days=1):
        taken += [(turn.job, moment) for turn in agenda.take(moment)]
    assert len(taken) == len(set(taken)) == sum(len(turn.minutes_of_a_day) for turn in TIMETABLE)
    report = turn_of("daily_report")
    assert [at for job, at in taken if job == report.job] == [report.next_after(NOON, VIENNA)]


def test_turns_that_were_jumped_over_are_taken_once() -> None:
    agenda = Agenda([turn_of("posting")], VIENNA, NOON)
    assert [turn.job for turn in agenda.take(NOON + 22 * MINUTE)] == ["posting"]
    assert agenda.next_moment == NOON + 25 * MINUTE


def test_looks_come_in_step_with_the_first() -> None:
    looks = Looks(NOON + timedelta(seconds=10), timedelta(seconds=30))
    assert looks.at_or_after(NOON - MINUTE) == looks.first
    assert looks.at_or_after(looks.first) == looks.first
    assert looks.at_or_after(looks.first + timedelta(microseconds=1)) == looks.first + timedelta(seconds=30)
    assert looks.at_or_after(looks.first + timedelta(seconds=60)) == looks.first + timedelta(seconds=60)
