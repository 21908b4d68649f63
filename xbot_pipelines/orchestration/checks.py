"""Asset checks: what the tables promise, looked at after every run that wrote them.

The questions lie in `store.promises`. None of them blocks: a broken promise is shown, and the account goes on.
"""

from datetime import timedelta

import dagster as dg

from xbot_pipelines.clock import Clock
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.metadata import table
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import promises
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.promises import LOWEST_COLLECTION_RATE, STUCK_AFTER, Broken, CheckpointTally

_LOOK_BACK = timedelta(days=30)
_DAY = timedelta(days=1)


def _key(table: str) -> dg.AssetKey:
    return dg.AssetKey([ACCOUNT, table])


@dg.asset_check(asset=_key("outcomes"), description="Every post of the last 30 days has an outcome, known or not yet.")
def every_post_has_an_outcome(
    database: dg.ResourceParam[AccountDatabase], clock: dg.ResourceParam[Clock]
) -> dg.AssetCheckResult:
    """Finds posts without an outcome."""
    return _judged(promises.posts_without_outcome(database, since=clock.now() - _LOOK_BACK), "posts without an outcome")


@dg.asset_check(asset=_key("posted_decisions"), description="Each posted decision has one post, and each post one.")
def one_post_per_decision(
    database: dg.ResourceParam[AccountDatabase], clock: dg.ResourceParam[Clock]
) -> dg.AssetCheckResult:
    """Finds decisions and posts that have lost each other."""
    broken = promises.decisions_with_other_than_one_post(database, since=clock.now() - _LOOK_BACK)
    return _judged(broken, "decisions with other than one post")


@dg.asset_check(asset=_key("posted_decisions"), description="Nothing is on its way for longer than half an hour.")
def nothing_is_stuck(
    database: dg.ResourceParam[AccountDatabase], clock: dg.ResourceParam[Clock]
) -> dg.AssetCheckResult:
    """Finds attempts and decisions that no posting run has settled."""
    now = clock.now()
    broken = promises.stuck(database, since=now - _LOOK_BACK, now=now, longer_than=STUCK_AFTER)
    return _judged(broken, "on their way for more than half an hour")


@dg.asset_check(asset=_key("tweet_metrics"), description="Readers did not do more with a post than they saw of it.")
def counters_are_plausible(
    database: dg.ResourceParam[AccountDatabase], clock: dg.ResourceParam[Clock]
) -> dg.AssetCheckResult:
    """Finds readings of the last day that cannot be true."""
    return _judged(promises.implausible_readings(database, since=clock.now() - _DAY), "implausible readings")


@dg.asset_check(
    asset=_key("tweet_metrics"),
    description="No counter has fallen. X does take counts back; they are kept as they are, and flagged here.",
)
def counters_do_not_fall(
    database: dg.ResourceParam[AccountDatabase], clock: dg.ResourceParam[Clock]
) -> dg.AssetCheckResult:
    """Finds readings of the last day that count less than the one before."""
    broken = promises.fallen_counters(database, since=clock.now() - _DAY)
    return _judged(broken, "readings in which a counter fell", severity=dg.AssetCheckSeverity.WARN)


@dg.asset_check(
    asset=_key("post_velocity_tracking"),
    description="Every checkpoint that fell due in the last seven days was read within its tolerance.",
)
def checkpoints_are_complete(
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    clock: dg.ResourceParam[Clock],
) -> dg.AssetCheckResult:
    """Counts checkpoints that are owed past their tolerance, and those that came late."""
    tally = _tally(settings, database, clock, 7 * _DAY)
    return dg.AssetCheckResult(
        passed=tally.owed == 0 and tally.late == 0,
        severity=dg.AssetCheckSeverity.ERROR if tally.owed else dg.AssetCheckSeverity.WARN,
        metadata=_tallied(tally),
    )


@dg.asset_check(
    asset=_key("post_velocity_tracking"),
    description="The collection rate: of the checkpoints that fell due in 24 hours, at least 95 % were read.",
)
def collection_rate(
    settings: dg.ResourceParam[Settings],
    database: dg.ResourceParam[AccountDatabase],
    clock: dg.ResourceParam[Clock],
) -> dg.AssetCheckResult:
    """Counts what was read of what fell due in the last 24 hours."""
    tally = _tally(settings, database, clock, _DAY)
    passed = tally.rate is None or tally.rate >= LOWEST_COLLECTION_RATE
    return dg.AssetCheckResult(passed=passed, metadata=_tallied(tally))


def _judged(
    broken: Broken, what: str, *, severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR
) -> dg.AssetCheckResult:
    if not broken:
        return dg.AssetCheckResult(passed=True, metadata={what: 0})
    rows = [{name: str(value) for name, value in row.items()} for row in broken]
    return dg.AssetCheckResult(passed=False, severity=severity, metadata={what: table(rows)})


def _tally(settings: Settings, database: AccountDatabase, clock: Clock, span: timedelta) -> CheckpointTally:
    """Counts the checkpoints that fell due in this span, up to those that may still be read in time."""
    until = clock.now() - settings.profile.checkpoint_tolerance
    return promises.tally_checkpoints(
        database, due_from=until - span, due_until=until, checkpoints_hours=settings.profile.checkpoints_hours
    )


def _tallied(tally: CheckpointTally) -> dict[str, int | float | str]:
    rate = "nothing fell due" if tally.rate is None else round(tally.rate, 4)
    return {
        "on time": tally.on_time,
        "late": tally.late,
        "missed because the post was gone": tally.missed,
        "owed": tally.owed,
        "collection rate": rate,
    }


CHECKS = (
    every_post_has_an_outcome,
    one_post_per_decision,
    nothing_is_stuck,
    counters_are_plausible,
    counters_do_not_fall,
    checkpoints_are_complete,
    collection_rate,
)
