"""What Dagster's daemon writes down of an account: schedules, ticks and runs, written by a real Dagster.

Dagster gives none of this a public name: what it takes lies here alone.
"""

from datetime import datetime, timedelta

import dagster as dg
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteInstigatorOrigin, RemoteRepositoryOrigin
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    InstigatorType,
    ScheduleInstigatorData,
    TickData,
    TickStatus,
)
from dagster._daemon.types import DaemonHeartbeat
from dagster_shared.error import SerializableErrorInfo

from xbot_pipelines.orchestration.passing import PassedOver


def an_error(name: str, message: str) -> SerializableErrorInfo:
    """An error, and what it came from: an exception of this name."""
    return SerializableErrorInfo("outer", [], "Outer", cause=SerializableErrorInfo(f"some.{name}: {message}", [], name))


class Instigator:
    """A schedule or a sensor."""

    def __init__(
        self, instance: DagsterInstance, account: str, name: str, *, scheduled_since: datetime | None = None
    ) -> None:
        self._kind = InstigatorType.SENSOR if scheduled_since is None else InstigatorType.SCHEDULE
        data = None if scheduled_since is None else ScheduleInstigatorData("* * * * *", scheduled_since.timestamp())
        location = GrpcServerCodeLocationOrigin(host="127.0.0.1", port=4266, location_name=account)
        origin = RemoteInstigatorOrigin(RemoteRepositoryOrigin(location, "__repository__"), name)
        self._state = InstigatorState(origin, self._kind, InstigatorStatus.DECLARED_IN_CODE, data)
        self._instance, self._name = instance, name
        instance.add_instigator_state(self._state)

    def ticks(
        self, at: datetime, *, skipped: PassedOver | None = None, error: SerializableErrorInfo | None = None
    ) -> None:
        """Has its turn, and asks for no run."""
        tick = TickData(
            instigator_origin_id=self._state.instigator_origin_id,
            instigator_name=self._name,
            instigator_type=self._kind,
            status=TickStatus.FAILURE if error else TickStatus.SKIPPED,
            timestamp=at.timestamp(),
            skip_reason=str(skipped) if skipped else None,
            error=error,
            selector_id=self._state.selector_id,
        )
        self._instance.create_tick(tick)

    def switches_off(self) -> None:
        """Is switched off in the UI."""
        self._instance.update_instigator_state(self._state.with_status(InstigatorStatus.STOPPED))


class Written:
    """What a Dagster has written down of one account."""

    def __init__(self, instance: DagsterInstance, account: str) -> None:
        self.instance = instance
        self.account = account
        self.tags = {".dagster/repository": f"__repository__@{account}"}

    def schedule(self, job: str, *, since: datetime) -> Instigator:
        """The schedule of a job, which was first looked after at this moment."""
        return Instigator(self.instance, self.account, f"{job}_turn", scheduled_since=since)

    def sensor(self, name: str) -> Instigator:
        """A sensor, which was first looked after just now."""
        return Instigator(self.instance, self.account, name)

    def begins(self, job: str) -> DagsterRun:
        """A run that is under way."""
        return self.instance.add_run(DagsterRun(job_name=job, tags=self.tags, status=DagsterRunStatus.STARTED))

    def goes_well(self, run: DagsterRun) -> None:
        """The run ends well, and says nothing of its result."""
        event = dg.DagsterEvent("PIPELINE_SUCCESS", run.job_name, message="done")
        self.instance.report_dagster_event(event, run_id=run.run_id)

    def fails(self, job: str) -> None:
        """A run that fails."""
        self.instance.report_run_failed(self.begins(job))

    def is_canceled(self, job: str) -> None:
        """A run that is stopped."""
        self.instance.report_run_canceled(self.begins(job))

    def beats(self, at: datetime, *daemons: str, age: timedelta = timedelta(0)) -> None:
        """Parts of the daemon give a sign of life."""
        for daemon in daemons:
            self.instance.add_daemon_heartbeat(DaemonHeartbeat((at - age).timestamp(), daemon, "some", []))
