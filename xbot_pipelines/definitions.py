"""What Dagster loads, put together: assets, checks, jobs, schedules, sensors, resources. Nothing else belongs here."""

import dagster as dg

from xbot_pipelines.orchestration.assets import (
    canary,
    conversations,
    followers,
    housekeeping,
    learning,
    metrics,
    news,
    planning,
    posting,
    replies,
    reporting,
    timetable,
)
from xbot_pipelines.orchestration.checks import CHECKS
from xbot_pipelines.orchestration.jobs import JOBS
from xbot_pipelines.orchestration.resources import RESOURCES
from xbot_pipelines.orchestration.schedules import SCHEDULES
from xbot_pipelines.orchestration.sensors import SENSORS
from xbot_pipelines.orchestration.standing import ACCOUNT_STATE, STANDING_JOBS
from xbot_pipelines.orchestration.timetable import TIMETABLE
from xbot_pipelines.orchestration.week import check_timetable

check_timetable(TIMETABLE)

defs = dg.Definitions(
    assets=[
        ACCOUNT_STATE,
        *dg.load_assets_from_modules(
            [
                canary,
                conversations,
                followers,
                housekeeping,
                learning,
                metrics,
                news,
                planning,
                posting,
                replies,
                reporting,
                timetable,
            ]
        ),
    ],
    asset_checks=CHECKS,
    jobs=[*JOBS.values(), *STANDING_JOBS],
    schedules=list(SCHEDULES.values()),
    sensors=SENSORS,
    resources=RESOURCES,
    # One process, one browser, one set of resources for a whole run: a pool is not enforced inside a run.
    executor=dg.in_process_executor,
)
