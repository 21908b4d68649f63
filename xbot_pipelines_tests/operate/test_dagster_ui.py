"""Talking to a real Dagster webserver: what we ask of its GraphQL is no public promise of theirs."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xbot_pipelines.operate import processes
from xbot_pipelines.operate.dagster_ui import DagsterSilent, DagsterUi, Run
from xbot_pipelines.operate.happenings import History
from xbot_pipelines.operate.narrator import Narrator
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines_tests.operate.programs import free_ports, wait_until

pytestmark = pytest.mark.house

DEFINITIONS = textwrap.dedent("""
    import time
    import dagster as dg

    @dg.asset
    def queue() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"result": "blocked", "reason": "the account is paused"})

    @dg.op
    def fail() -> None:
        raise ValueError("no such page\\nand more that nobody wants to read")

    @dg.op
    def dawdle() -> None:
        time.sleep(600)

    @dg.job
    def posting(): fail()

    @dg.job
    def slow(): dawdle()

    defs = dg.Definitions([queue], jobs=[dg.define_asset_job("plan", [queue]), posting, slow])
    """)
WORKSPACE = "load_from: [{python_file: {relative_path: definitions.py, location_name: practice}}]"
INSTANCE = "run_coordinator: {module: dagster._core.run_coordinator, class: DefaultRunCoordinator}"


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DagsterUi]:
    """A webserver with jobs that end in each way. Without a queue, so that it needs no daemon."""
    folder: Path = tmp_path_factory.mktemp("dagster")
    for name, content in (
        ("definitions.py", DEFINITIONS),
        ("workspace.yaml", WORKSPACE),
        ("dagster.yaml", f"telemetry: {{enabled: false}}\n{INSTANCE}"),
    ):
        (folder / name).write_text(content)
    [port] = free_ports(1)
    command = [sys.executable, "-m", "dagster_webserver", "--port", str(port), "--workspace", "workspace.yaml"]
    environment = {**os.environ, "DAGSTER_HOME": str(folder), processes.MARKER: str(folder)}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log),
        closing(DagsterUi(f"http://127.0.0.1:{port}", location="practice")) as ui,
    ):
        try:
            wait_until(lambda: ui.shows_the_location(datetime.now(UTC)), "the webserver shows our definitions")
            yield ui
        finally:
            processes.sweep(folder, folder / "postgres")


def ended(ui: DagsterUi, run_id: str) -> Run:
    """The run, once it has ended."""
    wait_until(lambda: ui.runs(runIds=[run_id])[0].has_ended, "the run ends")
    return ui.runs(runIds=[run_id])[0]


def test_a_run_that_went_well_tells_its_result_and_why(ui: DagsterUi) -> None:
    run = ended(ui, ui.launch("plan", {}))
    assert (run.name, run.status) == ("plan", "SUCCESS")
    assert ui.what_it_said(run.id) == "blocked: the account is paused"


def test_a_run_that_failed_is_told_once_with_its_innermost_reason_and_its_link(
    ui: DagsterUi, database: AccountDatabase, settings: Settings
) -> None:
    said: list[str] = []
    narrator = Narrator(
        History(database, settings), ui, say=said.append, since=datetime.now(UTC), database_lost=pytest.fail
    )
    narrator.skip()
    run = ended(ui, ui.launch("posting", {}))
    narrator.tell()
    narrator.tell()
    [line] = [line for line in said if line.startswith("posting")]
    assert line.endswith(f"FAILED: ValueError: no such page, see {ui.link(run.id)}")
    assert narrator.end_of(run.id) == run


def test_a_run_that_is_asked_to_end_is_canceled(ui: DagsterUi) -> None:
    run_id = ui.launch("slow", {})
    wait_until(lambda: ui.runs(runIds=[run_id])[0].status == "STARTED", "it runs")
    ui.terminate([run_id])
    assert ended(ui, run_id).status == "CANCELED"


def test_a_run_carries_the_tags_it_was_launched_with(ui: DagsterUi) -> None:
    run_id = ui.launch("plan", {"colour": "blue"})
    assert [run.id for run in ui.runs(tags=[{"key": "colour", "value": "blue"}])] == [run_id]


def test_a_job_that_does_not_exist_is_an_error_that_names_it(ui: DagsterUi) -> None:
    with pytest.raises(DagsterSilent, match="the job dancing could not be launched"):
        ui.launch("dancing", {})


def test_where_no_webserver_answers_nothing_is_ready_and_every_question_is_an_error() -> None:
    [port] = free_ports(1)
    with closing(DagsterUi(f"http://127.0.0.1:{port}", location="practice")) as nobody:
        assert not nobody.shows_the_location(datetime.now(UTC))
        assert not nobody.daemon_beats_since(datetime.now(UTC))
        with pytest.raises(DagsterSilent, match="does not answer"):
            nobody.runs(statuses=["STARTED"])
