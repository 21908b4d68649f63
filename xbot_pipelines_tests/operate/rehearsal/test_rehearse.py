"""Rehearsals, whole: two hours in a browser, and some more twice without one, the same to the last reading."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from rich.console import Console

from xbot_pipelines.operate import processes
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.rehearsal.rehearse import Wish, rehearse
from xbot_pipelines.operate.rehearsal.ways import Way
from xbot_pipelines.settings import load_settings
from xbot_pipelines.store.server import EmbeddedServer
from xbot_pipelines_tests.account_files import accounts_with
from xbot_pipelines_tests.conftest import ROOT

pytestmark = [pytest.mark.house, pytest.mark.timeout(300)]

HOURS = 2.2
"""Two hours, and what is due of the first post by then."""


@contextmanager
def somebodys_folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="xbot-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
        EmbeddedServer(Path(folder) / "data" / "rehearsal" / "postgres").delete()  # root's database lies elsewhere


def rehearsed(folder: Path, wish: Wish, accounts: Path = ROOT / "accounts") -> dict[str, Any]:
    """Rehearses, and answers the figures. Nothing may be left running."""
    file, home = folder / "figures.json", folder / "data"
    settings = load_settings({"XBOT_HOME": str(home), "XBOT_ACCOUNTS": str(accounts)})
    console = Console(record=True)
    assert rehearse(settings, wish, json_file=file, console=console), console.export_text()
    assert processes.of_house(home / "rehearsal", home / "rehearsal" / "postgres") == []
    figures: dict[str, Any] = json.loads(file.read_text())
    return figures


@pytest.mark.browser
def test_two_hours_in_a_browser_are_as_every_day_must_be() -> None:
    with somebodys_folder() as folder:
        figures = rehearsed(folder, Wish(hours=HOURS, seed=7))
        page = (folder / "data" / "rehearsal" / "report.html").read_text()
    assert figures["posts"] == 5
    assert figures["replies"] > 0
    assert (figures["duplicates"], figures["unrecorded"], figures["made_up"], figures["failed_runs"]) == (0, 0, 0, 0)
    assert figures["most_browsers"] == 1
    assert figures["checkpoints"] == {"on_time": 1, "late": 0, "missed": 0, "owed": 0, "rate": 1.0}
    assert {job["job"] for job in figures["jobs"] if job["runs"]} >= {"posting", "plan", "replies", "velocity_tracker"}
    assert page.count('<img src="data:image/png') >= 4
    assert "practice X, world 7" in page


def test_an_hour_and_a_half_by_the_api_costs_what_x_would_charge_and_opens_no_browser() -> None:
    with somebodys_folder() as folder:
        figures = rehearsed(folder, Wish(hours=1.5, seed=7, way=Way.API))
    assert figures["posts"] == 3
    assert (figures["duplicates"], figures["unrecorded"], figures["made_up"], figures["failed_runs"]) == (0, 0, 0, 0)
    assert figures["most_browsers"] == 0
    cost = figures["cost"]
    assert cost["usd"] == pytest.approx(cost["billed_usd"])
    assert cost["kinds"]["post"] == {"count": 3, "usd": pytest.approx(0.045)}
    assert {"own_read", "post_read", "user_read"} <= set(cost["kinds"])


def test_the_same_seed_gives_the_same_posts_readings_and_choices_and_another_seed_gives_others() -> None:
    def marks(seed: int) -> dict[str, str]:
        with somebodys_folder() as folder:
            told: dict[str, str] = rehearsed(folder, Wish(hours=HOURS, seed=seed, way=Way.BARE))["marks"]
        return told

    first = marks(3)
    assert marks(3) == first
    assert not set(marks(4).values()) & set(first.values())


def test_where_everything_waits_for_a_person_the_rehearsals_person_approves_it_in_time() -> None:
    with somebodys_folder() as folder:
        accounts = accounts_with(folder, approval="everyone")
        figures = rehearsed(folder, Wish(hours=HOURS, seed=3, way=Way.BARE), accounts)
    assert figures["posts"] == 5
    assert (figures["duplicates"], figures["failed_runs"]) == (0, 0)


def test_what_cannot_be_rehearsed_is_said_before_anything_is_set_up(tmp_path: Path) -> None:
    settings = load_settings({"XBOT_HOME": str(tmp_path / "data"), "XBOT_ACCOUNTS": str(ROOT / "accounts")})
    with pytest.raises(CannotRun, match="no faults called 'smooth': there are rough"):
        rehearse(settings, Wish(hours=1, seed=7, faults="smooth"), json_file=None, console=Console())
    with pytest.raises(CannotRun, match=r"figures\.json cannot be written: No such file or directory"):
        rehearse(settings, Wish(hours=1, seed=7), json_file=tmp_path / "none" / "figures.json", console=Console())
    assert not (tmp_path / "data").exists()
