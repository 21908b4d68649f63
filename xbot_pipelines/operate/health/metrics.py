"""Health as Prometheus reads it. Moments are Unix seconds, spans seconds; what is unknown is left out, never 0.

The names are listed in docs/health.md, and stay: somebody's alerts are built on them.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from xbot_pipelines.operate.health.facts import Activity, Dagster, Facts
from xbot_pipelines.operate.health.judging import Judgement
from xbot_pipelines.operate.health.reasons import Status
from xbot_pipelines.text.escape import for_terminal_line

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[tuple[str, ...], float | None]


class _Metrics:
    """A judgement, in the shape in which Prometheus's client asks for it."""

    def __init__(self, judgement: Judgement) -> None:
        self._judgement = judgement

    def collect(self) -> Iterator[Metric]:
        """Answers everything that is known."""
        judgement, facts = self._judgement, self._judgement.facts
        account = facts.account
        yield from _verdict(judgement, account)
        yield from _machine(facts, account)
        if facts.dagster:
            yield from _of_dagster(facts.dagster, account)
        if facts.activity:
            yield from _of_activity(facts, facts.activity, account)


def as_text(judgement: Judgement) -> str:
    """Answers the metrics in Prometheus's text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Metrics(judgement))
    return generate_latest(registry).decode()


def _verdict(judgement: Judgement, account: str) -> Iterator[Metric]:
    facts = judgement.facts
    status = [((one,), float(one is judgement.status)) for one in Status]
    reasons = [((reason.cause, reason.status), 1.0) for reason in judgement.reasons]
    yield _gauge("xbot_status", "1 for what the account is now", account, status, "status")
    yield _gauge("xbot_reason", "1 for each thing that is wrong", account, reasons, "cause", "status")
    yield _gauge("xbot_info", "What runs", account, [((facts.handle, facts.version), 1.0)], "handle", "version")
    yield _one("xbot_looked_timestamp_seconds", "When this was looked at", account, facts.looked_at)
    yield _one("xbot_database_answers", "1 while the database answers", account, float(facts.activity is not None))


def _machine(facts: Facts, account: str) -> Iterator[Metric]:
    clocks = [((clock.whose,), clock.ahead.total_seconds()) for clock in facts.clocks]
    free = float(facts.surroundings.disk_free_bytes)
    yield _one("xbot_disk_free_bytes", "What is left of the data folder's disk", account, free)
    yield _one("xbot_model_answers", "1 while the model's provider answers", account, float(facts.model.fault is None))
    yield _one("xbot_model_daily_budget_usd", "What the model may cost in a day", account, facts.model_budget_usd)
    yield _gauge("xbot_clock_ahead_seconds", "By how much our clock is ahead of another", account, clocks, "of")


def _of_dagster(dagster: Dagster, account: str) -> Iterator[Metric]:
    jobs = dagster.jobs
    success = [((job.turn.job,), _seconds(job.record.last_success_at)) for job in jobs]
    following = [((job.turn.job,), _seconds(job.next_turn_at)) for job in jobs]
    late = [((job.turn.job,), _seconds(job.late or timedelta(0))) for job in jobs]
    results = [((job.turn.job, job.record.outcomes[0].ended), 1.0) for job in jobs if job.record.outcomes]
    beats = [((name.lower(),), _seconds(beat)) for name, beat in dagster.heartbeats.items()]
    yield _gauge("xbot_job_last_success_timestamp_seconds", "When a job last succeeded", account, success, "job")
    yield _gauge("xbot_job_next_turn_timestamp_seconds", "When a job has its next turn", account, following, "job")
    yield _gauge("xbot_job_late_seconds", "By how much a job's last success is late", account, late, "job")
    yield _gauge("xbot_job_last_result", "1 for what came of a job's last turn", account, results, "job", "result")
    yield _gauge("xbot_daemon_heartbeat_timestamp_seconds", "A daemon's last sign of life", account, beats, "daemon")


def _of_activity(facts: Facts, activity: Activity, account: str) -> Iterator[Metric]:
    queues = activity.queues
    waiting = [((queue.kind,), float(queue.waiting)) for queue in queues]
    due = [((queue.kind,), float(queue.due)) for queue in queues]
    oldest = [((queue.kind,), _age(facts, queue.oldest_due_at)) for queue in queues]
    unapproved = [((queue.kind,), float(queue.unapproved)) for queue in queues]
    paused = float(activity.state.paused_at is not None)
    last_post = activity.last_post.posted_at if activity.last_post else None
    yield _gauge("xbot_queue_waiting", "Pieces of content that wait", account, waiting, "kind")
    yield _gauge("xbot_queue_due", "Those of them that are due", account, due, "kind")
    yield _gauge("xbot_queue_oldest_due_age_seconds", "For how long the oldest is due", account, oldest, "kind")
    yield _gauge("xbot_queue_unapproved", "Drafts that wait for a person", account, unapproved, "kind")
    yield _one("xbot_open_attempts", "Attempts of which nothing is known", account, float(len(activity.open_attempts)))
    yield _one("xbot_paused", "1 while the account is paused", account, paused)
    yield _one("xbot_open_alerts", "Alerts that are open", account, float(len(activity.alerts)))
    yield _one("xbot_last_post_timestamp_seconds", "When the last post was published", account, last_post)
    yield _one("xbot_last_reading_timestamp_seconds", "When a post was last read", account, activity.last_reading_at)
    yield from _of_checkpoints(facts, activity, account)
    yield from _of_money(activity, account)
    browser = activity.browser
    yield _one("xbot_browser_held", "1 while somebody has the browser", account, float(browser.held_by is not None))
    yield _one("xbot_browser_used_seconds", "Use of the browser in this hour", account, browser.used_this_hour)


def _of_checkpoints(facts: Facts, activity: Activity, account: str) -> Iterator[Metric]:
    due, day = activity.checkpoints.due, activity.checkpoints.day
    outcomes = [((name,), float(getattr(day, name))) for name in ("on_time", "late", "missed", "owed")]
    oldest = _age(facts, due.oldest_due_at if due else None)
    yield _one("xbot_checkpoints_due", "Checkpoints due and unread", account, float(due.count if due else 0))
    yield _one("xbot_checkpoints_oldest_due_age_seconds", "For how long the oldest of them is due", account, oldest)
    yield _gauge("xbot_checkpoints_day", "What became of a day's checkpoints", account, outcomes, "outcome")
    yield _one("xbot_collection_rate", "The share of a day's checkpoints that was read", account, day.rate)


def _of_money(activity: Activity, account: str) -> Iterator[Metric]:
    month = activity.api_use.month if activity.api_use else None
    spent, budget = (float(month.spent), float(month.budget)) if month else (None, None)
    yield _one("xbot_model_spent_usd", "What the model has cost today", account, activity.model_spent_usd)
    yield _one("xbot_api_spent_usd", "What X's API has cost this month", account, spent)
    yield _one("xbot_api_monthly_budget_usd", "What X's API may cost in a month", account, budget)


def _one(name: str, about: str, account: str, value: float | datetime | timedelta | None) -> Metric:
    return _gauge(name, about, account, [((), value if isinstance(value, float | None) else _seconds(value))])


def _gauge(name: str, about: str, account: str, samples: Iterable[Sample], *labels: str) -> Metric:
    family = GaugeMetricFamily(name, about, labels=["account", *labels])
    for values, number in samples:
        if number is not None:
            family.add_metric([for_terminal_line(one) for one in (account, *values)], number)
    return family


def _seconds(value: datetime | timedelta | None) -> float | None:
    match value:
        case datetime():
            return value.timestamp()
        case timedelta():
            return value.total_seconds()
        case None:
            return None


def _age(facts: Facts, moment: datetime | None) -> float | None:
    return None if moment is None else (facts.looked_at - moment).total_seconds()
