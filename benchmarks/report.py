"""What every benchmark has in common: its two options, its table on the terminal, and its JSON."""

import argparse
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One figure. `promised` is the most that it may be, where something is promised."""

    what: str
    value: float
    unit: str
    promised: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the promise is kept; where there is none, it is."""
        return self.promised is None or self.value <= self.promised

    @property
    def verdict(self) -> str:
        """The same in words."""
        if self.promised is None:
            return ""
        return f"{'kept' if self.kept else 'BROKEN'} (at most {self.promised:g} {self.unit})"


@dataclass(frozen=True, kw_only=True)
class Goal:
    """Something that was promised, and whether it is kept."""

    what: str
    kept: bool


def arguments(description: str | None) -> argparse.Namespace:
    """Reads `--json FILE` and `--quick`."""
    return options(description).parse_args()


def options(description: str | None) -> argparse.ArgumentParser:
    """Answers what reads these two, for a benchmark that has an option of its own."""
    parser = argparse.ArgumentParser(description=(description or "").splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the same figures to FILE")
    parser.add_argument("--quick", action="store_true", help="fewer turns: for a look, not for a figure")
    return parser


def report(name: str, rows: Sequence[Row], *, json_file: Path | None, turns: int) -> None:
    """Prints the figures as a table, and writes them where they were asked for."""
    table = Table("figure", "value", "promise", title=f"{name}: medians of {turns} turns")
    for row in rows:
        table.add_row(row.what, f"{row.value:.3f} {row.unit}", row.verdict)
    Console().print(table)
    write(name, {"turns": turns, "figures": [asdict(row) for row in rows]}, json_file=json_file)


def write(name: str, figures: Mapping[str, Any], *, json_file: Path | None) -> None:
    """Writes figures as JSON where they were asked for, with the machine that they were measured on."""
    if json_file is not None:
        machine = {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count()}
        content = {"benchmark": name, "machine": machine, **figures}
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(content, indent=2) + "\n")
