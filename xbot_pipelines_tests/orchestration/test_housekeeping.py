"""The asset of housekeeping, run for real: what the UI shows of a turn."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from xbot_pipelines.clock import ManualClock, SystemClock
from xbot_pipelines.orchestration.assets.housekeeping import housekeeping
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines_tests.orchestration.pasts import Past

DAY = timedelta(days=1)


def shown(past: Past, settings: Settings, database: AccountDatabase, *, days: float = 15) -> dict[str, Any]:
    """The metadata that a turn leaves which begins so many days after all that is past."""
    clock = ManualClock(SystemClock().now() + days * DAY)
    resources = {"settings": settings, "database": database, "clock": clock}
    ran = dg.materialize([housekeeping], instance=past.instance, resources=resources)
    [materialization] = ran.asset_materializations_for_node(housekeeping.op.name)
    return {name: value.value for name, value in materialization.metadata.items()}


def test_f25_a_turn_says_what_went_what_stayed_and_how_much_room_is_taken(
    past: Past, settings: Settings, database: AccountDatabase
) -> None:
    past.idles()
    past.makes_the_sheet()
    log = settings.home / "logs" / "daemon.log.old"
    log.parent.mkdir(parents=True)
    log.write_text("what happened")
    moment = (SystemClock().now() - 50 * DAY).timestamp()
    os.utime(log, (moment, moment))
    of_a_killed_run = settings.home / "tmp" / "browser-killed" / "playwright_chromiumdev_profile-x"
    of_a_killed_run.mkdir(parents=True)
    metadata = shown(past, settings, database)
    assert metadata["result"] == "done"
    assert (metadata["runs deleted"], metadata["runs kept because something came from them last"]) == (1, 1)
    assert metadata["files deleted"] == 2
    assert metadata["bytes freed"] == len("a line") + len("what happened")
    oldest = datetime.fromtimestamp(metadata["oldest run left"], UTC)
    assert oldest == past.instance.get_run_records(dg.RunsFilter(run_ids=past.runs["sheet"]))[0].create_timestamp
    assert all(metadata[f"bytes of the database {when}"] > 1_000_000 for when in ("before", "after"))
    assert metadata["browser folders of ended runs deleted"] == 1
    assert "could not be deleted" not in metadata
    assert not log.exists()
    assert not of_a_killed_run.parent.exists()

    metadata = shown(past, settings, database)
    assert (metadata["result"], metadata["reason"]) == ("nothing to do", "no run and no file is past its time")
    assert metadata["runs deleted"] == 0


def test_what_an_account_keeps_longer_stays(past: Past, settings: Settings, database: AccountDatabase) -> None:
    past.idles()
    retention = settings.profile.retention.model_copy(update={"good_runs_days": 20})
    profile = settings.profile.model_copy(update={"retention": retention})
    assert shown(past, settings.model_copy(update={"profile": profile}), database)["runs deleted"] == 0
    assert shown(past, settings, database)["runs deleted"] == 1


def test_what_cannot_be_deleted_is_named(past: Past, settings: Settings, database: AccountDatabase) -> None:
    past.idles()
    settings.home.mkdir()
    (settings.home / "logs").symlink_to(settings.home.parent)
    metadata = shown(past, settings, database)
    [told] = metadata["could not be deleted"]
    assert told == f"{settings.home / 'logs'} is a symbolic link: what lies behind it is left alone"
    assert metadata["result"] == "done"
    assert metadata["reason"] == f"1 could not be deleted, the first: {told}"
    assert metadata["runs deleted"] == 1
