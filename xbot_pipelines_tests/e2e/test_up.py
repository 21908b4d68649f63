"""The whole house, as a newcomer brings it up: real processes, a real Chromium, the practice site, Dagster."""

import json
import signal
import socket
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from xbot_pipelines.operate.dagster_ui import UNDER_WAY, DagsterUi
from xbot_pipelines_tests.browsers import a_browser
from xbot_pipelines_tests.e2e.dagster_pages import TALL, DagsterPages
from xbot_pipelines_tests.e2e.newcomer import (
    HEALTH,
    LONGEST_HEALING_SECONDS,
    LONGEST_STOP_SECONDS,
    UP,
    Newcomer,
    wait_until,
)

pytestmark = [pytest.mark.house, pytest.mark.browser, pytest.mark.timeout(400)]


def work_in_dagster(newcomer: Newcomer) -> None:
    """What a data engineer does there, in a browser of their own: look, materialize, backfill, see the checks."""
    today = datetime.now(UTC).date()
    with a_browser() as browser:
        pages = DagsterPages(browser.new_page(viewport=TALL, reduced_motion="reduce"), newcomer.ui_url)
        pages.open_lineage(
            {"posting": ["content_metadata", "posted_decisions"], "metrics": ["tweet_metrics", "outcomes"]}
        )
        pages.materialize("follower_snapshots")
        assert pages.end_of_run() == "Success"
        backfill = pages.launch_backfill(["tweet_metrics", "outcomes"], today - timedelta(days=2), today)
        pages.wait_for_completion(backfill)
        pages.open_checks("tweet_metrics", succeeded=["counters_are_plausible", "counters_do_not_fall"])


def test_up_goes_on_where_a_killed_one_stopped_publishes_reads_back_and_ends_without_a_trace(
    newcomer: Newcomer,
) -> None:
    killed = newcomer.up()
    newcomer.waits_for("published:", killed)
    killed.kill()
    killed.wait()
    killed_at = time.time()
    assert newcomer.left_over() != []

    house = newcomer.up()
    newcomer.waits_for("Ctrl-C ends everything", house)
    newcomer.waits_for("first reading", house)
    assert "ended what an earlier `xbot up` had left behind" in newcomer.output()
    assert newcomer.recorded() == newcomer.truth() != {}
    with closing(DagsterUi(newcomer.ui_url, location="practice")) as ui:
        assert ui.runs(statuses=UNDER_WAY, updatedBefore=killed_at) == [], "a run is stuck whose worker was killed"
    [session] = (newcomer.home / "sessions").glob("*.json")
    assert session.stat().st_mode & 0o777 == 0o600
    entries = [newcomer.home, *newcomer.home.rglob("*")]
    assert [entry for entry in entries if not entry.is_symlink() and entry.lstat().st_mode & 0o077] == []
    work_in_dagster(newcomer)

    wait_until(lambda: newcomer.health()["status"] == "ok", LONGEST_HEALING_SECONDS, lambda: str(newcomer.health()))
    assert newcomer.health()["jobs"]["posting"]["last_result"] in {"done", "nothing to do"}
    printed = subprocess.run(HEALTH, env=newcomer.variables, capture_output=True, text=True, check=True)
    assert json.loads(printed.stdout)["problems"] == []

    second = subprocess.run(UP, env=newcomer.variables, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert f"already running on {newcomer.home} (process {house.pid}" in second.stderr

    house.send_signal(signal.SIGINT)
    assert house.wait(timeout=LONGEST_STOP_SECONDS) == 0, newcomer.output()
    assert "nothing left behind" in newcomer.output()
    assert newcomer.left_over() == []
    for port in newcomer.ports:
        socket.create_server(("127.0.0.1", port)).close()
