"""`xbot timetable`: the hour, as it was planned and as it is used, in the terminal, as JSON or as a page.

What there is to say lies in `orchestration.hour`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dagster import DagsterInstance
from rich.console import Console

from xbot_pipelines.clock import Clock
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.house import House
from xbot_pipelines.operate.tables import account_tables
from xbot_pipelines.orchestration.hour.capacity import Hour, hour_of
from xbot_pipelines.orchestration.hour.look import look
from xbot_pipelines.orchestration.hour.sentences import as_plain_values
from xbot_pipelines.orchestration.hour.shown import WIDTH, as_page, shown
from xbot_pipelines.orchestration.timetable import TIMETABLE
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.server import DatabaseMissing, database_address
from xbot_pipelines.text.escape import for_json


def show_hour(settings: Settings, clock: Clock, *, json: bool, html: Path | None) -> None:
    """Shows the hour in the way that was asked for. Where no database runs, it is the plan alone, and says so.

    Raises:
        CannotRun: the database is there and does not answer, or the page cannot be written.
    """
    hour, unknown = _hour(settings, clock)
    names = {"account": settings.account, "zone": str(settings.profile.timezone)}
    # Where the terminal is narrower, its lines are broken rather than its columns cut.
    console = Console(highlight=False, soft_wrap=True)
    console.width = max(console.width, WIDTH)
    if html is not None:
        _write(html, as_page(hour, **names))
        console.print(f"the hour is written to {html}", markup=False)
    elif json:
        console.print(for_json({**as_plain_values(hour), "unknown_because": unknown}, indent=2), markup=False)
    else:
        console.print(shown(hour, **names))
        if unknown:
            console.print(f"What runs took is not known: {unknown}", markup=False)


def _hour(settings: Settings, clock: Clock) -> tuple[Hour, str | None]:
    """Answers the hour, and why nothing is known of its runs, if so."""
    now = clock.now()
    try:
        address = database_address(settings)
    except DatabaseMissing as missing:
        return hour_of(TIMETABLE, {}, (), since=now, now=now), str(missing)
    with account_tables(settings) as database, _dagster(settings, address) as instance:
        return look(instance, database, now=now), None


@contextmanager
def _dagster(settings: Settings, address: str) -> Iterator[DagsterInstance]:
    """Opens Dagster's own tables, as dagster.yaml in the data folder says."""
    house = House(settings)
    folder = house.dagster_home
    if not (folder / "dagster.yaml").exists():
        raise CannotRun(f"there is no {folder / 'dagster.yaml'}: run `xbot up` once")
    os.environ["XBOT_DAGSTER_DATABASE_URL"] = house.dagster_database_url(address)
    with DagsterInstance.from_config(str(folder)) as instance:
        yield instance


def _write(file: Path, page: str) -> None:
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as failure:
        raise CannotRun(f"{file} cannot be written: {failure.strerror}") from failure
