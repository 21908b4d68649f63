"""Schedules asked for their turn, as Dagster evaluates them."""

from collections.abc import Callable, Iterator

import dagster as dg
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase

Ask = Callable[[dg.ScheduleDefinition], dg.RunRequest | str]


@pytest.fixture(scope="module")
def idle_dagster() -> Iterator[dg.DagsterInstance]:
    """A Dagster that runs nothing, for all tests of a file: whoever is asked for a turn writes nothing into it."""
    with dg.instance_for_test() as instance:
        yield instance
        assert instance.get_runs_count() == 0


@pytest.fixture
def ask(idle_dagster: dg.DagsterInstance, database: AccountDatabase, settings: Settings, clock: ManualClock) -> Ask:
    """Asks a schedule for its turn: the run that it requests, or its reason to pass it over."""

    def answer(schedule: dg.ScheduleDefinition, using: Settings = settings) -> dg.RunRequest | str:
        with dg.build_schedule_context(
            instance=idle_dagster,
            scheduled_execution_time=clock.now(),
            resources={"settings": using, "database": database, "clock": clock},
        ) as context:
            said = schedule.evaluate_tick(context)
        return said.run_requests[0] if said.run_requests else str(said.skip_message)

    return answer
