"""Asking and executing, in this process: what the schedules and the sensor ask, and the jobs as Dagster executes them.

Which run comes when is decided in `play`; here each of them is only done.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

import dagster as dg
from dagster._core.execution.build_resources import wrap_resources_for_execution
from dagster_shared.error import SerializableErrorInfo

from xbot_pipelines.content.writer import Writer
from xbot_pipelines.definitions import defs
from xbot_pipelines.models import Result
from xbot_pipelines.operate.rehearsal.stage import Stage
from xbot_pipelines.operate.rehearsal.virtual_time import in_steps
from xbot_pipelines.operate.rehearsal.waiting import Asked
from xbot_pipelines.orchestration.passing import Due
from xbot_pipelines.orchestration.resources import RESOURCES
from xbot_pipelines.orchestration.schedules import due
from xbot_pipelines.orchestration.sensors import checkpoints_wanted
from xbot_pipelines.orchestration.timetable import TIMETABLE, Turn
from xbot_pipelines.store.database import Provenance
from xbot_pipelines.systems.browser_turn import BrowserTurn

FAILED = "failed"

Turns = Callable[[Provenance, datetime], BrowserTurn]
"""Makes the turn of a run at the browser: who has it, and since when it was waited for."""


@dataclass(frozen=True, kw_only=True)
class Ran:
    """One run, in virtual moments. `result` is a `Result` or `FAILED`, `seconds` is how long it took for real."""

    job: str
    asked_at: datetime
    began_at: datetime
    ended_at: datetime
    result: str
    reason: str | None
    seconds: float
    uses_browser: bool

    @property
    def failed(self) -> bool:
        """Whether it failed."""
        return self.result == FAILED


class Performer:
    """Does what Dagster's daemon and workers do, one thing at a time.

    Args:
        stage: where it is done.
        seed: makes the runs' ids, from which they draw what they draw.
        turns: makes the turns at the browser.
    """

    def __init__(self, stage: Stage, *, seed: int, turns: Turns) -> None:
        self._stage = stage
        self._seed = seed
        self._turns = turns
        # In memory: the history of a run on a disk takes longer than most of what the runs do.
        self._instance = dg.DagsterInstance.ephemeral()
        self._executed = 0
        self._asked: Asked | None = None
        resources = {**RESOURCES, **_given(stage), "browser": self._browser()}
        # Bound once: to bind them anew takes as long as the rest of what Dagster does for a run.
        self._jobs = {
            turn.job: defs.resolve_job_def(turn.job).with_top_level_resources(wrap_resources_for_execution(resources))
            for turn in TIMETABLE
        }

    def ask(self, turn: Turn) -> Due:
        """Asks what is to be done in a job's turn, which is now."""
        stage, now = self._stage, self._stage.clock.now()
        return due(turn, stage.settings, stage.database, scheduled_at=now, now=now)

    def look(self, *, asked_at: datetime | None) -> Due:
        """Looks for checkpoints that are due, as the sensor does that has asked for a run at this moment last."""
        return checkpoints_wanted(self._stage.database, now=self._stage.clock.now(), asked_at=asked_at)

    def execute(self, asked: Asked) -> Ran:
        """Executes a run, from its beginning to its end, at the present moment."""
        began_at, job = self._stage.clock.now(), asked.turn.job
        self._executed += 1
        # What a run draws by lot it draws by its id: the same number in another rehearsal draws the same.
        run_id = str(uuid5(NAMESPACE_URL, f"rehearsal {self._seed}, run {self._executed}"))
        self._asked = asked
        began = time.perf_counter()
        ran = self._jobs[job].execute_in_process(
            instance=self._instance,
            run_id=run_id,
            tags=asked.request.tags,
            run_config=asked.request.run_config,
            raise_on_error=False,
        )
        seconds = time.perf_counter() - began
        result, reason = _came_to(ran)
        return Ran(
            job=job,
            asked_at=asked.at,
            began_at=began_at,
            ended_at=began_at + in_steps(seconds),
            result=result,
            reason=reason,
            seconds=seconds,
            uses_browser=asked.turn.uses_browser,
        )

    def _browser(self) -> dg.ResourceDefinition:
        @dg.resource
        @contextmanager
        def browser(context: dg.InitResourceContext) -> Iterator[BrowserTurn]:
            assert context.run is not None, "a browser is opened for a run"
            assert self._asked is not None, "a run is executed"
            by = Provenance(actor=context.run.job_name, run_id=context.run.run_id)
            with self._turns(by, self._asked.at) as turn:
                yield turn

        return browser


def _given(stage: Stage) -> Mapping[str, object]:
    """What the runs share, in place of what each makes for itself from the environment."""
    settings = stage.settings
    return {
        "settings": settings,
        "database": stage.database,
        "clock": stage.clock,
        "writer": Writer(
            model=settings.model,
            api_key=settings.openai_api_key,
            base_url=settings.openai_base_url,
            temperature=settings.profile.model.temperature,
        ),
    }


def _came_to(ran: dg.ExecuteInProcessResult) -> tuple[str, str | None]:
    if not ran.success:
        failures = [event.step_failure_data.error for event in ran.all_events if event.is_step_failure]
        return FAILED, next((_innermost(failure) for failure in failures if failure is not None), None)
    shown = [event.materialization.metadata for event in ran.get_asset_materialization_events()]
    said = {name: str(value.value) for name, value in shown[0].items()} if shown else {}
    return said.get("result", Result.DONE.value), said.get("reason")


def _innermost(error: SerializableErrorInfo) -> str:
    while error.cause is not None:
        error = error.cause
    return error.message.strip()
