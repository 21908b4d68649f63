"""Looking at the hour: everything that is measured of it, put together."""

from datetime import datetime

import dagster as dg

from xbot_pipelines.orchestration.hour.capacity import Hour, hour_of
from xbot_pipelines.orchestration.hour.history import LOOK_BACK, ended_runs
from xbot_pipelines.orchestration.timetable import TIMETABLE
from xbot_pipelines.store.browser_use import uses_between
from xbot_pipelines.store.database import AccountDatabase


def look(instance: dg.DagsterInstance, database: AccountDatabase, *, now: datetime) -> Hour:
    """Answers the hour as the runs of the last week say."""
    since = now - LOOK_BACK
    ended = ended_runs(instance, database.account, [turn.job for turn in TIMETABLE], since=since)
    return hour_of(TIMETABLE, ended, uses_between(database, since=since, until=now), since=since, now=now)
