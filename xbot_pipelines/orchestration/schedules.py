"""The schedules: the timetable's minutes, and what is asked before a turn is taken.

In this order: is it still this turn's time, is anything due, may the account act, is the job under way already. The
first no is what the tick shows.
"""

from datetime import datetime

import dagster as dg

from xbot_pipelines.clock import Clock, utc
from xbot_pipelines.orchestration.due import QUESTIONS
from xbot_pipelines.orchestration.jobs import JOBS
from xbot_pipelines.orchestration.location import SETTINGS
from xbot_pipelines.orchestration.passing import Due, PassedOver, Why, blocked, told
from xbot_pipelines.orchestration.runs import unless_it_runs
from xbot_pipelines.orchestration.timetable import TIMETABLE, Turn
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase


def is_missed(turn: Turn, scheduled_at: datetime, now: datetime, settings: Settings) -> str | None:
    """Says why a turn is not made up for, or None while it is worth it: until the next one is nearer (F26).

    After a downtime Dagster gives every schedule its last missed turn at once, however late. What is owed lies in the
    tables, so nothing is forgotten with a turn that is left to its successor.
    """
    following = turn.next_after(scheduled_at, settings.profile.timezone)
    if now - scheduled_at <= following - now:
        return None
    return (
        f"this turn was {scheduled_at:%Y-%m-%d %H:%M} UTC, and the next one at {following:%H:%M} is nearer by now: it "
        "does the work of both"
    )


def due(turn: Turn, settings: Settings, database: AccountDatabase, *, scheduled_at: datetime, now: datetime) -> Due:
    """Answers what is to be done in a turn, whether or not the job is under way: only Dagster knows that."""
    missed = is_missed(turn, scheduled_at, now, settings)
    if missed:
        return PassedOver(Why.MISSED, missed)
    answer = QUESTIONS[turn.job](settings, database, now)
    if turn.uses_browser and isinstance(answer, dg.RunRequest):
        standstill = settings.lacks_acknowledgement or account.state_of(database).standstill(now)
        return blocked(standstill) if standstill else answer
    return answer


def _schedule(turn: Turn) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=f"{turn.job}_turn",
        job=JOBS[turn.job],
        cron_schedule=turn.cron,
        execution_timezone=str(SETTINGS.profile.timezone) if turn.account_time else "UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=turn.purpose,
    )
    def asked(
        context: dg.ScheduleEvaluationContext,
        settings: dg.ResourceParam[Settings],
        database: dg.ResourceParam[AccountDatabase],
        clock: dg.ResourceParam[Clock],
    ) -> dg.RunRequest | dg.SkipReason:
        scheduled_at = utc(context.scheduled_execution_time)
        answer = due(turn, settings, database, scheduled_at=scheduled_at, now=clock.now())
        if isinstance(answer, dg.RunRequest):
            answer = unless_it_runs(context.instance, turn.job, answer)
        return told(answer)

    return asked


SCHEDULES = {turn.job: _schedule(turn) for turn in TIMETABLE}
"""The schedule of each job, by the job's name."""
