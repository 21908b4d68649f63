"""All jobs of an hour at once: the old way, stagger only, and ours, side by side on this machine.

    uv run python benchmarks/stampede.py [--json FILE] [--picture FILE] [--quick]

Each way has a house of its own with the same days of posts in it, a real practice X, and real browsers:

    all at once     every job of the timetable in the same second, each with a browser of its own (F01)
    stagger only    the same jobs, one begun after the other by the clock, whatever the ones before are at
    one browser     what `xbot up` runs: queue, pool and lease; every job requested in the same second, and two
                    materializations and a backfill of three days with them

The old ways run our own jobs with our own timeouts and deadlines, forked from a warm interpreter as ours are. What they
lack is whatever keeps jobs apart; and a job that needs no browser with us opens one there, as all sixteen did. The old
system ran them in one process where here each has its own, so it is the browsers' memory that compares.

The stagger is half of what a browser run takes by itself, which is what was measured of ours: it was made for a day on
which everything is twice as fast. No distance is safe. The 24 browser turns of an hour may take four minutes each.

Exit code 1 if ours ever has two browsers open, if a run of it does not succeed, if the queue lets another browser run
through before posting when that has been in it for two seconds (one that it had chosen before goes on), or if a post
is on X twice. What the old ways come to is shown as it is.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.report import write
from benchmarks.stampeding.measured import Way
from benchmarks.stampeding.picture import draw
from benchmarks.stampeding.queued import by_queue
from benchmarks.stampeding.summary import Summary, as_json, show
from benchmarks.stampeding.timed import by_timers
from benchmarks.stampeding.world import FULL, SMALL, Size

_QUICK_JOBS = ("posting", "metrics_scraper", "sync_followers", "enhanced_metrics")


def main() -> None:
    """Runs all three, ours first: how long its runs take says how far apart the staggered ones are."""
    chosen = _arguments()
    if not Path("/proc/self/smaps_rollup").exists():
        sys.exit(
            "This benchmark reads processes and their memory from Linux's /proc, which is not here: run it on Linux."
        )
    summary = run(SMALL, _QUICK_JOBS) if chosen.quick else run(FULL, None)
    show(summary)
    write("stampede", as_json(summary), json_file=chosen.json)
    if chosen.picture is not None:
        draw(summary.ways, chosen.picture)
    sys.exit(0 if all(goal.kept for goal in summary.goals) else 1)


def run(size: Size, jobs: Sequence[str] | None) -> Summary:
    """Measures the three ways in turn, in a world of this size; only these jobs, where some are named."""
    ours = by_queue(size, jobs)
    at_once = by_timers(Way.AT_ONCE, size, jobs, stagger_seconds=0.0)
    half = median(one.seconds for one in ours.runs if one.opens_browser) / 2
    return Summary([at_once, by_timers(Way.STAGGERED, size, jobs, stagger_seconds=half), ours])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the same figures to FILE")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw the three ways into FILE, a PNG")
    parser.add_argument(
        "--quick", action="store_true", help="fewer jobs in a smaller world: for a look, not for a figure"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
