"""Who saw, followed and answered: followers, the replies that came, the posts of others that were worth one of ours."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xbot_pipelines.pictures.followers import follower_picture
from xbot_pipelines.store.days import OpportunityTally, Received
from xbot_pipelines.store.followers import FollowerSnapshot
from xbot_pipelines.systems.reports.days import Day
from xbot_pipelines.systems.reports.sections.section import Headline, Section
from xbot_pipelines.systems.reports.words import UNKNOWN, counted, number, sentence, signed

if TYPE_CHECKING:
    from xbot_pipelines.learning.attribution import Won


@dataclass(frozen=True, kw_only=True)
class Followers(Section):
    """The follower curve of the day.

    `first` and `last` are the counts that stand for its beginning and its end, None where nobody counted near them;
    `won` is what the account's posts won between the two, as far as that can be told.
    """

    day: Day
    curve: Sequence[FollowerSnapshot]
    first: FollowerSnapshot | None
    last: FollowerSnapshot | None
    won: "Won | None"

    @property
    def gained(self) -> int | None:
        """How many more there are at the end than at the beginning."""
        return None if self.first is None or self.last is None else self.last.followers - self.first.followers

    @property
    def latest(self) -> FollowerSnapshot | None:
        """The last count of the day."""
        return self.last or (self.curve[-1] if self.curve else None)

    @property
    def won_by_posts(self) -> str:
        """What posts won, with its bounds: `12 (9 to 16)`."""
        if self.won is None:
            return UNKNOWN
        # Bounds are rounded outwards: they hold what they held.
        low, best, high = math.floor(self.won.low), round(self.won.best), math.ceil(self.won.high)
        return f"{number(best)} ({number(low)} to {number(high)})"

    @property
    def in_short(self) -> str:
        """How many there are, how many more that is, and how many of those posts won."""
        if self.latest is None:
            return "How many followers there are is not known: no page has shown it."
        there_are = f"there are {counted(self.latest.followers, 'follower')}"
        if self.gained is None:
            return sentence(
                f"{there_are}; how many were gained is not known, as nobody counted at both ends of the day"
            )
        change = f"{number(abs(self.gained))} {'more' if self.gained > 0 else 'fewer'} than a day before"
        there_are = f"{there_are}, {change if self.gained else 'as many as a day before'}"
        if self.won is None:
            return sentence(f"{there_are}; how many the posts have won is not known")
        return sentence(f"{there_are}; the posts have won about {self.won_by_posts}")

    @property
    def headline(self) -> Headline:
        """How many were gained."""
        return Headline("followers", signed(self.gained))

    def picture(self) -> str:
        """Draws the curve, at the hours of the account's own day."""
        zone = self.day.zone
        return follower_picture(
            [counted._replace(observed_at=counted.observed_at.astimezone(zone)) for counted in self.curve]
        )


@dataclass(frozen=True, kw_only=True)
class Conversations(Section):
    """The replies that came."""

    received: Received

    @property
    def unshown(self) -> int:
        """How many more came than are shown."""
        return self.received.count - len(self.received.newest)

    @property
    def in_short(self) -> str:
        """How many came, of how many people."""
        if not self.received.count:
            return "Nobody replied."
        came = f"{counted(self.received.count, 'reply')} came in"
        return sentence(f"{came} from {counted(self.received.authors, 'person')}")

    @property
    def headline(self) -> Headline:
        """How many came."""
        return Headline("replies received", number(self.received.count))


@dataclass(frozen=True, kw_only=True)
class Opportunities(Section):
    """The posts of others that were judged on the day."""

    tally: OpportunityTally

    @property
    def in_words(self) -> str:
        """How many were judged, how many of them were worth a reply, and how many have one."""
        tally = self.tally
        if not tally.judged:
            return "No post of others was judged."
        judged = (
            f"of {counted(tally.judged, 'post')} that others wrote {number(tally.found) if tally.found else 'none'}"
        )
        worth = f"{judged} {'was' if tally.found == 1 else 'were'} worth a reply"
        return sentence(f"{worth}, {number(tally.answered)} answered so far" if tally.answered else worth)
