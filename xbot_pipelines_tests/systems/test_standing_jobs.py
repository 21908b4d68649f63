"""Pausing and resuming as the jobs that a person launches in the Dagster UI."""

import dagster as dg
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.orchestration.guards import BROWSER_POOL, BROWSER_TAG
from xbot_pipelines.orchestration.standing import STANDING_JOBS, pause_account, resume_account
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.systems.jobs import Ran, run_job

BY_THE_API = True


@pytest.fixture
def run(settings: Settings, database: AccountDatabase, clock: ManualClock) -> "Launch":
    return Launch(settings, database, clock)


class Launch:
    """Launches one of the jobs, as the launchpad does."""

    def __init__(self, settings: Settings, database: AccountDatabase, clock: ManualClock) -> None:
        self._settings, self._database, self._clock = settings, database, clock

    def pause(self, reason: str) -> Ran:
        return self._run("pause_account", {"ops": {"pause": {"config": {"reason": reason}}}})

    def resume(self) -> Ran:
        return self._run("resume_account", {})

    def _run(self, job: str, config: dict[str, object]) -> Ran:
        with dg.DagsterInstance.ephemeral() as instance:
            return run_job(
                job,
                instance=instance,
                clock=self._clock,
                run_config=config,
                settings=self._settings,
                database=self._database,
            )


def test_f17_a_pause_from_the_ui_holds_before_the_next_step_in_the_browser(
    run: Launch, database: AccountDatabase, turn: BrowserTurn, clock: ManualClock
) -> None:
    paused = run.pause("on holiday")
    assert (paused.success, paused.result) == (True, "done")
    state = account.state_of(database)
    assert (state.paused_reason, state.paused_by) == ("on holiday", "pause_account")
    with pytest.raises(Standstill, match="on holiday"):
        turn.client()
    again = run.pause("something else")
    assert again.result == "nothing to do"
    assert again.reason == state.standstill(clock.now())


def test_a_pause_without_a_reason_is_refused(run: Launch, database: AccountDatabase) -> None:
    refused = run.pause(" ")
    assert not refused.success
    assert "a pause needs a reason" in refused.errors
    assert account.state_of(database).paused_at is None


def test_f17_it_goes_on_once_x_shows_who_is_logged_in_and_not_before(
    run: Launch, database: AccountDatabase, practice: Practice
) -> None:
    assert run.resume().reason == "the account is not paused"
    run.pause("on holiday")
    practice.ask("POST", "api/expire", {"refresh": True})
    refused = run.resume()
    assert not refused.success
    assert "the account stays paused: " in refused.errors
    assert account.state_of(database).paused_at is not None


def test_f17_a_good_login_ends_the_pause(run: Launch, database: AccountDatabase) -> None:
    run.pause("on holiday")
    resumed = run.resume()
    assert resumed.reason == "X shows @daily_vitals logged in: the pause is over"
    assert account.state_of(database).paused_at is None


def test_f01_only_what_goes_to_x_waits_for_the_browser() -> None:
    assert [(job.name, BROWSER_TAG in job.tags) for job in STANDING_JOBS] == [
        ("pause_account", False),
        ("resume_account", True),
    ]
    pools = {
        job.name: {node.pool for node in job.all_node_defs if isinstance(node, dg.OpDefinition)}
        for job in STANDING_JOBS
    }
    assert pools == {pause_account.name: {None}, resume_account.name: {BROWSER_POOL}}
