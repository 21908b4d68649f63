"""Health as a person reads it in a terminal: what it is about, and beside it how it is.

The same for programs lies in `plain_values`.
"""

from collections.abc import Iterator

from xbot_pipelines.operate.cost_report import stopped_words
from xbot_pipelines.operate.health.facts import Activity, ApiUse, Facts, OpenAttempt, Proof, QueueHealth
from xbot_pipelines.operate.health.judging import Judgement
from xbot_pipelines.operate.health.words import ago, lateness, latest
from xbot_pipelines.operate.spans import in_words
from xbot_pipelines.text.escape import for_terminal_line
from xbot_pipelines.x.api.prices import dollars

Row = tuple[str, str]


def as_table(judgement: Judgement) -> str:
    """What a person reads."""
    rows = [(for_terminal_line(about), for_terminal_line(how)) for about, how in rows_of(judgement)]
    width = max(len(about) for about, _ in rows)
    return "\n".join(f"{about:<{width}}  {how}" for about, how in rows)


def rows_of(judgement: Judgement) -> Iterator[Row]:
    """Answers everything there is to say, the verdict first."""
    facts = judgement.facts
    yield "account", f"{facts.account} (@{facts.handle})"
    yield "health", judgement.status.upper() if judgement.reasons else "ok"
    for reason in judgement.reasons:
        yield reason.status.upper(), reason.sentence
    yield from account_rows(facts)
    for job in facts.dagster.jobs if facts.dagster else ():
        words = [latest(facts, job), f"next {job.next_turn_at:%H:%M} UTC", *lateness(job)]
        yield f"job: {job.turn.job}", ", ".join(filter(None, words))
    yield "version", facts.version


def account_rows(facts: Facts) -> Iterator[Row]:
    """What there is to say of the account and its surroundings, without the verdict and the jobs."""
    yield "database", "answers" if facts.activity else f"FAILS: {facts.database_fault}"
    yield "session", _login_words(facts)
    if facts.activity:
        yield from _activity_rows(facts, facts.activity)
    yield "model", "answers" if facts.model.fault is None else f"FAILS: {facts.model.fault}"
    yield "disk", f"{facts.surroundings.disk_free_bytes / 1024**3:.1f} GB are left"


def _activity_rows(facts: Facts, activity: Activity) -> Iterator[Row]:
    state, now = activity.state, facts.looked_at
    yield "account may act", f"NO: {stopped}" if (stopped := state.standstill(now)) else "yes"
    if state.paused_by:
        yield "paused by", f"{state.paused_by}; `xbot resume` tries whether it can go on"
    if not stopped and (waits := state.posting_standstill(now)):
        yield "may publish", f"NO: {waits}"
    for alert in activity.alerts:
        yield "ALERT", f"{alert.sentence} (since {alert.opened_at:%Y-%m-%d %H:%M} UTC)"
    for queue in activity.queues:
        yield f"queue: {queue.kind}", _queue_words(facts, queue)
    if not activity.open_attempts:
        yield "open attempts", "none"
    for attempt in activity.open_attempts:
        yield f"open: {attempt.kind}", _attempt_words(facts, attempt)
    post, read_at = activity.last_post, activity.last_reading_at
    yield "last post", f"{ago(facts, post.posted_at)}: {post.tweet_id}" if post else "none yet"
    yield "last reading", ago(facts, read_at) if read_at else "none yet"
    yield "checkpoints", _checkpoint_words(facts, activity)
    yield "browser", _browser_words(facts, activity)
    yield "model budget", f"${activity.model_spent_usd:.4f} of ${facts.model_budget_usd:.2f} today"
    if activity.api_use:
        yield from _api_rows(activity.api_use)


def _login_words(facts: Facts) -> str:
    """By what X knows the account."""
    saved = f"saved {ago(facts, facts.login.saved_at)}" if facts.login.saved_at else None
    match facts.login.proof:
        case Proof.SESSION:
            return saved or "none is saved: `xbot login`"
        case Proof.TOKENS:
            return f"tokens for X's API, {saved}" if saved else "no tokens for X's API are saved: `xbot login`"
        case Proof.KEYS:
            return "four keys in the environment"


def _api_rows(use: ApiUse) -> Iterator[Row]:
    spent = f"{dollars(use.month.spent)} of {dollars(use.month.budget)} this month"
    yield "X's API", ", ".join([spent, *stopped_words(use.month)])
    for limit in use.used_up:
        resets = f"{limit.resets_at:%Y-%m-%d %H:%M:%S} UTC"
        yield "X's limit", f"{limit.endpoint}: its {limit.granted} requests are used up until {resets}"


def _queue_words(facts: Facts, queue: QueueHealth) -> str:
    oldest = f", the oldest since {in_words(facts.looked_at - queue.oldest_due_at)}" if queue.oldest_due_at else ""
    unapproved = f"; {queue.unapproved} beside them for your approval: `xbot review`" if queue.unapproved else ""
    return f"{queue.waiting} waiting, {queue.due} due{oldest}{unapproved}"


def _attempt_words(facts: Facts, attempt: OpenAttempt) -> str:
    detail = f": {attempt.detail}" if attempt.detail else ""
    return f"{attempt.state}, begun {ago(facts, attempt.began_at)}, decision {attempt.decision_id}{detail}"


def _checkpoint_words(facts: Facts, activity: Activity) -> str:
    due, day = activity.checkpoints.due, activity.checkpoints.day
    owed = f"{due.count} due, the oldest since {in_words(facts.looked_at - due.oldest_due_at)}" if due else "none due"
    rate = "nothing fell due in 24 h" if day.rate is None else f"{day.rate:.1%} of 24 h read, {day.late} of them late"
    return f"{owed}; {rate}"


def _browser_words(facts: Facts, activity: Activity) -> str:
    browser = activity.browser
    used = f"used for {in_words(browser.used_this_hour)} of this hour"
    if browser.held_by is None or browser.held_since is None:
        return f"free, {used}"
    return f"held by {browser.held_by} since {in_words(facts.looked_at - browser.held_since)}, {used}"
