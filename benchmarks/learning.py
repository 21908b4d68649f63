"""How well learning finds out what readers like: beside uniform choice, epsilon-greedy, and one who knows the readers.

    OPENBLAS_NUM_THREADS=1 uv run python benchmarks/learning.py [--json FILE] [--quick] [--picture FILE]

Four weeks of an account in each of 40 worlds that are drawn from seeds; in half of them readers change their minds
after two weeks. Exit code 1 if ours has less than 85 % of the oracle's engagement in the last week where they do not,
no more than epsilon-greedy in the mean, or regains less than half of what it loses where they do. What can be tuned
was tuned in worlds with seeds from 1000 on; these are 1 to 20. The matrices are small: more threads than one only
wait for each other.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.learning_worlds.drawing import draw
from benchmarks.learning_worlds.living import WAYS, World, live
from benchmarks.learning_worlds.summary import Lived, Summary, as_json, show
from benchmarks.report import options, write
from xbot_pipelines.learning.arms import Values
from xbot_pipelines.settings import load_settings
from xbot_pipelines.systems.learning import values_of

LUCK = 0.5
"""The luck of the worlds by which is judged: two of three posts have between 0.6 and 1.6 times what they may expect."""

OTHER_LUCK = (0.3, 0.7, 1.0)


def main() -> None:
    """Lives, and says what came of it."""
    parser = options(__doc__)
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw the days into FILE, a PNG")
    chosen = parser.parse_args()
    summary = run(range(1, 9) if chosen.quick else range(1, 21), other_luck=() if chosen.quick else OTHER_LUCK)
    show(summary)
    write("learning", as_json(summary), json_file=chosen.json)
    if chosen.picture is not None:
        draw(summary, chosen.picture)
    sys.exit(0 if all(goal.kept for goal in summary.goals) else 1)


def run(seeds: Sequence[int], *, other_luck: Sequence[float] = ()) -> Summary:
    """Lives in a steady and a drifting world of each seed, and in steady ones where luck plays another part."""
    values = values_of(load_settings().profile)
    return Summary(
        lived=[
            _lived(World(seed=seed, drifts=drifts, luck=LUCK), values, list(WAYS))
            for drifts in (False, True)
            for seed in seeds
        ],
        by_luck={
            luck: [_lived(World(seed=seed, drifts=False, luck=luck), values, ["ours", "oracle"]) for seed in seeds]
            for luck in other_luck
        },
    )


def _lived(world: World, values: Values, ways: Sequence[str]) -> Lived:
    return Lived(world=world, days={way: live(world, way, values).days for way in ways})


if __name__ == "__main__":
    main()
