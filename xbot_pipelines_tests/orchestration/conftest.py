"""What the tests of this room share: schedules asked for their turn, as Dagster evaluates them, and a past to prune."""

from collections.abc import Callable, Iterator
from datetime import datetime

import dagster as dg
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.orchestration.schedules import SCHEDULES
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines_tests.orchestration.pasts import Past

Ask = Callable[..., dg.RunRequest | str]


@pytest.fixture(scope="module")
def idle_instance() -> Iterator[dg.DagsterInstance]:
    """A Dagster in which nothing runs, for all tests of a file."""
    with dg.instance_for_test() as instance:
        yield instance


@pytest.fixture
def ask(database: AccountDatabase, settings: Settings, clock: ManualClock, idle_instance: dg.DagsterInstance) -> Ask:
    """Asks a job's schedule for its turn: the run that it requests, or its reason to pass it over."""

    def answer(
        job: str, using: Settings = settings, *, at: ManualClock = clock, scheduled_at: datetime | None = None
    ) -> dg.RunRequest | str:
        with dg.build_schedule_context(
            instance=idle_instance,
            scheduled_execution_time=scheduled_at or at.now(),
            resources={"settings": using, "database": database, "clock": at},
        ) as context:
            said = SCHEDULES[job].evaluate_tick(context)
        return said.run_requests[0] if said.run_requests else str(said.skip_message)

    return answer


@pytest.fixture
def past() -> Iterator[Past]:
    """A past of the test's own, in which nothing has happened yet."""
    with dg.instance_for_test() as instance:
        yield Past(instance)
