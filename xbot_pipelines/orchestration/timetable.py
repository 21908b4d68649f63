"""The timetable: which job has its turn at which minute, for how long, and what for.

One table, and what can be read off a single line of it. Whether its lines go together is looked at in `week`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

EVERY_HOUR = tuple(range(24))
EVERY_OTHER_HOUR = tuple(range(0, 24, 2))
EVERY_SIX_HOURS = tuple(range(0, 24, 6))

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One job's minutes of certain hours of every day.

    Hours are in UTC, or in the account's own time where `account_time` says so. `deadline` is when a run is stopped;
    the highest `priority` goes first.
    """

    job: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...] = EVERY_HOUR
    account_time: bool = False
    uses_browser: bool
    deadline: timedelta
    priority: int
    purpose: str

    @property
    def cron(self) -> str:
        """The minutes as a cron schedule."""
        hours = "*" if self.hours == EVERY_HOUR else ",".join(map(str, self.hours))
        return f"{','.join(map(str, self.minutes))} {hours} * * *"

    @property
    def minutes_of_a_day(self) -> Sequence[int]:
        """The minutes of a day, from its midnight, at which the job has its turn; in order."""
        return sorted(60 * hour + minute for hour in self.hours for minute in self.minutes)

    @property
    def shortest_distance(self) -> timedelta:
        """The least time between two turns of this job."""
        return min(self._distances)

    @property
    def longest_distance(self) -> timedelta:
        """The most time between two turns of this job."""
        return max(self._distances)

    def next_after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Answers the first turn after a moment, in UTC; `zone` is where the account lives."""
        there = moment.astimezone(zone if self.account_time else UTC)
        return next(turn for turn in self._turns_from(there) if turn > moment)

    @property
    def _distances(self) -> Sequence[timedelta]:
        minutes = [timedelta(minutes=minute) for minute in self.minutes_of_a_day]
        return [after - before for before, after in pairwise([*minutes, minutes[0] + _DAY])]

    def _turns_from(self, there: datetime) -> Iterator[datetime]:
        midnight = there.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        while True:
            # Added to the time that a clock on the wall shows: on two days of a year that is no matter of hours.
            yield from ((midnight + timedelta(minutes=minute)).astimezone(UTC) for minute in self.minutes_of_a_day)
            midnight += _DAY


# If another job might hold the browser for longer, posting could not begin within its shortest slot, of five minutes.
# What a job leaves undone waits for its next turn, and nothing that was done is lost.
_LONGEST_WITH_THE_BROWSER = timedelta(minutes=4)

TIMETABLE = (
    Turn(
        job="posting",
        minutes=(0, 5, 10, 20, 25, 30, 40, 45, 50, 55),
        uses_browser=True,
        deadline=_LONGEST_WITH_THE_BROWSER,
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
        deadline=_LONGEST_WITH_THE_BROWSER,
        priority=0,
        purpose="Finds every post with a missing or stale reading or checkpoint, and reads it.",
    ),
    Turn(
        job="metrics_scraper",
        minutes=(7, 17, 27, 37, 47, 57),
        uses_browser=True,
        deadline=_LONGEST_WITH_THE_BROWSER,
        priority=1,
        purpose="Reads the counters of the posts of the last day from the own timeline, twenty posts a request.",
    ),
    Turn(
        job="velocity_tracker",
        minutes=(12, 42),
        uses_browser=True,
        deadline=_LONGEST_WITH_THE_BROWSER,
        priority=5,
        purpose="Takes the checkpoints that are due: the net under the sensor that looks for them every 30 seconds.",
    ),
    Turn(
        job="replies",
        minutes=(15,),
        uses_browser=True,
        deadline=_LONGEST_WITH_THE_BROWSER,
        priority=0,
        purpose="Discovers accounts, finds posts worth an answer, and drafts replies to the best of them.",
    ),
    Turn(
        job="analytics",
        minutes=(22, 52),
        uses_browser=True,
        deadline=_LONGEST_WITH_THE_BROWSER,
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
        deadline=_LONGEST_WITH_THE_BROWSER,
        priority=0,
        purpose="Reads the feeds, and searches X for news about the account's subjects.",
    ),
    Turn(
        job="enhanced_metrics",
        minutes=(44,),
        uses_browser=True,
        deadline=_LONGEST_WITH_THE_BROWSER,
        priority=0,
        purpose="Reads who answered us and how: the conversations under our posts.",
    ),
    Turn(
        job="learning",
        minutes=(45,),
        uses_browser=False,
        deadline=timedelta(minutes=10),
        priority=0,
        purpose="Updates what is believed of subjects, angles, tones, formats, hooks and hours, from the outcomes.",
    ),
    Turn(
        job="attribution",
        minutes=(50,),
        hours=EVERY_OTHER_HOUR,
        uses_browser=False,
        deadline=timedelta(minutes=10),
        priority=0,
        purpose="Shares the followers that were won among the posts that were being seen, with its uncertainty.",
    ),
    Turn(
        job="real_outcomes",
        minutes=(55,),
        hours=EVERY_OTHER_HOUR,
        uses_browser=False,
        deadline=timedelta(minutes=10),
        priority=0,
        purpose="Consolidates the outcomes of the last eight days from all readings.",
    ),
    Turn(
        job="session_check",
        minutes=(33,),
        hours=EVERY_SIX_HOURS,
        uses_browser=True,
        deadline=_LONGEST_WITH_THE_BROWSER,
        priority=2,
        purpose="The canary: proves that we are logged in, and that every kind of page still parses.",
    ),
    Turn(
        job="daily_report",
        minutes=(18,),
        hours=(6,),
        account_time=True,
        uses_browser=False,
        deadline=timedelta(minutes=10),
        priority=0,
        purpose="Writes the day before down for a person: a report as HTML and Markdown, with plots.",
    ),
    Turn(
        job="housekeeping",
        minutes=(48,),
        hours=(4,),
        account_time=True,
        uses_browser=False,
        deadline=timedelta(minutes=30),
        priority=-1,
        purpose="Deletes runs, their logs and old files past their time, and keeps what each asset came to last.",
    ),
)


def turn_of(job: str) -> Turn:
    """Answers the turn of a job."""
    return next(turn for turn in TIMETABLE if turn.job == job)
