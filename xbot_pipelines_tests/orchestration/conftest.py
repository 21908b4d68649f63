"""Schedules asked for their turn, as Dagster evaluates them."""

from collections.abc import Callable
from datetime import datetime

import dagster as dg
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.orchestration.schedules import SCHEDULES
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase

Ask = Callable[..., dg.RunRequest | str]


@pytest.fixture
def ask(database: AccountDatabase, settings: Settings, clock: ManualClock) -> Ask:
    """Asks a job's schedule for its turn: the run that it requests, or its reason to pass it over."""

    def answer(job: str, using: Settings = settings, *, scheduled_at: datetime | None = None) -> dg.RunRequest | str:
        with (
            dg.instance_for_test() as instance,
            dg.build_schedule_context(
                instance=instance,
                scheduled_execution_time=scheduled_at or clock.now(),
                resources={"settings": using, "database": database, "clock": clock},
            ) as context,
        ):
            said = SCHEDULES[job].evaluate_tick(context)
        return said.run_requests[0] if said.run_requests else str(said.skip_message)

    return answer
