"""`xbot timetable`: the hour in a terminal, for programs and as a page."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.house import House
from xbot_pipelines.operate.timetable import show_hour
from xbot_pipelines.orchestration.guards import ACCOUNT_TAG
from xbot_pipelines.orchestration.timetable import TIMETABLE
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.browser_use import record_closed, record_lease
from xbot_pipelines.store.database import AccountDatabase, Provenance, dagster_url
from xbot_pipelines_tests.operate.shell import Shell

SECOND = timedelta(seconds=1)


def test_where_nothing_runs_the_hour_is_shown_as_it_is_planned_and_says_why_no_more_is_known(shell: Shell) -> None:
    done = shell.types("timetable")
    assert done.returncode == 0, done.stderr
    assert "The hour of account practice, as planned" in done.stdout
    assert all(turn.job in done.stdout for turn in TIMETABLE)
    assert "What runs took is not known: no PostgreSQL runs in" in done.stdout
    [ruler] = [line for line in done.stdout.splitlines() if line.startswith("posting ")]
    begins = ruler.index("█")
    assert [index - begins for index, cell in enumerate(ruler) if cell == "█"] == [0, 5, 10, 20, 25, 30, 40, 45, 50, 55]


@pytest.fixture
def house(settings: Settings) -> House:
    """A house that ran once: Dagster's configuration lies in its data folder."""
    house = House(settings)
    house.prepare_folders()
    return house


def test_the_hour_of_a_house_that_ran_tells_what_its_runs_took(
    house: House,
    database: AccountDatabase,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    settings, clock = house.settings, SystemClock()
    assert settings.database_url is not None
    monkeypatch.setenv("XBOT_DAGSTER_DATABASE_URL", dagster_url(settings.database_url.get_secret_value()))
    with DagsterInstance.from_config(str(house.dagster_home)) as instance:
        tags = {ACCOUNT_TAG: settings.account}
        run = instance.add_run(DagsterRun(job_name="analytics", status=DagsterRunStatus.STARTED, tags=tags))
        instance.report_run_canceled(run)
    monkeypatch.delenv("XBOT_DAGSTER_DATABASE_URL")
    now = clock.now()
    by = Provenance(actor="analytics", run_id=run.run_id)
    row = record_lease(database, asked_at=now - 40 * SECOND, began_at=now, leased_at=now - 36 * SECOND, by=by)
    record_closed(database, row, done_at=now - 1 * SECOND, closed_at=now)

    show_hour(settings, clock, json=False, html=None)
    shown = capsys.readouterr().out
    assert "by its runs of the last 7 days" in shown
    assert "how the time was spent" in shown

    show_hour(settings, clock, json=True, html=None)
    plain = json.loads(capsys.readouterr().out)
    assert plain["unknown_because"] is None
    analytics = next(job for job in plain["jobs"] if job["job"] == "analytics")
    assert analytics["waiting"] == {"count": 1, "p50": 4.0, "p95": 4.0}
    assert analytics["working"]["p50"] == 35.0

    page = tmp_path / "hour.html"
    show_hour(settings, clock, json=False, html=page)
    assert str(page) in capsys.readouterr().out
    assert page.read_text().startswith("<!DOCTYPE html>")
    assert "metrics_scraper" in page.read_text()


def test_a_data_folder_in_which_nothing_ever_ran_is_one_sentence(settings: Settings) -> None:
    with pytest.raises(CannotRun, match=r"there is no .*dagster\.yaml: run `xbot up` once"):
        show_hour(settings, SystemClock(), json=False, html=None)


def test_a_page_that_cannot_be_written_is_one_sentence(house: House, tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match=r"cannot be written: No such file or directory"):
        show_hour(house.settings, SystemClock(), json=False, html=tmp_path / "nowhere" / "hour.html")
