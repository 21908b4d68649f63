"""What the tables of a real database say of the account, and how that is shown to people and to programs."""

from datetime import timedelta

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import AttemptState, Counters, DecisionStatus, DecisionType
from xbot_pipelines.operate.health.activity import activity_of, used_within
from xbot_pipelines.operate.health.facts import Activity, LastPost
from xbot_pipelines.operate.health.judging import Judgement, judge
from xbot_pipelines.operate.health.lines import as_table
from xbot_pipelines.operate.health.plain_values import as_json
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.account import pause, post_no_more_until, wait_until
from xbot_pipelines.store.browser_use import BrowserUse, record_closed, record_lease
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.lease import hold_lease
from xbot_pipelines.systems.budget import AccountMeter, Purpose
from xbot_pipelines.x.api.prices import Charge, Priced
from xbot_pipelines_tests.operate.health.well import well
from xbot_pipelines_tests.store.given import TWEET_ID, claimed, posted, queued, read, reading, reply, single
from xbot_pipelines_tests.store.looking import everything
from xbot_pipelines_tests.store.steps import doubt, retry

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def look(settings: Settings, database: AccountDatabase, clock: ManualClock) -> Judgement:
    """What is judged of an account with these tables, of which nothing else is wrong."""
    activity = activity_of(database, settings.profile, now=clock.now())
    return judge(well(activity=activity, looked_at=clock.now()))


def activity_seen(judgement: Judgement) -> Activity:
    assert judgement.facts.activity is not None
    return judgement.facts.activity


def told(judgement: Judgement) -> dict[str, str]:
    """The table that a person sees, by what each line is about."""
    lines = [line.split("  ", 1) for line in as_table(judgement).splitlines()]
    return {about.strip(): how.strip() for about, how in lines}


def test_an_account_that_has_done_nothing_yet_says_so(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    table = told(look(settings, database, clock))
    assert {about: how for about, how in table.items() if not about.startswith("job: ")} == {
        "account": "practice (@daily_vitals)",
        "health": "ok",
        "database": "answers",
        "session": "saved 60 min ago",
        "account may act": "yes",
        "queue: single": "0 waiting, 0 due",
        "queue: reply": "0 waiting, 0 due",
        "open attempts": "none",
        "last post": "none yet",
        "last reading": "none yet",
        "checkpoints": "none due; nothing fell due in 24 h",
        "browser": "free, used for 0 s of this hour",
        "model budget": "$0.0000 of $1.00 today",
        "model": "answers",
        "disk": "20.0 GB are left",
        "version": "0.1.0",
    }
    assert table["job: posting"] == "done 2 min ago, next 12:05 UTC"
    assert not any(everything(database).values())  # it has looked, and written nothing: not even a row for the account


def test_what_waits_is_counted_by_kind_and_the_oldest_due_tells_its_age(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    tried_again = claimed(database, single("Tried, and to be tried again."), at=clock.now())
    queued(database, single("Long due."), at=clock.now() - 3 * HOUR)
    queued(database, single("Due later."), at=clock.now() + HOUR)
    queued(database, reply(), at=clock.now() + HOUR)
    retry(database, tried_again, clock.now())  # due again in ten minutes only
    activity = activity_seen(look(settings, database, clock))
    assert [(queue.kind, queue.waiting, queue.due, queue.oldest_due_at) for queue in activity.queues] == [
        (DecisionType.SINGLE, 3, 1, clock.now() - 3 * HOUR),
        (DecisionType.REPLY, 1, 0, None),
    ]
    assert told(look(settings, database, clock))["queue: single"] == "3 waiting, 1 due, the oldest since 3.0 h"
    clock.advance(10 * MINUTE)
    assert as_json(look(settings, database, clock))["queue"]["single"] == {
        "waiting": 3,
        "due": 2,
        "oldest_due_at": (clock.now() - 3 * HOUR - 10 * MINUTE).isoformat(),
        "oldest_due_age_seconds": 11400.0,
        "unapproved": 0,
        "unapproved_since": None,
    }


def test_what_waits_for_an_approval_is_counted_beside_what_has_one(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    now, unapproved = clock.now(), DecisionStatus.NEEDS_REVIEW
    queued(database, single("Approved."), at=now + HOUR)
    queued(database, single("Missed its slot."), at=now - HOUR, expires_at=now + HOUR, status=unapproved)
    queued(database, single("Its slot is ahead."), at=now + HOUR, status=unapproved)
    queued(database, single("Expired."), at=now - 3 * HOUR, expires_at=now, status=unapproved)
    health = look(settings, database, clock)
    [posts, _] = activity_seen(health).queues
    assert (posts.waiting, posts.unapproved, posts.unapproved_since) == (1, 2, now - HOUR)
    assert told(health)["queue: single"] == "1 waiting, 0 due; 2 beside them for your approval: `xbot review`"
    assert as_json(health)["queue"]["single"]["unapproved"] == 2


def test_f02_an_attempt_of_which_nothing_is_known_is_shown_with_its_age(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    attempt = claimed(database, single(), at=clock.now())
    doubt(database, attempt, clock.now())
    clock.advance(12 * MINUTE)
    health = look(settings, database, clock)
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
    health = look(settings, database, clock)
    assert activity_seen(health).last_post == LastPost(tweet_id=TWEET_ID, posted_at=clock.now() - 5 * HOUR)
    assert told(health)["last post"] == f"5.0 h ago: {TWEET_ID}"
    assert as_json(health)["last_reading"]["age_seconds"] == 5 * 3600 - 60


def test_f17_a_pause_is_shown_with_why_since_when_by_whom_and_one_alert(
    settings: Settings, database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    pause(database, reason="X asks for a human", now=clock.now(), by=by)
    health = look(settings, database, clock)
    sentence = "the account is paused since 2026-03-02 12:00 UTC: X asks for a human"
    assert [reason.sentence for reason in health.reasons] == [sentence]
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
    health = look(settings, database, clock)
    assert told(health)["account may act"] == "yes"
    assert told(health)["may publish"].startswith("NO: posting waits until 2026-03-02 14:00:00 UTC")
    wait_until(database, clock.now() + HOUR, reason="rate limit exceeded")
    health = look(settings, database, clock)
    assert told(health)["account may act"].startswith("NO: the account waits until 2026-03-02 13:00:00 UTC")
    assert health.reasons == ()


def test_who_goes_by_xs_api_sees_the_months_money_what_it_stopped_and_which_limits_are_used_up(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    paying = settings.model_copy(update={"profile": settings.profile.model_copy(update={"transport": "api"})})
    assert told(look(paying, database, clock))["X's API"] == "$0.00 of $10.00 this month"

    meter = AccountMeter(database, paying.profile, clock, run_id=None, purpose=Purpose.PUBLISH)
    meter.charge([Charge(what=Priced.POST_WITH_LINK, resource=f"{number}") for number in range(41)])
    meter.note_limit("GET /2/tweets", limit=300, remaining=0, resets_at=clock.now() + 15 * MINUTE)

    health = look(paying, database, clock)
    assert told(health)["X's API"] == (
        "$8.20 of $10.00 this month, reading our own posts has stopped until 2026-04-01, "
        "reading other people's posts has stopped until 2026-04-01"
    )
    assert told(health)["X's limit"] == "GET /2/tweets: its 300 requests are used up until 2026-03-02 12:15:00 UTC"
    assert health.reasons == ()
    assert as_json(health)["x_api"] == {
        "spent_usd": 8.2,
        "monthly_budget_usd": 10.0,
        "stopped": {"own": "2026-04-01", "others": "2026-04-01"},
        "used_up_limits": [
            {"endpoint": "GET /2/tweets", "granted": 300, "resets_at": "2026-03-02T12:15:00+00:00"},
        ],
    }
    assert "X's API" not in told(look(settings, database, clock))
    assert "x_api" not in as_json(look(settings, database, clock))


def test_health_of_one_account_is_not_that_of_another(
    settings: Settings, database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    other = AccountDatabase(database.engine, "other")
    doubt(other, claimed(other, single(), at=clock.now()), clock.now())
    posted(other, TWEET_ID, at=clock.now())
    queued(other, single(), at=clock.now())
    pause(other, reason="logged out", now=clock.now(), by=by)
    empty = look(settings, database, clock)
    assert empty.reasons == ()
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
        assert look(settings, database, clock).reasons


def test_who_has_the_browser_is_told_while_they_have_it_and_how_much_of_the_hour_it_was_used(
    settings: Settings, database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    clock.advance(10 * MINUTE)
    leased_at = clock.now()
    row = record_lease(database, asked_at=None, began_at=leased_at, leased_at=leased_at, by=by)
    with hold_lease(database, wait=timedelta(0)):
        clock.advance(90 * SECOND)
        held = activity_seen(look(settings, database, clock)).browser
        assert (held.held_by, held.used_this_hour) == ("test", 90 * SECOND)
        assert held.held_since is not None
    record_closed(database, row, done_at=clock.now(), closed_at=clock.now())
    free = look(settings, database, clock)
    assert told(free)["browser"] == "free, used for 90 s of this hour"
    assert as_json(free)["browser"] == {"held_by": None, "held_since": None, "minutes_used_this_hour": 1.5}


def test_f14_a_browser_whose_run_was_killed_is_free(
    settings: Settings, database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    record_lease(database, asked_at=None, began_at=clock.now(), leased_at=clock.now(), by=by)
    clock.advance(10 * MINUTE)
    assert told(look(settings, database, clock))["browser"] == "free, used for 0 s of this hour"


def test_only_what_lies_in_the_hour_is_counted(clock: ManualClock) -> None:
    began = clock.now()

    def use(start: timedelta, end: timedelta | None) -> BrowserUse:
        at = began + start
        return BrowserUse(actor="x", began_at=at, leased_at=at, closed_at=None if end is None else began + end)

    uses = [use(-5 * MINUTE, 2 * MINUTE), use(10 * MINUTE, 12 * MINUTE), use(15 * MINUTE, None)]
    hour = {"since": began, "until": began + 20 * MINUTE}
    assert used_within(uses, held=False, **hour) == 4 * MINUTE
    assert used_within(uses, held=True, **hour) == 9 * MINUTE
