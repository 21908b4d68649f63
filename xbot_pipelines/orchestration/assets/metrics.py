"""The assets of metrics: readings, and the outcomes that are derived from them."""

from collections.abc import Iterable

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import ReadingSource, Result
from xbot_pipelines.orchestration.guards import BROWSER_POOL
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.partitions import PUBLISHED_ON, window
from xbot_pipelines.orchestration.pictures import views_picture
from xbot_pipelines.orchestration.runs import OWNERS, said, walls_heeded
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import readings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems import metrics
from xbot_pipelines.systems.browser_turn import BrowserTurn, Standstill

_BACKFILL_TAG = "dagster/backfill"
_MOST_ROWS = 50


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="metrics",
    owners=OWNERS,
    kinds={"postgres", "playwright"},
    deps=[dg.AssetKey([ACCOUNT, "posted_decisions"])],
    pool=BROWSER_POOL,
    partitions_def=PUBLISHED_ON,
    backfill_policy=dg.BackfillPolicy.single_run(),
    description="Readings: the counters of one post at one moment, as X showed them. Appended, never changed. "
    "Partitioned by the UTC day on which the post was published.",
)
def tweet_metrics(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    browser: dg.ResourceParam[BrowserTurn],
    clock: dg.ResourceParam[Clock],
) -> dg.MaterializeResult[None]:
    """Reads every post of the partition's days from the own timeline."""
    since, until = window(context)
    try:
        with walls_heeded(context, settings, database, clock):
            summary = metrics.read_own_posts(
                database,
                browser.client,
                since=since,
                until=until,
                source=ReadingSource.BACKFILL if _BACKFILL_TAG in context.run.tags else ReadingSource.METRICS_SCRAPER,
                run_id=context.run.run_id,
            )
    except Standstill as standstill:
        return dg.MaterializeResult(metadata=said(Result.BLOCKED, str(standstill)))
    rows: list[dict[str, str | float | None]] = [
        {
            "post": f"{settings.x_url}/{settings.profile.handle}/status/{post.tweet_id}",
            "text": post.text[:80],
            "age in hours": round((reading.observed_at - post.posted_at).total_seconds() / 3600, 2),
            **{name: getattr(reading, name) for name in ("views", "likes", "reposts", "replies", "bookmarks")},
        }
        for post, reading in summary.read[-_MOST_ROWS:]
    ]
    return dg.MaterializeResult(
        metadata=said(
            summary.result,
            summary.reason,
            **{
                "posts read": len(summary.read),
                "new readings": summary.new_readings,
                "posts missing on the timeline": len(summary.missing),
                "posts that no table knows": len(summary.strangers),
            },
            **({"followers": summary.followers} if summary.followers is not None else {}),
            **({"readings": _table(rows)} if rows else {}),
        )
    )


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="metrics",
    owners=OWNERS,
    kinds={"postgres"},
    deps=[tweet_metrics, dg.AssetKey([ACCOUNT, "posted_decisions"])],
    partitions_def=PUBLISHED_ON,
    backfill_policy=dg.BackfillPolicy.single_run(),
    description="What each post has come to: the latest that is known of every counter, derived from the readings.",
)
def outcomes(
    context: dg.AssetExecutionContext, database: dg.ResourceParam[AccountDatabase]
) -> dg.MaterializeResult[None]:
    """Derives the outcomes of the partition's days from their readings."""
    since, until = window(context)
    collected = readings.rebuild_outcomes(database, since=since, until=until)
    shown = readings.outcomes_between(database, since=since, until=until)
    if not shown:
        return dg.MaterializeResult(metadata=said(Result.NOTHING_TO_DO, "nothing of ours was published then"))
    return dg.MaterializeResult(
        metadata=said(
            Result.DONE,
            None,
            **{
                "posts": len(shown),
                "posts with an outcome": collected,
                "views": _sum_of_known(outcome.views for outcome in shown),
                "likes": _sum_of_known(outcome.likes for outcome in shown),
                "views by post": dg.MetadataValue.md(views_picture(shown)),
            },
        )
    )


def _sum_of_known(counts: Iterable[int | None]) -> int | str:
    """Adds up what is known; nothing known is not zero (F09)."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else "unknown"


def _table(rows: list[dict[str, str | float | None]]) -> dg.TableMetadataValue:
    return dg.MetadataValue.table([dg.TableRecord(row) for row in rows])
