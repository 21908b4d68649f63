"""Which taste the readers have at which moment. From the seed alone it is steady; on request they change their minds.

What a taste is belongs to `appeal`. A post is judged by the taste of its own moment, so whatever was published before a
change keeps its fate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xbot_pipelines.practice.appeal import Appeal
from xbot_pipelines.practice.archive import Archive

DIMENSIONS = ("subject", "angle", "tone", "format", "hook", "hour")
"""What readers can change their minds about; the hour stands for when they are awake, weekends among it."""


@dataclass(frozen=True, slots=True)
class Change:
    """After a moment, readers like other values of these dimensions than before."""

    at: datetime
    dimensions: tuple[str, ...]


class Tastes:
    """The tastes of one archive and one seed; each change is on the disk before it is answered."""

    def __init__(self, archive: Archive, seed: int) -> None:
        self._archive = archive
        self._seed = seed
        self._changes = [
            Change(datetime.fromisoformat(kept["at"]), tuple(kept["dimensions"]))
            for kept in archive.fact("taste") or ()
        ]

    @property
    def changes(self) -> Sequence[Change]:
        """All changes, the earliest first."""
        return self._changes

    def at(self, moment: datetime) -> Appeal:
        """What a post of this moment is judged by."""
        past = (change.dimensions for change in self._changes if change.at < moment)
        return Appeal(self._seed, tuple(dimension for dimensions in past for dimension in dimensions))

    def change(self, change: Change) -> None:
        """Let the readers change their minds. The moment must not lie before any post that was seen."""
        self._changes = sorted([*self._changes, change], key=lambda one: one.at)
        kept = [{"at": one.at.isoformat(), "dimensions": list(one.dimensions)} for one in self._changes]
        self._archive.keep_fact("taste", kept)
