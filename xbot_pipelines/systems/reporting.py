"""Reporting: each day of the account is written down for a person, once it is over.

A report is missing as long as its files are: what was not written while the machine was off is made up for by the next
turn, and nothing is made twice (F26). Yesterday's is written again whenever somebody asks. What stands in a report lies
in `systems.reports`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import Result
from xbot_pipelines.private_files import write_private
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.days import history_began
from xbot_pipelines.systems.reports.days import days_owed, last_days
from xbot_pipelines.systems.reports.looking_back import look_back
from xbot_pipelines.systems.reports.rendering import Rendered, render


@dataclass(frozen=True, kw_only=True)
class WrittenReport:
    """A day's report: what it says, and its two files."""

    day: date
    said: Rendered
    html_file: Path
    markdown_file: Path


@dataclass(frozen=True, kw_only=True)
class ReportingSummary:
    """The reports that were written, yesterday's last."""

    result: Result
    reason: str | None = None
    written: Sequence[WrittenReport] = ()


def why_not_now(settings: Settings, database: AccountDatabase, *, now: datetime) -> str | None:
    """Says why no report is owed, or None when one is."""
    began_on = _began_on(settings, database)
    days = last_days(now, settings.profile.timezone)
    if _owed(settings, days, began_on):
        return None
    return _nothing_to_tell(days, began_on) or f"every day until {days[-1].isoformat()} has its report"


def write_reports(settings: Settings, database: AccountDatabase, *, clock: Clock) -> ReportingSummary:
    """Writes every report that is owed, and yesterday's whether it is there or not.

    Raises:
        OSError: a file cannot be written. Those of the days before it are there.
    """
    now = clock.now()
    began_on = _began_on(settings, database)
    days = last_days(now, settings.profile.timezone)
    nothing = _nothing_to_tell(days, began_on)
    if nothing:
        return ReportingSummary(result=Result.NOTHING_TO_DO, reason=nothing)
    due = sorted({*_owed(settings, days, began_on), days[-1]})
    return ReportingSummary(result=Result.DONE, written=[_write(settings, database, day, now=now) for day in due])


def _write(settings: Settings, database: AccountDatabase, day: date, *, now: datetime) -> WrittenReport:
    html_file, markdown_file = _files(settings, day)
    said = render(look_back(settings, database, day, now=now))
    write_private(html_file, said.html)
    write_private(markdown_file, said.markdown)
    return WrittenReport(day=day, said=said, html_file=html_file, markdown_file=markdown_file)


def _owed(settings: Settings, days: Sequence[date], began_on: date | None) -> Sequence[date]:
    written = [day for day in days if all(file.exists() for file in _files(settings, day))]
    return days_owed(days, began_on=began_on, written=written)


def _nothing_to_tell(days: Sequence[date], began_on: date | None) -> str | None:
    if began_on is None:
        return "nothing is known of this account yet"
    return "the account's first day is not over yet" if began_on > days[-1] else None


def _began_on(settings: Settings, database: AccountDatabase) -> date | None:
    began = history_began(database)
    return None if began is None else began.astimezone(settings.profile.timezone).date()


def _files(settings: Settings, day: date) -> tuple[Path, Path]:
    folder = settings.reports_folder
    return folder / f"{day.isoformat()}.html", folder / f"{day.isoformat()}.md"
