"""The agenda: at which moment something is to be done next. Pure; what is done is not known here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from xbot_pipelines.orchestration.timetable import Turn


class Agenda:
    """The turns of a timetable, one moment after another.

    Args:
        turns: the timetable, or a part of it.
        zone: where the account lives.
        start: the first moment that can have a turn.
    """

    def __init__(self, turns: Sequence[Turn], zone: ZoneInfo, start: datetime) -> None:
        self._zone = zone
        just_before = start - timedelta(microseconds=1)
        self._next = {turn: turn.next_after(just_before, zone) for turn in turns}

    @property
    def next_moment(self) -> datetime:
        """When the next turn of any job is."""
        return min(self._next.values())

    def take(self, moment: datetime) -> Sequence[Turn]:
        """Answers the turns of this moment, and moves on to those after it."""
        due = [turn for turn, at in self._next.items() if at <= moment]
        for turn in due:
            self._next[turn] = turn.next_after(moment, self._zone)
        return due


@dataclass(frozen=True)
class Looks:
    """The moments at which a sensor looks: one every `every`, the first of them at `first`."""

    first: datetime
    every: timedelta

    def at_or_after(self, moment: datetime) -> datetime:
        """Answers the first look that does not come before a moment."""
        if moment <= self.first:
            return self.first
        return self.first + self.every * -((self.first - moment) // self.every)
