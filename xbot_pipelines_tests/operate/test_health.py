"""How the account is, from the tables of a real database; and what `xbot pause`, `resume` and `health` say of it."""

import json
from datetime import timedelta

import pytest
from pydantic import SecretStr

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import AttemptState, Counters, DecisionType
from xbot_pipelines.operate.health import Health, LastPost, look
from xbot_pipelines.operate.health_report import as_json, as_table
from xbot_pipelines.private_files import write_private
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.account import pause, post_no_more_until, wait_until
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.budget import AccountMeter, Purpose
from xbot_pipelines.x.api.prices import Charge, Priced
from xbot_pipelines_tests.operate.programs import free_ports
from xbot_pipelines_tests.operate.shell import Shell, refusal
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.store.given import TWEET_ID, claimed, posted, queued, read, reading, reply, single
from xbot_pipelines_tests.store.looking import everything
from xbot_pipelines_tests.store.steps import doubt, retry

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def told(health: Health) -> dict[str, str]:
    """The table that a person sees, by what each line is about."""
    lines = [line.split("  ", 1) for line in as_table(health).splitlines()]
    return {about.strip(): how.strip() for about, how in lines}


def test_an_account_that_has_done_nothing_yet_says_so(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    assert told(look(settings, clock)) == {
        "account": "practice (@daily_vitals)",
        "database": "answers",
        "session": "none is saved: `xbot login`",
        "account may act": "yes",
        "queue: single": "0 waiting, 0 due",
        "queue: reply": "0 waiting, 0 due",
        "open attempts": "none",
        "last post": "none yet",
        "last reading": "none yet",
    }
    assert look(settings, clock).problems == ()
    assert not any(everything(database).values())  # it has looked, and written nothing: not even a row for the account


def test_what_waits_is_counted_by_kind_and_the_oldest_due_tells_its_age(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    tried_again = claimed(database, single("Tried, and to be tried again."), at=clock.now())
    queued(database, single("Long due."), at=clock.now() - 3 * HOUR)
    queued(database, single("Due later."), at=clock.now() + HOUR)
    queued(database, reply(), at=clock.now() + HOUR)
    retry(database, tried_again, clock.now())  # due again in ten minutes only
    activity = look(settings, clock).activity
    assert activity is not None
    assert [(queue.kind, queue.waiting, queue.due, queue.oldest_due_at) for queue in activity.queues] == [
        (DecisionType.SINGLE, 3, 1, clock.now() - 3 * HOUR),
        (DecisionType.REPLY, 1, 0, None),
    ]
    assert told(look(settings, clock))["queue: single"] == "3 waiting, 1 due, the oldest since 3.0 h"
    clock.advance(10 * MINUTE)
    assert as_json(look(settings, clock))["queue"]["single"] == {
        "waiting": 3,
        "due": 2,
        "oldest_due_at": (clock.now() - 3 * HOUR - 10 * MINUTE).isoformat(),
        "oldest_due_age_seconds": 11400.0,
    }


def test_f02_an_attempt_of_which_nothing_is_known_is_shown_with_its_age(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    attempt = claimed(database, single(), at=clock.now())
    doubt(database, attempt, clock.now())
    clock.advance(12 * MINUTE)
    health = look(settings, clock)
    assert told(health)["open: single"] == f"unknown, begun 12 min ago, decision {attempt.decision_id}: no answer"
    [shown] = as_json(health)["open_attempts"]
    assert (shown["state"], shown["age_seconds"]) == (AttemptState.UNKNOWN, 720.0)


def test_the_last_post_and_the_last_reading_are_told(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    posted(database, "1900000000000000050", at=clock.now() - HOUR)
    posted(database, TWEET_ID, at=clock.now())
    read(database, reading(TWEET_ID, clock.now() + MINUTE, Counters(views=3)))
    clock.advance(5 * HOUR)
    health = look(settings, clock)
    assert health.activity is not None
    assert health.activity.last_post == LastPost(tweet_id=TWEET_ID, posted_at=clock.now() - 5 * HOUR)
    assert told(health)["last post"] == f"5.0 h ago: {TWEET_ID}"
    assert as_json(health)["last_reading"]["age_seconds"] == 5 * 3600 - 60


def test_f17_a_pause_is_shown_with_why_since_when_by_whom_and_one_alert(
    settings: Settings, database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    pause(database, reason="X asks for a human", now=clock.now(), by=by)
    clock.advance(9 * HOUR)
    health = look(settings, clock)
    sentence = "the account is paused since 2026-03-02 12:00 UTC: X asks for a human"
    assert health.problems == (sentence,)
    assert told(health)["account may act"] == f"NO: {sentence}"
    assert told(health)["paused by"] == "test; `xbot resume` tries whether it can go on"
    assert told(health)["ALERT"] == "the account is paused: X asks for a human (since 2026-03-02 12:00 UTC)"
    answer = as_json(health)
    assert answer["ok"] is False
    assert answer["state"]["may_act"] is False
    assert answer["state"]["paused_at"] == "2026-03-02T12:00:00+00:00"
    assert [alert["cause"] for alert in answer["alerts"]] == ["paused"]


def test_f17_a_wait_is_shown_and_is_no_problem_that_needs_a_person(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    post_no_more_until(database, clock.now() + 2 * HOUR, reason="the daily limit is reached")
    health = look(settings, clock)
    assert told(health)["account may act"] == "yes"
    assert told(health)["may publish"].startswith("NO: posting waits until 2026-03-02 14:00:00 UTC")
    wait_until(database, clock.now() + HOUR, reason="rate limit exceeded")
    health = look(settings, clock)
    assert told(health)["account may act"].startswith("NO: the account waits until 2026-03-02 13:00:00 UTC")
    assert health.problems == ()


def test_who_goes_by_xs_api_sees_the_months_money_what_it_stopped_and_which_limits_are_used_up(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    paying = settings.model_copy(update={"profile": settings.profile.model_copy(update={"transport": "api"})})
    assert told(look(paying, clock))["X's API"] == "$0.00 of $10.00 this month"

    meter = AccountMeter(database, paying.profile, clock, run_id=None, purpose=Purpose.PUBLISH)
    meter.charge([Charge(what=Priced.POST_WITH_LINK, resource=f"{number}") for number in range(41)])
    meter.note_limit("GET /2/tweets", limit=300, remaining=0, resets_at=clock.now() + 15 * MINUTE)

    health = look(paying, clock)
    assert told(health)["X's API"] == (
        "$8.20 of $10.00 this month, reading our own posts has stopped until 2026-04-01, "
        "reading other people's posts has stopped until 2026-04-01"
    )
    assert told(health)["X's limit"] == "GET /2/tweets: its 300 requests are used up until 2026-03-02 12:15:00 UTC"
    assert health.problems == ()
    assert as_json(health)["x_api"] == {
        "spent_usd": 8.2,
        "monthly_budget_usd": 10.0,
        "stopped": {"own": "2026-04-01", "others": "2026-04-01"},
        "used_up_limits": [
            {"endpoint": "GET /2/tweets", "granted": 300, "resets_at": "2026-03-02T12:15:00+00:00"},
        ],
    }
    assert "X's API" not in told(look(settings, clock))
    assert "x_api" not in as_json(look(settings, clock))


def test_it_is_told_by_what_the_account_is_known_to_xs_api(settings: Settings, clock: ManualClock) -> None:
    by_api = settings.model_copy(update={"profile": settings.profile.model_copy(update={"transport": "api"})})
    write_private(by_api.session_file, "of a browser, which it does not use")
    assert told(look(by_api, clock))["session"] == "no tokens for X's API are saved: `xbot login`"
    write_private(by_api.token_file, "tokens")
    saved_at = look(by_api, clock).login.saved_at
    assert saved_at is not None
    asked = ManualClock(saved_at + 5 * MINUTE)
    assert told(look(by_api, asked))["session"] == "tokens for X's API, saved 5 min ago"
    assert as_json(look(by_api, asked))["session"] == {"by": "tokens", "saved_at": saved_at.isoformat()}
    keys = ("x_api_key", "x_api_key_secret", "x_access_token", "x_access_token_secret")
    keyed = by_api.model_copy(update={name: SecretStr("s3same") for name in keys})
    assert told(look(keyed, asked))["session"] == "four keys in the environment"
    assert as_json(look(keyed, asked))["session"] == {"by": "keys", "saved_at": None}


def test_health_of_one_account_is_not_that_of_another(
    settings: Settings, database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    other = AccountDatabase(database.engine, "other")
    doubt(other, claimed(other, single(), at=clock.now()), clock.now())
    posted(other, TWEET_ID, at=clock.now())
    queued(other, single(), at=clock.now())
    pause(other, reason="logged out", now=clock.now(), by=by)
    empty = look(settings, clock)
    assert empty.problems == ()
    assert told(empty)["queue: single"] == "0 waiting, 0 due"
    assert told(empty)["open attempts"] == "none"
    assert told(empty)["last post"] == "none yet"


def test_health_waits_for_nobody_who_claims(
    settings: Settings, database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    """It is asked for when things hang."""
    pause(database, reason="logged out", now=clock.now(), by=by)
    with database.transaction() as connection:
        connection.exec_driver_sql("SELECT * FROM account_state FOR UPDATE")
        assert look(settings, clock).problems


@pytest.fixture
def on_tables(shell: Shell, database_url: str) -> Shell:
    """A shell whose account has a migrated database."""
    shell.variables["XBOT_DATABASE_URL"] = database_url
    return shell


def test_a_person_pauses_and_sees_it_in_health(on_tables: Shell) -> None:
    assert on_tables.types("health").returncode == 0
    done = on_tables.types("pause", "--reason", "on holiday")
    assert done.returncode == 0
    assert done.stdout.startswith("the account is paused since ")
    assert done.stdout.endswith(": on holiday. `xbot resume` lets it go on.\n")

    table = on_tables.types("health")
    assert table.returncode == 1
    assert "ALERT" in table.stdout
    answer = on_tables.types("health", "--json")
    assert answer.returncode == 1
    health = json.loads(answer.stdout)
    assert health["state"]["paused_reason"] == "on holiday"
    assert health["state"]["paused_by"] == "a person"

    assert "stays paused: no session is saved" in refusal(on_tables.types("resume"))
    assert on_tables.types("health").returncode == 1


def test_a_pause_without_a_word_is_said_to_be_by_hand(on_tables: Shell) -> None:
    assert ": paused by hand. " in on_tables.types("pause").stdout


@pytest.mark.browser
def test_a_person_resumes_and_sees_it_in_health(on_tables: Shell, practice: Practice) -> None:
    on_tables.variables["XBOT_X_URL"] = practice.url
    file = on_tables.home / "sessions" / "practice.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(practice.storage_state()))
    on_tables.types("pause")
    done = on_tables.types("resume")
    assert (done.returncode, done.stderr) == (0, "")
    assert "the pause is over" in done.stdout
    health = on_tables.types("health", "--json")
    assert health.returncode == 0
    assert json.loads(health.stdout)["session"]["saved_at"] is not None


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://somebody:s3same@127.0.0.1:{port}/xbot",
        "postgresql://somebody@127.0.0.1:{port}/xbot?password=s3same",
    ],
)
def test_f28_a_database_that_does_not_answer_is_told_without_its_password(shell: Shell, address: str) -> None:
    [port] = free_ports(1)
    address = address.format(port=port)
    for words in (["health"], ["pause"]):
        done = shell.types(*words, XBOT_DATABASE_URL=address)
        assert done.returncode == 1
        assert f"127.0.0.1:{port}" in done.stdout + done.stderr
        assert "s3same" not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    answer = json.loads(shell.types("health", "--json", XBOT_DATABASE_URL=address).stdout)
    assert answer["database"]["answers"] is False
    assert "s3same" not in str(answer)
    assert "alerts" not in answer


def test_without_any_database_a_person_is_told_what_to_do(shell: Shell) -> None:
    assert "run `make up`" in refusal(shell.types("pause"))
    health = shell.types("health")
    assert health.returncode == 1
    assert "run `make up`" in health.stdout


def test_f25_a_database_without_our_tables_is_one_sentence(shell: Shell, server_url: str) -> None:
    """The server's own database, which nothing of ours has migrated."""
    assert "run `xbot up` once" in refusal(shell.types("pause", XBOT_DATABASE_URL=server_url))
