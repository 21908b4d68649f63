"""`xbot rehearse`: sets up the stage, plays, and shows what came of it, in the terminal, as a page and as JSON."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.rehearsal.ways import WORDS, Way, script_of, way_to_x
from xbot_pipelines.settings import Settings, Transport
from xbot_pipelines.text.escape import for_json

if TYPE_CHECKING:
    from xbot_pipelines.operate.rehearsal.figures import Figures
    from xbot_pipelines.operate.rehearsal.goals import Goal

BEGINS_AT = datetime(2026, 3, 2, tzinfo=UTC)
"""When a rehearsal begins: a Monday. What readers do depends on the day, and a seed means one thing for ever."""

REPORT = "report.html"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants rehearsed: from when, how long, in which world and way, with which faults (None: without).

    `database_url` is an empty PostgreSQL that others may rehearse on as well, each with an account of its own; None
    stands for one that is made for this rehearsal.
    """

    hours: float
    seed: int
    way: Way = Way.BROWSER
    faults: str | None = None
    database_url: str | None = None
    begins_at: datetime = BEGINS_AT


def rehearse(settings: Settings, wish: Wish, *, json_file: Path | None, console: Console) -> bool:
    """Rehearses, shows the summary, writes the report, and answers whether everything was as it must be.

    Raises:
        CannotRun, ChromiumMissing, ServerFailed: it cannot be rehearsed, or not shown.
    """
    from xbot_pipelines.operate.rehearsal.faults import FAULTS
    from xbot_pipelines.operate.rehearsal.stage import folder_of

    if wish.faults is not None and wish.faults not in FAULTS:
        raise CannotRun(f"there are no faults called {wish.faults!r}: there are {', '.join(FAULTS)}")
    if json_file is not None:
        _demand_writable(json_file)
    with _quiet():
        figures, goals, page = _play(settings, wish, console)
    from xbot_pipelines.operate.rehearsal.shown import as_plain_values, shown

    report = folder_of(settings) / REPORT
    report.write_text(page, encoding="utf-8")
    console.print(shown(figures, goals))
    console.print(f"The whole report, with pictures: {report}", markup=False, highlight=False, soft_wrap=True)
    if json_file is not None:
        told = {"seed": wish.seed, "way": wish.way.value, "faults": wish.faults, **as_plain_values(figures, goals)}
        json_file.write_text(for_json(told, indent=2) + "\n", encoding="utf-8")
    return all(goal.kept for goal in goals)


def _play(settings: Settings, wish: Wish, console: Console) -> "tuple[Figures, list[Goal], str]":
    # Learning inverts small matrices: threads that share one only wait for each other. Read when numpy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from xbot_pipelines.operate.rehearsal import faults
    from xbot_pipelines.operate.rehearsal.browsers import BrowserCount
    from xbot_pipelines.operate.rehearsal.figures import look_back
    from xbot_pipelines.operate.rehearsal.goals import punctual_goals, safe_goals
    from xbot_pipelines.operate.rehearsal.performing import Performer
    from xbot_pipelines.operate.rehearsal.person import Person
    from xbot_pipelines.operate.rehearsal.play import Play
    from xbot_pipelines.operate.rehearsal.report import as_page
    from xbot_pipelines.operate.rehearsal.stage import set_up

    began = time.perf_counter()
    transport: Transport = "api" if wish.way is Way.API else "browser"
    script = script_of(wish.way, begins_at=wish.begins_at, ends_at=wish.begins_at + timedelta(hours=wish.hours))
    with (
        set_up(
            settings,
            seed=wish.seed,
            begins_at=script.begins_at,
            transport=transport,
            database_url=wish.database_url,
        ) as stage,
        BrowserCount() as browsers,
        way_to_x(wish.way, stage) as turns,
        _progress(script.begins_at, script.hours, console) as progress,
    ):
        person = Person(stage)
        performer = Performer(stage, seed=wish.seed, turns=turns)
        if wish.faults is not None:
            faults.switch_on(stage.site, wish.faults)
        played = Play(stage, script, performer, person, progress=progress).play()
        stage.site.clear_faults()
        figures = look_back(
            stage,
            script,
            played,
            most_browsers=browsers.most,
            person_came=person.came,
            real_seconds=time.perf_counter() - began,
        )
        profile = stage.settings.profile
        # How late everything is where X fails is what such a rehearsal shows, and no goal.
        punctual = punctual_goals(figures, profile.caps) if wish.faults is None else ()
        goals = [*punctual, *safe_goals(figures, profile.caps)]
        page = as_page(figures, goals, profile, seed=wish.seed, way=WORDS[wish.way], faults=wish.faults)
    return figures, goals, page


@contextmanager
def _progress(begins_at: datetime, hours: float, console: Console) -> Iterator[Callable[[datetime], None]]:
    """Shows how far the day is."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("minutes,"),
        TimeElapsedColumn(),
        TextColumn("so far,"),
        TimeRemainingColumn(),
        TextColumn("to go"),
    )
    with Progress(*columns, console=console) as shown:
        day = shown.add_task(f"{begins_at:%a %H:%M}", total=int(hours * 60))

        def progress(moment: datetime) -> None:
            shown.update(day, completed=(moment - begins_at) // timedelta(minutes=1), description=f"{moment:%a %H:%M}")

        yield progress


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the runs' logs from the terminal: there are some thousand lines to each hour."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _demand_writable(file: Path) -> None:
    try:
        with file.open("a", encoding="utf-8"):
            pass
    except OSError as failure:
        raise CannotRun(f"{file} cannot be written: {failure.strerror}") from failure
