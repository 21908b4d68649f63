"""How long the browser stands idle between two runs that wait for it: with Dagster's own queue and launcher, and ours.

    uv run python benchmarks/handover.py [--json FILE] [--quick]

Runs of the canary, each of which opens a real browser on the practice site, are queued all at once; the gap is from the
end of one to the start of the next, as Dagster has written them down. The launchers take turns, each in a house of its
own.
Exit code 1 if our median is above 1.5 s, or above a quarter of the other's.
"""

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.handing_over.house import Launcher, open_house
from benchmarks.houses import wait_until
from benchmarks.report import Goal, arguments, write
from xbot_pipelines.operate.dagster_ui import DagsterUi

MOST_SECONDS = 1.5
MOST_OF_DAGSTERS = 0.25

_JOB = "session_check"
_LONGEST_RUN_SECONDS = 60.0
_SPANS = (
    "query ($filter: RunsFilter) { runsOrError(filter: $filter) { ... on Runs { results { startTime endTime } } } }"
)


@dataclass(frozen=True)
class Handovers:
    """The gaps of one launcher, and how long its runs took from start to end; seconds."""

    launcher: Launcher
    gaps: Sequence[float]
    runs: Sequence[float]


def main() -> None:
    """Measures both launchers in turns, and compares them."""
    chosen = arguments(__doc__)
    each, turns = (6, 1) if chosen.quick else (10, 2)
    measured = [hand_over(launcher, each) for _ in range(turns) for launcher in Launcher]
    together = {launcher: _together([one for one in measured if one.launcher == launcher]) for launcher in Launcher}
    _show(together)
    ours, theirs = (median(together[launcher].gaps) for launcher in (Launcher.OURS, Launcher.DAGSTERS))
    goals = [
        Goal(what=f"our median gap is {ours:.2f} s (at most {MOST_SECONDS} s)", kept=ours <= MOST_SECONDS),
        Goal(
            what=f"that is {ours / theirs:.2f} of Dagster's {theirs:.2f} s (at most {MOST_OF_DAGSTERS})",
            kept=ours <= MOST_OF_DAGSTERS * theirs,
        ),
    ]
    for goal in goals:
        Console().print(f"{'kept' if goal.kept else 'BROKEN'}: {goal.what}", markup=False)
    figures = {"handovers": [asdict(one) for one in measured], "goals": [asdict(goal) for goal in goals]}
    write("handover", figures, json_file=chosen.json)
    sys.exit(0 if all(goal.kept for goal in goals) else 1)


def hand_over(launcher: Launcher, runs: int) -> Handovers:
    """Queues runs in a house with this launcher, and answers the gaps between them."""
    with open_house(launcher) as ui:
        ids = [ui.launch(_JOB, {"xbot/handover": str(number)}) for number in range(runs + 1)]
        wait_until(
            lambda: all(run.has_ended for run in ui.runs(runIds=ids)),
            seconds=len(ids) * _LONGEST_RUN_SECONDS,
            what=f"{len(ids)} runs of {_JOB} have ended",
        )
        failed = [run.status for run in ui.runs(runIds=ids) if run.status != "SUCCESS"]
        if failed:
            raise RuntimeError(f"runs of {_JOB} that should have gone well ended otherwise: {failed}")
        spans = sorted(_spans(ui))
    return Handovers(
        launcher,
        gaps=[start - end for (_, end), (start, _) in pairwise(spans)],
        runs=[end - start for start, end in spans],
    )


def _spans(ui: DagsterUi) -> Sequence[tuple[float, float]]:
    """Answers the start and the end of every run that had the browser, whoever asked for it."""
    found = ui._ask(_SPANS, filter={"tags": [{"key": "xbot/browser", "value": "practice"}]})["runsOrError"]["results"]  # noqa: SLF001
    return [(run["startTime"], run["endTime"]) for run in found if run["startTime"] and run["endTime"]]


def _together(some: Sequence[Handovers]) -> Handovers:
    return Handovers(
        some[0].launcher,
        gaps=[gap for one in some for gap in one.gaps],
        runs=[seconds for one in some for seconds in one.runs],
    )


def _show(together: dict[Launcher, Handovers]) -> None:
    table = Table("launcher", "gaps", "median gap", "worst gap", "median run")
    for launcher, one in together.items():
        table.add_row(
            launcher.value,
            str(len(one.gaps)),
            f"{median(one.gaps):.2f} s",
            f"{max(one.gaps):.2f} s",
            f"{median(one.runs):.2f} s",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
