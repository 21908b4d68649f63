"""The three ways side by side: the table, the goals of ours, and the same figures for a file."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.report import Goal
from benchmarks.stampeding.measured import ROOM_OF_THE_OLD_SYSTEM, SEEN_AFTER_SECONDS, Measured, Way
from benchmarks.stampeding.process_table import Weight
from benchmarks.stampeding.runs import Ending

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Summary:
    """What each way came to, in the order in which they are shown."""

    ways: Sequence[Measured]

    @property
    def ours(self) -> Measured:
        """Our way."""
        return next(measured for measured in self.ways if measured.way is Way.OURS)

    @property
    def goals(self) -> Sequence[Goal]:
        """What was promised of ours, in sentences with the figure."""
        ours = self.ours
        before = ours.before_posting
        return [
            Goal(
                what=f"never more than {ours.most_browsers} browser in {len(ours.looks)} looks at the process table",
                kept=ours.most_browsers <= 1,
            ),
            Goal(what=f"{ours.succeeded} of {len(ours.runs)} runs succeed", kept=ours.succeeded == len(ours.runs)),
            Goal(
                what="posting is the first browser run that the queue lets through once it has been in it for "
                f"{SEEN_AFTER_SECONDS:g} s{', but for ' if before else ''}{', '.join(before)}",
                kept=not before and ours.posted_after is not None,
            ),
            Goal(what=f"{len(ours.twice)} posts are on X twice", kept=not ours.twice),
        ]


def show(summary: Summary) -> None:
    """Prints the table, what went wrong in each way, and the goals."""
    console = Console(highlight=False)
    table = Table(
        "",
        *(measured.way for measured in summary.ways),
        title="stampede: all jobs of an hour",
        caption="Memory is the peak of what is held (PSS), and in brackets of what cannot be dropped when memory runs "
        "out; of everything that does the jobs, without X and the database. Looks at the process table every 50 ms.",
    )
    for what, figure in _FIGURES:
        table.add_row(what, *map(figure, summary.ways))
    console.print(table)
    for measured in summary.ways:
        for reason, times in measured.what_went_wrong.items():
            console.print(f"{measured.way}: {times} {reason}", markup=False)
    for goal in summary.goals:
        console.print(f"{'kept' if goal.kept else 'BROKEN'}: {goal.what}", markup=False)


def as_json(summary: Summary) -> dict[str, Any]:
    """Answers the same figures as plain values, with every run and everything that was seen."""
    return {
        "ways": [_as_json(measured) for measured in summary.ways],
        "goals": [asdict(goal) for goal in summary.goals],
    }


def _as_json(measured: Measured) -> dict[str, Any]:
    zero = measured.zero
    return {
        "way": measured.way,
        "stagger_seconds": round(measured.stagger_seconds, 2),
        "asked_for": len(measured.runs),
        **{ending.replace(" ", "_"): _count(measured, ending) for ending in Ending},
        "what_went_wrong": measured.what_went_wrong,
        "most_browsers": measured.most_browsers,
        "seconds_with_more_than_one_browser": round(measured.seconds_with_more_than_one, 2),
        "peak_of_browsers_bytes": asdict(measured.peak_of_browsers),
        "peak_of_everything_bytes": asdict(measured.peak_of_everything),
        "browsers_fit_in_512_mb": _fits(measured.peak_of_browsers),
        "everything_fits_in_512_mb": _fits(measured.peak_of_everything),
        "cpu_seconds": round(measured.cpu_seconds, 1),
        "seconds_until_posted": None if measured.posted_after is None else round(measured.posted_after, 2),
        "seconds": round(measured.seconds, 2),
        "longest_run_seconds": round(measured.longest_run.seconds, 2),
        "longest_run": measured.longest_run.job,
        "posts_twice": measured.twice,
        "longest_between_looks_seconds": round(measured.longest_between_looks, 3),
        "runs": [
            {
                "job": run.job,
                "opens_browser": run.opens_browser,
                "ending": run.ending,
                "reason": run.reason,
                **{
                    name: round(getattr(run, name) - zero, 2)
                    for name in ("asked_at", "chosen_at", "began_at", "ended_at")
                },
            }
            for run in measured.runs
        ],
        # A look that saw what the one before saw says nothing new.
        "browsers": [
            [round(look.at - zero, 2), look.browsers]
            for before, look in pairwise([None, *measured.looks])
            if look is not None and (before is None or before.browsers != look.browsers)
        ],
        "memory_bytes": [
            [round(weighing.at - zero, 2), weighing.browsers.held, weighing.everything.held]
            for weighing in measured.weighings
        ],
    }


def _count(measured: Measured, *endings: Ending) -> int:
    return sum(run.ending in endings for run in measured.runs)


def _fits(weight: Weight) -> bool:
    """Judged by what cannot be dropped: the rest of a program may be read from disk again and again, and still live."""
    return weight.kept <= ROOM_OF_THE_OLD_SYSTEM


def _weight(weight: Weight) -> str:
    return f"{weight.held / MEBIBYTE:,.0f} MB ({weight.kept / MEBIBYTE:,.0f})"


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _posted(measured: Measured) -> str:
    return "never" if measured.posted_after is None else f"{measured.posted_after:.1f} s"


def _between_looks(measured: Measured) -> str:
    apart = [after.at - look.at for look, after in pairwise(measured.looks)]
    return f"{1000 * median(apart):.0f} ms, {1000 * measured.longest_between_looks:.0f} ms"


_FIGURES: Sequence[tuple[str, Callable[[Measured], str]]] = (
    ("runs asked for", lambda one: str(len(one.runs))),
    ("succeeded", lambda one: str(one.succeeded)),
    ("… of them found nothing left to do", lambda one: str(_count(one, Ending.NOTHING_TO_DO))),
    ("failed or blocked", lambda one: str(_count(one, Ending.FAILED, Ending.BLOCKED))),
    ("browsers at once", lambda one: str(one.most_browsers)),
    ("seconds with more than one", lambda one: f"{one.seconds_with_more_than_one:.1f} s"),
    ("memory of the browsers", lambda one: _weight(one.peak_of_browsers)),
    ("… fits in 512 MB", lambda one: _yes(_fits(one.peak_of_browsers))),
    ("memory of everything", lambda one: _weight(one.peak_of_everything)),
    ("… fits in 512 MB", lambda one: _yes(_fits(one.peak_of_everything))),
    ("posted after", _posted),
    ("everything done after", lambda one: f"{one.seconds:.1f} s"),
    ("longest run", lambda one: f"{one.longest_run.seconds:.1f} s"),
    ("CPU", lambda one: f"{one.cpu_seconds:.0f} s"),
    ("posts on X twice", lambda one: str(len(one.twice))),
    ("between two looks: median, longest", _between_looks),
)
