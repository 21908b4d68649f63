"""What was measured: the table of days, the goals, and the same figures for a file."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.keeping.measuring import Latest, Size
from benchmarks.report import Goal

MOST_GROWTH = 1.1
"""So many times the room may be taken later, by a run that is kept, or by as many runs as before."""

RUNS_A_DAY = 500
MOST_SECONDS = 60.0
"""So long a turn may take that deletes the runs of such a day. Its deadline is half an hour."""

_ROWS = 12


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One turn of housekeeping."""

    day: int
    seconds: float
    deleted: int
    kept_as_latest: int
    ran_out_of_time: bool


@dataclass(frozen=True, kw_only=True)
class CatchingUp:
    """Turns after many days without any: the sizes before and after, and once as many days have come as went.

    `latest_after` is what assets and days last came from, after the turns.
    """

    turns: Sequence[Turn]
    before: Size
    after: Size
    filled_again: Size
    latest_after: Latest


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One past lived twice, with housekeeping and without, and what assets and days last came from in both."""

    retention_days: int
    kept: Sequence[Size]
    grown: Sequence[Size]
    turns: Sequence[Turn]
    latest_kept: Latest
    latest_grown: Latest
    catching_up: CatchingUp

    @property
    def goals(self) -> list[Goal]:
        """What was promised, in sentences with the figure."""
        # From then on runs have gone for as long as they are kept, and autovacuum has been there.
        level = next(size for size in self.kept if size.day >= 2 * self.retention_days)
        growth = self.kept[-1].bytes_a_run / level.bytes_a_run
        again = self.catching_up.filled_again.bytes / self.catching_up.before.bytes
        lost = {
            place
            for latest in (self.latest_kept, self.catching_up.latest_after)
            for place, run in self.latest_grown.items()
            if latest.get(place) != run
        }
        seconds = RUNS_A_DAY * self.seconds_a_run
        return [
            Goal(
                what=f"a run that is kept takes {growth:.2f} times the room on day {self.kept[-1].day} that it took on "
                f"day {level.day} (at most {MOST_GROWTH:g})",
                kept=growth <= MOST_GROWTH,
            ),
            Goal(
                what=f"{len(lost)} of {len(self.latest_grown)} assets and days have lost what they last came from",
                kept=not lost,
            ),
            Goal(
                what=f"a turn that deletes {RUNS_A_DAY} runs takes {seconds:.0f} s (at most {MOST_SECONDS:g} s)",
                kept=seconds <= MOST_SECONDS,
            ),
            Goal(
                what="what was deleted late left room for as much again: the database came to "
                f"{again:.2f} times its size (at most {MOST_GROWTH:g})",
                kept=again <= MOST_GROWTH,
            ),
        ]

    @property
    def seconds_a_run(self) -> float:
        """How long it takes to delete a run, over all turns that deleted any."""
        turns = [turn for turn in (*self.turns, *self.catching_up.turns) if turn.deleted]
        return sum(turn.seconds for turn in turns) / sum(turn.deleted for turn in turns)


def show(summary: Summary) -> None:
    """Prints the days and the goals."""
    console = Console(highlight=False)
    table = Table(
        *("day", "runs", "events", "database", "its turn"),
        title="housekeeping: the same days with it / without",
    )
    every = -(-len(summary.kept) // _ROWS)
    for kept, grown, turn in zip(summary.kept, summary.grown, summary.turns, strict=True):
        if kept.day % every == 0:
            table.add_row(
                str(kept.day),
                f"{kept.runs:,} / {grown.runs:,}",
                f"{kept.events:,} / {grown.events:,}",
                f"{_megabytes(kept)} / {_megabytes(grown)}",
                f"{turn.deleted} go, {turn.kept_as_latest} stay, {turn.seconds:.1f} s",
            )
    console.print(table)
    late = summary.catching_up
    console.print(
        f"the first turns after {late.before.day} days without: {len(late.turns)}, which deleted "
        f"{sum(turn.deleted for turn in late.turns):,} runs in {sum(turn.seconds for turn in late.turns):.0f} s; "
        f"the database {_megabytes(late.before)} before, {_megabytes(late.after)} after, "
        f"{_megabytes(late.filled_again)} with {late.filled_again.day - late.after.day} more days"
    )
    for goal in summary.goals:
        console.print(f"{'kept' if goal.kept else 'BROKEN'}: {goal.what}", markup=False)


def as_json(summary: Summary) -> dict[str, Any]:
    """Answers the same figures as plain values, day by day."""
    return {
        "with": [asdict(size) for size in summary.kept],
        "without": [asdict(size) for size in summary.grown],
        "turns": [asdict(turn) for turn in summary.turns],
        "catching up": {
            "turns": [asdict(turn) for turn in summary.catching_up.turns],
            "before": asdict(summary.catching_up.before),
            "after": asdict(summary.catching_up.after),
            "filled again": asdict(summary.catching_up.filled_again),
        },
        "assets and days": len(summary.latest_grown),
        "milliseconds a run": 1000 * summary.seconds_a_run,
        "goals": [asdict(goal) for goal in summary.goals],
    }


def _megabytes(size: Size) -> str:
    return f"{size.bytes / 1e6:,.0f} MB"
