"""How fast posts are read: our timelines, one page a post (the old way), and a bare HTTP client, side by side.

    uv run python benchmarks/read_rate.py [--json FILE] [--quick]

All three read the same posts of the same practice site in turns, and what they read is held against the site's truth.
A turn's second is one of a browser that is open and logged in; its launch is not counted. Exit code 1 if our timelines
bring less than 15 times the posts a second of one page a post, or ask more than 0.1 requests a post.
"""

import sys

from benchmarks.reading.site import practice_site, put_history
from benchmarks.reading.summary import Summary, as_json, show
from benchmarks.reading.ways import Way, open_readers
from benchmarks.report import arguments, write

_DAYS = 5
_ONE_BY_ONE = 40


def main() -> None:
    """Measures in turns, so that all ways meet the same moods of the machine."""
    chosen = arguments(__doc__)
    summary = measure(turns=2 if chosen.quick else 7)
    show(summary)
    write("read rate", as_json(summary), json_file=chosen.json)
    sys.exit(0 if all(goal.kept for goal in summary.goals) else 1)


def measure(*, turns: int) -> Summary:
    """Starts the site and the browser, and takes so many turns of each way, after one that is not counted."""
    with practice_site() as practice:
        history = put_history(practice, days=_DAYS)
        with open_readers(practice, history, one_by_one=_ONE_BY_ONE) as readers:
            for way in Way:
                readers.take_turn(way)
            return Summary([readers.take_turn(way) for _ in range(turns) for way in Way])


if __name__ == "__main__":
    main()
