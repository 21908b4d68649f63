"""The canary's asset: whether each kind of page that we live on can still be read."""

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import Result
from xbot_pipelines.orchestration.freshness import fresh
from xbot_pipelines.orchestration.guards import BROWSER_POOL
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import failure, said, table
from xbot_pipelines.orchestration.runs import OWNERS, blocked_by_a_standstill, cost, walls_heeded
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems import canary
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.budget import Purpose


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="operations",
    owners=OWNERS,
    kinds={"playwright"},
    deps=[dg.AssetKey([ACCOUNT, "posted_decisions"])],
    pool=BROWSER_POOL,
    freshness_policy=fresh("session_check"),
    description="The canary: are we logged in as ourselves, and does every kind of page still parse?",
)
@blocked_by_a_standstill
def session_check(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    browser: dg.ResourceParam[BrowserTurn],
    clock: dg.ResourceParam[Clock],
) -> dg.MaterializeResult[None]:
    """Looks at each kind of page, and fails with what is missing on any."""
    with walls_heeded(context, settings, database, clock):
        checks = canary.check_pages(
            database, browser.client_for(Purpose.OWN), handle=settings.profile.handle, clock=clock
        )
    rows = [
        {"page": check.page, "reads": check.missing is None, "why": check.missing or check.skipped} for check in checks
    ]
    pages = {"pages": table(rows)}
    broken = [f"{check.page}: {check.missing}" for check in checks if check.missing is not None]
    if broken:
        raise failure(f"pages that cannot be read: {'; '.join(broken)}", pages)
    return dg.MaterializeResult(metadata=said(Result.DONE, None, **cost(browser), **pages))
