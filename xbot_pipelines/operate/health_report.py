"""Health as people and programs read it: lines for a terminal, and JSON with times in UTC and ages in seconds.

What there is to say is collected in `health`.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from xbot_pipelines.operate.cost_report import month_json, stopped_words
from xbot_pipelines.operate.health import Activity, ApiUse, Health, OpenAttempt, Proof, QueueHealth
from xbot_pipelines.operate.spans import in_words
from xbot_pipelines.x.api.prices import dollars

Row = tuple[str, str]


def as_table(health: Health) -> str:
    """What a person reads: what it is about, and beside it how it is."""
    rows = _rows(health)
    width = max(len(about) for about, _ in rows)
    return "\n".join(f"{about:<{width}}  {how}" for about, how in rows)


def as_json(health: Health) -> dict[str, Any]:
    """What a program reads. What is unknown is null."""
    activity = health.activity
    plain: dict[str, Any] = _plain(
        {
            "account": health.account,
            "handle": health.handle,
            "looked_at": health.looked_at,
            "ok": not health.problems,
            "problems": health.problems,
            "database": {"answers": activity is not None, "fault": health.database_fault},
            "session": {"by": health.login.proof, "saved_at": health.login.saved_at},
            **(_activity_json(health, activity) if activity else {}),
            **({"x_api": _api_json(health.api_use)} if health.api_use else {}),
        }
    )
    return plain


def _rows(health: Health) -> list[Row]:
    return [
        ("account", f"{health.account} (@{health.handle})"),
        ("database", "answers" if health.activity else f"FAILS: {health.database_fault}"),
        ("session", _login_words(health)),
        *(_activity_rows(health, health.activity) if health.activity else ()),
        *(_api_rows(health.api_use) if health.api_use else ()),
    ]


def _login_words(health: Health) -> str:
    saved = f"saved {_ago(health, health.login.saved_at)}" if health.login.saved_at else None
    match health.login.proof:
        case Proof.SESSION:
            return saved or "none is saved: `xbot login`"
        case Proof.TOKENS:
            return f"tokens for X's API, {saved}" if saved else "no tokens for X's API are saved: `xbot login`"
        case Proof.KEYS:
            return "four keys in the environment"


def _activity_rows(health: Health, activity: Activity) -> Iterator[Row]:
    state, now = activity.state, health.looked_at
    yield "account may act", f"NO: {stopped}" if (stopped := state.standstill(now)) else "yes"
    if state.paused_by:
        yield "paused by", f"{state.paused_by}; `xbot resume` tries whether it can go on"
    if not stopped and (waits := state.posting_standstill(now)):
        yield "may publish", f"NO: {waits}"
    for alert in activity.alerts:
        yield "ALERT", f"{alert.sentence} (since {alert.opened_at:%Y-%m-%d %H:%M} UTC)"
    for queue in activity.queues:
        yield f"queue: {queue.kind}", _queue_words(health, queue)
    if not activity.open_attempts:
        yield "open attempts", "none"
    for attempt in activity.open_attempts:
        yield f"open: {attempt.kind}", _attempt_words(health, attempt)
    post, read_at = activity.last_post, activity.last_reading_at
    yield "last post", f"{_ago(health, post.posted_at)}: {post.tweet_id}" if post else "none yet"
    yield "last reading", _ago(health, read_at) if read_at else "none yet"


def _api_rows(use: ApiUse) -> Iterator[Row]:
    spent = f"{dollars(use.month.spent)} of {dollars(use.month.budget)} this month"
    yield "X's API", ", ".join([spent, *stopped_words(use.month)])
    for limit in use.used_up:
        resets = f"{limit.resets_at:%Y-%m-%d %H:%M:%S} UTC"
        yield "X's limit", f"{limit.endpoint}: its {limit.granted} requests are used up until {resets}"


def _queue_words(health: Health, queue: QueueHealth) -> str:
    oldest = f", the oldest since {in_words(health.looked_at - queue.oldest_due_at)}" if queue.oldest_due_at else ""
    return f"{queue.waiting} waiting, {queue.due} due{oldest}"


def _attempt_words(health: Health, attempt: OpenAttempt) -> str:
    detail = f": {attempt.detail}" if attempt.detail else ""
    return f"{attempt.state}, begun {_ago(health, attempt.began_at)}, decision {attempt.decision_id}{detail}"


def _activity_json(health: Health, activity: Activity) -> dict[str, Any]:
    state, post, read_at = activity.state, activity.last_post, activity.last_reading_at
    return {
        "state": {**asdict(state), "may_act": state.standstill(health.looked_at) is None},
        "alerts": [asdict(alert) for alert in activity.alerts],
        "queue": {
            queue.kind: {
                "waiting": queue.waiting,
                "due": queue.due,
                "oldest_due_at": queue.oldest_due_at,
                "oldest_due_age_seconds": _age(health, queue.oldest_due_at),
            }
            for queue in activity.queues
        },
        "open_attempts": [
            {**asdict(attempt), "age_seconds": _age(health, attempt.began_at)} for attempt in activity.open_attempts
        ],
        "last_post": {**asdict(post), "age_seconds": _age(health, post.posted_at)} if post else None,
        "last_reading": {"observed_at": read_at, "age_seconds": _age(health, read_at)} if read_at else None,
    }


def _api_json(use: ApiUse) -> dict[str, Any]:
    return {**month_json(use.month), "used_up_limits": [asdict(limit) for limit in use.used_up]}


def _plain(value: Any) -> Any:
    """The value as JSON can say it."""
    match value:
        case datetime():
            return value.isoformat()
        case dict():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _:
            return value


def _age(health: Health, moment: datetime | None) -> float | None:
    return None if moment is None else (health.looked_at - moment).total_seconds()


def _ago(health: Health, moment: datetime) -> str:
    return f"{in_words(health.looked_at - moment)} ago"
