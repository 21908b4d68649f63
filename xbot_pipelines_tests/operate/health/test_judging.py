"""What facts mean: each thing that breaks is one reason, with a sentence that says what to do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.models import AttemptState, DecisionType
from xbot_pipelines.operate.health.facts import (
    CheckpointHealth,
    Facts,
    Login,
    OpenAttempt,
    OtherClock,
    Proof,
)
from xbot_pipelines.operate.health.judging import NEEDED_DAEMONS, NO_DISK, Judgement, judge
from xbot_pipelines.operate.health.reasons import Cause, Reason, Status
from xbot_pipelines.orchestration.records import Ended
from xbot_pipelines.store.alerts import Alert
from xbot_pipelines.store.checkpoints import DueSpan
from xbot_pipelines.store.promises import CheckpointTally
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.operate.health.well import (
    DAY,
    HOUR,
    MAY_ACT,
    MINUTE,
    SECOND,
    activity,
    dagster,
    job,
    outcome,
    queue,
    surroundings,
    well,
)

PAUSED = replace(MAY_ACT, paused_at=NOON - HOUR, paused_reason="X shows its login page", paused_by="posting")
WAITS = replace(MAY_ACT, posting_wait_until=NOON + HOUR, posting_wait_reason="the daily limit is reached")
RATE_LIMITED = replace(MAY_ACT, wait_until=NOON + MINUTE, wait_reason="rate limit exceeded")
POSTS_WAIT = (queue(waiting=3, due=2, oldest_due_at=NOON - 4 * HOUR),)
UNAPPROVED_SENTENCE = (
    "nothing is published, because 4 posts wait for your approval, the first since Mon 2026-03-02 12:00 Europe/Vienna: "
    "`xbot review`"
)
UNAPPROVED = queue(unapproved=4, unapproved_since=NOON - HOUR)
BEHIND = "this machine's clock is 60 min behind that of the database: set one by the other"
NOTHING_DUE = CheckpointTally(on_time=0, late=0, missed=0, owed=0)


def due_since(span: timedelta) -> CheckpointHealth:
    due = DueSpan(
        count=3, oldest_due_at=NOON - span, newest_due_at=NOON, first_posted_at=NOON - DAY, last_posted_at=NOON - HOUR
    )
    return CheckpointHealth(due=due, day=NOTHING_DUE)


def unknown_since(span: timedelta) -> tuple[OpenAttempt, ...]:
    kind, state = DecisionType.SINGLE, AttemptState.UNKNOWN
    return (OpenAttempt(decision_id="d", kind=kind, state=state, began_at=NOON - span, detail=None),)


def reasons(facts: Facts) -> list[tuple[str, Status, str]]:
    return [(reason.cause, reason.status, reason.sentence) for reason in judge(facts).reasons]


def test_where_nothing_is_wrong_all_is_well() -> None:
    assert judge(well()) == Judgement(facts=well(), reasons=())
    assert judge(well()).status is Status.OK


BROKEN = [
    (
        well(activity=None, dagster=None, database_fault="the database at postgresql:// does not answer: refused"),
        (Cause.DATABASE, Status.DOWN, "the database at postgresql:// does not answer: refused"),
    ),
    (
        well(dagster=None, dagster_fault="relation does not exist"),
        (Cause.DAGSTER_TABLES, Status.DOWN, "what Dagster does is not known: relation does not exist"),
    ),
    (
        well(dagster=dagster(heartbeats={**dict.fromkeys(NEEDED_DAEMONS, NOON), "SENSOR": NOON - 9 * HOUR})),
        (
            Cause.DAEMON,
            Status.DOWN,
            "Dagster's daemon (sensor) gave no sign of life for 9.0 h, so nothing runs: (re)start `xbot up`",
        ),
    ),
    (
        well(dagster=dagster(heartbeats={})),
        (
            Cause.DAEMON,
            Status.DOWN,
            (
                "Dagster's daemon (scheduler, sensor, queued run coordinator) gave no sign of life at all, so nothing "
                "runs: (re)start `xbot up`"
            ),
        ),
    ),
    (
        well(dagster=dagster(looked_for_checkpoints_at=NOON - 3 * MINUTE)),
        (
            Cause.CODE_SERVER,
            Status.DOWN,
            (
                "Dagster's code server does not answer: what looks twice a minute for checkpoints has not looked for "
                "3 min, see code-server.log among the logs"
            ),
        ),
    ),
    (
        well(activity=activity(state=PAUSED)),
        ("paused", Status.DOWN, "the account is paused since 2026-03-02 11:00 UTC: X shows its login page"),
    ),
    (
        well(login=Login(proof=Proof.SESSION, saved_at=None)),
        (Cause.SESSION, Status.DOWN, "no session is saved: log in with `xbot login`"),
    ),
    (
        well(login=Login(proof=Proof.TOKENS, saved_at=None)),
        (Cause.SESSION, Status.DOWN, "no tokens for X's API are saved: log in with `xbot login`"),
    ),
    (
        well(login=Login(proof=Proof.SESSION, saved_at=NOON - DAY, ended_at=NOON - HOUR)),
        (Cause.SESSION, Status.DOWN, "the saved session has ended 60 min ago: log in again with `xbot login`"),
    ),
    (
        well(surroundings=surroundings(disk_free_bytes=NO_DISK - 1)),
        (Cause.DISK, Status.DOWN, "100 MB are left on the disk of the data folder: make room"),
    ),
    (
        well(surroundings=surroundings(disk_free_bytes=NO_DISK)),
        (Cause.DISK, Status.DEGRADED, "100 MB are left on the disk of the data folder: make room"),
    ),
    (
        well(surroundings=surroundings(browser_fault="No browser was found: install one.")),
        (Cause.BROWSER, Status.DOWN, "No browser was found: install one."),
    ),
    (
        well(surroundings=surroundings(ui_fault="http://127.0.0.1:3000 (the port is taken by nginx (process 7))")),
        (
            Cause.UI,
            Status.DEGRADED,
            "Dagster's UI does not answer at http://127.0.0.1:3000 (the port is taken by nginx (process 7))",
        ),
    ),
    (
        well(model=replace(well().model, fault="the model's provider refuses OPENAI_API_KEY")),
        (Cause.MODEL, Status.DEGRADED, "nothing can be written: the model's provider refuses OPENAI_API_KEY"),
    ),
    (
        well(clocks=(OtherClock(whose="the database", ahead=HOUR), OtherClock(whose="X", ahead=3 * MINUTE))),
        (
            Cause.CLOCK,
            Status.DEGRADED,
            "this machine's clock is 60 min ahead of that of the database: set one by the other",
        ),
    ),
    (
        well(clocks=(OtherClock(whose="the database", ahead=-HOUR),)),
        (
            Cause.CLOCK,
            Status.DEGRADED,
            "this machine's clock is 60 min behind that of the database: set one by the other",
        ),
    ),
    (
        well(activity=activity(checkpoints=due_since(31 * MINUTE))),
        (Cause.CHECKPOINTS, Status.DEGRADED, "3 checkpoints are due and unread, the oldest for 31 min"),
    ),
    (
        well(activity=activity(checkpoints=CheckpointHealth(due=None, day=replace(NOTHING_DUE, on_time=9, owed=1)))),
        (
            Cause.COLLECTION,
            Status.DEGRADED,
            "of the checkpoints that fell due in 24 hours only 90% were read (1 were not)",
        ),
    ),
    (
        well(activity=activity(open_attempts=unknown_since(31 * MINUTE))),
        (
            Cause.ATTEMPTS,
            Status.DEGRADED,
            "of 1 attempts to publish it is not known whether there is a post, for 31 min",
        ),
    ),
    (
        well(activity=activity(queues=POSTS_WAIT)),
        (
            Cause.QUEUE,
            Status.DEGRADED,
            "2 posts are due and not published, the oldest for 4.0 h: what posting says in its runs tells why",
        ),
    ),
    (
        well(activity=activity(alerts=(Alert(cause="model budget", sentence="it is spent", opened_at=NOON),))),
        ("model budget", Status.DEGRADED, "it is spent"),
    ),
    (
        well(activity=activity(queues=(UNAPPROVED,))),
        (
            Cause.APPROVAL,
            Status.DEGRADED,
            UNAPPROVED_SENTENCE,
        ),
    ),
]


@pytest.mark.parametrize(("facts", "reason"), BROKEN, ids=[f"{reason[0]}-{reason[1]}" for _, reason in BROKEN])
def test_each_thing_that_breaks_is_one_reason_with_a_sentence(facts: Facts, reason: tuple[str, Status, str]) -> None:
    assert reasons(facts) == [reason]
    assert judge(facts).status is reason[1]


FINE = {
    "a beat that is a little late": well(dagster=dagster(heartbeats=dict.fromkeys(NEEDED_DAEMONS, NOON - 99 * SECOND))),
    "a sensor that is switched off": well(dagster=dagster(looked_for_checkpoints_at=None)),
    "keys in the environment": well(login=Login(proof=Proof.KEYS, saved_at=None)),
    "a checkpoint that has just fallen due": well(activity=activity(checkpoints=due_since(29 * MINUTE))),
    "a day in which nothing fell due": well(activity=activity(checkpoints=CheckpointHealth(due=None, day=NOTHING_DUE))),
    "an attempt that has just begun": well(activity=activity(open_attempts=unknown_since(MINUTE))),
    "posts that wait for X's limit": well(activity=activity(queues=POSTS_WAIT, state=WAITS)),
    "posts that are never sent": well(activity=activity(queues=POSTS_WAIT), dry_run=True),
    "posts that wait for an approval, and others that have one": well(
        activity=activity(queues=(replace(UNAPPROVED, waiting=1),))
    ),
    "a post whose time has just passed without an approval": well(
        activity=activity(queues=(replace(UNAPPROVED, unapproved_since=NOON - 14 * MINUTE),))
    ),
    "posts that wait for an approval, and whose time has not come": well(
        activity=activity(queues=(replace(UNAPPROVED, unapproved_since=None),))
    ),
    "replies that wait for an approval": well(
        activity=activity(queues=(replace(UNAPPROVED, kind=DecisionType.REPLY),))
    ),
    "clocks that differ a little": well(clocks=(OtherClock(whose="the database", ahead=30 * SECOND),)),
    "an alert that the judge has raised": well(
        activity=activity(alerts=(Alert(cause="disk", sentence="it was full", opened_at=NOON),))
    ),
}


@pytest.mark.parametrize("facts", FINE.values(), ids=FINE)
def test_what_is_usual_is_no_reason(facts: Facts) -> None:
    assert reasons(facts) == []


def test_what_follows_from_another_cause_is_not_named_beside_it() -> None:
    silent = job("posting", heard_at=NOON - HOUR)
    no_daemon = well(dagster=dagster(silent, heartbeats={}))
    assert [reason.cause for reason in judge(no_daemon).reasons] == [Cause.DAEMON]
    no_code = well(dagster=dagster(silent, looked_for_checkpoints_at=NOON - HOUR))
    assert [reason.cause for reason in judge(no_code).reasons] == [Cause.CODE_SERVER]
    logged_out = well(activity=activity(state=PAUSED), login=Login(proof=Proof.SESSION, saved_at=None))
    assert [reason.cause for reason in judge(logged_out).reasons] == ["paused"]
    undone = {"checkpoints": due_since(HOUR), "open_attempts": unknown_since(HOUR), "queues": POSTS_WAIT}
    assert len(reasons(well(activity=activity(**undone)))) == 3
    assert [cause for cause, _, _ in reasons(well(activity=activity(**undone, state=PAUSED)))] == ["paused"]
    assert reasons(well(activity=activity(**undone, state=RATE_LIMITED))) == []
    behind = well(activity=activity(**undone), dagster=dagster(heartbeats={}))
    assert [cause for cause, _, _ in reasons(behind)] == [Cause.DAEMON]
    no_practice = well(
        surroundings=surroundings(practice_fault="http://127.0.0.1:8700 (the port is free)"),
        model=replace(well().model, fault="it does not answer"),
    )
    assert [reason.cause for reason in judge(no_practice).reasons] == [Cause.PRACTICE]


def test_a_real_model_that_is_down_is_named_beside_a_practice_x_that_is() -> None:
    facts = well(
        surroundings=surroundings(practice_fault="http://127.0.0.1:8700 (the port is free)"),
        model=replace(well().model, fault="it does not answer", is_practice=False),
    )
    assert [reason.cause for reason in judge(facts).reasons] == [Cause.PRACTICE, Cause.MODEL]


def test_the_worst_comes_first_and_is_the_status() -> None:
    failing = (outcome(NOON, Ended.FAILED), outcome(NOON - MINUTE, Ended.FAILED))
    facts = well(
        dagster=dagster(job("news", outcomes=failing)), surroundings=surroundings(browser_fault="none"), clocks=()
    )
    extra = Reason(cause=Cause.TELLING, status=Status.DEGRADED, sentence="nobody hears of it")
    judgement = judge(facts, extra)
    assert [reason.cause for reason in judgement.reasons] == [Cause.BROWSER, "job news", Cause.TELLING]
    assert judgement.status is Status.DOWN


@given(st.lists(st.sampled_from(Status)))
def test_the_status_is_the_worst_of_all_reasons(statuses: list[Status]) -> None:
    reasons = tuple(Reason(cause="x", status=status, sentence="x") for status in statuses)
    status = Judgement(facts=well(), reasons=reasons).status
    assert all(one.rank <= status.rank for one in statuses)
    assert status in {*statuses, Status.OK}
