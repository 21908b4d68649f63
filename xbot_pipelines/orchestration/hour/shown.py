"""The hour as a terminal shows it, and the same as a page: a row for each job, a column for each minute."""

from collections.abc import Iterator, Sequence
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from xbot_pipelines.orchestration.hour.capacity import Hour, JobHour, Spread
from xbot_pipelines.orchestration.hour.sentences import how_often, in_percent, in_seconds, sentences

WIDTH = 132
"""How many columns the picture needs."""

_MINUTES = 60
_TURN, _TAIL = "█", "▒"

# rich fills in what stands in braces; a page's own braces are doubled.
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The hour</title>
<style>body {{ color: {foreground}; background-color: {background}; margin: 2rem; overflow-x: auto }}</style>
</head>
<body><pre style="font: 13px/1.35 ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace">{code}</pre></body>
</html>
"""


def shown(hour: Hour, *, account: str, zone: str) -> RenderableType:
    """Answers the whole picture. `zone` is the timezone in which the account lives."""
    known = f"by its runs of the last {(hour.looked_at - hour.since).days} days" if _is_measured(hour) else "as planned"
    title = Text.assemble((f"The hour of account {account}", "bold"), f", {known}")
    parts: list[RenderableType] = [title, Padding(_turns(hour, zone), (1, 0, 0, 0))]
    if any(job.waiting for job in hour.browser_jobs):
        parts.append(Padding(_spending(hour.browser_jobs), (1, 0, 0, 0)))
    return Group(*parts, Text(), *(Text(sentence) for sentence in sentences(hour)))


def as_page(hour: Hour, *, account: str, zone: str) -> str:
    """Answers the picture as an HTML page that stands by itself."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(shown(hour, account=account, zone=zone))
    return console.export_html(inline_styles=True, code_format=_PAGE)


def _is_measured(hour: Hour) -> bool:
    return hour.used is not None or any(job.runs for job in hour.jobs)


def _turns(hour: Hour, zone: str) -> Table:
    table = _table("job", Text("".join(f":{minute:02}".ljust(10) for minute in range(0, _MINUTES, 10))))
    for name in ("p50", "p95", "runs", "share"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", style="dim", no_wrap=True)
    for job in sorted(hour.jobs, key=lambda job: (not job.turn.uses_browser, -job.turn.priority)):
        table.add_row(
            Text(job.turn.job, style="" if job.turn.uses_browser else "dim"),
            _ruler(job),
            in_seconds(job.runs.p50 if job.runs else None),
            in_seconds(job.runs.p95 if job.runs else None),
            str(job.runs.count if job.runs else 0),
            in_percent(job.share) if job.turn.uses_browser else "",
            how_often(job.turn, zone),
        )
    return table


def _ruler(job: JobHour) -> Text:
    """A turn's minute, and the minutes after it that its p95 reaches into."""
    cells = [" "] * _MINUTES
    tail = int(job.runs.p95.total_seconds() // 60) if job.runs else 0
    for minute in job.turn.minutes:
        for after in range(1, tail + 1):
            cells[(minute + after) % _MINUTES] = _TAIL
    for minute in job.turn.minutes:
        cells[minute] = _TURN
    return Text("".join(cells), style="blue" if job.turn.uses_browser else "bright_black")


def _spending(jobs: Sequence[JobHour]) -> Table:
    table = _table("how the time was spent, p50 / p95")
    for name in ("waiting", "opening", "working", "closing"):
        table.add_column(name, justify="right", no_wrap=True, min_width=16)
    for job in jobs:
        if job.waiting:
            table.add_row(job.turn.job, *_both((job.waiting, job.opening, job.working, job.closing)))
    return table


def _both(spreads: Sequence[Spread | None]) -> Iterator[str]:
    for one in spreads:
        yield f"{in_seconds(one.p50)} / {in_seconds(one.p95)}" if one else "–"


def _table(*columns: str | Text) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    for column in columns:
        table.add_column(column, no_wrap=True)
    return table
