"""Files that a table becomes: what CSV and Parquet do with its values, and that they appear whole or not at all.

What is written into them is the business of `export`.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]  # it has no types of its own, nor are there any beside it
import pyarrow.compute as pc  # type: ignore[import-untyped]
from pyarrow import csv, parquet

from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.export_request import FileFormat
from xbot_pipelines.text.escape import for_csv_cell

Rows = Sequence[Sequence[Any]]
Add = Callable[[Rows], None]

_UTC_MICROSECONDS = pa.timestamp("us", tz="UTC")
_ARROW_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64(), datetime: _UTC_MICROSECONDS}


@contextmanager
def all_or_nothing(folder: Path) -> Iterator[Path]:
    """Gives a folder to write into, whose files move to `folder` when the block ends: each replaces one of its name.

    Where the block fails or is interrupted, they vanish, and what was in `folder` stays as it was.

    Raises:
        CannotRun: the files cannot be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Within the folder: only in the same file system is a move one step that nobody sees half done.
        with TemporaryDirectory(prefix=".unfinished-", dir=folder) as unfinished:
            yield Path(unfinished)
            for file in sorted(Path(unfinished).iterdir()):
                file.replace(folder / file.name)
    except OSError as failure:
        reason = os.strerror(failure.errno) if failure.errno else str(failure)
        raise CannotRun(f"nothing can be written to {folder}: {reason}; --output names another folder") from failure


def open_file(path: Path, file_format: FileFormat, columns: Mapping[str, type]) -> AbstractContextManager[Add]:
    """Opens a file of these columns, and gives what adds rows to it. Without rows it is a file all the same.

    Numbers are 64 bits wide, times UTC microseconds. In CSV texts and times stand in quotes, a time is ISO 8601,
    what is unknown is empty without quotes, and a text that a spreadsheet takes for a formula has an apostrophe in
    front.
    """
    schema = pa.schema([pa.field(name, _ARROW_TYPES[kind]) for name, kind in columns.items()])
    match file_format:
        case FileFormat.CSV:
            return _csv_file(path, schema)
        case FileFormat.PARQUET:
            return _parquet_file(path, schema)


@contextmanager
def _csv_file(path: Path, schema: pa.Schema) -> Iterator[Add]:
    as_written = pa.schema([field.with_type(pa.string()) if _is_time(field) else field for field in schema])
    with csv.CSVWriter(path, as_written) as writer:

        def add(rows: Rows) -> None:
            batch = _batch(rows, schema)
            columns = [_for_csv(field, column) for field, column in zip(schema, batch, strict=True)]
            writer.write_batch(pa.record_batch(columns, schema=as_written))

        yield add


@contextmanager
def _parquet_file(path: Path, schema: pa.Schema) -> Iterator[Add]:
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        yield lambda rows: writer.write_batch(_batch(rows, schema))


def _batch(rows: Rows, schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.record_batch(
        [pa.array(column, type=field.type) for field, column in zip(schema, columns, strict=True)], schema=schema
    )


def _is_time(field: pa.Field) -> bool:
    return bool(field.type == _UTC_MICROSECONDS)


def _for_csv(field: pa.Field, column: pa.Array) -> pa.Array:
    if _is_time(field):
        return _iso(column)
    if field.type != pa.string():
        return column
    return pa.array([None if text is None else for_csv_cell(text) for text in column.to_pylist()], type=field.type)


def _iso(times: pa.Array) -> pa.Array:
    # Not by strftime: that needs a database of timezones, which a small machine may not have.
    written = times.cast(pa.timestamp("us")).cast(pa.string())
    return pc.binary_join_element_wise(pc.replace_substring(written, " ", "T"), "Z", "")
