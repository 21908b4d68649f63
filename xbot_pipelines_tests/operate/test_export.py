"""`xbot export`: files that hold what was put into the tables, whole or not at all, by real processes too."""

import os
import pty
import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import text, update

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Counters
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.export import write_export
from xbot_pipelines.operate.export_request import FileFormat, read_request
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.exports import ExportedTable, columns_of
from xbot_pipelines.store.schema import content_metadata, outcomes, post_velocity_tracking
from xbot_pipelines_tests.conftest import ROOT
from xbot_pipelines_tests.operate.programs import python, wait_until
from xbot_pipelines_tests.operate.shell import Shell, refusal
from xbot_pipelines_tests.store.given import FULL, TWEET_ID, posted, read, reading
from xbot_pipelines_tests.store.rows import checkpoint, write

HOUR = timedelta(hours=1)
DIFFICULT = '=HYPERLINK("https://x.example"),\n"quoted" \r\n; 😴\t\\N, NULL'


def export(settings: Settings, *, file_format: str = "csv", **typed: Any) -> list[str]:
    """Exports as somebody types it, and answers what is said."""
    said: list[str] = []
    write_export(settings, read_request(settings, file_format=file_format, **typed), say=said.append)
    return said


def read_back(folder: Path, table: str, file_format: str) -> pd.DataFrame:
    """The file as pandas reads it, with the kinds of the columns that the handbook names for CSV."""
    file = folder / f"{table}.{file_format}"
    if file_format == "parquet":
        return pd.read_parquet(file)
    columns = columns_of(ExportedTable(table))
    times = [name for name, kind in columns.items() if kind is datetime]
    kinds = {str: "string", int: "Int64", float: "float64"}
    return pd.read_csv(
        file,
        dtype={name: kinds[kind] for name, kind in columns.items() if kind is not datetime},
        parse_dates=times,
        keep_default_na=False,
        na_values={name: [""] for name, kind in columns.items() if kind is not str},
    ).transform(lambda column: column.str.removeprefix("'") if columns[column.name] is str else column)


def names_in(folder: Path) -> list[str]:
    """What lies in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def one_of_each(database: AccountDatabase, clock: ManualClock) -> None:
    """A post with an outcome, two readings of it, and its checkpoint."""
    decision_id = posted(database, TWEET_ID, at=clock.now(), text=DIFFICULT)
    read(database, reading(TWEET_ID, clock.now() + 1.5 * HOUR, Counters(views=0)))
    read(database, reading(TWEET_ID, clock.now() + 2 * HOUR + timedelta(microseconds=1), FULL))
    with database.transaction() as connection:
        connection.execute(update(content_metadata).values(topic="", cost_usd=0.000335))
        connection.execute(update(outcomes).values(views=0, followers_gained=1.5))
    write(database, post_velocity_tracking, checkpoint(decision_id, status="missed", observed_at=None))


@pytest.mark.usefixtures("one_of_each")
@pytest.mark.parametrize("file_format", FileFormat)
def test_what_is_read_back_is_what_was_put(
    settings: Settings, clock: ManualClock, tmp_path: Path, file_format: str
) -> None:
    export(settings, file_format=file_format, output=tmp_path / "out")

    posts, readings, checkpoints = (read_back(tmp_path / "out", table, file_format) for table in ExportedTable)
    [post] = posts.to_dict("records")
    assert (post["tweet_id"], post["text"], post["topic"]) == (TWEET_ID, DIFFICULT, "")
    assert (post["views"], post["followers_gained"], post["cost_usd"]) == (0, 1.5, 0.000335)
    assert post["posted_at"] == clock.now()
    assert posts[["likes", "engagement_rate", "collected_at"]].isna().all(axis=None)
    assert list(readings["observed_at"] - clock.now()) == [1.5 * HOUR, 2 * HOUR + timedelta(microseconds=1)]
    assert list(readings["age_hours"]) == pytest.approx([1.5, 2.0])
    assert list(readings["views"]) == [0, 200]
    assert list(readings["likes"].isna()) == [True, False]
    [missed] = checkpoints.to_dict("records")
    assert (missed["checkpoint_hours"], missed["status"]) == (2, "missed")
    assert checkpoints[["observed_at", "views"]].isna().all(axis=None)


@pytest.mark.usefixtures("one_of_each")
def test_a_parquet_file_says_what_its_columns_are_also_where_nothing_is_known(
    settings: Settings, tmp_path: Path
) -> None:
    export(settings, file_format="parquet", output=tmp_path, until="2020-01-01")

    empty = pd.read_parquet(tmp_path / "posts.parquet", dtype_backend="pyarrow")

    assert len(empty) == 0
    kinds = {str: "string[pyarrow]", int: "int64[pyarrow]", float: "double[pyarrow]"}
    in_time = "timestamp[us, tz=UTC][pyarrow]"
    assert {name: str(kind) for name, kind in empty.dtypes.items()} == {
        name: kinds.get(kind, in_time) for name, kind in columns_of(ExportedTable.POSTS).items()
    }


@pytest.mark.usefixtures("one_of_each")
def test_in_csv_a_time_is_iso_in_utc_and_what_is_unknown_is_empty_without_quotes(
    settings: Settings, tmp_path: Path
) -> None:
    export(settings, output=tmp_path, tables=["readings"])

    header, first, second = (tmp_path / "readings.csv").read_text(encoding="utf-8").splitlines()
    assert header.startswith('"decision_id","tweet_id","observed_at","age_hours","views","likes",')
    assert first.split(",", 1)[1] == (
        f'"{TWEET_ID}","2026-03-02T13:30:00.000000Z",1.5,0,,,,,,,,,,"metrics_scraper","run-1"'
    )
    assert "2026-03-02T14:00:00.000001Z" in second


def test_every_exported_column_is_explained_in_the_handbook() -> None:
    handbook = (ROOT / "docs" / "exporting.md").read_text(encoding="utf-8")
    for table in ExportedTable:
        _, _, chapter = handbook.partition(f"### `{table}`")
        chapter = chapter.split("\n#")[0]
        missing = [name for name in columns_of(table) if f"`{name}`" not in chapter]
        assert not missing, f"{table}: {missing}"


@pytest.mark.usefixtures("one_of_each")
def test_where_nothing_was_published_there_are_files_with_a_header_and_a_sentence(
    settings: Settings, tmp_path: Path
) -> None:
    said = export(settings, output=tmp_path, since="2026-02-01", until="2026-03-01T10:30+01:00")

    assert said[0].startswith(f"{tmp_path}/posts.csv: 0 rows, ")
    assert said[3:] == [
        (
            "no post was published from 2026-02-01 00:00 UTC on and before 2026-03-01 09:30 UTC: "
            "the files have a header and no rows"
        )
    ]
    for table in ExportedTable:
        assert list(read_back(tmp_path, table, "csv").columns) == list(columns_of(table))


def test_an_account_that_has_published_nothing_yet_is_told_so(settings: Settings) -> None:
    assert export(settings)[3:] == ["no post was published yet: the files have a header and no rows"]


def test_files_go_to_the_data_folder_of_the_account_unless_told_otherwise(settings: Settings) -> None:
    export(settings, tables=["posts"])
    assert names_in(settings.home / "export" / "practice") == ["posts.csv"]


@pytest.mark.usefixtures("one_of_each")
def test_only_the_tables_that_are_named_are_written_and_replace_the_files_of_before(
    settings: Settings, tmp_path: Path
) -> None:
    for name in ("checkpoints.csv", "posts.csv", "notes.txt"):
        (tmp_path / name).write_text("of before", encoding="utf-8")

    said = export(settings, output=tmp_path, tables=["checkpoints", "readings", "checkpoints"])

    assert [line.split(",")[0] for line in said] == [
        f"{tmp_path}/readings.csv: 2 rows",
        f"{tmp_path}/checkpoints.csv: 1 row",
    ]
    assert len(read_back(tmp_path, "checkpoints", "csv")) == 1
    assert [(tmp_path / name).read_text(encoding="utf-8") for name in ("posts.csv", "notes.txt")] == ["of before"] * 2


def test_a_folder_that_cannot_be_written_to_is_one_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotRun, match=r"nothing can be written to .*/file: File exists; --output names another"):
        export(settings, output=tmp_path / "file")
    with pytest.raises(CannotRun, match=r"nothing can be written to .*/file/in: Not a directory"):
        export(settings, output=tmp_path / "file" / "in")


def test_a_full_disk_leaves_the_files_of_before(settings: Settings, database: AccountDatabase, tmp_path: Path) -> None:
    posted(database, TWEET_ID, at=datetime(2026, 3, 2, tzinfo=UTC), text="x" * 100_000)
    (tmp_path / "posts.csv").write_text("of before", encoding="utf-8")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(CannotRun, match=r"nothing can be written to .*: File too large"):
            export(settings, output=tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert names_in(tmp_path) == ["posts.csv"]
    assert (tmp_path / "posts.csv").read_text(encoding="utf-8") == "of before"


@pytest.mark.usefixtures("one_of_each")
def test_typed_in_a_shell_it_says_where_each_file_is_and_how_large(
    shell: Shell, database_url: str, tmp_path: Path
) -> None:
    done = shell.types(
        *("export", "--since", "2026-03-02", "--until", "2026-03-03", "--format", "parquet"),
        *("--output", str(tmp_path / "out"), "--table", "posts", "--table", "readings"),
        XBOT_DATABASE_URL=database_url,
    )
    assert (done.returncode, done.stderr) == (0, "")
    posts, readings = done.stdout.splitlines()
    assert posts.startswith(f"{tmp_path}/out/posts.parquet: 1 row, ")
    assert readings.startswith(f"{tmp_path}/out/readings.parquet: 2 rows, ")
    assert names_in(tmp_path / "out") == ["posts.parquet", "readings.parquet"]


def test_where_the_database_does_not_run_it_is_one_sentence_and_nothing_is_made(shell: Shell) -> None:
    assert refusal(shell.types("export")).endswith("run `make up`, or set XBOT_DATABASE_URL")
    assert not shell.home.exists()


@pytest.mark.usefixtures("one_of_each")
def test_a_person_who_watches_sees_how_far_it_is(shell: Shell, database_url: str) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        process = _exporting(shell, database_url, output=shell.home / "out", stdout=theirs)
        os.close(theirs)
        shown = _all_of(terminal)
        assert process.wait(timeout=20) == 0
    assert "2 of 2 rows" in shown
    assert f"{shell.home}/out/readings.csv: 2 rows" in shown.replace("\r\n", "")


@pytest.mark.usefixtures("one_of_each")
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_interrupts_it_finds_the_files_of_before(
    shell: Shell, database: AccountDatabase, database_url: str, tmp_path: Path, asked: signal.Signals
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "posts.csv").write_text("of before", encoding="utf-8")
    with database.transaction() as connection:
        # Held up at its last table, the export has written the others by then.
        connection.execute(text("LOCK TABLE post_velocity_tracking IN ACCESS EXCLUSIVE MODE"))
        process = _exporting(shell, database_url, output=folder, stdout=subprocess.DEVNULL)
        wait_until(lambda: any(folder.glob(".unfinished-*/readings.csv")), "the readings are written")
        process.send_signal(asked)
        assert process.wait(timeout=20) == 130
    assert names_in(folder) == ["posts.csv"]
    assert (folder / "posts.csv").read_text(encoding="utf-8") == "of before"


def test_however_many_rows_there_are_only_some_are_held_in_memory(
    settings: Settings, database: AccountDatabase, clock: ManualClock, database_url: str
) -> None:
    posted(database, TWEET_ID, at=clock.now())
    with database.transaction() as connection:
        connection.execute(text(_MANY_READINGS), {"tweet_id": TWEET_ID, "start": clock.now(), "count": 100_000})
    environment = {
        "PATH": os.environ["PATH"],
        "XBOT_HOME": str(settings.home),
        "XBOT_DATABASE_URL": database_url,
        "XBOT_ACCOUNTS": str(ROOT / "accounts"),
    }

    done = subprocess.run(python(_MEMORY), env=environment, capture_output=True, text=True, check=True)

    *_, grown = done.stdout.splitlines()
    assert "readings.parquet: 100,000 rows" in done.stdout
    # All of the rows at once would be some 150 MB.
    assert int(grown) < 80, done.stdout


def _exporting(shell: Shell, database_url: str, *, output: Path, stdout: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "xbot_pipelines.cli", "export", "--output", str(output)],
        env={**shell.variables, "XBOT_DATABASE_URL": database_url, "TERM": "xterm", "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
    )


def _all_of(terminal: Any) -> str:
    """What a program shows on a terminal until it ends; its end is an error of reading, on Linux."""
    shown = b""
    try:
        while piece := terminal.read(65_536):
            shown += piece
    except OSError:
        pass
    return shown.decode()


_MANY_READINGS = """
    INSERT INTO tweet_metrics (account, tweet_id, observed_at, views, likes, source, run_id)
    SELECT 'practice', :tweet_id, CAST(:start AS timestamptz) + number * interval '1 second', number, number,
           'metrics_scraper', md5(number::text)
    FROM generate_series(1, :count) AS number
"""
_MEMORY = """
import resource
from xbot_pipelines.operate.export import write_export
from xbot_pipelines.operate.export_request import read_request
from xbot_pipelines.settings import load_settings

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

settings = load_settings()
write_export(settings, read_request(settings, file_format="parquet", until="2026-01-01"), say=print)
before = peak()
write_export(settings, read_request(settings, file_format="parquet", tables=["readings"]), say=print)
print(peak() - before)
"""
"""Exports nothing first, for what the libraries themselves need; then all readings. Prints the growth in megabytes."""
