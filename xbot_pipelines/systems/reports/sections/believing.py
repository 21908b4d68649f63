"""What the account has learned by now: which values of each dimension work, which do not, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from xbot_pipelines.pictures.arms import arms_picture
from xbot_pipelines.systems.learning import in_words, what_works
from xbot_pipelines.systems.reports.sections.section import Section

if TYPE_CHECKING:
    from xbot_pipelines.learning.beliefs import ArmBelief

# Far from sure of a single value, but a person reads it as: rather so than not.
_LIKELY = 0.8


class Contrast(NamedTuple):
    """The value of a dimension that is believed to work best, and the one believed to work worst, each in words."""

    dimension: str
    best: str
    best_in_words: str
    worst: str
    worst_in_words: str


@dataclass(frozen=True, kw_only=True)
class Beliefs(Section):
    """What is believed of every value when the report is written, together by dimension. Empty: nothing yet."""

    arms: "Sequence[ArmBelief]"

    @property
    def in_short(self) -> str:
        """What works, as far as anything does."""
        return what_works(self.arms) if self.arms else ""

    @property
    def in_words(self) -> str:
        """The same, or that nothing is believed yet."""
        return self.in_short or "Too few posts have passed their day: nothing is believed of any value yet."

    @property
    def contrasts(self) -> Sequence[Contrast]:
        """Best and worst of each dimension of which anything can be told."""
        found = []
        for dimension, arms in groupby(self.arms, key=lambda arm: arm.dimension):
            in_order = sorted(arms, key=lambda arm: arm.mean)
            worst, best = in_order[0], in_order[-1]
            if best.probability_above_average >= _LIKELY:
                found.append(Contrast(dimension, best.value, in_words(best), worst.value, in_words(worst)))
        return found

    def picture(self) -> str | None:
        """Every value with its bounds; none before there are any."""
        return arms_picture(self.arms) if self.arms else None
