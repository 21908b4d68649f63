"""What is wrong with a job: switched off, stuck, silent or failing for two turns. And by how much it is late."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from xbot_pipelines.operate.health.facts import JobHealth
from xbot_pipelines.operate.health.reasons import Cause, Reason, Status, of_job
from xbot_pipelines.operate.spans import in_words
from xbot_pipelines.orchestration.records import SUCCESSES, Ended, JobRecord, Outcome
from xbot_pipelines.orchestration.timetable import Turn

ESSENTIAL = "posting"
"""Without the other jobs the account is worse; without this one it is not at work."""

TURNS = 2
"""How many turns in a row may go wrong before a person hears of it: the first is made up for by the second."""

SELDOM = timedelta(hours=6)
"""Where turns are so far apart, nobody waits for a second failure."""

HEARD_WITHIN = timedelta(seconds=90)
"""How long after its minute a turn may be heard of: Dagster's scheduler looks every minute, and asks few at a time."""

LONGEST_WAIT = timedelta(minutes=20)
"""After a downtime every browser job waits for the others, some minutes each at most."""

KNOWN_ELSEWHERE: Mapping[str, Cause] = {
    "WritingFailed": Cause.MODEL,
    "ChromiumMissing": Cause.BROWSER,
    "OperationalError": Cause.DATABASE,
    "DagsterUserCodeUnreachableError": Cause.CODE_SERVER,
}
"""Errors whose cause is looked for by a rule of its own, which says more, sooner, and sees when it is over."""

_WENT_WRONG = (Ended.FAILED, Ended.CANCELED)


def wrong_with(job: JobHealth, zone: ZoneInfo, *, now: datetime) -> Iterator[Reason]:
    """Says what is wrong with a job, if anything."""
    sentence = _switched_off(job) or _stuck(job, now) or _silent(job, zone, now) or _failing(job)
    if sentence:
        status = Status.DOWN if job.turn.job == ESSENTIAL else Status.DEGRADED
        yield Reason(cause=of_job(job.turn.job), status=status, sentence=sentence)


def latest_turns(turn: Turn, zone: ZoneInfo, *, before: datetime) -> Sequence[datetime]:
    """Answers the last turns before a moment, the earliest first."""
    begin = before - turn.longest_distance * (TURNS + 1)
    turns = []
    while (begin := turn.next_after(begin, zone)) < before:
        turns.append(begin)
    return turns[-TURNS:]


def late(turn: Turn, record: JobRecord, zone: ZoneInfo, *, now: datetime) -> timedelta | None:
    """Answers how long ago the turn was that should have followed a job's last success; None: it is still to come.

    A job that has never succeeded is late from the first turn after it was scheduled.
    """
    since = record.last_success_at or record.scheduled_since
    if since is None:
        return None
    owed = turn.next_after(since, zone)
    return now - owed if now > owed else None


def _switched_off(job: JobHealth) -> str | None:
    name = job.turn.job
    return None if job.record.is_switched_on else f"{name} is switched off: switch its schedule on in the Dagster UI"


def _stuck(job: JobHealth, now: datetime) -> str | None:
    """A run that nobody has stopped: while it is there, no turn of the job is taken (F13)."""
    since = job.record.under_way_since
    if since is None or now - since <= job.turn.deadline + LONGEST_WAIT:
        return None
    deadline = in_words(job.turn.deadline)
    return (
        f"{job.turn.job} is queued or running for {in_words(now - since)}, and its deadline is {deadline}: see its run"
    )


def _silent(job: JobHealth, zone: ZoneInfo, now: datetime) -> str | None:
    """A turn that nothing is written of: neither a run, nor why there was none."""
    record = job.record
    if record.scheduled_since is None or record.under_way_since is not None:
        return None
    turns = latest_turns(job.turn, zone, before=now - HEARD_WITHIN)
    first = turns[0]
    if first <= record.scheduled_since or (record.heard_at is not None and record.heard_at >= first):
        return None
    named = " and ".join(f"{turn:%a %H:%M}" for turn in turns)
    heard = f"since {_at(record.heard_at)}" if record.heard_at else "at all"
    return f"{job.turn.job} was silent at its last two turns ({named} UTC), not heard of {heard}: see its schedule"


def _failing(job: JobHealth) -> str | None:
    wrong = list(takewhile(lambda outcome: outcome.ended not in SUCCESSES, job.record.outcomes))
    failures = [outcome for outcome in wrong if outcome.ended in _WENT_WRONG and not _is_known_elsewhere(outcome)]
    enough = 1 if job.turn.shortest_distance >= SELDOM else TURNS
    if len(failures) < enough:
        return None
    last = failures[0]
    times = "" if enough == 1 else f" {len(failures)} times in a row"
    how = "was stopped" if last.ended is Ended.CANCELED else "failed"
    why = f": {last.reason}" if last.reason else ""
    return f"{job.turn.job} {how}{times}, last at {_at(last.at)}{why}"


def _is_known_elsewhere(outcome: Outcome) -> bool:
    return outcome.error in KNOWN_ELSEWHERE


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
