"""A post happens exactly once, whatever dies: kills the parts of a running house, and then compares X with the tables.

    uv run python benchmarks/exactly_once.py [--kills N] [--transport browser|api] [--json FILE] [--quick]
        [--seed N] [--output FILE]

The house is the real one (`xbot up`), in a folder and on ports of its own. A queue of posts and replies is kept
flowing; the run worker, Chromium, Playwright's driver, the code server, the daemon and the database are killed
(SIGKILL) at every step of publishing, with and without faults of X. Nothing is repaired from here. Exit code 1 if a
post is there twice, was sent again blind, is lost, if a row or a run is stuck, or if a person would be needed.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from benchmarks.crashing.grounds import GROUNDS
from benchmarks.crashing.plans import plans, short_plans
from benchmarks.crashing.summary import as_json, show
from benchmarks.crashing.trial import run_trial
from benchmarks.report import write


def main() -> None:
    """Runs one trial and says what came of it."""
    chosen = _arguments()
    draw = random.Random(chosen.seed)
    ground = GROUNDS[chosen.transport]
    kills = short_plans(ground) if chosen.quick else list(islice(plans(ground, draw), chosen.kills))
    began = time.monotonic()
    outcome = run_trial(kills, ground=ground, draw=draw, say=_say(began), output=chosen.output)
    show(outcome)
    write(
        "exactly once", {"seed": chosen.seed, "transport": chosen.transport, **as_json(outcome)}, json_file=chosen.json
    )
    sys.exit(0 if outcome.is_clean else 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200, metavar="N", help="how many kills (default 200)")
    parser.add_argument("--transport", choices=GROUNDS, default="browser", help="the way to X (default browser)")
    parser.add_argument("--quick", action="store_true", help="the eight kills of the test: for a look")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="what chance is drawn from (default 1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the same figures to FILE")
    parser.add_argument("--output", type=Path, metavar="FILE", help="keep what the house printed in FILE")
    return parser.parse_args()


def _say(began: float) -> Callable[[str], None]:
    def say(line: str) -> None:
        print(f"{time.monotonic() - began:7.1f} s  {line}", flush=True)

    return say


if __name__ == "__main__":
    main()
