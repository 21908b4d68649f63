"""Health as programs read it: JSON with times in UTC, ages and spans in seconds, null for what is unknown."""

from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from xbot_pipelines.operate.cost_report import month_json
from xbot_pipelines.operate.health.facts import Activity, ApiUse, Dagster, Facts, JobHealth
from xbot_pipelines.operate.health.judging import Judgement


def as_json(judgement: Judgement) -> dict[str, Any]:
    """Answers everything that is known, the verdict first."""
    facts = judgement.facts
    plain: dict[str, Any] = _plain(
        {
            "status": judgement.status,
            "ok": not judgement.reasons,
            "reasons": [asdict(reason) for reason in judgement.reasons],
            "problems": [reason.sentence for reason in judgement.reasons],
            "account": facts.account,
            "handle": facts.handle,
            "version": facts.version,
            "looked_at": facts.looked_at,
            "database": {"answers": facts.activity is not None, "fault": facts.database_fault},
            "session": {
                "by": facts.login.proof,
                "saved_at": facts.login.saved_at,
                "ended_at": facts.login.ended_at,
            },
            "dagster": _dagster_json(facts, facts.dagster),
            "jobs": {job.turn.job: _job_json(job) for job in facts.dagster.jobs} if facts.dagster else None,
            **(_activity_json(facts, facts.activity) if facts.activity else {}),
            "model": {
                "name": facts.model.name,
                "answers": facts.model.fault is None,
                "fault": facts.model.fault,
                "asked_at": facts.model.asked_at,
                "spent_today_usd": facts.activity.model_spent_usd if facts.activity else None,
                "daily_budget_usd": facts.model_budget_usd,
            },
            "disk": {
                "free_bytes": facts.surroundings.disk_free_bytes,
                "total_bytes": facts.surroundings.disk_total_bytes,
            },
            "clocks": {clock.whose: {"ours_is_ahead_seconds": clock.ahead} for clock in facts.clocks},
        }
    )
    return plain


def _dagster_json(facts: Facts, dagster: Dagster | None) -> dict[str, Any]:
    return {
        "known": dagster is not None,
        "fault": facts.dagster_fault,
        "heartbeats": {
            name.lower(): {"at": beat, "age_seconds": _age(facts, beat)}
            for name, beat in (dagster.heartbeats.items() if dagster else ())
        },
        "checkpoints_looked_for_at": dagster.looked_for_checkpoints_at if dagster else None,
    }


def _job_json(job: JobHealth) -> dict[str, Any]:
    record = job.record
    latest = record.outcomes[0] if record.outcomes else None
    return {
        "last_success_at": record.last_success_at,
        "last_result": latest.ended if latest else None,
        "last_result_at": latest.at if latest else None,
        "last_reason": latest.reason if latest else None,
        "heard_at": record.heard_at,
        "under_way_since": record.under_way_since,
        "is_switched_on": record.is_switched_on,
        "next_turn_at": job.next_turn_at,
        "late_seconds": job.late or 0.0,
    }


def _activity_json(facts: Facts, activity: Activity) -> dict[str, Any]:
    state, post, read_at = activity.state, activity.last_post, activity.last_reading_at
    due, day, browser = activity.checkpoints.due, activity.checkpoints.day, activity.browser
    return {
        "state": {**asdict(state), "may_act": state.standstill(facts.looked_at) is None},
        "alerts": [asdict(alert) for alert in activity.alerts],
        "queue": {
            queue.kind: {
                "waiting": queue.waiting,
                "due": queue.due,
                "oldest_due_at": queue.oldest_due_at,
                "oldest_due_age_seconds": _age(facts, queue.oldest_due_at),
                "unapproved": queue.unapproved,
                "unapproved_since": queue.unapproved_since,
            }
            for queue in activity.queues
        },
        "open_attempts": [
            {**asdict(attempt), "age_seconds": _age(facts, attempt.began_at)} for attempt in activity.open_attempts
        ],
        "last_post": {**asdict(post), "age_seconds": _age(facts, post.posted_at)} if post else None,
        "last_reading": {"observed_at": read_at, "age_seconds": _age(facts, read_at)} if read_at else None,
        "checkpoints": {
            "due": due.count if due else 0,
            "oldest_due_at": due.oldest_due_at if due else None,
            "oldest_due_age_seconds": _age(facts, due.oldest_due_at) if due else None,
            "last_24_hours": {**asdict(day), "collection_rate": day.rate},
        },
        "browser": {
            "held_by": browser.held_by,
            "held_since": browser.held_since,
            "minutes_used_this_hour": round(browser.used_this_hour / timedelta(minutes=1), 2),
        },
        **({"x_api": _api_json(activity.api_use)} if activity.api_use else {}),
    }


def _api_json(use: ApiUse) -> dict[str, Any]:
    return {**month_json(use.month), "used_up_limits": [asdict(limit) for limit in use.used_up]}


def _plain(value: Any) -> Any:
    """The value as JSON can say it."""
    match value:
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Decimal():
            return float(value)
        case dict():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _:
            return value


def _age(facts: Facts, moment: datetime | None) -> float | None:
    return None if moment is None else (facts.looked_at - moment).total_seconds()
