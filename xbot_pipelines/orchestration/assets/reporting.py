"""The asset of reporting: each day of the account, written down for a person."""

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.orchestration.freshness import fresh
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import Metadata, path, picture, said
from xbot_pipelines.orchestration.runs import OWNERS
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems import reporting
from xbot_pipelines.text.escape import for_log

_READ = (
    "content_metadata",
    "posted_decisions",
    "outcomes",
    "post_velocity_tracking",
    "follower_snapshots",
    "received_replies",
    "reply_opportunities",
)


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="operations",
    owners=OWNERS,
    kinds={"html", "markdown"},
    deps=[dg.AssetKey([ACCOUNT, table]) for table in _READ],
    freshness_policy=fresh("daily_report"),
    description="Yesterday in one file for a person, as HTML and as Markdown. Days whose report is missing are made up "
    "for, up to seven; yesterday's is written again each time.",
)
def daily_report(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    clock: dg.ResourceParam[Clock],
) -> dg.MaterializeResult[None]:
    """Writes the reports that are owed, and yesterday's."""
    summary = reporting.write_reports(settings, database, clock=clock)
    metadata: Metadata = {}
    for report in summary.written:
        context.log.info("%s", for_log(f"{report.day}: {report.html_file} and {report.markdown_file}"))
    if summary.written:
        latest = summary.written[-1]
        metadata = {
            "days": ", ".join(report.day.isoformat() for report in summary.written),
            "report": path(latest.html_file),
            "report as Markdown": path(latest.markdown_file),
            "summary": latest.said.summary,
            **{name: picture(drawn) for name, drawn in latest.said.pictures.items()},
        }
    return dg.MaterializeResult(metadata=said(summary.result, summary.reason, **metadata))
