"""What a person tells the account from the Dagster UI: stand still, or go on. By the terminal: `operate.control`.

Each is a job that is launched by hand, and leaves a materialization of `account_state`: there one sees when the account
stood still, and why.
"""

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import Result
from xbot_pipelines.orchestration.guards import BROWSER_POOL, BROWSER_TAG
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import failure, said
from xbot_pipelines.orchestration.runs import OWNERS, provenance, wall_metadata
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.lease import hold_lease
from xbot_pipelines.systems.browser_turn import WAIT_FOR_THE_LEASE
from xbot_pipelines.systems.whose_login import whose_login
from xbot_pipelines.text.escape import for_log
from xbot_pipelines.x.walls import Wall

ACCOUNT_STATE = dg.AssetSpec(
    key=[ACCOUNT, "account_state"],
    group_name="operations",
    owners=OWNERS,
    kinds={"postgres"},
    description="Whether the account may act. `pause_account` stops it, `resume_account` lets it go on; a wall of X "
    "that needs a person stops it as well.",
)


class PauseConfig(dg.Config):
    """Why the account is paused; it is all that people see of it later."""

    reason: str


@dg.op
def pause(
    context: dg.OpExecutionContext,
    config: PauseConfig,
    database: dg.ResourceParam[AccountDatabase],
    clock: dg.ResourceParam[Clock],
) -> None:
    """Stops everything that acts for the account, from its next step in the browser on."""
    if not config.reason.strip():
        raise failure("a pause needs a reason: write it into the run's configuration")
    now = clock.now()
    is_new = account.pause(database, reason=config.reason, now=now, by=provenance(context))
    _tell(context, Result.DONE if is_new else Result.NOTHING_TO_DO, account.state_of(database).standstill(now))


@dg.op(pool=BROWSER_POOL)
def resume(
    context: dg.OpExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    clock: dg.ResourceParam[Clock],
) -> None:
    """Lets a paused account go on, once X has shown that it is logged in and that nothing stands in the way (F17)."""
    if not account.state_of(database).needs_resuming:
        _tell(context, Result.NOTHING_TO_DO, "the account is not paused")
        return
    from xbot_pipelines.x.session import Patience

    try:
        with hold_lease(database, wait=WAIT_FOR_THE_LEASE):
            me = whose_login(settings, database, clock=clock, patience=Patience())
    except Wall as wall:
        sentence = f"the account stays paused: {wall}"
        raise failure(sentence, wall_metadata(wall)) from wall
    account.resume(database, now=clock.now())
    _tell(context, Result.DONE, f"X shows @{me.handle} logged in: the pause is over")


def _tell(context: dg.OpExecutionContext, result: Result, sentence: str | None) -> None:
    context.log.info("%s", for_log(sentence or ""))
    context.log_event(dg.AssetMaterialization(asset_key=ACCOUNT_STATE.key, metadata=said(result, sentence)))


# Each has seconds to do, and goes before whatever else waits: a person does.
_TAGS = {"dagster/max_runtime": "180", "dagster/priority": "20", "dagster/max_retries": "0"}


@dg.job(tags=_TAGS, description="Stops the account before its next step in the browser, until `resume_account`.")
def pause_account() -> None:
    """Pauses."""
    pause()


@dg.job(
    tags={**_TAGS, BROWSER_TAG: ACCOUNT},
    description="Lets a paused account go on, once X shows that it is logged in and that nothing stands in the way.",
)
def resume_account() -> None:
    """Resumes."""
    resume()


STANDING_JOBS = (pause_account, resume_account)
"""The jobs that a person launches; no schedule does."""
