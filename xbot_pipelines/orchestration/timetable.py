"""The timetable: which job has its turn at which minute of the hour, for how long, and what for.

It is the first guard against the stampede that this project was born from (F01): a table in which two browser jobs
share a minute, or in which a job may run into its own next turn, is refused when the definitions load.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


class TimetableError(Exception):
    """The timetable would let two jobs meet. The message names them and the minute."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One job's minutes of every hour. `deadline` is when a run is stopped; the highest `priority` goes first."""

    job: str
    minutes: tuple[int, ...]
    uses_browser: bool
    deadline: timedelta
    priority: int
    purpose: str

    @property
    def cron(self) -> str:
        """The minutes as a cron schedule in UTC."""
        return f"{','.join(map(str, self.minutes))} * * * *"

    @property
    def shortest_distance(self) -> timedelta:
        """The least time between two turns of this job."""
        following = (*self.minutes[1:], self.minutes[0] + 60)
        return timedelta(minutes=min(after - before for before, after in zip(self.minutes, following, strict=True)))


TIMETABLE = (
    Turn(
        job="posting",
        minutes=(0, 5, 10, 20, 25, 30, 40, 45, 50, 55),
        uses_browser=True,
        deadline=timedelta(minutes=4),
        priority=10,
        purpose="Settles open attempts, then publishes what is due: single posts and replies alike.",
    ),
    Turn(
        job="plan",
        minutes=(2, 32),
        uses_browser=False,
        deadline=timedelta(minutes=5),
        priority=0,
        purpose="Writes one new piece of content into the queue.",
    ),
    Turn(
        job="metrics_scraper",
        minutes=(7, 17, 27, 37, 47, 57),
        uses_browser=True,
        deadline=timedelta(minutes=8),
        priority=1,
        purpose="Reads the counters of the posts of the last day from the own timeline, twenty posts a request.",
    ),
)


def turn_of(job: str) -> Turn:
    """Answers the turn of a job."""
    return next(turn for turn in TIMETABLE if turn.job == job)


def check_timetable(timetable: Sequence[Turn]) -> None:
    """Makes sure that no two browser jobs share a minute, and that none reaches into its own next turn.

    Raises:
        TimetableError: they would; every collision is named.
    """
    jobs_at = defaultdict(list)
    for turn in timetable:
        if turn.uses_browser:
            for minute in turn.minutes:
                jobs_at[minute].append(turn.job)
    problems = [
        f"{' and '.join(jobs)} both want the browser at :{minute:02}"
        for minute, jobs in sorted(jobs_at.items())
        if len(jobs) > 1
    ]
    problems += [
        f"{turn.job} may run for {turn.deadline}, and its next turn comes after {turn.shortest_distance}"
        for turn in timetable
        if turn.deadline >= turn.shortest_distance
    ]
    if problems:
        raise TimetableError("the timetable does not work: " + "; ".join(problems))
