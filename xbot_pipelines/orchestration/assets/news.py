"""The asset of news: what feeds and X offer to write about."""

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.feeds.fetching import FeedFetcher
from xbot_pipelines.models import Result
from xbot_pipelines.orchestration.freshness import fresh
from xbot_pipelines.orchestration.guards import BROWSER_POOL
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import Metadata, failure, said, table
from xbot_pipelines.orchestration.runs import OWNERS, cost, refusals, unreadable, walls_heeded
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.budget import Purpose
from xbot_pipelines.systems.news import Look, NewsSummary, gather
from xbot_pipelines.systems.news_search import search_news
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.text.escape import for_log


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="posting",
    owners=OWNERS,
    kinds={"postgres", "playwright"},
    pool=BROWSER_POOL,
    freshness_policy=fresh("news"),
    description="Something worth writing about: from the account's feeds, and from what X's search finds about its "
    "subjects. Each is kept once, offered for three days, and used by one post at most.",
)
def news_items(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    browser: dg.ResourceParam[BrowserTurn],
    clock: dg.ResourceParam[Clock],
) -> dg.MaterializeResult[None]:
    """Reads the feeds, then searches X. Feeds of which none could be read fail the run, once X was searched."""
    profile = settings.profile
    offered = gather(database, profile, FeedFetcher(profile.feeds, clock=clock), clock=clock)
    for feed in offered.feeds:
        context.log.info("%s", for_log(feed.sentence))
    rows = [{"feed": feed.url, "look": feed.look.value, "what": feed.sentence} for feed in offered.feeds]
    of_feeds = {
        "new from feeds": offered.new,
        "feeds that failed": offered.count(Look.FAILED),
        **({"feeds": table(rows)} if rows else {}),
    }
    try:
        with walls_heeded(context, settings, database, clock):
            found = search_news(database, profile, browser.client_for(Purpose.OTHERS), clock=clock)
    except Standstill as standstill:
        _check(offered, of_feeds)
        return dg.MaterializeResult(metadata=said(Result.BLOCKED, f"X was not searched: {standstill}", **of_feeds))
    _check(offered, of_feeds)
    done = Result.DONE in {offered.result, found.result}
    reasons = [reason for reason in (offered.reason, found.reason) if reason]
    return dg.MaterializeResult(
        metadata=said(
            Result.DONE if done else Result.NOTHING_TO_DO,
            "; ".join(reasons) or None,
            **of_feeds,
            **cost(browser),
            **{
                "new from X": found.new,
                "posts seen on X": found.seen,
                "searched for": ", ".join(found.subjects),
                **refusals(context, found.refused),
                **unreadable(context, found.unreadable),
            },
        )
    )


def _check(offered: NewsSummary, of_feeds: Metadata) -> None:
    """Let the run pass, unless no feed could be read: an error is not an empty result (F22)."""
    if offered.failure:
        raise failure(offered.failure, of_feeds)
