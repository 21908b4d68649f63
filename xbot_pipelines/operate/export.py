"""`xbot export`: what the account has gathered, as files for pandas, DuckDB or a spreadsheet.

What is asked for lies in `export_request`, which rows and columns there are in `store.exports`, how a file is written
in `export_files`.
"""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from xbot_pipelines.operate.export_files import all_or_nothing, open_file
from xbot_pipelines.operate.export_request import ExportRequest
from xbot_pipelines.operate.tables import account_tables
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.exports import ExportedTable, Published, Snapshot, columns_of, open_snapshot

CHUNK_ROWS = 20_000
"""How many rows a chunk has, and a row group of a Parquet file. Two chunks are in memory at a time, some 50 MB."""


def write_export(settings: Settings, request: ExportRequest, *, say: Callable[[str], None]) -> None:
    """Writes a file for each table, all from one moment of the database, and says where each is and how large.

    The files appear together once all of them are whole, and replace those of an earlier export.

    Raises:
        CannotRun: the database does not answer, or the folder cannot be written to.
    """
    with (
        _ended_like_ctrl_c(),
        account_tables(settings) as database,
        open_snapshot(database, request.published) as snapshot,
        all_or_nothing(request.folder) as unfinished,
        _progress() as progress,
    ):
        posts = snapshot.count(ExportedTable.POSTS)
        lines = [_write(snapshot, table, request, into=unfinished, progress=progress) for table in request.tables]
    for line in lines:
        say(line)
    if posts == 0:
        say(f"no post was published {_when(request.published)}: the files have a header and no rows")


def _write(snapshot: Snapshot, table: ExportedTable, request: ExportRequest, *, into: Path, progress: Progress) -> str:
    """Writes one table, and answers the line that says so."""
    name = f"{table}.{request.file_format}"
    rows = 0
    task = progress.add_task(table, total=snapshot.count(table))
    with open_file(into / name, request.file_format, columns_of(table)) as add:
        for chunk in snapshot.chunks(table, size=CHUNK_ROWS):
            add(chunk)
            rows += len(chunk)
            progress.update(task, completed=rows)
    size = (into / name).stat().st_size
    return f"{request.folder / name}: {rows:,} {'row' if rows == 1 else 'rows'}, {decimal(size)}"


def _progress() -> Progress:
    """A bar for each table while it is written; nothing at all where no person watches."""
    return Progress(
        TextColumn("{task.description:<11}"),
        BarColumn(),
        TextColumn("{task.completed:,} of {task.total:,} rows"),
        TimeRemainingColumn(),
        console=Console(),
        transient=True,
        disable=not sys.stdout.isatty(),
    )


def _when(published: Published) -> str:
    since = f"from {published.since:%Y-%m-%d %H:%M} UTC on" if published.since is not None else ""
    until = f"before {published.until:%Y-%m-%d %H:%M} UTC" if published.until is not None else ""
    return " and ".join(filter(None, [since, until])) or "yet"


@contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """Lets SIGTERM and a closed terminal clean up as Ctrl-C does; what `nohup` keeps away stays away."""
    usual = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) == signal.SIG_DFL]
    for number in usual:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in usual:
            signal.signal(number, signal.SIG_DFL)
