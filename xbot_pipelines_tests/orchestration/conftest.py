"""What the tests of this room share: schedules asked for their turn, as Dagster evaluates them, and a past to prune."""

from collections.abc import Callable, Iterator

import dagster as dg
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines_tests.orchestration.pasts import Past

Ask = Callable[[dg.ScheduleDefinition], dg.RunRequest | str]


@pytest.fixture
def ask(database: AccountDatabase, settings: Settings, clock: ManualClock) -> Ask:
    """Asks a schedule for its turn: the run that it requests, or its reason to pass it over."""

    def answer(schedule: dg.ScheduleDefinition, using: Settings = settings) -> dg.RunRequest | str:
        with (
            dg.instance_for_test() as instance,
            dg.build_schedule_context(
                instance=instance,
                scheduled_execution_time=clock.now(),
                resources={"settings": using, "database": database, "clock": clock},
            ) as context,
        ):
            said = schedule.evaluate_tick(context)
        return said.run_requests[0] if said.run_requests else str(said.skip_message)

    return answer


@pytest.fixture
def past() -> Iterator[Past]:
    """A past of the test's own, in which nothing has happened yet."""
    with dg.instance_for_test() as instance:
        yield Past(instance)
