"""What a rehearsal came to: looked up in the tables, on practice X, and in what was played.

How it is shown is not known here, nor what was hoped for.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import groupby
from statistics import median
from typing import Any

from xbot_pipelines.models import DecisionType
from xbot_pipelines.operate.rehearsal.performing import Ran
from xbot_pipelines.operate.rehearsal.play import Played, Script
from xbot_pipelines.operate.rehearsal.stage import Stage
from xbot_pipelines.operate.rehearsal.worth import Worth, worth_of
from xbot_pipelines.store import days, promises, x_charges
from xbot_pipelines.store.checkpoints import Checkpoint, checkpoints_of
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.days import DayPost
from xbot_pipelines.store.exports import ExportedTable, Published, columns_of, open_snapshot
from xbot_pipelines.store.followers import FollowerSnapshot, follower_curve
from xbot_pipelines.store.promises import CheckpointTally
from xbot_pipelines.store.x_charges import Charged

_HOUR = timedelta(hours=1)
_MARK_LENGTH = 16
_CHUNK = 1000

_Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Lateness:
    """How late something was, in seconds of the rehearsal's time."""

    median: float
    worst: float


@dataclass(frozen=True, kw_only=True)
class JobFigures:
    """The runs of one job by what they came to, the turns passed over, and the real seconds that its runs took."""

    job: str
    runs: Mapping[str, int]
    passed_over: Mapping[str, int]
    seconds: float
    median_seconds: float
    longest_seconds: float


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What two rehearsals have in common that are the same: a short word for each of three things."""

    posts: str
    readings: str
    choices: str


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What X's API has cost, in US dollars: by our own count, kind by kind, and by practice X's bill."""

    counted: Mapping[str, Charged]
    billed: Decimal

    @property
    def usd(self) -> Decimal:
        """What we have counted in all."""
        return sum((charged.usd for charged in self.counted.values()), Decimal(0))


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A rehearsal in figures; times are the rehearsal's own, but for `real_seconds`.

    `unrecorded` are posts on X that no table knows, `made_up` the opposite. `most_browsers` is the most Chromiums of
    ours that were seen to run at once. `person_came` is how often the account had to be resumed by hand. `cost` is None
    where nothing is paid for.
    """

    script: Script
    posts: Sequence[DayPost]
    duplicates: int
    unrecorded: int
    made_up: int
    most_replies_an_hour: int
    checkpoints: Sequence[Checkpoint]
    tally: CheckpointTally
    reading_lateness: Lateness | None
    publishing_lateness: Lateness | None
    followers: Sequence[FollowerSnapshot]
    worth: Sequence[Worth]
    runs: Sequence[Ran]
    jobs: Sequence[JobFigures]
    marks: Marks
    most_browsers: int
    person_came: int
    requests: int
    cost: Cost | None
    real_seconds: float

    @property
    def singles(self) -> int:
        """How many posts were published that answer nobody."""
        return sum(post.kind is DecisionType.SINGLE for post in self.posts)

    @property
    def replies(self) -> int:
        """How many replies were published."""
        return sum(post.kind is DecisionType.REPLY for post in self.posts)

    @property
    def failed_runs(self) -> int:
        """How many runs failed."""
        return sum(ran.failed for ran in self.runs)

    @property
    def browser_seconds(self) -> float:
        """The real seconds of the runs that have the browser."""
        return sum(ran.seconds for ran in self.runs if ran.uses_browser)

    @property
    def other_seconds(self) -> float:
        """The real seconds of all other runs."""
        return sum(ran.seconds for ran in self.runs if not ran.uses_browser)


def look_back(
    stage: Stage, script: Script, played: Played, *, most_browsers: int, person_came: int, real_seconds: float
) -> Figures:
    """Looks up what became of everything."""
    database, since, until = stage.database, script.begins_at, script.ends_at
    profile = stage.settings.profile
    posts = days.posts_published(database, since=since, until=until + _HOUR)
    on_x = stage.site.own_posts()
    recorded = _rows(database, ExportedTable.POSTS)
    known = {post.tweet_id for post in posts}
    checkpoints = checkpoints_of(database, since=since, until=until)
    late = [row.late.total_seconds() for row in checkpoints if row.late is not None]
    return Figures(
        script=script,
        posts=posts,
        duplicates=_duplicates(on_x),
        unrecorded=len({str(post["id"]) for post in on_x} - known),
        made_up=len(known - {str(post["id"]) for post in on_x}),
        most_replies_an_hour=_most_within_an_hour(post.posted_at for post in posts if post.kind is DecisionType.REPLY),
        checkpoints=checkpoints,
        tally=promises.tally_checkpoints(
            database, due_from=since, due_until=until, checkpoints_hours=profile.checkpoints_hours
        ),
        reading_lateness=_lateness(late),
        publishing_lateness=_lateness(_seconds_after_the_slot(recorded)),
        worth=worth_of(stage.site, profile, on_x),
        followers=follower_curve(database, since=since, until=until + _HOUR),
        runs=played.runs,
        jobs=_by_job(played),
        marks=_marks(recorded, _rows(database, ExportedTable.READINGS)),
        most_browsers=most_browsers,
        person_came=person_came,
        requests=stage.site.requests(),
        cost=_cost(stage, script) if profile.transport == "api" else None,
        real_seconds=real_seconds,
    )


def _cost(stage: Stage, script: Script) -> Cost:
    until = script.ends_at.date() + timedelta(days=2)
    counted = x_charges.charged_by_kind(stage.database, since=script.begins_at.date(), until=until)
    return Cost(counted=counted, billed=stage.site.bill())


def _duplicates(on_x: Sequence[Mapping[str, object]]) -> int:
    """How many posts are there once too often: the same text to the same post, or to nobody."""
    said = Counter((post["text"], post["in_reply_to"]) for post in on_x)
    return sum(times - 1 for times in said.values())


def _most_within_an_hour(moments: Iterable[datetime]) -> int:
    in_order = sorted(moments)
    return max((sum(one <= other < one + _HOUR for other in in_order) for one in in_order), default=0)


def _lateness(seconds: Sequence[float]) -> Lateness | None:
    return Lateness(median=median(seconds), worst=max(seconds)) if seconds else None


def _seconds_after_the_slot(posts: _Rows) -> Sequence[float]:
    return [
        (row["posted_at"] - row["scheduled_at"]).total_seconds()
        for row in posts
        if row["decision_type"] == DecisionType.SINGLE
    ]


def _by_job(played: Played) -> Sequence[JobFigures]:
    by_job = {
        job: list(runs) for job, runs in groupby(sorted(played.runs, key=lambda ran: ran.job), lambda ran: ran.job)
    }
    passed_over: dict[str, Counter[str]] = {}
    for (job, why), times in played.passed_over.items():
        passed_over.setdefault(job, Counter())[why] += times
    jobs = []
    for job in sorted({*by_job, *passed_over}):
        seconds = [ran.seconds for ran in by_job.get(job, ())]
        jobs.append(
            JobFigures(
                job=job,
                runs=Counter(ran.result for ran in by_job.get(job, ())),
                passed_over=passed_over.get(job, Counter()),
                seconds=sum(seconds),
                median_seconds=median(seconds) if seconds else 0.0,
                longest_seconds=max(seconds, default=0.0),
            )
        )
    return jobs


def _marks(posts: _Rows, readings: _Rows) -> Marks:
    # Of what is the same in two rehearsals: ids of ours are drawn anew in each, X's are not.
    chosen = ("topic", "angle", "tone", "format", "hook", "scheduled_at")
    return Marks(
        posts=_mark([[row["tweet_id"], row["posted_at"], row["text"]] for row in posts]),
        readings=_mark(
            [[value for name, value in row.items() if name not in {"run_id", "decision_id", "id"}] for row in readings]
        ),
        choices=_mark([[row[name] for name in chosen] for row in posts]),
    )


def _rows(database: AccountDatabase, table: ExportedTable) -> _Rows:
    names = list(columns_of(table))
    with open_snapshot(database, Published()) as snapshot:
        return [dict(zip(names, row, strict=True)) for chunk in snapshot.chunks(table, size=_CHUNK) for row in chunk]


def _mark(rows: list[list[object]]) -> str:
    told = sorted(json.dumps(row, default=str) for row in rows)
    return sha256("\n".join(told).encode()).hexdigest()[:_MARK_LENGTH]
