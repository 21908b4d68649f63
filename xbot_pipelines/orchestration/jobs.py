"""The jobs: which assets each turn of the timetable materializes, and the marks that its runs carry."""

from typing import TYPE_CHECKING

import dagster as dg

from xbot_pipelines.orchestration.assets.canary import session_check as session_check_asset
from xbot_pipelines.orchestration.assets.conversations import post_analytics, received_replies
from xbot_pipelines.orchestration.assets.followers import follower_snapshots, post_follower_tracking
from xbot_pipelines.orchestration.assets.metrics import outcomes, post_velocity_tracking, tweet_metrics
from xbot_pipelines.orchestration.assets.news import news_items
from xbot_pipelines.orchestration.assets.planning import content_metadata
from xbot_pipelines.orchestration.assets.posting import posted_decisions
from xbot_pipelines.orchestration.assets.replies import discovered, reply_drafts
from xbot_pipelines.orchestration.guards import job_tags
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.timetable import turn_of

if TYPE_CHECKING:
    # What define_asset_job answers; Dagster gives it no public name.
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition as Job


def _job(name: str, *assets: dg.AssetsDefinition) -> "Job":
    turn = turn_of(name)
    return dg.define_asset_job(name, selection=list(assets), tags=job_tags(turn, ACCOUNT), description=turn.purpose)


plan = _job("plan", content_metadata)
posting = _job("posting", posted_decisions)
metrics_scraper = _job("metrics_scraper", tweet_metrics, outcomes)
data_collection = _job("data_collection", tweet_metrics, post_velocity_tracking, outcomes)
velocity_tracker = _job("velocity_tracker", post_velocity_tracking, outcomes)
replies = _job("replies", discovered, reply_drafts)
analytics = _job("analytics", post_analytics)
news = _job("news", news_items)
enhanced_metrics = _job("enhanced_metrics", received_replies)
sync_followers = _job("sync_followers", follower_snapshots)
attribution = _job("attribution", post_follower_tracking)
real_outcomes = _job("real_outcomes", outcomes)
session_check = _job("session_check", session_check_asset)

JOBS = (
    plan,
    posting,
    metrics_scraper,
    data_collection,
    velocity_tracker,
    replies,
    analytics,
    news,
    enhanced_metrics,
    sync_followers,
    attribution,
    real_outcomes,
    session_check,
)
