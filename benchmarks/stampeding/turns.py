"""What is asked for: one run of every job of the timetable, exactly as the job's own schedule would ask for it."""

import warnings
from collections.abc import Sequence

import dagster as dg

from benchmarks.stampeding.runs import Asked
from xbot_pipelines.clock import SystemClock
from xbot_pipelines.orchestration.passing import Due, PassedOver
from xbot_pipelines.orchestration.timetable import TIMETABLE, Turn
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase


def turns(settings: Settings, database: AccountDatabase, jobs: Sequence[str] | None = None) -> Sequence[Asked]:
    """Asks of every job what is due, as its schedule would.

    Args:
        settings: of the account.
        database: what is due is in it.
        jobs: only these of the timetable; all by default.

    Raises:
        RuntimeError: a browser job has nothing to do, so its turn would show nothing.
    """
    with warnings.catch_warnings():
        # Dagster warns whoever loads the definitions of what is new in it, and that is no news here.
        warnings.simplefilter("ignore")
        from xbot_pipelines.orchestration.due import QUESTIONS
    now = SystemClock().now()
    wanted = [turn for turn in TIMETABLE if jobs is None or turn.job in jobs]
    return [_asked(turn, QUESTIONS[turn.job](settings, database, now)) for turn in wanted]


def _asked(turn: Turn, answer: Due) -> Asked:
    if isinstance(answer, PassedOver):
        if turn.uses_browser:
            raise RuntimeError(f"{turn.job} would not run in the world of this benchmark: {answer}")
        # Without a browser there is little to be seen of a job, whether it finds something to do or not.
        answer = dg.RunRequest()
    return Asked(
        job=turn.job,
        uses_browser=turn.uses_browser,
        deadline_seconds=turn.deadline.total_seconds(),
        tags=answer.tags,
        run_config=answer.run_config,
    )
