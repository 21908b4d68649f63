"""A turn is passed over when there is nothing to do or nothing may be done, and says which."""

from datetime import UTC, datetime, time, timedelta

import dagster as dg
import pytest
from dagster._core.definitions.schedule_definition import ScheduleExecutionData

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import DecisionStatus, DecisionType, Draft, Evidence
from xbot_pipelines.orchestration.due import QUESTIONS
from xbot_pipelines.orchestration.guards import ACCOUNT_TAG
from xbot_pipelines.orchestration.schedules import SCHEDULES
from xbot_pipelines.orchestration.timetable import TIMETABLE
from xbot_pipelines.settings import ACKNOWLEDGEMENT, BrowserSettings, PublishingSettings, Settings
from xbot_pipelines.store import account, claiming, decisions, publishing, shown
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.planning import KEEP_AHEAD
from xbot_pipelines.systems.posting import DRY_RUN
from xbot_pipelines.x.text import first_id_at
from xbot_pipelines_tests.account_files import of_x
from xbot_pipelines_tests.history import Past, record_past
from xbot_pipelines_tests.orchestration.conftest import Ask


def queue(
    database: AccountDatabase,
    clock: ManualClock,
    by: Provenance,
    status: DecisionStatus = DecisionStatus.QUEUED,
) -> None:
    decisions.add_decision(
        database,
        Draft(decision_type=DecisionType.SINGLE, text="A post"),
        status=status,
        scheduled_at=clock.now(),
        expires_at=None,
        now=clock.now(),
        by=by,
    )


def test_posting_has_its_turn_when_something_is_due(
    ask: Ask, database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    nothing = "nothing to do: no decision is due and no attempt is open"
    assert ask("posting") == nothing
    queue(database, clock, by, DecisionStatus.NEEDS_REVIEW)
    assert ask("posting") == f"{nothing}; waiting for approval in `xbot review`: 1"
    queue(database, clock, by)
    assert isinstance(ask("posting"), dg.RunRequest)


def test_f19_posting_has_its_turn_when_an_attempt_is_open(
    ask: Ask, database: AccountDatabase, settings: Settings, clock: ManualClock, by: Provenance
) -> None:
    queue(database, clock, by)
    claiming.claim_next(database, settings.profile, now=clock.now(), by=by)
    assert isinstance(ask("posting"), dg.RunRequest)


def test_a_dry_run_has_its_turn_once_for_each_decision_that_is_due(
    database: AccountDatabase, settings: Settings, clock: ManualClock, by: Provenance, ask: Ask
) -> None:
    profile = settings.profile.model_copy(update={"publishing": PublishingSettings(dry_run=True)})
    dry = settings.model_copy(update={"profile": profile})
    assert ask("posting", dry) == f"blocked: {DRY_RUN}"
    queue(database, clock, by)
    assert isinstance(ask("posting", dry), dg.RunRequest)
    due = shown.next_unshown(database, profile, now=clock.now())
    assert isinstance(due, shown.Due)
    shown.mark_shown(database, due, now=clock.now(), by=by)
    assert ask("posting", dry) == f"blocked: {DRY_RUN}"


def test_f19_a_dry_run_settles_what_was_begun_before_it(
    database: AccountDatabase, settings: Settings, clock: ManualClock, by: Provenance, ask: Ask
) -> None:
    queue(database, clock, by)
    claiming.claim_next(database, settings.profile, now=clock.now(), by=by)
    profile = settings.profile.model_copy(update={"publishing": PublishingSettings(dry_run=True)})
    assert isinstance(ask("posting", settings.model_copy(update={"profile": profile})), dg.RunRequest)


def test_a_browser_for_xs_own_site_has_no_turn_before_its_owner_has_acknowledged_what_x_says(
    database: AccountDatabase, settings: Settings, clock: ManualClock, by: Provenance, ask: Ask
) -> None:
    queue(database, clock, by)
    real = of_x(settings)
    assert ask("posting", real) == f"blocked: {real.lacks_acknowledgement}"
    acknowledged = real.profile.model_copy(update={"browser": BrowserSettings(acknowledged=ACKNOWLEDGEMENT)})
    assert isinstance(ask("posting", real.model_copy(update={"profile": acknowledged})), dg.RunRequest)


def test_f17_a_paused_account_says_why_and_since_when(
    ask: Ask, database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    queue(database, clock, by)
    account.pause(database, reason="X asks for a human", now=clock.now(), by=by)
    assert ask("posting") == "blocked: the account is paused since 2026-03-02 12:00 UTC: X asks for a human"
    account.resume(database, now=clock.now())
    assert isinstance(ask("posting"), dg.RunRequest)


def test_a_wait_ends_by_itself(ask: Ask, database: AccountDatabase, clock: ManualClock, by: Provenance) -> None:
    queue(database, clock, by)
    account.wait_until(database, clock.now() + timedelta(minutes=15), reason="rate limit exceeded")
    assert "waits until 2026-03-02 12:15:00 UTC: rate limit exceeded" in str(ask("posting"))
    clock.advance(timedelta(minutes=15))
    assert isinstance(ask("posting"), dg.RunRequest)


def test_planning_has_its_turn_until_enough_wait(
    ask: Ask, database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    for _ in range(KEEP_AHEAD):
        assert isinstance(ask("plan"), dg.RunRequest)
        queue(database, clock, by)
    assert ask("plan") == f"nothing to do: {KEEP_AHEAD} posts wait already"


def test_reading_asks_for_the_days_of_the_posts_that_are_younger_than_a_day(
    ask: Ask, database: AccountDatabase, settings: Settings, clock: ManualClock, by: Provenance
) -> None:
    assert ask("metrics_scraper") == "nothing to do: nothing of ours was published in the last 24 hours"
    queue(database, clock, by)
    attempt = claiming.claim_next(database, settings.profile, now=clock.now(), by=by)
    assert not isinstance(attempt, claiming.NothingDue | claiming.Blocked)
    publishing.record_posted(
        database,
        attempt,
        tweet_id=str(first_id_at(clock.now())),
        posted_at=clock.now(),
        evidence=Evidence.ANSWER,
        checkpoints_hours=(2, 12, 24),
        now=clock.now(),
        by=by,
    )
    clock.advance(timedelta(hours=23))
    request = ask("metrics_scraper")
    assert isinstance(request, dg.RunRequest)
    assert request.tags["dagster/asset_partition_range_start"] == "2026-03-02"
    assert request.tags["dagster/asset_partition_range_end"] == "2026-03-02"
    clock.advance(timedelta(hours=2))
    assert ask("metrics_scraper") == "nothing to do: nothing of ours was published in the last 24 hours"


def test_f26_a_job_that_is_queued_already_is_not_requested_again(
    database: AccountDatabase, settings: Settings, clock: ManualClock, by: Provenance
) -> None:
    queue(database, clock, by)
    said = beside_a_run(dg.DagsterRunStatus.STARTED, database, settings, clock)
    assert not said.run_requests
    assert "under way: posting is queued or running already (run " in str(said.skip_message)


def test_another_accounts_run_of_the_same_job_keeps_nobody_from_taking_a_turn(
    database: AccountDatabase, settings: Settings, clock: ManualClock, by: Provenance
) -> None:
    queue(database, clock, by)
    assert beside_a_run(dg.DagsterRunStatus.STARTED, database, settings, clock, account="another").run_requests


def test_f14_a_run_that_was_created_but_never_queued_does_not_keep_its_job_from_being_requested(
    database: AccountDatabase, settings: Settings, clock: ManualClock, by: Provenance
) -> None:
    queue(database, clock, by)
    assert beside_a_run(dg.DagsterRunStatus.NOT_STARTED, database, settings, clock).run_requests


@pytest.mark.parametrize(
    ("job", "scheduled_at", "last_moment"),
    [
        ("metrics_scraper", "11:57", "12:02:00"),
        ("replies", "11:15", "11:45:00"),
        ("session_check", "06:33", "09:33:00"),
        ("sync_followers", "11:32", "12:02:00"),
    ],
)
def test_f26_a_missed_turn_is_made_up_for_until_the_next_one_is_nearer(
    database: AccountDatabase, ask: Ask, clock: ManualClock, job: str, scheduled_at: str, last_moment: str
) -> None:
    day = clock.now().replace(hour=0)
    turn, last = (datetime.combine(day, time.fromisoformat(of_day), UTC) for of_day in (scheduled_at, last_moment))
    late = ManualClock(last)
    read_posts = [Past(tweet_id="1900000000000000100", text="A post.", posted_at=last - timedelta(hours=1))]
    record_past(database, read_posts)
    assert isinstance(ask(job, at=late, scheduled_at=turn), dg.RunRequest)
    late.advance(timedelta(seconds=1))
    assert str(ask(job, at=late, scheduled_at=turn)).startswith(
        f"missed: this turn was {day:%Y-%m-%d} {scheduled_at} UTC"
    )


def test_f25_the_four_reasons_to_pass_a_turn_over_are_told_apart(
    ask: Ask, database: AccountDatabase, settings: Settings, clock: ManualClock, by: Provenance
) -> None:
    late = ask("posting", scheduled_at=clock.now() - timedelta(minutes=4))
    idle = ask("posting")
    queue(database, clock, by)
    under_way = beside_a_run(dg.DagsterRunStatus.STARTED, database, settings, clock).skip_message
    account.pause(database, reason="on holiday", now=clock.now(), by=by)
    reasons = [str(reason).partition(":")[0] for reason in (late, idle, under_way, ask("posting"))]
    assert reasons == ["missed", "nothing to do", "under way", "blocked"]


@pytest.mark.parametrize("ended", [dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED])
def test_f15_a_run_that_went_wrong_does_not_keep_its_job_from_its_next_turn(
    database: AccountDatabase, settings: Settings, clock: ManualClock, by: Provenance, ended: dg.DagsterRunStatus
) -> None:
    queue(database, clock, by)
    assert beside_a_run(ended, database, settings, clock).run_requests


def test_f15_every_job_of_the_timetable_has_its_question(ask: Ask) -> None:
    assert set(QUESTIONS) == {turn.job for turn in TIMETABLE}
    for job in QUESTIONS:
        answer = ask(job)
        assert isinstance(answer, dg.RunRequest) or answer.startswith(("nothing to do: ", "blocked: ")), (job, answer)


def beside_a_run(
    status: dg.DagsterRunStatus,
    database: AccountDatabase,
    settings: Settings,
    clock: ManualClock,
    *,
    account: str = "practice",
) -> ScheduleExecutionData:
    """What the posting schedule answers while Dagster has a posting run of an account with this status."""
    with dg.instance_for_test() as instance:
        instance.add_run(dg.DagsterRun(job_name="posting", status=status, tags={ACCOUNT_TAG: account}))
        resources = {"settings": settings, "database": database, "clock": clock}
        with dg.build_schedule_context(
            instance=instance, scheduled_execution_time=clock.now(), resources=resources
        ) as context:
            return SCHEDULES["posting"].evaluate_tick(context)
