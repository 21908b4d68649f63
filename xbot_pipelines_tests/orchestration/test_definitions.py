"""What Dagster loads keeps the promises that the guards rely on."""

import subprocess
import sys

import dagster as dg
import pytest

from xbot_pipelines.definitions import defs
from xbot_pipelines.orchestration.guards import ACCOUNT_TAG, BROWSER_POOL, BROWSER_TAG
from xbot_pipelines.orchestration.location import ACCOUNT, SETTINGS
from xbot_pipelines.orchestration.timetable import TIMETABLE, Turn

REPOSITORY = defs.get_repository_def()
by_name = pytest.mark.parametrize("turn", TIMETABLE, ids=lambda turn: turn.job)


def test_definitions_load_in_a_fresh_interpreter_without_the_heavy_parts() -> None:
    """A code server loads them at every start, and a run worker before every run."""
    code = (
        "import sys, xbot_pipelines.definitions; "
        "print([name for name in ('playwright', 'openai', 'pandas', 'matplotlib') if name in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_every_turn_of_the_timetable_has_a_job_and_a_schedule_that_runs() -> None:
    scheduled = {schedule.job_name: schedule for schedule in REPOSITORY.schedule_defs}
    assert set(scheduled) == {turn.job for turn in TIMETABLE}
    for turn in TIMETABLE:
        assert scheduled[turn.job].cron_schedule == turn.cron
        assert scheduled[turn.job].default_status == dg.DefaultScheduleStatus.RUNNING
        zone = str(SETTINGS.profile.timezone) if turn.account_time else "UTC"
        assert scheduled[turn.job].execution_timezone == zone


@by_name
def test_every_browser_job_has_tag_and_pool_and_deadline(turn: Turn) -> None:
    job = REPOSITORY.get_job(turn.job)
    assert (BROWSER_POOL in {op.pool for op in _ops_of(job)}) == turn.uses_browser
    assert (job.tags.get(BROWSER_TAG) == ACCOUNT) == turn.uses_browser
    assert job.tags[ACCOUNT_TAG] == ACCOUNT
    assert job.tags["dagster/max_runtime"] == str(int(turn.deadline.total_seconds()))


@by_name
def test_f03_no_run_is_ever_started_again_by_dagster(turn: Turn) -> None:
    job = REPOSITORY.get_job(turn.job)
    assert job.tags["dagster/max_retries"] == "0"
    assert all(op.retry_policy is None for op in _ops_of(job))


def test_every_op_that_touches_the_browser_is_in_the_pool() -> None:
    """Runs that Materialize in the UI starts carry none of our tags; only the pool binds them."""
    asking = [op for job in REPOSITORY.get_all_jobs() for op in _ops_of(job) if "browser" in op.required_resource_keys]
    assert asking
    assert all(op.pool == BROWSER_POOL for op in asking)


def test_every_asset_carries_its_account_its_group_its_owner_and_what_it_is() -> None:
    for asset in REPOSITORY.assets_defs_by_key.values():
        for key in asset.keys:
            spec = asset.get_asset_spec(key)
            assert key.path[0] == ACCOUNT
            assert spec.group_name in {"posting", "replies", "metrics", "followers", "learning", "operations"}
            assert spec.owners
            assert spec.description


def test_readings_are_partitioned_by_day_and_backfilled_in_one_run() -> None:
    for name in ("tweet_metrics", "outcomes"):
        asset = REPOSITORY.assets_defs_by_key[dg.AssetKey([ACCOUNT, name])]
        assert isinstance(asset.partitions_def, dg.DailyPartitionsDefinition)
        assert asset.backfill_policy == dg.BackfillPolicy.single_run()


def _ops_of(job: dg.JobDefinition) -> list[dg.OpDefinition]:
    return [node for node in job.all_node_defs if isinstance(node, dg.OpDefinition)]
