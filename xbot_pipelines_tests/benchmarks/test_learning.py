"""The judge of `benchmarks/learning.py`: its worlds, its rules, and when it calls a goal broken."""

from collections import Counter
from itertools import pairwise
from statistics import fmean

import pytest

from benchmarks.learning_worlds.living import DAYS, POSTS_A_DAY, WAYS, World, live
from benchmarks.learning_worlds.readers import DRIFTS_ON, Readers
from benchmarks.learning_worlds.summary import Lived, Summary
from xbot_pipelines.learning.arms import Dimension, Values
from xbot_pipelines.settings import load_settings
from xbot_pipelines.systems.learning import values_of
from xbot_pipelines_tests.conftest import ROOT

STEADY = World(seed=2000, drifts=False, luck=0.5)


@pytest.fixture
def values() -> Values:
    """What the example account may choose from."""
    return values_of(load_settings({"XBOT_ACCOUNTS": str(ROOT / "accounts")}).profile)


def test_a_world_is_the_same_again_and_another_seed_is_another_world(values: Values) -> None:
    assert live(STEADY, "uniform", values) == live(STEADY, "uniform", values)
    assert live(STEADY, "uniform", values) != live(World(seed=2001, drifts=False, luck=0.5), "uniform", values)


def test_nobody_does_better_than_one_who_knows_the_readers(values: Values) -> None:
    oracle, uniform, greedy = (fmean(live(STEADY, way, values).days) for way in ("oracle", "uniform", "epsilon-greedy"))
    assert oracle > greedy > uniform


def test_readers_who_drift_change_three_dimensions_on_their_day_and_no_other(values: Values) -> None:
    readers = Readers(2000, values, drifts=True, luck=0.5)
    before, after = readers.tastes(DRIFTS_ON - 1), readers.tastes(DRIFTS_ON)
    assert sum(before[dimension] != after[dimension] for dimension in Dimension) == 3
    assert readers.tastes(0) == before
    assert readers.tastes(DAYS) == after
    steady = Readers(2000, values, drifts=False, luck=0.5)
    assert steady.tastes(0) == steady.tastes(DAYS) == before


def test_what_a_post_has_come_to_never_falls_and_is_more_where_readers_like_it(values: Values) -> None:
    readers = Readers(2000, values, drifts=False, luck=0.5)
    tastes = readers.tastes(0)
    liked, disliked = (
        {dimension: choose(of, key=tastes[dimension].brings) for dimension, of in values.items()}
        for choose in (max, min)
    )
    assert readers.value(0, liked) > 5 * readers.value(0, disliked)
    counted = {True: 0, False: 0}
    for likes, chosen in ((True, liked), (False, disliked)):
        for _ in range(200):
            figures = readers.read(0, chosen)
            assert all(a.views <= b.views and a.engagements <= b.engagements for a, b in pairwise(figures))
            counted[likes] += figures[-1].engagements
    assert counted[True] > 5 * counted[False]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_obeys_the_rules_of_planning(values: Values, way: str) -> None:
    posts = live(STEADY, way, values, days=4).trials
    assert set(Counter(trial.day for trial in posts).values()) == {POSTS_A_DAY}
    assert len({(trial.day, trial.values[Dimension.HOUR]) for trial in posts}) == len(posts)
    subjects = [trial.values[Dimension.SUBJECT] for trial in posts]
    assert all(len(set(subjects[place : place + 7])) == 7 for place in range(len(subjects) - 6))


def lived(
    ours: float, greedy: float = 1.0, *, drifts: bool = False, fallen: float = 0.0, at_last: float = 0.0
) -> Lived:
    """A life in which ours had this in every day, or fell and rose where readers drift; the oracle had 1."""
    days = [ours] * DAYS
    if drifts:
        days[DRIFTS_ON:] = [fallen] * (DAYS - DRIFTS_ON - 3) + [at_last] * 3
    return Lived(
        world=World(seed=1, drifts=drifts, luck=0.5),
        days={"ours": days, "epsilon-greedy": [greedy] * DAYS, "oracle": [1.0] * DAYS},
    )


@pytest.mark.parametrize(
    ("steady", "drifting", "kept"),
    [
        (lived(0.9, 0.6), lived(0.8, 0.6, drifts=True, fallen=0.6, at_last=0.75), [True, True, True]),
        (lived(0.84, 0.6), lived(0.8, 0.6, drifts=True, fallen=0.6, at_last=0.75), [False, True, True]),
        (lived(0.9, 0.9), lived(0.8, 0.9, drifts=True, fallen=0.6, at_last=0.75), [True, False, True]),
        (lived(0.9, 0.6), lived(0.8, 0.6, drifts=True, fallen=0.6, at_last=0.65), [True, True, False]),
    ],
)
def test_a_goal_is_broken_by_too_little_or_by_no_recovery(steady: Lived, drifting: Lived, kept: list[bool]) -> None:
    assert [goal.kept for goal in Summary(lived=[steady, drifting], by_luck={}).goals] == kept
