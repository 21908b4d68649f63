"""The jobs: which assets each turn of the timetable materializes, and the marks that its runs carry."""

from typing import TYPE_CHECKING

import dagster as dg

from xbot_pipelines.orchestration.assets.metrics import outcomes, tweet_metrics
from xbot_pipelines.orchestration.assets.planning import content_metadata
from xbot_pipelines.orchestration.assets.posting import posted_decisions
from xbot_pipelines.orchestration.guards import job_tags
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.timetable import turn_of

if TYPE_CHECKING:
    # What define_asset_job answers; Dagster gives it no public name.
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition


def _job(name: str, *assets: dg.AssetsDefinition) -> "UnresolvedAssetJobDefinition":
    turn = turn_of(name)
    return dg.define_asset_job(name, selection=list(assets), tags=job_tags(turn, ACCOUNT), description=turn.purpose)


plan = _job("plan", content_metadata)
posting = _job("posting", posted_decisions)
metrics_scraper = _job("metrics_scraper", tweet_metrics, outcomes)

JOBS = (plan, posting, metrics_scraper)
