"""How a field is looked up in an answer of X: through a list of places, with an error that says what is missing.

X moves fields from one release to the next, so every field is asked for with all the places it may be in, newest
first. A place that is absent or null is passed over; a value of a wrong type never is. What the fields mean belongs to
`objects`, where a page keeps its posts to `rows`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from xbot_pipelines.text.clean import clean
from xbot_pipelines.text.escape import for_terminal_line

Value = TypeVar("Value")


class UnreadableAnswer(ValueError):
    """An answer of X lacks something that must be there: X has changed, and we do not know what the page says (F11).

    `missing` is what was looked for, `where` the place in the answer, with the post's id where it is known.
    """

    def __init__(self, missing: str, where: str) -> None:
        super().__init__(f"X's answer cannot be read: {missing} is missing in {where}")
        self.missing = missing
        self.where = where

    def __str__(self) -> str:
        """Return the sentence on one line: X's own words may stand in it."""
        return for_terminal_line(super().__str__())


class AccountUnavailable(UnreadableAnswer):
    """The answer is readable, and says that the account is not to be seen: `reason` is X's word, such as Suspended."""

    def __init__(self, reason: str, where: str) -> None:
        super().__init__("the account", where)
        self.args = (f"X does not show the account in {where}: {reason}",)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class UnreadableRow:
    """A row of a page that could not be read while others could.

    Args:
        row_id: the row's id on the page, or its place where it has none.
        missing: what was looked for.
        where: the place in the answer.
        post_id: the post that the row is for, where that can be told.
        handle: its author, where that can be told.
        author_id: the author's id, where that can be told.
        text: what a reader sees of it, where that can be told: who asks to be left alone is heard all the same.
    """

    row_id: str
    missing: str
    where: str
    post_id: str | None = None
    handle: str | None = None
    author_id: str | None = None
    text: str | None = None

    def __str__(self) -> str:
        return f"row {self.row_id} cannot be read: {self.missing} is missing in {self.where}"


@dataclass(frozen=True)
class Part:
    """One JSON object of an answer, and where in the answer it lies.

    Every method takes the places of one field as dotted paths and answers what is at the first one that has a value,
    None where none has. Each raises UnreadableAnswer where the value is not of the type that is asked for.
    """

    fields: Mapping[str, Any]
    where: str

    def part(self, *paths: str) -> "Part | None":
        """An object."""
        path, value = self._first(paths)
        return None if value is None else Part(self._of(dict, "an object", path, value), f"{self.where}.{path}")

    def parts(self, *paths: str) -> "list[Part] | None":
        """A list of objects; one object alone is a list of one, since X gives some fields either way."""
        found: list[Part] = []
        each = self.each(*paths)
        for one in each or []:
            if isinstance(one, UnreadableAnswer):
                raise one
            found.append(one)
        return None if each is None else found

    def each(self, *paths: str) -> "list[Part | UnreadableAnswer] | None":
        """A list as `parts` reads it, with an error in the place of whatever is no object."""
        path, value = self._first(paths)
        if value is None:
            return None
        if isinstance(value, dict):
            return [Part(value, f"{self.where}.{path}")]
        return [
            Part(item, f"{self.where}.{path}[{index}]")
            if isinstance(item, dict)
            else self._wrong("an object", f"{path}[{index}]", item)
            for index, item in enumerate(self._of(list, "a list", path, value))
        ]

    def text(self, *paths: str) -> str | None:
        """A string, clean of what no table takes; otherwise as it is."""
        path, value = self._first(paths)
        return None if value is None else clean(self._of(str, "a text", path, value))

    def id(self, *paths: str) -> str | None:
        """The id of a post or an account: a string of digits, or a whole number."""
        path, value = self._first(paths)
        if type(value) is int and 0 <= value < 10**20:
            return str(value)
        if value is None or (isinstance(value, str) and re.fullmatch(r"[0-9]{1,20}", value)):
            return value
        raise self._wrong("an id", path, value)

    def count(self, *paths: str) -> int | None:
        """A counter, as a number or in digits: X writes views as a string."""
        path, value = self._first(paths)
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value):
            return int(value)
        if value is None or (type(value) is int and 0 <= value < 10**18):
            return value
        raise self._wrong("a count", path, value)

    def count_as_decimal(self, *paths: str) -> int | None:
        """A counter that X may write as a decimal number, 123.0, as it does with private figures."""
        path, value = self._first(paths)
        if type(value) is float and value.is_integer():
            value = int(value)
        if value is None or (type(value) is int and 0 <= value < 10**18):
            return value
        raise self._wrong("a count", path, value)

    def flag(self, *paths: str) -> bool | None:
        """A yes or no."""
        path, value = self._first(paths)
        return None if value is None else self._of(bool, "a yes or no", path, value)

    def moment(self, *paths: str) -> datetime | None:
        """A time as X writes it, "Mon Sep 14 20:58:57 +0000 2026", in UTC."""
        path, value = self._first(paths)
        if value is None:
            return None
        try:
            return datetime.strptime(self._of(str, "a time", path, value), "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)
        except (ValueError, OverflowError):
            raise self._wrong("a time", path, value) from None

    def iso_moment(self, *paths: str) -> datetime | None:
        """A time as the official API writes it, "2026-02-13T10:41:54.000Z", in UTC."""
        path, value = self._first(paths)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(self._of(str, "a time", path, value))
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise self._wrong("a time", path, value) from None
        raise self._wrong("a time with its zone", path, value)

    def span(self, path: str) -> tuple[int, int] | None:
        """A range of two indices, which count Unicode code points as Python does."""
        _, value = self._first((path,))
        match value:
            case None:
                return None
            case [int() as start, int() as end] if 0 <= start <= end:
                return start, end
        raise self._wrong("a range", path, value)

    def _first(self, paths: tuple[str, ...]) -> tuple[str, Any]:
        for path in paths:
            value: Any = self.fields
            for step in path.split("."):
                value = self._of(dict, "an object", path, value).get(step)
                if value is None:
                    break
            else:
                return path, value
        return paths[0], None

    def _of(self, kind: type, name: str, path: str, value: Any) -> Any:
        if not isinstance(value, kind):
            raise self._wrong(name, path, value)
        return value

    def _wrong(self, name: str, path: str, value: Any) -> UnreadableAnswer:
        return UnreadableAnswer(f"{path} as {name} (found {type(value).__name__})", self.where)


def required(value: Value | None, missing: str, where: str) -> Value:
    """Answers a value that must be there.

    Raises:
        UnreadableAnswer: it is not.
    """
    if value is None:
        raise UnreadableAnswer(missing, where)
    return value
