"""What was measured at each size: the table, the goals, and the same figures for a file."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.report import Goal
from benchmarks.scaling.measuring import Measured
from benchmarks.scaling.questions import THE_TICKS

MOST_MILLISECONDS = 10.0
"""So long the question of a tick may take, as the median at any size."""

MOST_GROWTH = 2.0
"""So many times as long it may take on the most posts as on the fewest."""

LARGE = 100_000
"""From so many posts on it matters which tables are read from end to end. Small ones are, and rightly: it is faster."""

NEVER_WHOLE = ("tweet_metrics", "posted_decisions")
"""The tables that may then not be. Another one is only reported: of a hundred thousand rows a month's is worth it."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Every question at every size, and the plans of each at the largest one."""

    measured: Sequence[Measured]
    plans: Mapping[str, Sequence[str]]
    readings: Mapping[int, int]

    @property
    def by_question(self) -> dict[str, list[Measured]]:
        """The figures of each question, from the fewest posts to the most."""
        return {
            what: sorted((one for one in self.measured if one.what == what), key=lambda one: one.posts)
            for what in dict.fromkeys(one.what for one in self.measured)
        }

    @property
    def goals(self) -> list[Goal]:
        """What was promised, in sentences with the figure."""
        ticks = self.by_question[THE_TICKS]
        slowest = max(one.median for one in ticks)
        growth = growth_of(ticks)
        whole = [
            f"{table} ({one.what}, {one.posts:,} posts)"
            for one in self.measured
            for table in one.whole_tables
            if one.posts >= LARGE and table in NEVER_WHOLE
        ]
        return [
            Goal(
                what=f"a tick's question takes {slowest:.2f} ms at most (allowed {MOST_MILLISECONDS:g} ms)",
                kept=slowest <= MOST_MILLISECONDS,
            ),
            Goal(
                what=f"on {ticks[-1].posts / ticks[0].posts:.0f} times the posts it takes {growth:.2f} times as long "
                f"(allowed {MOST_GROWTH:g})",
                kept=growth <= MOST_GROWTH,
            ),
            Goal(
                what=f"neither {' nor '.join(NEVER_WHOLE)} is read from end to end at {LARGE:,} posts or more"
                f"{': ' if whole else ''}{', '.join(whole)}",
                kept=not whole,
            ),
        ]


def growth_of(measured: Sequence[Measured]) -> float:
    """Answers how many times as long the most posts take as the fewest."""
    return measured[-1].median / measured[0].median


def show(summary: Summary) -> None:
    """Prints the table and the goals."""
    console = Console(highlight=False)
    table = Table(
        "question",
        "answer",
        *(f"{posts:,}" for posts in summary.readings),
        "growth",
        "pages",
        "reads",
        title=f"scale: {' and '.join(f'{readings:,}' for readings in summary.readings.values())} readings",
        caption=f"At each number of posts the median and the worst of {len(summary.measured[0].milliseconds)} turns in "
        "ms. pages: what a turn touches of tables and indexes, at the fewest and at the most posts.",
    )
    for what, measured in summary.by_question.items():
        large = [one for one in measured if one.posts >= LARGE]
        whole = [f"ALL OF {table} at {one.posts:,}" for one in large for table in one.whole_tables]
        table.add_row(
            what,
            f"{measured[0].answer:,}",
            *(f"{one.median:.2f} {one.worst:.2f}" for one in measured),
            f"{growth_of(measured):.2f}",
            f"{measured[0].pages:,.0f} {measured[-1].pages:,.0f}",
            ", ".join(whole) or "by index",
        )
    console.print(table)
    for goal in summary.goals:
        console.print(f"{'kept' if goal.kept else 'BROKEN'}: {goal.what}")


def as_json(summary: Summary) -> dict[str, Any]:
    """Answers the same figures as plain values, with every turn and every plan."""
    return {
        "readings": {str(posts): readings for posts, readings in summary.readings.items()},
        "figures": [{**asdict(one), "median": one.median, "worst": one.worst} for one in summary.measured],
        "growth": {what: growth_of(measured) for what, measured in summary.by_question.items()},
        "goals": [asdict(goal) for goal in summary.goals],
        "plans": {what: list(plans) for what, plans in summary.plans.items()},
    }
