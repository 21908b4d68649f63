"""The canary as the job that it is (F11): what it cannot read fails its run, and stops nothing else."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import dagster as dg
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.x.session import Patience
from xbot_pipelines_tests.history import put_past, record_past
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.systems.conftest import HASTY
from xbot_pipelines_tests.systems.jobs import Ran, run_job

pytestmark = pytest.mark.browser


class HastyTurn(BrowserTurn):
    """A turn that does not wait long for what never comes."""

    def _patience(self) -> Patience:
        return HASTY


@pytest.fixture
def run(settings: Settings, database: AccountDatabase, clock: ManualClock) -> Callable[[], Ran]:
    """Executes the real job, which opens a browser of its own: the run has to be the one that closes it."""

    @dg.resource
    def browser() -> Iterator[HastyTurn]:
        with HastyTurn(settings, database, clock, by=Provenance(actor="test")) as turn:
            yield turn

    def execute() -> Ran:
        with dg.DagsterInstance.ephemeral() as instance:
            return run_job(
                "session_check", instance=instance, clock=clock, settings=settings, database=database, browser=browser
            )

    return execute


def test_f11_the_job_fails_with_what_is_missing_and_does_not_pause_the_account(
    run: Callable[[], Ran], database: AccountDatabase, practice: Practice, clock: ManualClock
) -> None:
    assert run().result == "done"
    record_past(database, put_past(practice, [clock.now() - timedelta(hours=1)]))
    practice.fault(operation="TweetActivityQuery", kind="error_code", code=999, probability=1)
    failed = run()
    assert not failed.success
    assert "pages that cannot be read: post analytics:" in failed.errors
    assert "is missing on the analytics of post" in failed.errors
    assert account.state_of(database).standstill(clock.now()) is None


def test_f11_a_home_page_that_changed_fails_the_job_before_anything_else_and_does_not_pause_the_account(
    run: Callable[[], Ran], database: AccountDatabase, practice: Practice, clock: ManualClock
) -> None:
    practice.fault(operation="*", kind="layout_changed", probability=1)
    failed = run()
    assert not failed.success
    assert "the link to the own profile is missing" in failed.errors
    assert account.state_of(database).standstill(clock.now()) is None
