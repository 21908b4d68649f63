"""The assets of metrics: readings, the checkpoints among them, and the outcomes that are derived from them.

All three are kept by the UTC day on which a post was published. A run for many days is one run, and says of each day
what came of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Annotated

import dagster as dg
from pydantic import Field

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import CheckpointStatus, PublishedPost, Result
from xbot_pipelines.orchestration.freshness import FRESH_WHEN_THERE_IS_WORK, fresh
from xbot_pipelines.orchestration.guards import BROWSER_POOL
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import failure, picture, said, table
from xbot_pipelines.orchestration.partitions import PUBLISHED_ON, day_of, window
from xbot_pipelines.orchestration.runs import (
    OWNERS,
    blocked_by_a_standstill,
    cost,
    is_backfill,
    logged,
    refusals,
    source_of,
    unreadable,
    walls_heeded,
)
from xbot_pipelines.pictures.checkpoints import lateness_picture, velocity_picture
from xbot_pipelines.pictures.outcomes import views_picture
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import outcomes as outcomes_store
from xbot_pipelines.store.checkpoints import checkpoints_of
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems import checkpoints, metrics
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.budget import Purpose
from xbot_pipelines.systems.metrics import Posts
from xbot_pipelines.systems.reading import ReadSummary

_MOST_ROWS = 50


class ReadingConfig(dg.Config):
    """What a person can set in the launchpad."""

    posts: Annotated[
        Posts | None,
        Field(
            description="Which posts of the days are read. By default the living ones; in a backfill every one that "
            "was not looked at within the last hour."
        ),
    ] = None


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="metrics",
    owners=OWNERS,
    kinds={"postgres", "playwright"},
    deps=[dg.AssetKey([ACCOUNT, "posted_decisions"])],
    pool=BROWSER_POOL,
    partitions_def=PUBLISHED_ON,
    backfill_policy=dg.BackfillPolicy.single_run(),
    freshness_policy=fresh("metrics_scraper"),
    description="Readings: the counters of one post at one moment, as X showed them. Appended, never changed. "
    "Partitioned by the UTC day on which the post was published.",
)
@blocked_by_a_standstill
def tweet_metrics(
    context: dg.AssetExecutionContext,
    config: ReadingConfig,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    browser: dg.ResourceParam[BrowserTurn],
    clock: dg.ResourceParam[Clock],
) -> dg.MaterializeResult[None]:
    """Reads posts of the partition's days, twenty a request."""
    since, until = window(context)
    which = config.posts or (Posts.EVERY if is_backfill(context.instance, context.run) else Posts.LIVING)
    with walls_heeded(context, settings, database, clock):
        summary = metrics.read_days(
            database,
            browser.client_for(Purpose.OWN),
            which,
            since=since,
            until=until,
            source=source_of(context),
            run_id=context.run.run_id,
            clock=clock,
            progress=logged(context, "posts read"),
        )
    posts = summary.posts
    if posts.unread:
        # What was read is kept. A partition that is only half read must not look materialized.
        raise failure(f"{posts.reason}. Start it again then: it goes on where it stopped")
    _say_of_each_day(context, "posts read", (post for post, _ in posts.read))
    _say_of_each_day(context, "posts gone", (post for post, _ in posts.gone))
    if posts.read:
        # Once, with the newest day: a month of days would show the same table thirty times.
        context.add_asset_metadata(
            {"readings": _readings_table(settings, posts)}, partition_key=context.partition_keys[-1]
        )
    return dg.MaterializeResult(
        metadata=said(
            summary.result,
            summary.reason,
            **cost(browser),
            **{
                "posts read": len(posts.read),
                "new readings": posts.new_readings,
                "posts gone": len(posts.gone),
                "posts that no table knows": len(posts.strangers),
                **refusals(context, posts.refused),
                **unreadable(context, posts.unreadable),
            },
            **({"followers": posts.followers} if posts.followers is not None else {}),
        )
    )


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="metrics",
    owners=OWNERS,
    kinds={"postgres", "playwright"},
    deps=[tweet_metrics],
    pool=BROWSER_POOL,
    partitions_def=PUBLISHED_ON,
    backfill_policy=dg.BackfillPolicy.single_run(),
    freshness_policy=FRESH_WHEN_THERE_IS_WORK,
    description="One post at one checkpoint: its counters at the age of 2, 12 and 24 hours, how late they were read, "
    "and the rate since the checkpoint before. A row is written once and never changed.",
)
@blocked_by_a_standstill
def post_velocity_tracking(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    browser: dg.ResourceParam[BrowserTurn],
    clock: dg.ResourceParam[Clock],
) -> dg.MaterializeResult[None]:
    """Takes every checkpoint of the partition's days that is due and has no row."""
    since, until = window(context)
    with walls_heeded(context, settings, database, clock):
        summary = checkpoints.take_checkpoints(
            database,
            settings.profile,
            browser.client_for(Purpose.OWN),
            since=since,
            until=until,
            source=source_of(context),
            run_id=context.run.run_id,
            clock=clock,
            progress=logged(context, "posts read"),
        )
    if summary.still_due:
        raise failure(f"{summary.reason}. {summary.still_due} checkpoints stay due")
    _say_of_each_day(context, "checkpoints recorded", (checkpoint.post for checkpoint in summary.recorded))
    shown = checkpoints_of(database, since=since, until=until)
    return dg.MaterializeResult(
        metadata=said(
            summary.result,
            summary.reason,
            **cost(browser),
            **unreadable(context, summary.unreadable),
            **{f"recorded {status.replace('_', ' ')}": summary.of(status) for status in CheckpointStatus},
            velocity=picture(velocity_picture(shown)),
            lateness=picture(lateness_picture(shown)),
        )
    )


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="metrics",
    owners=OWNERS,
    kinds={"postgres"},
    deps=[tweet_metrics, dg.AssetKey([ACCOUNT, "posted_decisions"]), dg.AssetKey([ACCOUNT, "post_follower_tracking"])],
    partitions_def=PUBLISHED_ON,
    backfill_policy=dg.BackfillPolicy.single_run(),
    freshness_policy=fresh("metrics_scraper"),
    description="What each post has come to: the latest that is known of every counter, derived from the readings.",
)
def outcomes(
    context: dg.AssetExecutionContext, database: dg.ResourceParam[AccountDatabase]
) -> dg.MaterializeResult[None]:
    """Derives the outcomes of the partition's days from their readings."""
    since, until = window(context)
    collected = outcomes_store.rebuild_outcomes(database, since=since, until=until)
    shown = outcomes_store.outcomes_between(database, since=since, until=until)
    if not shown:
        return dg.MaterializeResult(metadata=said(Result.NOTHING_TO_DO, "nothing of ours was published then"))
    return dg.MaterializeResult(
        metadata=said(
            Result.DONE,
            None,
            **{
                "posts": len(shown),
                "posts with an outcome": collected,
                "posts gone": sum(outcome.gone_at is not None for outcome in shown),
                "views": _sum_of_known(outcome.views for outcome in shown),
                "likes": _sum_of_known(outcome.likes for outcome in shown),
                "views by post": picture(views_picture(shown)),
            },
        )
    )


def _say_of_each_day(context: dg.AssetExecutionContext, what: str, posts: Iterable[PublishedPost]) -> None:
    """Tells the UI of each partition of the run what came of that day alone."""
    counted = Counter(day_of(post.posted_at) for post in posts)
    for day in context.partition_keys:
        context.add_asset_metadata({f"{what} of this day": counted[day]}, partition_key=day)


def _readings_table(settings: Settings, posts: ReadSummary) -> dg.TableMetadataValue:
    address: Callable[[str], str] = f"{settings.x_url}/{settings.profile.handle}/status/{{}}".format
    rows: list[dict[str, str | float | None]] = [
        {
            "post": address(post.tweet_id),
            "text": post.text[:80],
            "age in hours": round((reading.observed_at - post.posted_at).total_seconds() / 3600, 2),
            **{name: getattr(reading, name) for name in ("views", "likes", "reposts", "replies", "bookmarks")},
        }
        for post, reading in posts.read[-_MOST_ROWS:]
    ]
    return table(rows)


def _sum_of_known(counts: Iterable[int | None]) -> int | str:
    """Adds up what is known; nothing known is not zero (F09)."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else "unknown"
