"""The query parameters of a request, each read as what it must be; a value that cannot be is a 400 in X's words.

Which posts a window of times and ids lets through is told here, too. Fields and expansions are a matter of `fields`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from xbot_pipelines.practice.api.problems import invalid_parameter
from xbot_pipelines.practice.entries import Cursor
from xbot_pipelines.practice.posts import as_post_id, snowflake
from xbot_pipelines.practice.queries import Between

_MOST_LISTED = 100
_NOT_YET = timedelta(seconds=10)  # what is this young cannot be asked for by a time
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of one request. Every method raises `Refused` for a value that it cannot read."""

    values: Mapping[str, str]

    def refuse_others(self, allowed: Sequence[str]) -> None:
        """Let a request pass that has no parameters but these."""
        for name, value in self.values.items():
            if name not in allowed:
                message = f"The query parameter [{name}] is not one of [{','.join(allowed)}]"
                raise invalid_parameter(name, value, message)

    def text(self, name: str, most: int) -> str:
        """A text that must be there."""
        value = self.values.get(name, "")
        if not value.strip():
            raise invalid_parameter(name, value, f"The `{name}` query parameter can not be empty")
        if len(value) > most:
            message = f"The `{name}` query parameter value [{value}] must be at most {most} characters long"
            raise invalid_parameter(name, value, message)
        return value

    def ids(self, name: str) -> list[int]:
        """Up to a hundred ids that must be there, each once."""
        return list(dict.fromkeys(self._id(name, part) for part in self._parts(name)))

    def usernames(self, name: str) -> list[str]:
        """Up to a hundred usernames that must be there, each once."""
        parts = self._parts(name)
        for part in parts:
            if _USERNAME.fullmatch(part) is None:
                message = f"The `{name}` query parameter value [{part}] does not match ^[A-Za-z0-9_]{{1,15}}$"
                raise invalid_parameter(name, part, message)
        return list(dict.fromkeys(parts))

    def id(self, name: str) -> int | None:
        """One id, or None when there is none."""
        value = self.values.get(name)
        return None if value is None else self._id(name, value)

    def whole(self, name: str, *, least: int, most: int, default: int) -> int:
        """A whole number within bounds."""
        value = self.values.get(name, str(default))
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            message = f"The `{name}` query parameter value [{value}] is not between {least} and {most}"
            raise invalid_parameter(name, value, message)
        return int(value)

    def moment(self, name: str) -> datetime | None:
        """A time (UTC) as X takes it, `2026-02-13T10:41:54Z`; None when there is none."""
        value = self.values.get(name)
        if value is None:
            return None
        try:
            if _MOMENT.fullmatch(value):
                return datetime.fromisoformat(value).astimezone(UTC)
        except ValueError:
            pass  # a 31st of February: said below
        message = f"The `{name}` query parameter value [{value}] is not a valid ISO 8601 date-time"
        raise invalid_parameter(name, value, message)

    def one_of(self, name: str, known: Sequence[str], default: str) -> str:
        """One of several words."""
        value = self.values.get(name, default)
        if value not in known:
            message = f"The `{name}` query parameter value [{value}] is not one of [{','.join(known)}]"
            raise invalid_parameter(name, value, message)
        return value

    def some_of(self, name: str, known: Sequence[str]) -> frozenset[str]:
        """Several of several words, or none."""
        names = self.values[name].split(",") if self.values.get(name) else []
        for one in names:
            if one not in known:
                message = f"The `{name}` query parameter value [{one}] is not one of [{','.join(known)}]"
                raise invalid_parameter(name, one, message)
        return frozenset(names)

    def cursor(self, *names: str) -> Cursor | None:
        """The place in a list that one of these parameters names; None is its beginning."""
        for name in names:
            if name in self.values:
                try:
                    return Cursor.decode(self.values[name])
                except ValueError as error:
                    value = self.values[name]
                    message = f"The `{name}` query parameter value [{value}] is not a valid token"
                    raise invalid_parameter(name, value, message) from error
        return None

    def window(self) -> Between:
        """Between which ids everything lies that is asked for: by times (the end excluded) and ids (both excluded)."""
        start, end = self.moment("start_time"), self.moment("end_time")
        if start is not None and end is not None and start >= end:
            value = self.values["start_time"]
            raise invalid_parameter("start_time", value, "Invalid `start_time`: it must be before `end_time`")
        since, until = self.id("since_id"), self.id("until_id")
        endless = Between()
        return Between(
            first_id=max(0 if start is None else snowflake(start, 0), 0 if since is None else since + 1),
            last_id=min(
                endless.last_id if end is None else snowflake(end, 0) - 1,
                endless.last_id if until is None else until - 1,
            ),
        )

    def refuse_recent_moments(self, now: datetime) -> None:
        """Refuse a span that begins or ends within the last ten seconds, as X does.

        Raises:
            Refused: A moment is too young.
        """
        for name in ("start_time", "end_time"):
            moment = self.moment(name)
            if moment is not None and moment > now - _NOT_YET:
                value = self.values[name]
                sentence = f"'{name}' must be a minimum of 10 seconds prior to the request time"
                raise invalid_parameter(name, value, f"Invalid '{name}':'{value}'. {sentence}")

    def _parts(self, name: str) -> Sequence[str]:
        parts = self.text(name, 10_000).split(",")
        if len(parts) > _MOST_LISTED:
            message = (
                f"The number of values in the `{name}` query parameter list [{len(parts)}] is not between 1 and 100"
            )
            raise invalid_parameter(name, self.values[name], message)
        return parts

    @staticmethod
    def _id(name: str, value: str) -> int:
        post_id = as_post_id(value)
        if post_id is None:
            message = f"The `{name}` query parameter value [{value}] is not valid"
            raise invalid_parameter(name, value, message)
        return post_id
