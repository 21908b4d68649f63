"""What the turns of the three ways come to: the table, the goals, and the same figures for a file."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.reading.ways import Turn, Way
from benchmarks.report import Goal

TIMES_ONE_BY_ONE = 15
"""Our timelines must bring at least so many times the posts a second that one page a post brings."""

REQUESTS_A_POST = 0.1
"""Our timelines may ask at most so many requests a post: requests are what X rations."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One way: medians of its turns, and the slowest of them. A second is one of an open browser, where it has one."""

    way: Way
    posts: int
    posts_per_second: float
    slowest: float
    requests_per_post: float
    page_loads_per_post: float


@dataclass(frozen=True)
class Summary:
    """All turns, in the order in which they were taken."""

    turns: Sequence[Turn]

    @property
    def lines(self) -> list[Line]:
        """A line for each way."""
        return [self.line(way) for way in Way]

    @property
    def times_one_by_one(self) -> float:
        """How many times the posts a second our timelines bring."""
        return self.line(Way.TIMELINES).posts_per_second / self.line(Way.ONE_BY_ONE).posts_per_second

    @property
    def goals(self) -> list[Goal]:
        """What was promised, in sentences with the figure."""
        requests = self.line(Way.TIMELINES).requests_per_post
        return [
            Goal(
                what=f"our timelines read {self.times_one_by_one:.1f} times the posts a second of one page a post "
                f"(at least {TIMES_ONE_BY_ONE})",
                kept=self.times_one_by_one >= TIMES_ONE_BY_ONE,
            ),
            Goal(
                what=f"they ask {requests:.3f} requests a post (at most {REQUESTS_A_POST})",
                kept=requests <= REQUESTS_A_POST,
            ),
        ]

    def line(self, way: Way) -> Line:
        """Sums up the turns of one way."""
        turns = [turn for turn in self.turns if turn.way is way]
        rates = [turn.posts / turn.seconds for turn in turns]
        return Line(
            way=way,
            posts=turns[0].posts,
            posts_per_second=median(rates),
            slowest=min(rates),
            requests_per_post=median(sum(turn.requests.values()) / turn.posts for turn in turns),
            page_loads_per_post=median(turn.page_loads / turn.posts for turn in turns),
        )


def show(summary: Summary) -> None:
    """Prints the table and the goals."""
    console = Console(highlight=False)
    table = Table(
        "way",
        *("posts a turn", "posts a second", "slowest turn", "requests a post", "page loads a post"),
        title=f"read rate: medians of {len(summary.turns) // len(Way)} turns",
        caption="A second is one of an open, logged-in browser (bare HTTP: of an open client). Requests are all "
        "GraphQL requests that the way has caused. Between two turns the site's rate limits are forgiven.",
    )
    for line in summary.lines:
        table.add_row(
            line.way,
            str(line.posts),
            f"{line.posts_per_second:.1f}",
            f"{line.slowest:.1f}",
            f"{line.requests_per_post:.3f}",
            f"{line.page_loads_per_post:.3f}",
        )
    console.print(table)
    for goal in summary.goals:
        console.print(f"{'kept' if goal.kept else 'BROKEN'}: {goal.what}")


def as_json(summary: Summary) -> dict[str, Any]:
    """Answers the same figures as plain values, and each turn."""
    return {
        "figures": [asdict(line) for line in summary.lines],
        "times_one_by_one": round(summary.times_one_by_one, 2),
        "goals": [asdict(goal) for goal in summary.goals],
        "each": [asdict(turn) for turn in summary.turns],
    }
