"""The asset of planning: the queue of content."""

import random

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.content.writer import Writer
from xbot_pipelines.orchestration.freshness import FRESH_WHEN_THERE_IS_WORK
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import Metadata, json_value, link, post_text, said, timestamp
from xbot_pipelines.orchestration.runs import OWNERS, desk
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems import planning
from xbot_pipelines.systems.pricing import link_warning
from xbot_pipelines.text.escape import for_log


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="posting",
    owners=OWNERS,
    kinds={"postgres", "openai"},
    deps=[dg.AssetKey([ACCOUNT, "news_items"])],
    freshness_policy=FRESH_WHEN_THERE_IS_WORK,
    description="Content on its way: every post and reply that was written, with what it is about and where it stands.",
)
def content_metadata(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    writer: dg.ResourceParam[Writer],
    clock: dg.ResourceParam[Clock],
) -> dg.MaterializeResult[None]:
    """Plans one piece of content."""
    summary = planning.plan(
        desk(context, settings, database, writer, clock), random_source=random.Random(context.run.run_id)
    )
    metadata: Metadata = {"waiting": summary.waiting}
    if summary.draft is not None and summary.scheduled_at is not None:
        metadata |= {
            "text": post_text(summary.draft.text),
            "about": f"{summary.draft.topic}: {summary.draft.angle}, {summary.draft.tone}, "
            f"{summary.draft.format}, {summary.draft.hook}",
            "chosen because": json_value(dict(summary.draft.chosen_because or {})),
            "scheduled at": timestamp(summary.scheduled_at),
            "cost in dollars": summary.draft.cost_usd or 0.0,
            "decision": str(summary.decision_id),
        }
        warning = link_warning(summary.draft.text, is_reply=False, profile=settings.profile)
        if warning is not None and not summary.turned_away:
            context.log.warning("What was queued is dear: %s", for_log(warning))
            metadata["warning"] = warning
    if summary.awaits is not None:
        metadata["waits for a person"] = summary.awaits
    if summary.score is not None:
        metadata["score"] = json_value({**summary.score.parts, "total": summary.score.total})
    if summary.news is not None:
        metadata["about the news"] = link(summary.news.url)
    return dg.MaterializeResult(metadata=said(summary.result, summary.reason, **metadata))
