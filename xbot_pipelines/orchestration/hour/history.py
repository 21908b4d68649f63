"""How long each job's runs took, from Dagster's own history of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import dagster as dg

from xbot_pipelines.orchestration.guards import ACCOUNT_TAG

LOOK_BACK = timedelta(days=7)

# More say no more about a median, and every one is read.
_MOST_RUNS_OF_A_JOB = 500


@dataclass(frozen=True)
class EndedRun:
    """One run that has ended: how long it took from its start, and whether it went well."""

    took: timedelta
    went_well: bool


def ended_runs(
    instance: dg.DagsterInstance, account: str, jobs: Iterable[str], *, since: datetime
) -> Mapping[str, Sequence[EndedRun]]:
    """Answers an account's latest runs of each job that were asked for since then and have ended, by the job's name.

    A run that never started, because it was canceled in the queue, has no length and is left out.
    """
    return {job: _ended_runs_of(instance, account, job, since) for job in jobs}


def _ended_runs_of(instance: dg.DagsterInstance, account: str, job: str, since: datetime) -> Sequence[EndedRun]:
    ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
    records = instance.get_run_records(
        dg.RunsFilter(job_name=job, statuses=ended, tags={ACCOUNT_TAG: account}, created_after=since),
        limit=_MOST_RUNS_OF_A_JOB,
    )
    return [
        EndedRun(
            took=timedelta(seconds=record.end_time - record.start_time),
            went_well=record.dagster_run.status == dg.DagsterRunStatus.SUCCESS,
        )
        for record in records
        if record.start_time is not None and record.end_time is not None
    ]
