"""The asset of reporting, run for real: what the UI shows of it, and what lies in the folder afterwards."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.definitions import defs
from xbot_pipelines.models import Counters
from xbot_pipelines.orchestration.assets.reporting import daily_report
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems.reporting import why_not_now
from xbot_pipelines_tests.lived import Life

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def materialized(settings: Settings, database: AccountDatabase, clock: ManualClock) -> dict[str, Any]:
    """The metadata that a materialization of the report leaves."""
    ran = dg.materialize([daily_report], resources={"settings": settings, "database": database, "clock": clock})
    [materialization] = ran.asset_materializations_for_node(daily_report.op.name)
    return {name: value.value for name, value in materialization.metadata.items()}


def test_yesterday_is_written_down_and_shown(settings: Settings, database: AccountDatabase, clock: ManualClock) -> None:
    life = Life(database)
    post = life.publishes("Walk a *little*.", clock.now())
    life.reads(post, clock.now() + 2 * HOUR, Counters(views=1234))
    life.counts_followers(clock.now(), 1000)
    life.takes_stock(clock.advance(DAY))

    metadata = materialized(settings, database, clock)

    assert (metadata["result"], metadata["days"]) == ("done", "2026-03-02")
    assert metadata["summary"].startswith("One post was published and has been seen 1,234 times so far.")
    for name, beginning in (("report", "<!doctype html>"), ("report as Markdown", "# Monday, 2 March 2026")):
        file = Path(metadata[name])
        assert file.is_relative_to(settings.home / "reports" / "practice")
        assert file.read_text().startswith(beginning)
    for picture in ("published", "followers", "checkpoints"):
        assert metadata[picture].startswith("![")
        assert metadata[picture] in Path(metadata["report as Markdown"]).read_text()
    assert why_not_now(settings, database, now=clock.now()) == "every day until 2026-03-02 has its report"


def test_asked_again_it_writes_yesterday_again_and_beside_it_only_what_is_missing(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    Life(database).asks_the_model(clock.now(), cost_usd=0.1)
    clock.advance(2 * DAY)
    assert materialized(settings, database, clock)["days"] == "2026-03-02, 2026-03-03"
    assert materialized(settings, database, clock)["days"] == "2026-03-03"


def test_f25_an_account_without_a_history_has_nothing_to_report_and_says_so(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    assert materialized(settings, database, clock) == {
        "result": "nothing to do",
        "reason": "nothing is known of this account yet",
    }


def test_it_stands_behind_tables_that_there_are_and_needs_no_browser() -> None:
    tables = {dep.asset_key for dep in daily_report.get_asset_spec().deps}
    assert dg.AssetKey([ACCOUNT, "outcomes"]) in tables
    assert tables <= set(defs.get_repository_def().assets_defs_by_key)
    assert daily_report.op.pool is None
