"""Rows that the database refuses: the others are stored all the same, and each refusal is told with its reason.

What comes from outside is checked where it is read. Should one value get past that (a link too long for an index, a
number out of range), it must cost its own row and not the turn of the whole account.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Given = TypeVar("Given")
Result = TypeVar("Result")

_OF_THE_ROW = ("22", "54", "23502", "23514")
"""SQLSTATEs, and classes of them, that blame a value: data exceptions, program limits, NOT NULL and CHECK.

Not foreign keys: a row that belongs to nothing is an error of ours, and fails.
"""


@dataclass(frozen=True)
class RefusedRow:
    """What could not be stored: a name for it, and PostgreSQL's reason."""

    what: str
    reason: str

    def __str__(self) -> str:
        """Return the sentence for a log."""
        return f"{self.what} could not be stored: {self.reason}"


def write_each(
    connection: Connection,
    rows: Sequence[Given],
    write: Callable[[Sequence[Given]], Iterable[Result]],
    *,
    name: Callable[[Given], str],
) -> tuple[list[Result], list[RefusedRow]]:
    """Write rows together; where the database refuses, write each half by itself, down to the row that it refuses.

    Args:
        connection: the transaction that writes them. It stays usable.
        rows: what is to be written.
        write: writes some of the rows, and returns what is to be told of them.
        name: names a row in a sentence.

    Returns:
        What `write` returned of the rows that are stored, in their order, and the rows that were refused.

    Raises:
        DBAPIError: the database failed for another reason than a value.
    """
    if not rows:
        return [], []
    try:
        with connection.begin_nested():
            return list(write(rows)), []
    except (DBAPIError, UnicodeEncodeError) as error:
        reason = reason_of(error)
        if reason is None:
            raise
        if len(rows) == 1:
            return [], [RefusedRow(name(rows[0]), reason)]
    half = len(rows) // 2
    first, first_refused = write_each(connection, rows[:half], write, name=name)
    second, second_refused = write_each(connection, rows[half:], write, name=name)
    return first + second, first_refused + second_refused


def reason_of(error: DBAPIError | UnicodeEncodeError) -> str | None:
    """Return why a value was refused; None if the error is not about a value."""
    if isinstance(error, UnicodeEncodeError):
        return "it holds a character that is no text"
    state = getattr(error.orig, "sqlstate", None) or ""
    if not state.startswith(_OF_THE_ROW):
        return None
    # The primary message names the constraint or the limit; the detail would quote the row.
    return getattr(getattr(error.orig, "diag", None), "message_primary", None) or type(error.orig).__name__
