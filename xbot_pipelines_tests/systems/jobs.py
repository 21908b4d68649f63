"""The real jobs, executed in the process of a test: past the queue, and past everything but the lease."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

from xbot_pipelines.clock import Clock
from xbot_pipelines.definitions import defs
from xbot_pipelines.orchestration.resources import RESOURCES


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What became of a run: the `result` and `reason` that it shows, or the sentences that it failed with.

    `why` is the innermost of those, in one line.
    """

    run_id: str
    success: bool
    result: str | None
    reason: str | None
    errors: str
    why: str | None


def run_job(
    job: str,
    *,
    instance: dg.DagsterInstance,
    clock: Clock,
    day: str | None = None,
    tags: Mapping[str, str] | None = None,
    run_config: Mapping[str, Any] | None = None,
    **resources: object,
) -> Ran:
    """Executes a job once.

    Args:
        job: its name.
        instance: where the run is written down.
        clock: the clock that everything in the run asks.
        day: the partition, for a job that has them.
        tags: what the run carries beside the job's own, for instance a range of days.
        run_config: what a person would set in the launchpad.
        resources: what takes the place of the resources that the environment of the process would give.
    """
    together: Mapping[str, Any] = {**RESOURCES, "clock": clock, **resources}
    ran = defs.resolve_job_def(job).execute_in_process(
        instance=instance,
        resources=together,
        partition_key=day,
        tags=tags,
        run_config=run_config,
        raise_on_error=False,
    )
    shown = [event.materialization.metadata for event in ran.get_asset_materialization_events()]
    said = {name: str(value.value) for name, value in shown[0].items()} if shown else {}
    # A run that cannot open what it needs fails as a whole, before its first step.
    failures = [
        *(event.step_failure_data.error for event in ran.all_events if event.is_step_failure),
        *(
            event.engine_event_data.error
            for event in ran.all_events
            if event.event_type is dg.DagsterEventType.RESOURCE_INIT_FAILURE
        ),
    ]
    return Ran(
        run_id=ran.run_id,
        success=ran.success,
        result=said.get("result"),
        reason=said.get("reason"),
        errors="\n".join(str(error.to_string()) for error in failures if error is not None),
        why=next((_innermost(error) for error in failures if error is not None), None),
    )


def _innermost(error: SerializableErrorInfo) -> str:
    while error.cause is not None:
        error = error.cause
    return error.message.strip().splitlines()[0]
