"""The jobs: which assets each turn of the timetable materializes, and the marks that its runs carry."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import dagster as dg

from xbot_pipelines.orchestration.assets.canary import session_check
from xbot_pipelines.orchestration.assets.conversations import post_analytics, received_replies
from xbot_pipelines.orchestration.assets.followers import follower_snapshots, post_follower_tracking
from xbot_pipelines.orchestration.assets.housekeeping import housekeeping
from xbot_pipelines.orchestration.assets.learning import learned_arms
from xbot_pipelines.orchestration.assets.metrics import outcomes, post_velocity_tracking, tweet_metrics
from xbot_pipelines.orchestration.assets.news import news_items
from xbot_pipelines.orchestration.assets.planning import content_metadata
from xbot_pipelines.orchestration.assets.posting import posted_decisions
from xbot_pipelines.orchestration.assets.replies import discovered, reply_drafts
from xbot_pipelines.orchestration.assets.reporting import daily_report
from xbot_pipelines.orchestration.assets.timetable import timetable
from xbot_pipelines.orchestration.guards import job_tags
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.timetable import TIMETABLE, Turn

if TYPE_CHECKING:
    # What define_asset_job answers; Dagster gives it no public name.
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition as Job

_ASSETS: Mapping[str, Sequence[dg.AssetsDefinition]] = {
    "posting": [posted_decisions],
    "plan": [content_metadata],
    "data_collection": [tweet_metrics, post_velocity_tracking, outcomes],
    "metrics_scraper": [tweet_metrics, outcomes],
    "velocity_tracker": [post_velocity_tracking, outcomes],
    "replies": [discovered, reply_drafts],
    "analytics": [post_analytics],
    "sync_followers": [follower_snapshots],
    "news": [news_items],
    "enhanced_metrics": [received_replies],
    "learning": [learned_arms],
    "attribution": [post_follower_tracking],
    "real_outcomes": [outcomes],
    "session_check": [session_check],
    "daily_report": [daily_report, timetable],
    "housekeeping": [housekeeping],
}


def _job(turn: Turn) -> "Job":
    tags = job_tags(turn, ACCOUNT)
    return dg.define_asset_job(turn.job, selection=_ASSETS[turn.job], tags=tags, description=turn.purpose)


JOBS = {turn.job: _job(turn) for turn in TIMETABLE}
"""The job of each turn, by its name."""
