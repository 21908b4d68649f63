"""The asset of the timetable: the browser's hour, as it was planned and as it is used."""

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import Result
from xbot_pipelines.orchestration.freshness import fresh
from xbot_pipelines.orchestration.hour.drawn import hour_picture
from xbot_pipelines.orchestration.hour.look import look
from xbot_pipelines.orchestration.hour.sentences import in_percent, in_seconds
from xbot_pipelines.orchestration.hour.sentences import sentences as sentences_of
from xbot_pipelines.orchestration.hour.shown import as_page
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import path, picture, said, sentences, table
from xbot_pipelines.orchestration.runs import OWNERS
from xbot_pipelines.private_files import write_private
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="operations",
    owners=OWNERS,
    kinds={"dagster"},
    freshness_policy=fresh("daily_report"),
    description="The hour: each job's minutes, how long its runs take, how much of the browser's hour is used, and "
    "where a run may reach into another job's turn. The same as `xbot timetable` shows.",
)
def timetable(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    clock: dg.ResourceParam[Clock],
) -> dg.MaterializeResult[None]:
    """Looks at the runs of the last week, and writes the page."""
    hour = look(context.instance, database, now=clock.now())
    page = settings.reports_folder / "timetable.html"
    write_private(page, as_page(hour, account=settings.account, zone=str(settings.profile.timezone)))
    rows = [
        {
            "job": job.turn.job,
            "minutes": " ".join(f":{minute:02}" for minute in job.turn.minutes),
            "browser": job.turn.uses_browser,
            "p50": in_seconds(job.runs.p50 if job.runs else None),
            "p95": in_seconds(job.runs.p95 if job.runs else None),
            "runs": job.runs.count if job.runs else 0,
            "of the browser's hour": in_percent(job.share) if job.turn.uses_browser else "",
        }
        for job in hour.jobs
    ]
    return dg.MaterializeResult(
        metadata=said(
            Result.DONE,
            None,
            **{
                "in use": in_percent(hour.used),
                "the hour": picture(hour_picture(hour)),
                "jobs": table(rows),
                "what it means": sentences(sentences_of(hour)),
                "page": path(page),
            },
        )
    )
