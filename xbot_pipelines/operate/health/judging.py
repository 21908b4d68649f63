"""What the facts mean: whether the account is well, and if not, a sentence for each cause. Pure, and without a memory.

What follows from another cause is not named beside it: a database that is down is one reason, and not sixteen jobs that
cannot be seen.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from xbot_pipelines.models import DecisionType
from xbot_pipelines.operate.health import job_rules
from xbot_pipelines.operate.health.facts import Activity, Facts, Proof
from xbot_pipelines.operate.health.reasons import Cause, Reason, Status, is_judged
from xbot_pipelines.operate.spans import in_words, in_zone
from xbot_pipelines.store.alerts import PAUSED
from xbot_pipelines.store.promises import LOWEST_COLLECTION_RATE, STUCK_AFTER

NEEDED_DAEMONS = ("SCHEDULER", "SENSOR", "QUEUED_RUN_COORDINATOR")
"""The parts of Dagster's daemon without which nothing runs."""

SILENT_AFTER = timedelta(seconds=100)
"""Each part gives a sign of life every half minute, the scheduler every minute."""

CLOCK_OFF = timedelta(minutes=2)
"""Clocks that are kept by a time server differ by less than a second; an answer may be on its way for some."""

LITTLE_DISK, NO_DISK = 500 * 1024**2, 100 * 1024**2
"""Bytes: with less than the one a person should make room; with less than the other PostgreSQL may stop any moment."""

UNREAD_AFTER = timedelta(minutes=30)
"""A checkpoint's moment, and three turns of the job that takes it."""

WAITING_TOO_LONG = timedelta(hours=3)
"""What is planned expires twelve hours after its moment: some of that is left to do something."""

UNAPPROVED_FOR = timedelta(minutes=15)
"""A person who is about to approve something need not be told."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The facts, and what is wrong: the worst first. None: all is well."""

    facts: Facts
    reasons: tuple[Reason, ...]

    @property
    def status(self) -> Status:
        """The worst of all reasons."""
        return max((reason.status for reason in self.reasons), key=lambda status: status.rank, default=Status.OK)


def judge(facts: Facts, *more: Reason) -> Judgement:
    """Says what the facts mean; `more` is what is known to be wrong beside them."""
    reasons = [*(reason for rule in _RULES for reason in rule(facts)), *more]
    return Judgement(facts=facts, reasons=tuple(sorted(reasons, key=lambda reason: -reason.status.rank)))


def _database(facts: Facts) -> Iterator[Reason]:
    if facts.activity is None:
        yield _down(Cause.DATABASE, facts.database_fault or "the database does not answer")
    elif facts.dagster is None:
        yield _down(Cause.DAGSTER_TABLES, f"what Dagster does is not known: {facts.dagster_fault}")


def _daemon(facts: Facts) -> Iterator[Reason]:
    if facts.dagster is None:
        return
    silent = {
        daemon: beat
        for daemon in NEEDED_DAEMONS
        if (beat := facts.dagster.heartbeats.get(daemon)) is None or facts.looked_at - beat > SILENT_AFTER
    }
    if silent:
        beats = [beat for beat in silent.values() if beat is not None]
        for_how_long = f"for {in_words(facts.looked_at - min(beats))}" if beats else "at all"
        parts = ", ".join(daemon.lower().replace("_", " ") for daemon in silent)
        yield _down(
            Cause.DAEMON,
            f"Dagster's daemon ({parts}) gave no sign of life {for_how_long}, so nothing runs: (re)start `xbot up`",
        )
    elif (looked_at := facts.dagster.looked_for_checkpoints_at) and facts.looked_at - looked_at > SILENT_AFTER:
        yield _down(
            Cause.CODE_SERVER,
            f"Dagster's code server does not answer: what looks twice a minute for checkpoints has not looked for "
            f"{in_words(facts.looked_at - looked_at)}, see code-server.log among the logs",
        )


def _jobs(facts: Facts) -> Iterator[Reason]:
    if facts.dagster is None or any(_daemon(facts)):
        return
    for job in facts.dagster.jobs:
        yield from job_rules.wrong_with(job, facts.zone, now=facts.looked_at)


def _pause(facts: Facts) -> Iterator[Reason]:
    if facts.activity is not None and facts.activity.state.paused_at is not None:
        standstill = facts.activity.state.standstill(facts.looked_at)
        assert standstill is not None, "an account that is paused stands still"
        yield _down(PAUSED, standstill)


def _session(facts: Facts) -> Iterator[Reason]:
    if any(_pause(facts)):
        return  # X has said already what is wrong with it
    login, now = facts.login, facts.looked_at
    if login.ended_at is not None:
        ended = in_words(now - login.ended_at)
        yield _down(Cause.SESSION, f"the saved session has ended {ended} ago: log in again with `xbot login`")
    elif login.saved_at is None and login.proof is not Proof.KEYS:
        what = "no session is" if login.proof is Proof.SESSION else "no tokens for X's API are"
        yield _down(Cause.SESSION, f"{what} saved: log in with `xbot login`")


def _surroundings(facts: Facts) -> Iterator[Reason]:
    around = facts.surroundings
    left = f"{around.disk_free_bytes / 1024**2:.0f} MB are left on the disk of the data folder: make room"
    if around.disk_free_bytes < NO_DISK:
        yield _down(Cause.DISK, left)
    elif around.disk_free_bytes < LITTLE_DISK:
        yield _degraded(Cause.DISK, left)
    if around.browser_fault:
        yield _down(Cause.BROWSER, around.browser_fault)
    if around.practice_fault:
        yield _down(Cause.PRACTICE, f"practice X does not answer at {around.practice_fault}")
    if around.ui_fault:
        yield _degraded(Cause.UI, f"Dagster's UI does not answer at {around.ui_fault}")


def _model(facts: Facts) -> Iterator[Reason]:
    if facts.model.fault and not (facts.model.is_practice and facts.surroundings.practice_fault):
        yield _degraded(Cause.MODEL, f"nothing can be written: {facts.model.fault}")


def _clocks(facts: Facts) -> Iterator[Reason]:
    off = [clock for clock in facts.clocks if abs(clock.ahead) > CLOCK_OFF]
    if off:
        worst = max(off, key=lambda clock: abs(clock.ahead))
        way = "ahead of" if worst.ahead > timedelta(0) else "behind"
        yield _degraded(
            Cause.CLOCK,
            f"this machine's clock is {in_words(abs(worst.ahead))} {way} that of {worst.whose}: set one by the other",
        )


def _stands_still(facts: Facts) -> bool:
    """Whether nothing is done for a reason that is known: what is left undone then follows from that."""
    return any(_daemon(facts)) or facts.activity is None or facts.activity.state.standstill(facts.looked_at) is not None


def _checkpoints(facts: Facts) -> Iterator[Reason]:
    if _stands_still(facts) or facts.activity is None:
        return
    due, day = facts.activity.checkpoints.due, facts.activity.checkpoints.day
    if due is not None and facts.looked_at - due.oldest_due_at > UNREAD_AFTER:
        waits = in_words(facts.looked_at - due.oldest_due_at)
        yield _degraded(Cause.CHECKPOINTS, f"{due.count} checkpoints are due and unread, the oldest for {waits}")
    elif day.rate is not None and day.rate < LOWEST_COLLECTION_RATE:
        yield _degraded(
            Cause.COLLECTION,
            f"of the checkpoints that fell due in 24 hours only {day.rate:.0%} were read ({day.owed} were not)",
        )


def _publishing(facts: Facts) -> Iterator[Reason]:
    activity = facts.activity
    if _stands_still(facts) or activity is None:
        return
    old = [one for one in activity.open_attempts if facts.looked_at - one.began_at > STUCK_AFTER]
    if old:
        oldest = in_words(facts.looked_at - min(one.began_at for one in old))
        yield _degraded(
            Cause.ATTEMPTS, f"of {len(old)} attempts to publish it is not known whether there is a post, for {oldest}"
        )
    if activity.state.posting_standstill(facts.looked_at) is None and not facts.dry_run:
        yield from _stuck_in_the_queue(activity, facts)
        yield from _unapproved(activity, facts)


def _stuck_in_the_queue(activity: Activity, facts: Facts) -> Iterator[Reason]:
    """Posts that wait although nothing is known to stand in their way: silence behind runs that end well (F25)."""
    for queue in activity.queues:
        due_at = queue.oldest_due_at
        if queue.kind is DecisionType.SINGLE and due_at is not None and facts.looked_at - due_at > WAITING_TOO_LONG:
            yield _degraded(
                Cause.QUEUE,
                f"{queue.due} posts are due and not published, the oldest for {in_words(facts.looked_at - due_at)}: "
                "what posting says in its runs tells why",
            )


def _unapproved(activity: Activity, facts: Facts) -> Iterator[Reason]:
    """Report that publishing stands still because nobody has approved a post, and nothing else is planned."""
    for queue in activity.queues:
        since = queue.unapproved_since
        stands_still = queue.kind is DecisionType.SINGLE and queue.waiting == 0
        if stands_still and since is not None and facts.looked_at - since > UNAPPROVED_FOR:
            posts = "1 post waits" if queue.unapproved == 1 else f"{queue.unapproved} posts wait"
            yield _degraded(
                Cause.APPROVAL,
                f"nothing is published, because {posts} for your approval, the first since "
                f"{in_zone(since, facts.zone)}: `xbot review`",
            )


def _alerts(facts: Facts) -> Iterator[Reason]:
    """What others have found to be wrong: a budget that is spent, for one."""
    for alert in facts.activity.alerts if facts.activity is not None else ():
        if alert.cause != PAUSED and not is_judged(alert.cause):
            yield _degraded(alert.cause, alert.sentence)


def _down(cause: str, sentence: str) -> Reason:
    return Reason(cause=cause, status=Status.DOWN, sentence=sentence)


def _degraded(cause: str, sentence: str) -> Reason:
    return Reason(cause=cause, status=Status.DEGRADED, sentence=sentence)


_RULES: Sequence[Callable[[Facts], Iterator[Reason]]] = (
    _database,
    _surroundings,
    _daemon,
    _pause,
    _session,
    _jobs,
    _publishing,
    _checkpoints,
    _model,
    _clocks,
    _alerts,
)
