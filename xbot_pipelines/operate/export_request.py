"""What a person asks of `xbot export`, read from what was typed; what cannot be meant is refused with one sentence.

How it is done is the business of `export`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from xbot_pipelines.clock import utc
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.exports import ExportedTable, Published


class FileFormat(StrEnum):
    """What a file is written as; it is the file's suffix, too."""

    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, kw_only=True)
class ExportRequest:
    """Which tables are to be exported, of which posts, as what, and into which folder."""

    tables: Sequence[ExportedTable]
    published: Published
    file_format: FileFormat
    folder: Path


_Word = TypeVar("_Word", bound=StrEnum)


def read_request(
    settings: Settings,
    *,
    since: str | None = None,
    until: str | None = None,
    file_format: str = FileFormat.CSV,
    output: Path | None = None,
    tables: Sequence[str] = (),
) -> ExportRequest:
    """Reads what was typed.

    Args:
        settings: of the account; the files go into its data folder, which is never in git, unless `output` is given.
        since: the UTC day of publishing, or the ISO 8601 time with its timezone, from which on posts are exported.
        until: the one before which they are. None, as above, is no bound.
        file_format: a word of `FileFormat`.
        output: the folder that the files go to.
        tables: words of `ExportedTable`, in any order; none are all of them.

    Raises:
        CannotRun: a word is none that is known, a time is none, or no time lies between the two.
    """
    named = {_word("--table", ExportedTable, typed) for typed in tables}
    return ExportRequest(
        tables=[table for table in ExportedTable if table in named or not named],
        published=_published(since, until),
        file_format=_word("--format", FileFormat, file_format),
        folder=(output or settings.home / "export" / settings.account).expanduser(),
    )


def _word(option: str, words: type[_Word], typed: str) -> _Word:
    try:
        return words(typed)
    except ValueError as error:
        raise CannotRun(f"{option} {typed!r}: should be one of {', '.join(words)}") from error


def _published(since: str | None, until: str | None) -> Published:
    published = Published(since=_moment("--since", since), until=_moment("--until", until))
    if published.since is not None and published.until is not None and published.since >= published.until:
        raise CannotRun(f"--since {since} --until {until}: no time lies between; --until is the first that is left out")
    return published


def _moment(option: str, typed: str | None) -> datetime | None:
    try:
        return None if typed is None else _day(typed) or utc(datetime.fromisoformat(typed))
    except (ValueError, OverflowError) as error:
        raise CannotRun(
            f"{option} {typed!r}: should be a UTC day such as 2026-02-01, or a time with its timezone such as "
            "2026-02-01T06:30Z"
        ) from error


def _day(typed: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(typed), time(), UTC)
    except ValueError:
        return None
