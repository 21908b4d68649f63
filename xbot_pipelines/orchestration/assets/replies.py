"""The assets of replies: whom we know, what of theirs is worth a reply, and the replies that were drafted."""

import random
from collections.abc import Iterator

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.content.writer import Writer
from xbot_pipelines.models import DecisionStatus, Result
from xbot_pipelines.orchestration.freshness import fresh
from xbot_pipelines.orchestration.guards import BROWSER_POOL
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import Metadata, said, table
from xbot_pipelines.orchestration.runs import (
    OWNERS,
    blocked_by_a_standstill,
    cost,
    desk,
    refusals,
    unreadable,
    walls_heeded,
)
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems import discovery, replying
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.budget import Purpose
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.text.escape import for_log

_PEOPLE = "discovered_accounts"
_POSTS = "reply_opportunities"
_GROUP = "replies"
_TEXT_SHOWN = 120


@dg.multi_asset(
    name="discovery",
    group_name=_GROUP,
    pool=BROWSER_POOL,
    outs={
        _PEOPLE: dg.AssetOut(
            key=[ACCOUNT, _PEOPLE],
            dagster_type=dg.Nothing,
            owners=OWNERS,
            kinds={"postgres", "playwright"},
            freshness_policy=fresh("replies"),
            description="Accounts worth replying to: who writes about our subjects, who answers us, whom those talk "
            "with. Relevance is what they write about; whoever asked to be left alone is, for good.",
        ),
        _POSTS: dg.AssetOut(
            key=[ACCOUNT, _POSTS],
            dagster_type=dg.Nothing,
            owners=OWNERS,
            kinds={"postgres", "playwright", "openai"},
            freshness_policy=fresh("replies"),
            description="Posts that could be answered, each with its score part by part; what was turned away and why.",
        ),
    },
)
def discovered(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    browser: dg.ResourceParam[BrowserTurn],
    writer: dg.ResourceParam[Writer],
    clock: dg.ResourceParam[Clock],
) -> Iterator[dg.Output[None]]:
    """Looks around once: both come of the same reading."""
    try:
        with walls_heeded(context, settings, database, clock):
            summary = discovery.discover(
                desk(context, settings, database, writer, clock),
                ours=browser.client_for(Purpose.OWN),
                others=browser.client_for(Purpose.OTHERS),
            )
    except Standstill as standstill:
        summary = discovery.DiscoverySummary(result=Result.BLOCKED, reason=str(standstill))
    context.log.info("%s", for_log(summary.sentence))
    people = {
        "new accounts": summary.new_people,
        "asked to be left alone": len(summary.opted_out),
        **refusals(context, summary.refused),
    }
    yield dg.Output(None, _PEOPLE, metadata=said(summary.result, summary.reason, **people))
    yield dg.Output(
        None,
        _POSTS,
        metadata=said(
            summary.result,
            summary.reason,
            **cost(browser),
            **unreadable(context, summary.unreadable),
            **_found(summary),
        ),
    )


@dg.asset(
    key_prefix=ACCOUNT,
    group_name=_GROUP,
    owners=OWNERS,
    kinds={"postgres", "playwright", "openai"},
    deps=[dg.AssetKey([ACCOUNT, _POSTS])],
    pool=BROWSER_POOL,
    freshness_policy=fresh("replies"),
    description="Replies that were drafted from whole conversations: queued, waiting for a person in `xbot review`, or "
    "rejected with the reason. They are sent by the posting job alone.",
)
@blocked_by_a_standstill
def reply_drafts(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    browser: dg.ResourceParam[BrowserTurn],
    writer: dg.ResourceParam[Writer],
    clock: dg.ResourceParam[Clock],
) -> dg.MaterializeResult[None]:
    """Drafts replies to the best opportunities."""
    with walls_heeded(context, settings, database, clock):
        summary = replying.draft_replies(
            desk(context, settings, database, writer, clock),
            browser.client_for(Purpose.OWN),
            random_source=random.Random(context.run.run_id),
        )
    rows = [
        {
            "to": f"@{reply.opportunity.author.handle}",
            "their post": reply.opportunity.text[:_TEXT_SHOWN],
            "our reply": reply.draft.text,
            "stands": reply.status.value,
            "why": reply.reason or "",
        }
        for reply in summary.replies
    ]
    set_aside = [
        {"post": opportunity.post_id, "author": f"@{opportunity.author.handle}", "why": why}
        for opportunity, why in summary.set_aside
    ]
    return dg.MaterializeResult(
        metadata=said(
            summary.result,
            summary.reason,
            **cost(browser),
            **{
                "queued": summary.count(DecisionStatus.QUEUED),
                "waiting for a person": summary.count(DecisionStatus.NEEDS_REVIEW),
                "rejected": summary.count(DecisionStatus.REJECTED),
                "opportunities still open": summary.still_open,
            },
            **({"replies": table(rows)} if rows else {}),
            **({"set aside": table(set_aside)} if set_aside else {}),
        )
    )


def _found(summary: discovery.DiscoverySummary) -> Metadata:
    """Answers what the UI shows of the opportunities: how many, what each filter turned away, and the found ones."""
    filters = [{"filter": reason, "turned away": count} for reason, count in summary.turned_away.items()]
    rows = [
        {
            "score": one.score,
            "author": f"@{one.author.handle}",
            "subject": one.subject or "",
            "text": one.text[:_TEXT_SHOWN],
            "post": one.post_id,
        }
        for one in summary.found
    ]
    return {
        "found": len(summary.found),
        "posts seen": summary.seen,
        "turned away": sum(summary.turned_away.values()),
        **({"filters": table(filters)} if filters else {}),
        **({"opportunities": table(rows)} if rows else {}),
    }
