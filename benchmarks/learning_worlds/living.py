"""Four weeks of one account in one world, which publishes by one of the ways: what its posts could expect, day by day.

Every way obeys the same rules, which are planning's: so many posts a day, no hour twice, and subjects rest after they
were written about. A day is chosen when it begins; by then the posts of the day before are read at some of their
checkpoints only.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import fmean

from benchmarks.learning_worlds.readers import Readers
from benchmarks.learning_worlds.ways import EpsilonGreedy, Oracle, Ours, Uniform, Way
from xbot_pipelines.content.briefs import rested
from xbot_pipelines.learning.arms import Dimension, Trial, Values

DAYS = 28
POSTS_A_DAY = 12

WAYS: Mapping[str, Callable[[Values, Readers, random.Random], Way]] = {
    "ours": lambda values, _, chance: Ours(values, chance),
    "epsilon-greedy": lambda values, _, chance: EpsilonGreedy(values, chance),
    "uniform": lambda _, __, chance: Uniform(chance),
    "oracle": lambda _, readers, __: Oracle(readers),
}

_BEGAN = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class World:
    """Which world it is."""

    seed: int
    drifts: bool
    luck: float


@dataclass(frozen=True, kw_only=True)
class Life:
    """What became of an account: its posts, and how many times an average one's engagement those of each day expect."""

    trials: Sequence[Trial]
    days: Sequence[float]


def live(world: World, way: str, values: Values, *, days: int = DAYS) -> Life:
    """Lives in a world for so many days."""
    readers = Readers(world.seed, values, drifts=world.drifts, luck=world.luck)
    chooser = WAYS[way](values, readers, random.Random(world.seed))
    trials: list[Trial] = []
    expected = []
    for day in range(days):
        now = _BEGAN + timedelta(days=day)
        chooser.begin(day, now, [_as_read_by(now, trial) for trial in trials])
        posts = _posts_of_a_day(chooser, values, trials)
        expected.append(fmean(readers.value(day, chosen) for chosen in posts))
        trials += [
            Trial(
                published_at=now + timedelta(hours=int(chosen[Dimension.HOUR])),
                day=now.date(),
                values=chosen,
                about_news=False,
                followers=readers.followers(day),
                figures=readers.read(day, chosen),
            )
            for chosen in posts
        ]
    return Life(trials=trials, days=expected)


def _posts_of_a_day(chooser: Way, values: Values, trials: Sequence[Trial]) -> list[Mapping[Dimension, str]]:
    hours: list[str] = []
    while len(hours) < POSTS_A_DAY:
        left = [hour for hour in values[Dimension.HOUR] if hour not in hours]
        hours.append(chooser.choose({Dimension.HOUR: left})[Dimension.HOUR])
    subjects = [trial.values[Dimension.SUBJECT] for trial in reversed(trials)]
    posts = []
    for hour in sorted(hours):
        free = rested(values[Dimension.SUBJECT], subjects)
        chosen = chooser.choose({**values, Dimension.SUBJECT: free, Dimension.HOUR: [hour]})
        subjects.insert(0, chosen[Dimension.SUBJECT])
        posts.append(chosen)
    return posts


def _as_read_by(now: datetime, trial: Trial) -> Trial:
    age = now - trial.published_at
    return replace(trial, figures=[one for one in trial.figures if age >= timedelta(hours=one.hours)])
