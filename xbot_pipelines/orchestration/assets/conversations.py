"""The assets of what one post page each tells: the owner's private figures, and who answered us."""

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.orchestration.freshness import FRESH_WHEN_THERE_IS_WORK
from xbot_pipelines.orchestration.guards import BROWSER_POOL
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import said, table
from xbot_pipelines.orchestration.runs import OWNERS, blocked_by_a_standstill, cost, provenance, refusals, walls_heeded
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems import analytics, conversations
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.budget import Purpose

_MOST_ROWS = 50


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="metrics",
    owners=OWNERS,
    kinds={"postgres", "playwright"},
    deps=[dg.AssetKey([ACCOUNT, "outcomes"])],
    pool=BROWSER_POOL,
    freshness_policy=FRESH_WHEN_THERE_IS_WORK,
    description="What X tells only the owner of a post: profile visits, detail expands, link clicks. Kept among the "
    "readings; one page a post, so a dozen a turn.",
)
@blocked_by_a_standstill
def post_analytics(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    browser: dg.ResourceParam[BrowserTurn],
    clock: dg.ResourceParam[Clock],
) -> dg.MaterializeResult[None]:
    """Reads the private figures that are owed."""
    with walls_heeded(context, settings, database, clock):
        summary = analytics.read_private_figures(
            database, browser.client_for(Purpose.OWN), run_id=context.run.run_id, clock=clock
        )
    rows = [{"post": post.tweet_id, "text": post.text[:80], **vars(figures)} for post, figures in summary.read]
    return dg.MaterializeResult(
        metadata=said(
            summary.result,
            summary.reason,
            **cost(browser),
            **{"posts read": len(rows), "posts gone": len(summary.gone), "posts waiting": summary.waiting},
            **({"figures": table(rows)} if rows else {}),
        )
    )


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="metrics",
    owners=OWNERS,
    kinds={"postgres", "playwright"},
    deps=[dg.AssetKey([ACCOUNT, "outcomes"])],
    pool=BROWSER_POOL,
    freshness_policy=FRESH_WHEN_THERE_IS_WORK,
    description="Who answered our posts, and how: each reply as it was last seen, from the page of our post.",
)
@blocked_by_a_standstill
def received_replies(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    browser: dg.ResourceParam[BrowserTurn],
    clock: dg.ResourceParam[Clock],
) -> dg.MaterializeResult[None]:
    """Reads the conversations under posts that have replies we do not know."""
    with walls_heeded(context, settings, database, clock):
        summary = conversations.read_conversations(
            database,
            browser.client_for(Purpose.OTHERS),
            handle=settings.profile.handle,
            by=provenance(context),
            clock=clock,
        )
    answerers = [{"author": f"@{handle}", "replies": count} for handle, count in summary.answerers[:_MOST_ROWS]]
    return dg.MaterializeResult(
        metadata=said(
            summary.result,
            summary.reason,
            **cost(browser),
            **{
                "conversations read": len(summary.read),
                "replies that were new": summary.new,
                "replies that ask something": summary.questions,
                "posts gone": len(summary.gone),
                "authors who asked to be left alone": len(summary.opted_out),
                **refusals(context, summary.refused),
            },
            **({"who answered": table(answerers)} if answerers else {}),
        )
    )
