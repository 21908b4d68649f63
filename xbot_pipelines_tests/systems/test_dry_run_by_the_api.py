"""A dry run of an account at the API: what would be sent, and at what price; X is not asked to take it."""

from decimal import Decimal

import dagster as dg
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.settings import PublishingSettings, Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.shown import Due
from xbot_pipelines.systems import dry_run
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.dry_run import Shown
from xbot_pipelines.systems.posting import DRY_RUN
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.x.client import Prepared
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.systems.door import Door
from xbot_pipelines_tests.systems.jobs import Ran, run_job

BY_THE_API = True


def show(door: Door) -> Shown:
    """What a run of posting does in a dry run, where something is due."""
    due = dry_run.next_to_show(door.database, door.settings.profile, now=door.clock.now())
    assert isinstance(due, Due)
    return dry_run.show(door.database, due, door.turn.client, clock=door.clock, by=door.by)


@pytest.mark.parametrize(
    ("words", "usd"), [("A glass of water first.", "0.015"), ("More: https://example.org/water", "0.200")]
)
def test_what_would_be_sent_is_told_with_its_price_and_nothing_is_sent(
    door: Door, practice: Practice, words: str, usd: str
) -> None:
    decision_id = door.queue(words)
    told = show(door)
    assert told.prepared == Prepared(way="X's API (POST /2/tweets)", usd=Decimal(usd))
    assert practice.truth()["posts"] == []
    assert door.status(decision_id) == "queued"
    # Whose token it is was asked, as at every turn, and nothing else was paid for.
    assert door.turn.spent_usd == Decimal("0.010")


def test_a_budget_that_is_spent_stops_a_dry_run_too_and_it_is_shown_later(door: Door) -> None:
    door.queue()
    broke = door.settings.profile.api.model_copy(update={"monthly_budget_usd": 0.0})
    poor = door.settings.model_copy(update={"profile": door.settings.profile.model_copy(update={"api": broke})})
    with BrowserTurn(poor, door.database, door.clock, by=door.by) as turn, pytest.raises(Standstill):
        show(Door(door.database, poor, turn, door.clock, door.by))
    assert show(door).prepared is not None


def test_the_posting_job_tells_once_what_would_be_sent_and_writes_no_attempt(
    door: Door, settings: Settings, database: AccountDatabase, clock: ManualClock, practice: Practice
) -> None:
    profile = settings.profile.model_copy(update={"publishing": PublishingSettings(dry_run=True)})
    dry = settings.model_copy(update={"profile": profile})
    door.queue("A glass of water first.")

    def run() -> Ran:
        with dg.DagsterInstance.ephemeral() as instance:
            return run_job("posting", instance=instance, clock=clock, settings=dry, database=database)

    first, second = run(), run()
    assert (first.success, first.result) == (True, "blocked")
    assert first.reason == "dry run: this would be sent now, by X's API (POST /2/tweets), for $0.015. Nothing was"
    assert (second.success, second.reason) == (True, DRY_RUN)
    assert practice.truth()["posts"] == []
    assert door.row("SELECT count(*) AS count FROM posting_attempts") == {"count": 0}
