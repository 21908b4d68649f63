"""Words of the health that a terminal and a page share."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from xbot_pipelines.operate.health.facts import Facts, JobHealth
from xbot_pipelines.operate.spans import in_words

WORTH_A_WORD = timedelta(minutes=2)
"""A turn begins some seconds late, and its run takes a while: that is no lateness."""


def ago(facts: Facts, moment: datetime) -> str:
    """How long before the look a moment was."""
    return f"{in_words(facts.looked_at - moment)} ago"


def latest(facts: Facts, job: JobHealth) -> str:
    """What came of a job's latest turn, and why."""
    if not job.record.outcomes:
        return "no turn yet"
    outcome = job.record.outcomes[0]
    why = f" ({outcome.reason})" if outcome.reason else ""
    return f"{outcome.ended} {ago(facts, outcome.at)}{why}"


def lateness(job: JobHealth) -> Iterator[str]:
    """By how much the job's last success is late, where that is worth a word, and whether a run is under way."""
    if job.record.under_way_since is not None:
        yield "under way"
    if job.late is not None and job.late > WORTH_A_WORD:
        yield f"late by {in_words(job.late)}"
