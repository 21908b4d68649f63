"""What loading our definitions adds to loading Dagster itself, measured side by side in fresh interpreters.

A code server pays this at every start, and a run worker before every run. The promise is at most 0.5 s.

    uv run python benchmarks/import_cost.py [--json FILE] [--quick]
"""

import subprocess
import sys
from statistics import median

from benchmarks.report import Row, arguments, report

_DAGSTER = "import dagster, dagster_postgres"
_OURS = f"{_DAGSTER}, xbot_pipelines.definitions"
_TIMED = "import time; began = time.perf_counter(); {imports}; print(time.perf_counter() - began)"
_PROMISED_SECONDS = 0.5


def seconds_to_import(imports: str) -> float:
    """Answers how long a fresh interpreter takes for these imports."""
    timed = [sys.executable, "-W", "ignore", "-c", _TIMED.format(imports=imports)]
    return float(subprocess.run(timed, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Measures in turns, so that both meet the same moods of the machine, and prints the medians."""
    chosen = arguments(__doc__)
    turns = 5 if chosen.quick else 15
    seconds_to_import(_OURS)  # the first one compiles what is new and warms the disk
    pairs = [(seconds_to_import(_DAGSTER), seconds_to_import(_OURS)) for _ in range(turns)]
    rows = [
        Row("dagster and dagster_postgres", median(dagster for dagster, _ in pairs), "s"),
        Row("with xbot_pipelines.definitions", median(ours for _, ours in pairs), "s"),
        Row("added by ours", median(ours - dagster for dagster, ours in pairs), "s", promised=_PROMISED_SECONDS),
    ]
    report("import cost", rows, json_file=chosen.json, turns=turns)
    sys.exit(0 if all(row.kept for row in rows) else 1)


if __name__ == "__main__":
    main()
