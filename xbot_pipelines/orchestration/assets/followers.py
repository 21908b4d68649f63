"""The assets of followers: their curve, and which post won whom."""

from datetime import timedelta

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import Result
from xbot_pipelines.orchestration.freshness import fresh
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import Metadata, picture, said, table, timestamp
from xbot_pipelines.orchestration.runs import OWNERS
from xbot_pipelines.pictures.followers import follower_picture, won_picture
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems import followers
from xbot_pipelines.systems.followers import AttributionSummary

_MOST_ROWS = 50
_HOUR = timedelta(hours=1)


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="followers",
    owners=OWNERS,
    kinds={"postgres"},
    deps=[dg.AssetKey([ACCOUNT, "tweet_metrics"])],
    freshness_policy=fresh("sync_followers"),
    description="Our follower count over time: one row for each page that showed it. No page is opened for it alone.",
)
def follower_snapshots(
    database: dg.ResourceParam[AccountDatabase], clock: dg.ResourceParam[Clock]
) -> dg.MaterializeResult[None]:
    """Shows the curve, and what was gained over a day, a week and four."""
    summary = followers.sync_followers(database, clock=clock)
    metadata: Metadata = {}
    if summary.latest is not None:
        metadata = {
            "followers": summary.latest.followers,
            "counted at": timestamp(summary.latest.observed_at),
            "counts": len(summary.curve),
            **{f"gained in {days} days": _known(gained) for days, gained in summary.gains_over_days},
            "longest gap in hours": _known(None if summary.longest_gap is None else summary.longest_gap / _HOUR),
            "curve": picture(follower_picture(summary.curve)),
        }
    return dg.MaterializeResult(metadata=said(summary.result, summary.reason, **metadata))


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="followers",
    owners=OWNERS,
    kinds={"postgres"},
    deps=[follower_snapshots, dg.AssetKey([ACCOUNT, "tweet_metrics"]), dg.AssetKey([ACCOUNT, "posted_decisions"])],
    freshness_policy=fresh("attribution"),
    description="How many followers each post has won by 0, 2, 24 and 48 hours, between which bounds: the gain of each "
    "interval beyond the account's drift, shared among the posts that were being seen in it.",
)
def post_follower_tracking(
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    clock: dg.ResourceParam[Clock],
) -> dg.MaterializeResult[None]:
    """Estimates again what the posts of the last eight days have won."""
    summary = followers.attribute(database, clock=clock)
    metadata: Metadata = {"posts": len(summary.posts)}
    if summary.result == Result.DONE:
        metadata |= {
            "checkpoints": len(summary.tracked),
            "checkpoints of which it is unknown": summary.unknown,
            "drift per day": _known(summary.drift_per_day),
            "drift per day, standard deviation": _known(summary.drift_deviation),
            "won by post": picture(won_picture(summary.latest)),
            **({"posts that won most": _table(summary, settings)} if summary.latest else {}),
        }
    return dg.MaterializeResult(metadata=said(summary.result, summary.reason, **metadata))


def _table(summary: AttributionSummary, settings: Settings) -> dg.TableMetadataValue:
    ids = {post.decision_id: post.tweet_id for post in summary.posts}
    best_first = sorted(summary.latest, key=lambda row: row.attributed or 0.0, reverse=True)
    return table(
        {
            "post": f"{settings.x_url}/{settings.profile.handle}/status/{ids[row.decision_id]}",
            "after hours": row.checkpoint_hours,
            "at least": _rounded(row.attributed_low),
            "won": _rounded(row.attributed),
            "at most": _rounded(row.attributed_high),
        }
        for row in best_first[:_MOST_ROWS]
    )


def _known(figure: float | None) -> float | str:
    return "unknown" if figure is None else figure


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 2)
