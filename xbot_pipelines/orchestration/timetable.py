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
    """One job's minutes of every hour, or of every so many hours.

    `deadline` is when a run is stopped; the highest `priority` goes first.
    """

    job: str
    minutes: tuple[int, ...]
    every_hours: int = 1
    uses_browser: bool
    deadline: timedelta
    priority: int
    purpose: str

    @property
    def cron(self) -> str:
        """The minutes as a cron schedule in UTC."""
        hours = "*" if self.every_hours == 1 else f"*/{self.every_hours}"
        return f"{','.join(map(str, self.minutes))} {hours} * * *"

    @property
    def shortest_distance(self) -> timedelta:
        """The least time between two turns of this job."""
        return min(self._distances)

    @property
    def longest_distance(self) -> timedelta:
        """The most time between two turns of this job."""
        return max(self._distances)

    @property
    def _distances(self) -> Sequence[timedelta]:
        following = (*self.minutes[1:], self.minutes[0] + 60 * self.every_hours)
        return [timedelta(minutes=after - before) for before, after in zip(self.minutes, following, strict=True)]


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
        job="data_collection",
        minutes=(3,),
        uses_browser=True,
        deadline=timedelta(minutes=10),
        priority=0,
        purpose="Finds every post with a missing or stale reading or checkpoint, and reads it.",
    ),
    Turn(
        job="metrics_scraper",
        minutes=(7, 17, 27, 37, 47, 57),
        uses_browser=True,
        deadline=timedelta(minutes=8),
        priority=1,
        purpose="Reads the counters of the posts of the last day from the own timeline, twenty posts a request.",
    ),
    Turn(
        job="velocity_tracker",
        minutes=(12, 42),
        uses_browser=True,
        deadline=timedelta(minutes=8),
        priority=5,
        purpose="Takes the checkpoints that are due: the net under the sensor that looks for them every 30 seconds.",
    ),
    Turn(
        job="replies",
        minutes=(15,),
        uses_browser=True,
        deadline=timedelta(minutes=8),
        priority=0,
        purpose="Discovers accounts, finds posts worth an answer, and drafts replies to the best of them.",
    ),
    Turn(
        job="analytics",
        minutes=(22, 52),
        uses_browser=True,
        deadline=timedelta(minutes=8),
        priority=0,
        purpose="Reads what X tells only the owner: profile visits, detail expands and link clicks, up to 7 days.",
    ),
    Turn(
        job="sync_followers",
        minutes=(32,),
        uses_browser=False,
        deadline=timedelta(minutes=5),
        priority=0,
        purpose="Draws the follower curve from the snapshots that every reading leaves.",
    ),
    Turn(
        job="news",
        minutes=(35,),
        uses_browser=True,
        deadline=timedelta(minutes=4),
        priority=0,
        purpose="Reads the feeds, and searches X for news about the account's subjects.",
    ),
    Turn(
        job="enhanced_metrics",
        minutes=(44,),
        uses_browser=True,
        deadline=timedelta(minutes=8),
        priority=0,
        purpose="Reads who answered us and how: the conversations under our posts.",
    ),
    Turn(
        job="attribution",
        minutes=(50,),
        every_hours=2,
        uses_browser=False,
        deadline=timedelta(minutes=10),
        priority=0,
        purpose="Shares the followers that were won among the posts that were being seen, with its uncertainty.",
    ),
    Turn(
        job="real_outcomes",
        minutes=(55,),
        every_hours=2,
        uses_browser=False,
        deadline=timedelta(minutes=10),
        priority=0,
        purpose="Consolidates the outcomes of the last eight days from all readings.",
    ),
    Turn(
        job="session_check",
        minutes=(33,),
        every_hours=6,
        uses_browser=True,
        deadline=timedelta(minutes=8),
        priority=2,
        purpose="The canary: proves that we are logged in, and that every kind of page still parses.",
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
