"""The asset of housekeeping: what was thrown away, and how much room everything takes."""

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import Result
from xbot_pipelines.orchestration.freshness import fresh
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import Metadata, json_value, said, timestamp
from xbot_pipelines.orchestration.pruning import Pruned, prune
from xbot_pipelines.orchestration.runs import OWNERS
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase, size_in_bytes
from xbot_pipelines.systems.housekeeping import Removed, remove_old_files
from xbot_pipelines.text.escape import for_log
from xbot_pipelines.x.browser_folder import remove_abandoned


@dg.asset(
    key_prefix=ACCOUNT,
    group_name="operations",
    owners=OWNERS,
    kinds={"postgres"},
    freshness_policy=fresh("housekeeping"),
    description="Runs, logs and reports past their time go, so that the database and the data folder stay as large as "
    "they are. The runs that an asset, one of its days or one of its checks last came from stay.",
)
def housekeeping(
    context: dg.AssetExecutionContext,
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    clock: dg.ResourceParam[Clock],
) -> dg.MaterializeResult[None]:
    """Prunes Dagster's history, then the files."""
    retention = settings.profile.retention
    before = size_in_bytes(database)
    pruned = prune(context.instance, retention, clock=clock)
    files = pruned.files + remove_old_files(
        settings.home, settings.account, keep_for=retention.files_for, now=clock.now()
    )
    abandoned = remove_abandoned(settings.home)
    for sentence in files.stuck:
        context.log.warning("%s", for_log(sentence))
    metadata: Metadata = {
        "runs deleted": pruned.deleted,
        "runs kept because something came from them last": pruned.kept_as_latest,
        "oldest run left": timestamp(pruned.oldest) if pruned.oldest else "none",
        "files deleted": files.files,
        "bytes freed": files.freed,
        "browser folders of ended runs deleted": abandoned,
        "bytes of the database before": before,
        "bytes of the database after": size_in_bytes(database),
        **({"could not be deleted": json_value(list(files.stuck))} if files.stuck else {}),
    }
    result, reason = _result(pruned, files, abandoned)
    return dg.MaterializeResult(metadata=said(result, reason, **metadata))


def _result(pruned: Pruned, files: Removed, abandoned: int) -> tuple[Result, str | None]:
    reasons = []
    if pruned.ran_out_of_time:
        reasons.append("its time was up before all runs had gone: the rest goes at the next turn")
    if files.stuck:
        reasons.append(f"{len(files.stuck)} could not be deleted, the first: {files.stuck[0]}")
    if pruned.deleted or files.files or abandoned or reasons:
        return Result.DONE, "; ".join(reasons) or None
    return Result.NOTHING_TO_DO, "no run and no file is past its time"
