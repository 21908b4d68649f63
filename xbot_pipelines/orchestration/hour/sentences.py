"""The hour in words: what its figures mean to who runs the account, and its figures as plain values for programs."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from xbot_pipelines.orchestration.hour.capacity import Hour, JobHour, Spread
from xbot_pipelines.orchestration.timetable import EVERY_HOUR, Turn

_WORTH_A_WORD = timedelta(seconds=1)
_NARROW = 0.7
"""Above this share of the hour, what waits for the browser waits in a queue that no longer empties by itself."""


def in_seconds(span: timedelta | None) -> str:
    """A span as one says it beside others: 3.2 s, 42 s, 4 min 10 s, and a dash where it is not known."""
    if span is None:
        return "–"
    seconds = span.total_seconds()
    if seconds < 10:  # noqa: PLR2004 - a decimal says something below ten
        return f"{seconds:.1f} s"
    if seconds < 100:  # noqa: PLR2004 - and minutes above a hundred
        return f"{seconds:.0f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"


def in_percent(share: float | None) -> str:
    """A share: 0.9 %, 14 %, and a dash where it is not known."""
    if share is None:
        return "–"
    return f"{share:.1%}".replace("%", " %") if share < 0.1 else f"{share:.0%}".replace("%", " %")  # noqa: PLR2004


def how_often(turn: Turn, zone: str) -> str:
    """In which hours a job has its turns, where that is not every hour."""
    if turn.hours == EVERY_HOUR:
        return ""
    if len(turn.hours) == 1:
        return f"at {turn.hours[0]:02}:{turn.minutes[0]:02} {zone if turn.account_time else 'UTC'}"
    return f"every {len(EVERY_HOUR) // len(turn.hours)} h"


def sentences(hour: Hour) -> Sequence[str]:
    """Answers what the hour's figures mean, a sentence each, the most important first."""
    return [*_capacity(hour), *_reaches(hour), *_lateness(hour), *_failures(hour)]


def as_plain_values(hour: Hour) -> dict[str, Any]:
    """Answers the hour for programs: spans in seconds, moments in ISO format, null for what is unknown."""
    return {
        "looked_at": hour.looked_at.isoformat(),
        "since": hour.since.isoformat(),
        "used": hour.used,
        "expected": hour.expected,
        "busiest": {"hour": hour.busiest[0].isoformat(), "used": hour.busiest[1]} if hour.busiest else None,
        "jobs": [_job(job) for job in hour.jobs],
        "reaches": [{**asdict(reach), "overlap": reach.overlap.total_seconds()} for reach in hour.reaches],
        "late_at_p95": {job: late.total_seconds() for job, late in hour.late_at_p95.items()},
        "sentences": list(sentences(hour)),
    }


def _capacity(hour: Hour) -> Iterator[str]:
    if hour.used is None:
        yield "Nobody has had the browser yet: what the hour holds will be known after the first runs."
        return
    busiest = (
        f", and of its busiest hour ({_on(hour.busiest[0])}) {in_percent(hour.busiest[1])}" if hour.busiest else ""
    )
    yield f"The browser was in use for {in_percent(hour.used)} of the time{busiest}."
    if hour.expected is not None:
        verdict = (
            "There is room for more." if hour.expected < _NARROW else "That is narrow: make turns rarer, or shorter."
        )
        yield f"By the medians the timetable takes {in_percent(hour.expected)} of each hour. {verdict}"


def _reaches(hour: Hour) -> Iterator[str]:
    if any(job.runs for job in hour.browser_jobs) and not hour.reaches:
        yield "No job reaches into another's turn, not even when a run takes its p95."
    for reach in hour.reaches:
        yield (
            f"{reach.job} at :{reach.minute:02} reaches beyond :{reach.next_minute:02} in one of twenty runs: "
            f"{reach.next_job} then waits for up to {in_seconds(reach.overlap)}. Nothing is lost; it begins late."
        )


def _lateness(hour: Hour) -> Iterator[str]:
    late = {job: span for job, span in hour.late_at_p95.items() if span >= _WORTH_A_WORD}
    if late:
        worst = ", ".join(f"{job} {in_seconds(span)}" for job, span in sorted(late.items(), key=lambda one: -one[1]))
        yield f"If every run took its p95, turns would begin late by at most: {worst}."


def _failures(hour: Hour) -> Iterator[str]:
    for job in hour.jobs:
        if job.runs is not None and job.failed:
            yield f"{job.turn.job} did not go well in {job.failed} of {job.runs.count} runs."


def _job(job: JobHour) -> dict[str, Any]:
    turn = job.turn
    times = {name: _spread(getattr(job, name)) for name in ("runs", "waiting", "opening", "working", "closing")}
    return {
        "job": turn.job,
        "minutes": list(turn.minutes),
        "hours": list(turn.hours),
        "account_time": turn.account_time,
        "uses_browser": turn.uses_browser,
        "priority": turn.priority,
        "deadline": turn.deadline.total_seconds(),
        "purpose": turn.purpose,
        "failed": job.failed,
        "share": job.share,
        **times,
    }


def _spread(spread: Spread | None) -> dict[str, float] | None:
    if spread is None:
        return None
    return {"count": spread.count, "p50": spread.p50.total_seconds(), "p95": spread.p95.total_seconds()}


def _on(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
