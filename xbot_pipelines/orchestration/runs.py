"""What every run has in common: who it is, how it says what came of it, and what a wall does to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import Result
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.browser_turn import Standstill
from xbot_pipelines.systems.walls import heed
from xbot_pipelines.x.walls import Wall

OWNERS = ["team:account"]

Metadata = dict[str, Any]
Context = dg.AssetExecutionContext | dg.OpExecutionContext


def provenance(context: Context) -> Provenance:
    """Answers who writes into the tables: this job, in this run."""
    return Provenance(actor=context.run.job_name, run_id=context.run.run_id)


def said(result: Result, reason: str | None, **metadata: Any) -> Metadata:
    """Answers metadata that tells done, nothing to do and blocked apart, and why (F25)."""
    return {"result": result.value, **({"reason": reason} if reason else {}), **metadata}


def wall_metadata(wall: Wall) -> Metadata:
    """Answers what a failed run shows of the wall that it met."""
    return {
        "wall": dg.MetadataValue.text(type(wall).__name__),
        "needs a person": dg.MetadataValue.bool(wall.needs_person),
    }


@contextmanager
def walls_heeded(context: Context, settings: Settings, database: AccountDatabase, clock: Clock) -> Iterator[None]:
    """Does what a wall demands, and fails the run with its sentence. An error is not an empty result (F22).

    A standstill is no failure, and left to whoever called: nothing was tried.
    """
    try:
        yield
    except Standstill:
        raise
    except Wall as wall:
        heed(database, settings.profile, wall, clock=clock, by=provenance(context))
        raise dg.Failure(description=str(wall), metadata=wall_metadata(wall), allow_retries=False) from wall
