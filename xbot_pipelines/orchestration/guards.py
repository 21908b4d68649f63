"""The marks by which Dagster keeps browser runs apart: the second guard, after the timetable and before the lease.

Both marks are needed. The tag binds the jobs that we define; "Materialize" in the UI and backfills start runs without
it, and the pool binds those. Each account has a mark of its own, so that two accounts in one Dagster do not wait for
each other.
"""

from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.timetable import Turn

BROWSER_POOL = f"browser_{ACCOUNT}"
BROWSER_TAG = "xbot/browser"

ACCOUNT_TAG = "xbot/account"
"""The tag that tells whose a run is: the jobs of all accounts have the same names."""


def job_tags(turn: Turn, account: str) -> dict[str, str]:
    """Answers the tags of a job's runs.

    Every run has its deadline (F13) and its priority (F16), and none is started again by Dagster: a run that died is
    settled by the next turn, which looks before it acts (F03, F15).
    """
    tags = {
        ACCOUNT_TAG: account,
        "dagster/max_runtime": str(int(turn.deadline.total_seconds())),
        "dagster/priority": str(turn.priority),
        "dagster/max_retries": "0",
    }
    return tags | {BROWSER_TAG: account} if turn.uses_browser else tags
