"""What is asked for: one run of every job of the timetable, exactly as the job's own schedule would ask for it."""

import warnings
from collections.abc import Mapping, Sequence
from functools import partial

import dagster as dg
from dagster._core.storage.tags import SCHEDULE_NAME_TAG

from benchmarks.stampeding.runs import Asked
from xbot_pipelines.clock import SystemClock
from xbot_pipelines.orchestration.timetable import TIMETABLE, Turn
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase


def turns(settings: Settings, database: AccountDatabase, jobs: Sequence[str] | None = None) -> Sequence[Asked]:
    """Asks the schedule of every job what it would ask for now.

    Args:
        settings: of the account.
        database: what is due is in it.
        jobs: only these of the timetable; all by default.

    Raises:
        RuntimeError: a browser job has nothing to do, so its turn would show nothing.
    """
    schedules = _schedules()
    wanted = [turn for turn in TIMETABLE if turn.job in schedules and (jobs is None or turn.job in jobs)]
    with dg.instance_for_test() as instance:
        ask = partial(_request, instance=instance, settings=settings, database=database)
        return [_asked(turn, ask(schedules[turn.job])) for turn in wanted]


def _asked(turn: Turn, request: dg.RunRequest | dg.SkipReason) -> Asked:
    if isinstance(request, dg.SkipReason):
        if turn.uses_browser:
            raise RuntimeError(f"{turn.job} has nothing to do in the world of this benchmark: {request.skip_message}")
        # Without a browser there is little to be seen of a job, whether it finds something to do or not.
        request = dg.RunRequest()
    # It is not the schedule that asks.
    tags = {name: value for name, value in request.tags.items() if name != SCHEDULE_NAME_TAG}
    return Asked(
        job=turn.job,
        uses_browser=turn.uses_browser,
        deadline_seconds=turn.deadline.total_seconds(),
        tags=tags,
        run_config=request.run_config,
    )


def _schedules() -> Mapping[str, dg.ScheduleDefinition]:
    with warnings.catch_warnings():
        # Dagster warns whoever loads the definitions of what is new in it, and that is no news here.
        warnings.simplefilter("ignore")
        from xbot_pipelines.orchestration.schedules import SCHEDULES
    return {schedule.job_name: schedule for schedule in SCHEDULES}


def _request(
    schedule: dg.ScheduleDefinition, *, instance: dg.DagsterInstance, settings: Settings, database: AccountDatabase
) -> dg.RunRequest | dg.SkipReason:
    resources = {"settings": settings, "database": database, "clock": SystemClock()}
    with dg.build_schedule_context(instance=instance, resources=resources) as context:
        said = schedule.evaluate_tick(context)
    return said.run_requests[0] if said.run_requests else dg.SkipReason(said.skip_message)
