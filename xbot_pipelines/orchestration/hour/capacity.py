"""What the browser's hour holds: worked out from the timetable, the runs that have ended, and who had the browser.

Pure: measured values in, sentences and figures out. How they are measured lies in `history` and in
`store.browser_use`, how they are shown in `shown` and `drawn`.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from xbot_pipelines.orchestration.hour.history import EndedRun
from xbot_pipelines.orchestration.timetable import EVERY_HOUR, Turn
from xbot_pipelines.store.browser_use import BrowserUse

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_NOTHING = timedelta()


@dataclass(frozen=True)
class Spread:
    """Half of some spans are not longer than `p50`, and nineteen of twenty not longer than `p95`."""

    count: int
    p50: timedelta
    p95: timedelta


@dataclass(frozen=True, kw_only=True)
class Reach:
    """A turn that may still be going on when another job's turn comes: in one of twenty cases, for `overlap`."""

    job: str
    minute: int
    next_job: str
    next_minute: int
    overlap: timedelta


@dataclass(frozen=True, kw_only=True)
class JobHour:
    """One job's part of the hour. What is not known yet is None; only browser jobs have the last five.

    `runs` is how long its runs took, `failed` how many of them did not go well. `share` is what its turns take of the
    browser's hour by its median, hours in which it has no turn included. The rest is how its runs spent their time.
    """

    turn: Turn
    runs: Spread | None
    failed: int
    share: float | None = None
    waiting: Spread | None = None
    opening: Spread | None = None
    working: Spread | None = None
    closing: Spread | None = None


@dataclass(frozen=True, kw_only=True)
class Hour:
    """The browser's hour, as the runs since `since` say.

    `used` is the share of the time since the first use in which somebody had the browser, `busiest` the largest share
    of any full hour of it, with that hour. `late_at_p95` is by how much each browser job's turn would begin late at
    most if every run took its p95.
    """

    looked_at: datetime
    since: datetime
    jobs: Sequence[JobHour]
    used: float | None
    busiest: tuple[datetime, float] | None
    reaches: Sequence[Reach]
    late_at_p95: Mapping[str, timedelta]

    @property
    def browser_jobs(self) -> Sequence[JobHour]:
        """Those that want the browser."""
        return [job for job in self.jobs if job.turn.uses_browser]

    @property
    def expected(self) -> float | None:
        """The share of the browser's hour that the timetable takes by the medians that are known."""
        shares = [job.share for job in self.browser_jobs if job.share is not None]
        return sum(shares) if shares else None


def hour_of(
    timetable: Sequence[Turn],
    ended: Mapping[str, Sequence[EndedRun]],
    uses: Sequence[BrowserUse],
    *,
    since: datetime,
    now: datetime,
) -> Hour:
    """Works out the hour.

    Args:
        timetable: whose hour it is.
        ended: the runs that have ended, by job.
        uses: who had the browser since `since`, the earliest first.
        since: how far back was looked.
        now: until when.
    """
    jobs = [_job_hour(turn, ended.get(turn.job, ()), uses) for turn in timetable]
    browser_jobs = [job for job in jobs if job.turn.uses_browser]
    return Hour(
        looked_at=now,
        since=since,
        jobs=jobs,
        used=_used(uses, now),
        busiest=_busiest(uses, now),
        reaches=reaches(browser_jobs),
        late_at_p95=late_at_p95(browser_jobs),
    )


def spread(spans: Iterable[timedelta | None]) -> Spread | None:
    """Answers how known spans are spread (nearest rank); None where none is known."""
    known = sorted(span for span in spans if span is not None)
    if not known:
        return None
    return Spread(len(known), p50=known[(len(known) - 1) // 2], p95=known[-(-95 * len(known) // 100) - 1])


def reaches(browser_jobs: Sequence[JobHour]) -> Sequence[Reach]:
    """Answers the turns whose p95 reaches beyond the next turn of another browser job, in the order of the hour."""
    turns = _turns(browser_jobs, hours=1)
    found = []
    for (minute, job), (following, next_job) in pairwise([*turns, *((60 + turn, job) for turn, job in turns[:1])]):
        distance = (following - minute) * _MINUTE
        if job.runs is not None and job.runs.p95 > distance:
            found.append(
                Reach(
                    job=job.turn.job,
                    minute=minute,
                    next_job=next_job.turn.job,
                    next_minute=following % 60,
                    overlap=job.runs.p95 - distance,
                )
            )
    return found


def late_at_p95(browser_jobs: Sequence[JobHour]) -> Mapping[str, timedelta]:
    """Answers how late each job's turns would begin at most if every run took its p95: the queue, thought through.

    Two hours are enough for what one hour leaves to the next. A job of which nothing is known takes no time.
    """
    turns = _turns(browser_jobs, hours=2)
    late = {job.turn.job: _NOTHING for job in browser_jobs}
    waiting: list[tuple[int, int, JobHour]] = []
    free_at, running, following = _NOTHING, None, 0
    while following < len(turns) or waiting:
        if not waiting:
            free_at = max(free_at, turns[following][0] * _MINUTE)
        while following < len(turns) and (arrives := turns[following])[0] * _MINUTE <= free_at:
            # A job that waits or runs already is not asked for again.
            if arrives[1] not in (running, *(job for _, _, job in waiting)):
                heapq.heappush(waiting, (-arrives[1].turn.priority, following, arrives[1]))
            following += 1
        running = None
        if waiting:
            _, number, running = heapq.heappop(waiting)
            late[running.turn.job] = max(late[running.turn.job], free_at - turns[number][0] * _MINUTE)
            free_at += running.runs.p95 if running.runs else _NOTHING
    return late


def _job_hour(turn: Turn, ended: Sequence[EndedRun], uses: Sequence[BrowserUse]) -> JobHour:
    runs = spread(run.took for run in ended)
    failed = sum(not run.went_well for run in ended)
    if not turn.uses_browser:
        return JobHour(turn=turn, runs=runs, failed=failed)
    turns_an_hour = len(turn.minutes) * len(turn.hours) / len(EVERY_HOUR)
    own = [use for use in uses if use.actor == turn.job]
    return JobHour(
        turn=turn,
        runs=runs,
        failed=failed,
        share=runs.p50 * turns_an_hour / _HOUR if runs else None,
        waiting=spread(use.waited for use in own),
        opening=spread(use.opening for use in own),
        working=spread(use.working for use in own),
        closing=spread(use.closing for use in own),
    )


def _turns(browser_jobs: Iterable[JobHour], *, hours: int) -> Sequence[tuple[int, JobHour]]:
    """Answers all turns of an hour in which every job has one, and of so many hours after each other."""
    turns = [(60 * hour + minute, job) for hour in range(hours) for job in browser_jobs for minute in job.turn.minutes]
    return sorted(turns, key=lambda turn: turn[0])


def _used(uses: Sequence[BrowserUse], now: datetime) -> float | None:
    if not uses or now <= uses[0].leased_at:
        return None
    return sum((use.held for use in uses if use.held is not None), _NOTHING) / (now - uses[0].leased_at)


def _busiest(uses: Sequence[BrowserUse], now: datetime) -> tuple[datetime, float] | None:
    """Answers the full hour since the first use in which the browser was in use for longest, and its share."""
    if not uses:
        return None
    used: dict[datetime, timedelta] = {}
    hour = uses[0].leased_at.replace(minute=0, second=0, microsecond=0) + _HOUR
    while hour + _HOUR <= now:
        used[hour] = _NOTHING
        hour += _HOUR
    for use in uses:
        hour = use.leased_at.replace(minute=0, second=0, microsecond=0)
        if hour in used and use.held is not None:
            used[hour] += use.held
    return max(((hour, span / _HOUR) for hour, span in used.items()), key=lambda one: one[1], default=None)
