"""What every run has in common: who it is, how it says what came of it, and what a wall does to it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.content.writer import Writer
from xbot_pipelines.models import ReadingSource, Result
from xbot_pipelines.orchestration.guards import ACCOUNT_TAG
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import Metadata, failure, said, text
from xbot_pipelines.orchestration.passing import Due, PassedOver, Why
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.systems.walls import heed
from xbot_pipelines.systems.writing import Desk
from xbot_pipelines.text.escape import for_log
from xbot_pipelines.x.shapes import UnreadableRow
from xbot_pipelines.x.walls import Wall

OWNERS = ["team:account"]
BACKFILL_TAG = "dagster/backfill"

# Without NOT_STARTED: such a run is not in the queue. Where the database died between creating a run and queueing it,
# run monitoring gives it up only after its start timeout, and a schedule that waited for it would lose its turn (F14).
_UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]

Inputs = ParamSpec("Inputs")
Context = dg.AssetExecutionContext | dg.OpExecutionContext


def provenance(context: Context) -> Provenance:
    """Answers who writes into the tables: this job, in this run."""
    return Provenance(actor=context.run.job_name, run_id=context.run.run_id)


def desk(context: Context, settings: Settings, database: AccountDatabase, writer: Writer, clock: Clock) -> Desk:
    """Answers what this run writes with: the language model, within the account's budget."""
    return Desk(database=database, profile=settings.profile, writer=writer, clock=clock, by=provenance(context))


def is_backfill(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Says whether a run belongs to a backfill that somebody started, or is one of its runs executed again."""
    first = instance.get_run_by_id(run.root_run_id) if run.root_run_id else run
    return first is not None and BACKFILL_TAG in first.tags


def source_of(context: Context) -> ReadingSource:
    """Answers what a reading taken in this run says of where it came from."""
    if is_backfill(context.instance, context.run):
        return ReadingSource.BACKFILL
    by_job = {source.value: source for source in ReadingSource}
    return by_job.get(context.run.job_name, ReadingSource.ON_DEMAND)


def logged(context: Context, what: str) -> Callable[[int, int], None]:
    """Answers what tells the run's log how far it is: at every tenth of the way, and no line where there is no way."""
    said_at = 0

    def progress(done: int, of: int) -> None:
        nonlocal said_at
        if done > said_at and (done == of or done - said_at >= max(of / 10, 1)):
            said_at = done
            context.log.info("%d of %d %s", done, of, for_log(what))

    return progress


def refusals(context: Context, refused: Sequence[str]) -> Metadata:
    """Log the rows that the database did not take, and return how many there are; nothing if there are none."""
    for sentence in refused:
        context.log.warning("%s", for_log(sentence))
    return {"rows that could not be stored": len(refused)} if refused else {}


def cost(browser: BrowserTurn) -> Metadata:
    """Answers what X's API has cost in this run so far; nothing where nothing is paid for."""
    spent = browser.spent_usd
    return {} if spent is None else {"X API in this run, USD": float(spent)}


def unreadable(context: Context, rows: Sequence[UnreadableRow]) -> Metadata:
    """Return how many rows of X's answers could not be read, and log each; nothing where all were read."""
    for row in rows:
        context.log.warning("%s", for_log(str(row)))
    return {"rows that could not be read": len(rows)} if rows else {}


def wall_metadata(wall: Wall) -> Metadata:
    """Answers what a failed run shows of the wall that it met."""
    return {"wall": text(type(wall).__name__), "needs a person": wall.needs_person}


def unless_it_runs(instance: dg.DagsterInstance, job: str, request: dg.RunRequest) -> Due:
    """Passes a request over where the job is queued or running: that run does the work of this turn too (F26).

    Another account's job of that name does not.
    """
    ours = dg.RunsFilter(job_name=job, statuses=_UNFINISHED, tags={ACCOUNT_TAG: ACCOUNT})
    unfinished = instance.get_run_ids(ours, limit=1)
    if unfinished:
        return PassedOver(Why.UNDER_WAY, f"{job} is queued or running already (run {unfinished[0]})")
    return request


Asset = Callable[Inputs, dg.MaterializeResult[None]]


def blocked_by_a_standstill(asset: Asset[Inputs]) -> Asset[Inputs]:
    """Makes an asset's function say *blocked* where the account may not act: nothing was tried, so nothing failed."""

    @wraps(asset)
    def told(*inputs: Inputs.args, **named: Inputs.kwargs) -> dg.MaterializeResult[None]:
        try:
            return asset(*inputs, **named)
        except Standstill as standstill:
            return dg.MaterializeResult(metadata=said(Result.BLOCKED, str(standstill)))

    return told


@contextmanager
def walls_heeded(context: Context, settings: Settings, database: AccountDatabase, clock: Clock) -> Iterator[None]:
    """Does what a wall demands, and fails the run with its sentence. An error is not an empty result (F22).

    A standstill is no failure, and left to `blocked_by_a_standstill` or whoever called: nothing was tried.
    """
    try:
        yield
    except Standstill:
        raise
    except Wall as wall:
        heed(database, settings.profile, wall, clock=clock, by=provenance(context))
        raise failure(str(wall), wall_metadata(wall)) from wall
