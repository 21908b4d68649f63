"""Each thing that can break is broken in a house that runs: is it seen, told of once, and over when it is repaired?

    uv run python benchmarks/breakages.py [--json FILE] [--quick] [--only THING]

For each thing: how long until health says it, in which words, what the doctor says, how often a person is told, and how
long after the repair all is well. `--quick` takes the two that are soonest seen. A full disk needs a disk of its own:
where we may mount none, that is left out. Exit code 1 if anything was seen too late, by only one of the two, or told
otherwise than once.
"""

import sys
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from benchmarks.breaking.house import broken_in
from benchmarks.breaking.things import THINGS
from benchmarks.breaking.trial import Endured, endure
from benchmarks.report import options, write


def main() -> None:
    """Breaks everything, one thing after another, and says what came of it."""
    parser = options(__doc__)
    parser.add_argument("--only", choices=[thing.name for thing in THINGS], help="break this one thing")
    chosen = parser.parse_args()
    things = [thing for thing in THINGS[: 2 if chosen.quick else None] if chosen.only in {None, thing.name}]
    endured: list[Endured] = []
    with broken_in() as house:
        for thing in things:
            if thing.needs_own_disk and not house.has_own_disk:
                print(f"{thing.name}: left out, for want of a disk of its own")
                continue
            endured.append(endure(house, thing))
            print(f"{thing.name}: {'kept' if endured[-1].kept else 'NOT KEPT'}", flush=True)
        faults = house.faults_that_last()
    show(endured)
    for about, found in faults.items():
        print(f"the doctor finds broken at the end: {about}: {found}")
    write(
        "breakages", {"endured": [asdict(one) for one in endured], "faults_at_the_end": faults}, json_file=chosen.json
    )
    sys.exit(0 if not faults and all(one.kept for one in endured) else 1)


def show(endured: Sequence[Endured]) -> None:
    """Prints them side by side, and then what was said."""
    table = Table("broken", "health", "red after", "doctor", "alerts", "over", "green after", title="Breakages")
    for one in endured:
        table.add_row(
            one.thing,
            one.status,
            f"{one.red_after_seconds:.0f} s",
            "fault" if one.doctor else "MISSED",
            str(len(one.alerts)),
            str(one.all_clears),
            f"{one.green_after_seconds:.0f} s",
        )
    Console().print(table)
    for one in endured:
        print(f"{one.thing}\n  health: {one.sentence}\n  doctor: {one.doctor}")
        for alert in one.alerts[1:]:
            print(f"  told as well: {alert}")


if __name__ == "__main__":
    main()
