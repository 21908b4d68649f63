"""A day rehearsed: twice alike, once more with X failing in every way it can, and four weeks of learning.

    uv run python benchmarks/rehearsal.py [--json FILE] [--quick]

Each is an `xbot rehearse` of its own, in a folder of its own. `--quick` takes two hours for the day and two days for
the weeks. Exit code 1 if a rehearsal did not show what it had to, or the two days of one seed are not the same.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.report import options, write

SEED = "7"


@dataclass(frozen=True)
class Rehearsed:
    """One rehearsal: what it is called, and its figures, as `xbot rehearse --json` writes them."""

    name: str
    figures: dict[str, Any]

    @property
    def kept(self) -> bool:
        """Whether it has shown all it had to."""
        return all(goal["kept"] for goal in self.figures["goals"])


def main() -> None:
    """Rehearses everything, and says what came of it."""
    chosen = options(__doc__).parse_args()
    hours, days = ("2", "2") if chosen.quick else ("24", "28")
    rehearsed = [
        rehearse("a day", "--hours", hours),
        rehearse("the same again", "--hours", hours),
        rehearse("with faults", "--hours", hours, "--faults", "rough"),
        rehearse("weeks, no browser", "--days", days),
    ]
    first, again = rehearsed[:2]
    same = first.figures["marks"] == again.figures["marks"]
    show(rehearsed, same=same)
    write("rehearsal", {"same": same, **{one.name: one.figures for one in rehearsed}}, json_file=chosen.json)
    sys.exit(0 if same and all(one.kept for one in rehearsed) else 1)


def rehearse(name: str, *wishes: str) -> Rehearsed:
    """Rehearses once. What it says is shown; that it was not content is told by its figures."""
    # Not under a folder that is closed to the user whom PostgreSQL runs as, where we are root.
    with tempfile.TemporaryDirectory(prefix="xbot-rehearsal-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "xbot_pipelines.cli", "rehearse", "--seed", SEED, "--json", str(file), *wishes]
        subprocess.run(command, env={**os.environ, "XBOT_HOME": f"{folder}/home"}, check=False)
        return Rehearsed(name, json.loads(file.read_text()))


def show(rehearsed: Sequence[Rehearsed], *, same: bool) -> None:
    """Prints them side by side."""
    table = Table(title="Rehearsals", title_justify="left")
    table.add_column("")
    for one in rehearsed:
        table.add_column(one.name, justify="right")
    for title, value in _ROWS.items():
        table.add_row(title, *(str(value(one.figures)) for one in rehearsed))
    Console().print(table)
    print("The two days of one seed are the same." if same else "The two days of one seed are NOT the same.")
    for one in rehearsed:
        for goal in one.figures["goals"]:
            if not goal["kept"]:
                print(f"{one.name}: {goal['said']}")


def _lateness(figures: dict[str, Any]) -> str:
    lateness = figures["reading_lateness_seconds"]
    return f"{lateness['median']:.0f} / {lateness['worst']:.0f}" if lateness else "–"


def _share(figures: dict[str, Any]) -> str:
    worth = figures["worth"]
    return f"{worth[0]['share']:.0%} / {worth[-1]['share']:.0%} / {worth[-1]['average']:.0%}" if worth else "–"


_ROWS = {
    "posts": lambda figures: figures["posts"],
    "replies": lambda figures: figures["replies"],
    "duplicates": lambda figures: figures["duplicates"],
    "checkpoints recorded": lambda figures: figures["checkpoints"]["on_time"] + figures["checkpoints"]["late"],
    "of these late": lambda figures: figures["checkpoints"]["late"],
    "owed or missed": lambda figures: figures["checkpoints"]["owed"] + figures["checkpoints"]["missed"],
    "seconds late, median / worst": _lateness,
    "browsers at once": lambda figures: figures["most_browsers"],
    "runs failed": lambda figures: figures["failed_runs"],
    "a person came": lambda figures: figures["person_came"],
    "share of the best, first / last day / by lot": _share,
    "real seconds": lambda figures: figures["real_seconds"]["all"],
}


if __name__ == "__main__":
    main()
