"""A week of the timetable, walked minute by minute before anything is scheduled by it: the first guard (F01).

Here belongs whether the turns of all jobs go together. What a single turn is lies in `timetable`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise

from xbot_pipelines.orchestration.timetable import Turn

ENDED_WITHIN = timedelta(seconds=45)
"""How long after its deadline a run may still be there: Dagster looks every ten seconds (`poll_interval_seconds` in
dagster.yaml), and then it has twenty to close its browser (`run_launcher.SECONDS_TO_END`)."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MINUTES_OF_A_DAY = 24 * 60


class TimetableError(Exception):
    """The timetable would let two jobs meet. The message names them and the minute."""


def check_timetable(timetable: Sequence[Turn]) -> None:
    """Makes sure that in a whole week no two jobs get into each other's way.

    Raises:
        TimetableError: two browser jobs share a minute, a job may run into its own next turn, the job that goes first
            might not begin before its next turn comes, or a browser job goes by a clock that others do not go by.
            Every collision is named.
    """
    browser_jobs = [turn for turn in timetable if turn.uses_browser]
    problems = [*_unsteady(browser_jobs), *_meetings(browser_jobs), *_too_long(timetable), *_too_late(browser_jobs)]
    if problems:
        raise TimetableError("the timetable does not work: " + "; ".join(problems))


def minutes_of_a_week(turn: Turn) -> Sequence[int]:
    """Answers the minutes of a week, from Monday's midnight, at which a job has its turn; in order."""
    return [_MINUTES_OF_A_DAY * day + minute for day in range(len(_DAYS)) for minute in turn.minutes_of_a_day]


def jobs_by_minute(timetable: Iterable[Turn]) -> Mapping[int, Sequence[str]]:
    """Answers which jobs have their turn at each minute of a week that has any."""
    jobs = defaultdict(list)
    for turn in timetable:
        for minute in minutes_of_a_week(turn):
            jobs[minute].append(turn.job)
    return jobs


def _unsteady(browser_jobs: Iterable[Turn]) -> Iterator[str]:
    """Minutes that are those of a clock on the wall move against all others when that is put forward or back."""
    for turn in browser_jobs:
        if turn.account_time:
            yield f"{turn.job} uses the browser, so its minutes must be in UTC"


def _meetings(browser_jobs: Iterable[Turn]) -> Iterator[str]:
    meetings = defaultdict(list)
    for minute, jobs in jobs_by_minute(browser_jobs).items():
        if len(jobs) > 1:
            meetings[" and ".join(jobs)].append(minute)
    for jobs_that_meet, minutes in meetings.items():
        yield f"{jobs_that_meet} both want the browser at {_named(minutes)}"


def _too_long(timetable: Iterable[Turn]) -> Iterator[str]:
    for turn in timetable:
        if turn.deadline + ENDED_WITHIN >= turn.shortest_distance:
            yield (
                f"{turn.job} may run for {turn.deadline} and take {ENDED_WITHIN} to end, and its next turn comes after "
                f"{turn.shortest_distance}"
            )


def _too_late(browser_jobs: Sequence[Turn]) -> Iterator[str]:
    """At worst another run has just begun when a turn comes, and holds the browser until it is stopped (F16)."""
    first = max(browser_jobs, key=lambda turn: turn.priority, default=None)
    others = [turn for turn in browser_jobs if turn is not first]
    if first is None or not others:
        return
    slowest = max(others, key=lambda turn: turn.deadline)
    waits = slowest.deadline + ENDED_WITHIN
    turns = minutes_of_a_week(first)
    week = len(_DAYS) * _MINUTES_OF_A_DAY
    late = [turn for turn, after in pairwise([*turns, turns[0] + week]) if waits >= timedelta(minutes=after - turn)]
    if late:
        yield (
            f"{slowest.job} may have the browser for {waits}, and then {first.job} could not begin before its next "
            f"turn at {_named(late)}"
        )


def _named(minutes: Sequence[int]) -> str:
    """The first of some minutes of a week, and how many there are: `Monday 00:42 (168 times a week)`."""
    day, minute = divmod(minutes[0], _MINUTES_OF_A_DAY)
    times = "once" if len(minutes) == 1 else f"{len(minutes)} times"
    return f"{_DAYS[day]} {minute // 60:02}:{minute % 60:02} ({times} a week)"
