"""Tells what goes on while the house runs: what happens to the account, and how each run of Dagster ends."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy.exc import OperationalError

from xbot_pipelines.operate.dagster_ui import ENDED, DagsterSilent, DagsterUi, Run
from xbot_pipelines.operate.happenings import History
from xbot_pipelines.operate.stopping import Stopping

READ_BACK = "metrics_scraper"
FIRST_CYCLE = ("plan", "posting", READ_BACK)
_LONGEST_RUN_SECONDS = 240
_POLL_SECONDS = 0.5


class Narrator:
    """Looks at the tables and at Dagster when told to, and says what is new.

    Args:
        history: the account's tables.
        ui: the Dagster that runs its jobs.
        say: takes one line.
        since: what ended before this moment is no news.
        database_lost: called when the database does not answer.
    """

    def __init__(
        self,
        history: History,
        ui: DagsterUi,
        *,
        say: Callable[[str], None],
        since: datetime,
        database_lost: Callable[[], None],
    ) -> None:
        self._history = history
        self._ui = ui
        self._say = say
        self._database_lost = database_lost
        self._looked_until = since.timestamp()
        self._told: dict[str, Run] = {}

    def skip(self) -> None:
        """Takes everything up to now as told."""
        self._history.skip()
        self._newly_ended()

    def tell(self) -> None:
        """Says what is new."""
        try:
            for line in self._history.news():
                self._say(line)
            for run in self._newly_ended():
                self._say(self._verdict(run))
        except OperationalError:
            self._database_lost()
        except DagsterSilent:
            # Whoever watches the webserver says so, and starts it again; what ended meanwhile is told afterwards.
            return

    def end_of(self, run_id: str) -> Run | None:
        """The run as it ended, once that was told."""
        return self._told.get(run_id)

    def run_first_cycle(self, stopping: Stopping) -> None:
        """Plan, publish and read back at once, so that there is something to see; each step follows the last.

        Nothing is read back where nothing is published yet: the first post may wait for an approval.

        Raises:
            StopRequested: somebody asked for the end meanwhile.
        """
        for job in FIRST_CYCLE:
            if job == READ_BACK and self._history.standing().last_posted_at is None:
                self._say("nothing is published yet; the schedules go on")
                return
            self._say(f"first cycle: {job}")
            try:
                run_id = self._ui.launch(job, self._tags(job))
            except DagsterSilent as silent:
                self._say(f"the first cycle ends here: {silent}")
                return
            run = self._follow(run_id, stopping)
            if run is None or run.status != "SUCCESS":
                self._say("the first cycle ends here; the schedules go on")
                return

    def _tags(self, job: str) -> dict[str, str]:
        """The marks of a run: readings are kept by the UTC day of the post, so reading back says which day."""
        last = self._history.standing().last_posted_at
        if job != READ_BACK or last is None:
            return {}
        return {f"dagster/asset_partition_range_{end}": f"{last.astimezone(UTC):%Y-%m-%d}" for end in ("start", "end")}

    def _follow(self, run_id: str, stopping: Stopping) -> Run | None:
        """Tells what happens until a run has ended; None where that takes too long to stand and wait."""
        for _ in range(int(_LONGEST_RUN_SECONDS / _POLL_SECONDS)):
            stopping.pause(_POLL_SECONDS)
            self.tell()
            run = self.end_of(run_id)
            if run is not None:
                return run
        return None

    def _newly_ended(self) -> list[Run]:
        # A little overlap: a run may be written down a moment later than the time that it bears.
        ended = self._ui.runs(statuses=ENDED, updatedAfter=self._looked_until - 5)
        new = [run for run in ended if run.id not in self._told]
        self._told = {run.id: run for run in ended} | {run.id: run for run in new}
        self._looked_until = max([self._looked_until, *(run.updated_at for run in new)])
        return sorted(new, key=lambda run: run.updated_at)

    def _verdict(self, run: Run) -> str:
        took = f" ({run.seconds:.1f} s)" if run.seconds is not None else ""
        match run.status:
            case "SUCCESS":
                return f"{run.name}{took}: {self._ui.what_it_said(run.id)}"
            case "CANCELED":
                return f"{run.name}{took}: canceled, see {self._ui.link(run.id)}"
            case _:
                reason = self._ui.why_failed(run.id) or "no reason given"
                return f"{run.name}{took}: FAILED: {reason}, see {self._ui.link(run.id)}"
