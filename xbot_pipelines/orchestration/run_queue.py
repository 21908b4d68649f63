"""The run queue: Dagster's own, looked at twice a second, and left alone while it is being filled.

Dagster looks at most once a second, and what waits for the browser waits for that look. It also starts what it finds:
where many turns are asked for at once, as after a downtime, the first to arrive would go before the more important
ones that arrive a moment later. So nothing is started until the queue has been quiet for a moment (F16).
"""

import threading
import time
from typing import Any

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus
from dagster._core.run_coordinator import QueuedRunCoordinator, SubmitRunContext
from dagster._core.run_coordinator.queued_run_coordinator import RunQueueConfig

from xbot_pipelines.orchestration.run_launcher import END_TAG, WORKER_TAG

LOOK_EVERY_SECONDS = 0.5

QUIET_SECONDS = 0.4
"""How long nothing must have arrived before the next run is started. Turns that come due together arrive within tenths
of a second of each other."""

MOST_SECONDS = 3.0
"""How long the queue may be left alone in all: runs that keep arriving hold nobody up for ever."""


class SettlingRunCoordinator(QueuedRunCoordinator[DagsterInstance]):
    """Queues runs, and lets them settle before the next is started; see the module.

    What is queued by another process, the webserver for one, is not seen arriving: it is started at the next look.
    """

    def __init__(self, **config: Any) -> None:
        super().__init__(**config)
        self._arrivals = threading.Lock()
        self._first_arrival = self._last_arrival = float("-inf")

    @property
    def dequeue_interval_seconds(self) -> float:  # type: ignore[override]  # Dagster's configuration takes whole seconds
        """How often the daemon looks."""
        return LOOK_EVERY_SECONDS

    def submit_run(self, context: SubmitRunContext) -> DagsterRun:
        """Put a run into the queue, without the tags that name the process of a run.

        A run that waits has no process. Re-executing a run copies its tags, and a client can send any: the new run
        would be ended at once, or somebody else's process in its place.
        """
        asked = context.dagster_run
        copied = [tag for tag in (WORKER_TAG, END_TAG) if tag in asked.tags]
        if copied and asked.status == DagsterRunStatus.NOT_STARTED:
            # Dagster adds and changes tags, and takes none away.
            self._instance.add_run_tags(asked.run_id, dict.fromkeys(copied, ""))
        run = super().submit_run(context)
        with self._arrivals:
            now = time.monotonic()
            if now - self._last_arrival >= QUIET_SECONDS:
                self._first_arrival = now
            self._last_arrival = now
        return run

    def get_run_queue_config(self) -> RunQueueConfig:
        """Answers the limits of the queue at this moment: none may start while it is being filled."""
        limits = super().get_run_queue_config()
        return limits._replace(max_concurrent_runs=0) if self._is_being_filled() else limits

    def _is_being_filled(self) -> bool:
        with self._arrivals:
            now = time.monotonic()
            return now - self._last_arrival < QUIET_SECONDS and now - self._first_arrival < MOST_SECONDS
