"""What one way came to: its runs, what was seen in the process table meanwhile, and the figures that follow from both.

Everything here is pure. Moments are Unix seconds, sizes are bytes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from benchmarks.stampeding.process_table import Weight
from benchmarks.stampeding.runs import Ending, Ran
from benchmarks.stampeding.watching import Look, Weighing

POSTING = "posting"

ROOM_OF_THE_OLD_SYSTEM = 512 * 1024 * 1024
"""What the machine had on which sixteen browsers were opened at once (F12)."""

SEEN_AFTER_SECONDS = 2.0
"""The queue is looked at every second or more often, and what a look has chosen is launched one after the other. What
is chosen within this time of posting's coming may have been chosen by a look that had not seen it."""


class Way(StrEnum):
    """How the jobs are kept apart."""

    AT_ONCE = "all at once"
    STAGGERED = "stagger only"
    OURS = "one browser"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One way. `zero` is the moment at which everything was asked for, or the first of it where that is staggered.

    `stagger_seconds` lie between two starts, where they do; `twice` are texts of ours that X has more than once.
    """

    way: Way
    zero: float
    runs: Sequence[Ran]
    looks: Sequence[Look]
    weighings: Sequence[Weighing]
    cpu_seconds: float
    twice: Sequence[str]
    stagger_seconds: float = 0.0

    @property
    def succeeded(self) -> int:
        """How many runs did what they were asked for."""
        return sum(run.succeeded for run in self.runs)

    @property
    def what_went_wrong(self) -> Mapping[str, int]:
        """Why runs did not succeed, and how many of them for this reason; the most frequent first."""
        wrong = (f"{run.ending}: {run.reason or 'no reason given'}" for run in self.runs if not run.succeeded)
        return dict(Counter(wrong).most_common())

    @property
    def most_browsers(self) -> int:
        """The most browsers that were open at any look."""
        return max((look.browsers for look in self.looks), default=0)

    @property
    def seconds_with_more_than_one(self) -> float:
        """How long more than one browser was open. What a look saw holds until the next one."""
        return sum(after.at - look.at for look, after in pairwise(self.looks) if look.browsers > 1)

    @property
    def longest_between_looks(self) -> float:
        """How long nobody looked: a browser that came and went in that time was not seen."""
        return max((after.at - look.at for look, after in pairwise(self.looks)), default=0.0)

    @property
    def peak_of_browsers(self) -> Weight:
        """The most that all browsers weighed together, and the most of it that could not be dropped."""
        return _peak(weighing.browsers for weighing in self.weighings)

    @property
    def peak_of_everything(self) -> Weight:
        """The same of everything that does the jobs."""
        return _peak(weighing.everything for weighing in self.weighings)

    @property
    def seconds(self) -> float:
        """How long it took until the last run had ended."""
        return max((run.ended_at for run in self.runs), default=self.zero) - self.zero

    @property
    def posted_after(self) -> float | None:
        """How long it took until the posting job had done its work; None where it never did."""
        ended = [run.ended_at for run in self.runs if run.job == POSTING and run.ending == Ending.DONE]
        return min(ended) - self.zero if ended else None

    @property
    def longest_run(self) -> Ran:
        """The run that took longest, without what it waited in a queue."""
        return max(self.runs, key=lambda run: run.seconds)

    @property
    def before_posting(self) -> Sequence[str]:
        """The browser runs that the queue has let through before posting, although it knew of posting by then."""
        [posting] = [run for run in self.runs if run.job == POSTING]
        known_since = posting.asked_at + SEEN_AFTER_SECONDS
        return [run.job for run in self.runs if run.opens_browser and known_since < run.chosen_at < posting.chosen_at]


def _peak(weights: Iterable[Weight]) -> Weight:
    some = [Weight(), *weights]
    return Weight(held=max(weight.held for weight in some), kept=max(weight.kept for weight in some))
