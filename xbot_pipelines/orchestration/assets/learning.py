"""The asset of learning: what is believed to work."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import Result
from xbot_pipelines.orchestration.freshness import FRESH_WHEN_THERE_IS_WORK
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import Metadata, picture, said, table
from xbot_pipelines.orchestration.runs import OWNERS
from xbot_pipelines.pictures.arms import arms_picture
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems import learning

if TYPE_CHECKING:
    from xbot_pipelines.learning.beliefs import ArmBelief

_BEST_AND_WORST = 5


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="learning",
    owners=OWNERS,
    kinds={"postgres", "numpy"},
    deps=[dg.AssetKey([ACCOUNT, name]) for name in ("outcomes", "post_velocity_tracking", "follower_snapshots")],
    freshness_policy=FRESH_WHEN_THERE_IS_WORK,
    description="What is believed of each subject, angle, tone, format, hook and hour: how many times the account's "
    "usual engagement it brings, and between which bounds. Planning draws from such beliefs, reckoned at its own turn.",
)
def learned_arms(
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    clock: dg.ResourceParam[Clock],
) -> dg.MaterializeResult[None]:
    """Learns from what the posts of the last 120 days have come to."""
    summary = learning.learn(database, settings.profile, clock=clock)
    metadata: Metadata = {}
    if summary.result == Result.DONE:
        metadata = {
            "what works": summary.works,
            "luck": summary.luck,
            "posts learned from": summary.finished + summary.young,
            "of these not a day old": summary.young,
            "posts of which something is not known": summary.unknown,
            "best and worst": _table(summary.arms),
            "beliefs": picture(arms_picture(summary.arms)),
        }
    return dg.MaterializeResult(metadata=said(summary.result, summary.reason, **metadata))


def _table(believed: Sequence["ArmBelief"]) -> dg.TableMetadataValue:
    best_first = sorted(believed, key=lambda arm: arm.mean, reverse=True)
    return table(
        {
            "value": f"{arm.dimension}: {arm.value}",
            "engagement": learning.in_words(arm),
            "posts": round(arm.pulls, 1),
        }
        for arm in (*best_first[:_BEST_AND_WORST], *best_first[-_BEST_AND_WORST:])
    )
