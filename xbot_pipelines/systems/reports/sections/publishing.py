"""What the account wrote and published: the day's posts, where decisions went, the checkpoints that fell due."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from xbot_pipelines.models import DecisionStatus, DecisionType
from xbot_pipelines.pictures.checkpoints import velocity_picture
from xbot_pipelines.pictures.day import day_picture
from xbot_pipelines.store.checkpoints import Checkpoint
from xbot_pipelines.store.days import DayPost, Moved
from xbot_pipelines.store.promises import CheckpointTally
from xbot_pipelines.systems.reports.days import Day
from xbot_pipelines.systems.reports.sections.section import Headline, Section
from xbot_pipelines.systems.reports.words import counted, listed, number, sentence, spelled

_ENDED = {
    DecisionStatus.REJECTED: ("was rejected", "were rejected"),
    DecisionStatus.REFUSED: ("was refused by X", "were refused by X"),
    DecisionStatus.FAILED: ("was given up", "were given up"),
    DecisionStatus.EXPIRED: ("expired", "expired"),
    DecisionStatus.UNCONFIRMED: ("is not confirmed", "are not confirmed"),
}
"""Where a decision stands that was not published as it was meant to be: how one ended, and how several did."""


@dataclass(frozen=True, kw_only=True)
class Published(Section):
    """What was published on the day, oldest first, and what it has come to so far."""

    day: Day
    posts: Sequence[DayPost]
    replies: Sequence[DayPost]

    @property
    def views(self) -> int | None:
        """How often all of it was seen, as far as that is known; None: of nothing it is."""
        known = [post.views for post in (*self.posts, *self.replies) if post.views is not None]
        return sum(known) if known else None

    @property
    def of_unknown_views(self) -> int:
        """Of how many it is not known how often they were seen."""
        return sum(post.views is None for post in (*self.posts, *self.replies))

    @property
    def in_short(self) -> str:
        """How much it was, and how often it was seen."""
        count = len(self.posts) + len(self.replies)
        if not count:
            return "Nothing was published."
        kinds = [(len(self.posts), "post"), (len(self.replies), "reply")]
        published = listed([counted(of_kind, thing) for of_kind, thing in kinds if of_kind])
        published = f"{published} {'was' if count == 1 else 'were'} published"
        if self.views is None:
            return sentence(f"{published}; how often that was seen is not known yet")
        of_the_rest = f" (of {spelled(self.of_unknown_views)} it is not known)" if self.of_unknown_views else ""
        have = "has" if count == 1 else "have"
        seen = {0: "not been seen", 1: "been seen once"}.get(self.views, f"been seen {counted(self.views, 'time')}")
        return sentence(f"{published} and {have} {seen} so far{of_the_rest}")

    @property
    def headline(self) -> Headline:
        """Posts and replies."""
        return Headline("posts + replies", f"{len(self.posts)} + {len(self.replies)}")

    def picture(self) -> str:
        """Draws them by hour, with their views."""
        return day_picture([*self.posts, *self.replies], since=self.day.since, until=self.day.until, zone=self.day.zone)


@dataclass(frozen=True, kw_only=True)
class Decisions(Section):
    """The decisions that moved on the day, in the order of their last step in it."""

    moved: Sequence[Moved]

    @property
    def table(self) -> Sequence[tuple[str, int, int]]:
        """What became of how many posts and replies: those that were written, and where each stood in the end."""
        new = Counter(one.kind for one in self.moved if one.is_new)
        stood = Counter((one.status, one.kind) for one in self.moved)
        rows = [("written", new[DecisionType.SINGLE], new[DecisionType.REPLY])]
        for status in DecisionStatus:
            posts, replies = stood[status, DecisionType.SINGLE], stood[status, DecisionType.REPLY]
            if posts or replies:
                rows.append((status.replace("_", " "), posts, replies))
        return rows

    @property
    def set_aside(self) -> Sequence[Moved]:
        """Those that were not published as they were meant to be, by how they ended."""
        return [one for status in _ENDED for one in self.moved if one.status == status]

    @property
    def in_short(self) -> str:
        """How many were set aside."""
        ends = Counter(one.status for one in self.set_aside)
        ended = [
            (ends[status], one if ends[status] == 1 else several)
            for status, (one, several) in _ENDED.items()
            if ends[status]
        ]
        if not ended:
            return ""
        (first, how), others = ended[0], ended[1:]
        return sentence(listed([f"{counted(first, 'draft')} {how}", *(f"{spelled(n)} {how}" for n, how in others)]))


@dataclass(frozen=True, kw_only=True)
class Checkpoints(Section):
    """What became of the checkpoints that fell due on the day; `curves` are those of the day's own posts."""

    tally: CheckpointTally
    curves: Sequence[Checkpoint]

    @property
    def due(self) -> int:
        """How many fell due."""
        return self.tally.on_time + self.tally.late + self.tally.missed + self.tally.owed

    @property
    def in_short(self) -> str:
        """How many of them were read, and when."""
        tally = self.tally
        if not self.due:
            return "No checkpoint fell due."
        if tally.on_time == self.due:
            return (
                "The checkpoint that fell due was read on time."
                if self.due == 1
                else (f"All {number(self.due)} checkpoints were read on time.")
            )
        ends = [
            (tally.on_time, "read on time"),
            (tally.late, "read late"),
            (tally.missed, "missed because the post was gone"),
        ]
        ended = [f"{number(count)} {'was' if count == 1 else 'were'} {how}" for count, how in ends if count]
        ended += [f"{number(tally.owed)} {'is' if tally.owed == 1 else 'are'} still owed"] if tally.owed else []
        return f"Of {counted(self.due, 'checkpoint')} that fell due, {listed(ended)}."

    @property
    def headline(self) -> Headline:
        """How many were read on time."""
        figure = f"{number(self.tally.on_time)} of {number(self.due)}" if self.due else "none due"
        return Headline("checkpoints on time", figure)

    def picture(self) -> str:
        """Draws how fast the day's posts were seen."""
        return velocity_picture(self.curves)
