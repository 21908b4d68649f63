"""What the readers of practice X like: by dimension, by hour and by circle."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from xbot_pipelines.practice import circles
from xbot_pipelines.practice.appeal import Appeal, people_reached
from xbot_pipelines.practice.prospects import typical
from xbot_pipelines.practice.traits import VALUES, Traits, recognise

MONDAY = datetime(2026, 9, 14, tzinfo=UTC)
HOURS = [MONDAY + timedelta(hours=hour) for hour in range(24)]
SEEDS = range(24)


def some_texts(size: int, seed: int) -> list[Traits]:
    chance = random.Random(seed)
    return [typical(**{dimension: chance.choice(values) for dimension, values in VALUES.items()}) for _ in range(size)]


def additive(rows: Sequence[Mapping[str, str]], logarithms: Sequence[float]) -> tuple[dict[str, float], float]:
    """How much the values of each dimension differ (a standard deviation), and the share that their sum explains."""
    names = sorted({pair for row in rows for pair in row.items()})
    seen = np.array([[1.0, *(row[dimension] == value for dimension, value in names)] for row in rows])
    brings, *_ = np.linalg.lstsq(seen, np.array(logarithms), rcond=None)
    left = np.var(np.array(logarithms) - seen @ brings) * len(rows) / (len(rows) - len(names))
    by_dimension = {
        dimension: float(
            np.std([brings[1 + place] for place, name in enumerate(names) if name[0] == dimension], ddof=1)
        )
        for dimension in rows[0]
    }
    return by_dimension, 1 - float(left / np.var(logarithms))


@pytest.fixture(scope="module")
def learnable() -> tuple[dict[str, float], float]:
    """How much the values of each dimension differ, over worlds; and how much single values explain of a post."""
    spreads, explained = [], []
    for seed in SEEDS:
        appeal, rows, logarithms = Appeal(seed), [], []
        for hour, at in enumerate(HOURS):
            texts = some_texts(25, 100 * seed + hour)
            rows += [{"hour": str(hour), **{name: getattr(text, name) for name in VALUES}} for text in texts]
            logarithms += np.log(appeal.of_texts(texts, at)).tolist()
        spread, share = additive(rows, logarithms)
        spreads.append(spread)
        explained.append(share)
    over_worlds = {name: float(np.sqrt(np.mean([one[name] ** 2 for one in spreads]))) for name in spreads[0]}
    return over_worlds, float(np.mean(explained))


@pytest.mark.parametrize(
    ("dimension", "about"),
    [("subject", 0.35), ("angle", 0.30), ("tone", 0.25), ("format", 0.30), ("hook", 0.30), ("hour", 0.28)],
)
def test_each_dimension_is_about_as_strong_as_it_is_said_to_be(
    learnable: tuple[dict[str, float], float], dimension: str, about: float
) -> None:
    assert learnable[0][dimension] == pytest.approx(about, rel=0.2)


def test_single_values_explain_most_of_a_post_and_not_all_of_it(learnable: tuple[dict[str, float], float]) -> None:
    assert 0.92 < learnable[1] < 0.985


def test_a_subject_is_liked_more_while_those_are_awake_who_care_for_it() -> None:
    sleep, walking = (
        typical(subject=subject, angle="why it matters", tone="warm", format="short list", hook="number")
        for subject in ("sleep", "walking")
    )
    alike = []
    for seed in SEEDS:
        caring = circles.liking(seed, "subject", "sleep", 0) - circles.liking(seed, "subject", "walking", 0)
        awake = np.array([circles.awake(seed, at, 0) for at in HOURS])
        caring_by_hour = awake @ caring / awake.sum(axis=1)
        advantage = [float(np.subtract(*np.log(Appeal(seed).of_texts([sleep, walking], at)))) for at in HOURS]
        assert np.ptp(advantage) > 0.02
        alike.append(np.corrcoef(advantage, caring_by_hour)[0, 1])
    assert np.median(alike) > 0.8


def test_the_audience_is_about_as_large_in_every_world_and_largest_at_some_hour() -> None:
    texts = some_texts(200, 1)
    means = []
    for seed in SEEDS:
        by_hour = np.array([Appeal(seed).of_texts(texts, at).mean() for at in HOURS])
        assert by_hour.max() > 1.5 * by_hour.min()
        means.append(by_hour.mean())
    assert 0.9 < np.mean(means) < 1.7


def test_the_week_s_end_differs_for_every_circle() -> None:
    wednesday, saturday = MONDAY + timedelta(days=2, hours=12), MONDAY + timedelta(days=5, hours=12)
    change = circles.awake(7, saturday, 0) / circles.awake(7, wednesday, 0)
    assert len(set(change.round(6))) == circles.CIRCLES
    assert np.all((change > 0.4) & (change < 2))
    assert circles.sizes(7).sum() == pytest.approx(1)


def test_many_texts_at_once_are_judged_as_one_by_one() -> None:
    appeal, at = Appeal(7), MONDAY + timedelta(hours=9, minutes=20)
    texts = [*some_texts(40, 2), recognise("Read this about sleep #sleep example.com/a 😴😴😴😴😴")]
    assert appeal.of_texts(texts, at) == pytest.approx([appeal.of_text(text, at) for text in texts])


def test_a_link_costs_reach_and_followers_bring_it() -> None:
    appeal = Appeal(7)
    without, with_link = recognise("Read this about sleep"), recognise("Read this about sleep example.com/a")
    assert appeal.of_text(with_link, MONDAY) < 0.8 * appeal.of_text(without, MONDAY)
    assert people_reached(4000, None) > 1.5 * people_reached(2000, None)
    assert people_reached(2000, 400_000) > people_reached(2000, 400) < people_reached(2000, None)


@pytest.mark.parametrize("changed", ["subject", "angle", "tone", "format", "hook", "hour"])
def test_who_changes_his_mind_about_a_dimension_does_not_about_the_others(changed: str) -> None:
    texts = some_texts(300, 3)

    def judged(appeal: Appeal) -> dict[str, dict[str, float]]:
        """What each value of each dimension brings in the mean."""
        logarithms = {at: np.log(appeal.of_texts(texts, at)) for at in HOURS[::2]}
        by_text = np.mean(list(logarithms.values()), axis=0)
        brings = {
            name: {
                value: float(np.mean(by_text[[getattr(text, name) == value for text in texts]]))
                for value in VALUES[name]
            }
            for name in VALUES
        }
        return {**brings, "hour": {str(at.hour): float(np.mean(one)) for at, one in logarithms.items()}}

    before, after = judged(Appeal(7)), judged(Appeal(7, (changed,)))
    moved = {name: np.std([after[name][value] - before[name][value] for value in before[name]]) for name in before}
    assert max(moved, key=lambda name: moved[name]) == changed
    assert {name for name, by in moved.items() if by > 0.15} == {changed}, moved
