"""What the ways came to in all worlds: the table, the goals, and the same figures for a file."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, median, quantiles
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.learning_worlds.living import DAYS, POSTS_A_DAY, World
from benchmarks.learning_worlds.readers import DRIFTS_ON
from benchmarks.report import Goal

LEAST_SHARE = 0.85
"""So much of what one who knows the readers has must be had in the last week, where they keep their minds."""

LEAST_REGAINED = 0.5
"""So much of what is lost when readers change their minds must be had again after two weeks."""

_ALL = slice(None)
LAST_WEEK = slice(DAYS - 7, DAYS)
BEFORE, JUST_AFTER, AT_LAST = (slice(day, day + 3) for day in (DRIFTS_ON - 3, DRIFTS_ON, DAYS - 3))


@dataclass(frozen=True, kw_only=True)
class Lived:
    """Four weeks of each way in one world: for each day how many times an average post's engagement was expected."""

    world: World
    days: Mapping[str, Sequence[float]]

    def engagement(self, way: str, when: slice) -> float:
        """The expected engagement of a post."""
        return fmean(self.days[way][when])

    def share(self, way: str, when: slice) -> float:
        """The same as a share of what the oracle had."""
        return self.engagement(way, when) / self.engagement("oracle", when)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """All lives; `by_luck` has those of steady worlds in which luck plays another part."""

    lived: Sequence[Lived]
    by_luck: Mapping[float, Sequence[Lived]]

    def worlds(self, *, drifts: bool) -> Sequence[Lived]:
        """The lives in worlds of one kind."""
        return [one for one in self.lived if one.world.drifts == drifts]

    @property
    def goals(self) -> list[Goal]:
        """What was promised, in sentences with the figures."""
        share = fmean(one.share("ours", LAST_WEEK) for one in self.worlds(drifts=False))
        ours, theirs = ([one.engagement(way, _ALL) for one in self.lived] for way in ("ours", "epsilon-greedy"))
        won = sum(mine > other for mine, other in zip(ours, theirs, strict=True))
        before, just_after, at_last = (
            fmean(one.share("ours", when) for one in self.worlds(drifts=True)) for when in (BEFORE, JUST_AFTER, AT_LAST)
        )
        regained = (at_last - just_after) / (before - just_after)
        return [
            Goal(
                what=f"where readers keep their minds, ours has {share:.1%} of the oracle's in the last week "
                f"(promised {LEAST_SHARE:.0%})",
                kept=share >= LEAST_SHARE,
            ),
            Goal(
                what=f"over four weeks ours has {fmean(ours) / fmean(theirs):.2f} times what epsilon-greedy has, and "
                f"more in {won} of {len(self.lived)} worlds (promised: more in the mean)",
                kept=fmean(ours) > fmean(theirs),
            ),
            Goal(
                what=f"where they change them, its share falls from {before:.1%} to {just_after:.1%}, is "
                f"{at_last:.1%} after two weeks: {regained:.0%} of that is regained (promised {LEAST_REGAINED:.0%})",
                kept=regained >= LEAST_REGAINED,
            ),
        ]


def show(summary: Summary) -> None:
    """Prints the table and the goals."""
    console = Console(highlight=False)
    table = Table(
        "way",
        "a post, four weeks",
        "a post, last week",
        "of the oracle's",
        title=f"learning: {len(summary.lived)} worlds, {DAYS} days, {POSTS_A_DAY} posts a day",
        caption="Expected engagement of a post, in times an average one's: medians over the worlds, and quartiles.",
    )
    for drifts, readers in ((False, "readers keep their minds"), (True, f"and change them on day {DRIFTS_ON}")):
        worlds = summary.worlds(drifts=drifts)
        table.add_section()
        table.add_row(f"[bold]{readers}[/]")
        for way in worlds[0].days:
            table.add_row(
                way,
                _spread([one.engagement(way, _ALL) for one in worlds]),
                _spread([one.engagement(way, LAST_WEEK) for one in worlds]),
                _spread([one.share(way, LAST_WEEK) for one in worlds]),
            )
    console.print(table)
    for luck, worlds in sorted(summary.by_luck.items()):
        shares = _spread([one.share("ours", LAST_WEEK) for one in worlds])
        console.print(f"with luck of {luck:.1f} ours has in the last week {shares} of the oracle's")
    for goal in summary.goals:
        console.print(f"{'kept' if goal.kept else 'BROKEN'}: {goal.what}")


def as_json(summary: Summary) -> dict[str, Any]:
    """Answers the same figures as plain values, with every day of every world."""
    return {
        "lived": [
            {**asdict(one.world), "days": {way: list(days) for way, days in one.days.items()}} for one in summary.lived
        ],
        "share in the last week by luck": {
            str(luck): [one.share("ours", LAST_WEEK) for one in worlds] for luck, worlds in summary.by_luck.items()
        },
        "goals": [asdict(goal) for goal in summary.goals],
    }


def _spread(figures: Sequence[float]) -> str:
    low, _, high = quantiles(figures, n=4)
    return f"{median(figures):.2f} ({low:.2f} to {high:.2f})"
