"""What is believed after what the posts have taught: how it grows sure, what moves it, and what does not."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xbot_pipelines.learning.arms import HOURS, Dimension, Lesson, Values
from xbot_pipelines.learning.beliefs import ArmBelief, Beliefs
from xbot_pipelines.learning.model import fit
from xbot_pipelines_tests.learning.teaching import DAY, NOW, VALUES, lesson

Effects = Mapping[tuple[Dimension, str], float]

MOST_MOVED_BY_A_VIRAL_POST = 0.12
"""The bound that docs/learning.md states: a tenth, in the logarithm."""


def believed(lessons: Sequence[Lesson], values: Values = VALUES, *, days_later: float = 0) -> Beliefs:
    return fit(lessons, values, now=NOW + days_later * DAY)


def drawn_effects(chance: random.Random, spread: float = 0.3) -> Effects:
    """Likes of every value but the hours, of which one is as good as another."""
    briefed = (dimension for dimension in VALUES if dimension is not Dimension.HOUR)
    return {(dimension, value): chance.gauss(0, spread) for dimension in briefed for value in VALUES[dimension]}


def life(chance: random.Random, effects: Effects, *, posts: int, days: float = 20, noise: float = 0.6) -> list[Lesson]:
    """Posts whose values were chosen by chance, and what readers with these likes made of them."""
    lessons = []
    for number in range(posts):
        chosen = {dimension.value: chance.choice(values) for dimension, values in VALUES.items()}
        reward = (
            -6
            + sum(effects.get((Dimension(name), value), 0.0) for name, value in chosen.items())
            + chance.gauss(0, noise)
        )
        lessons.append(lesson(reward, chosen, days_ago=0.5 + days * number / posts))
    return lessons


def moved(one: Beliefs, other: Beliefs) -> float:
    """How far apart two beliefs are in the arm in which they differ most."""
    return max(abs(a.mean - b.mean) for a, b in zip(one.arms, other.arms, strict=True))


def test_before_anything_is_seen_no_value_is_better_than_another_and_all_are_uncertain() -> None:
    arms = believed([]).arms
    assert len(arms) == sum(map(len, VALUES.values()))
    assert all(arm.mean == 0 and arm.pulls == 0 for arm in arms)
    assert all(0.15 < arm.deviation < 0.45 for arm in arms)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6))
def test_the_more_posts_the_surer_every_belief(seed: int) -> None:
    chance = random.Random(seed)
    lessons = life(chance, drawn_effects(chance), posts=320)
    few, many = believed(lessons[::8]), believed(lessons)
    for before, after in zip(few.arms, many.arms, strict=True):
        assert after.deviation < before.deviation
        assert after.pulls > before.pulls


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_in_which_posts_are_told_does_not_matter(seed: int, shuffling: random.Random) -> None:
    chance = random.Random(seed)
    lessons = life(chance, drawn_effects(chance), posts=60)
    shuffled = shuffling.sample(lessons, len(lessons))
    assert moved(believed(lessons), believed(shuffled)) < 1e-9


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(-40, 40), st.floats(0, 90), st.floats(0, 9), st.integers(0, 10**6)), max_size=12))
def test_whatever_posts_have_come_to_something_can_be_believed_and_drawn(
    told: list[tuple[float, float, float, int]],
) -> None:
    lessons = []
    for reward, days_ago, variance, seed in told:
        chosen = {dimension.value: random.Random(seed).choice(values) for dimension, values in VALUES.items()}
        lessons.append(lesson(reward, chosen, days_ago=days_ago, variance=variance, about_news=seed % 2 == 0))
    beliefs = believed(lessons)
    assert all(math.isfinite(arm.mean) and 0 < arm.deviation < 1 for arm in beliefs.arms)
    assert set(beliefs.draw(random.Random(7), VALUES).drawn) == set(Dimension)


def test_the_truth_lies_between_the_bounds_nineteen_times_of_twenty() -> None:
    within = []
    for seed in range(15):
        chance = random.Random(seed)
        effects = drawn_effects(chance)
        for arm in believed(life(chance, effects, posts=200)).arms:
            brings = {value: effects.get((arm.dimension, value), 0.0) for value in VALUES[arm.dimension]}
            low, _, high = arm.times
            within.append(low <= math.exp(brings[arm.value] - fmean(brings.values())) <= high)
    assert sum(within) / len(within) == pytest.approx(0.95, abs=0.035)


def test_what_works_is_found_among_what_does_not() -> None:
    chance = random.Random(7)
    effects = {(Dimension.HOOK, "question"): 0.6, (Dimension.SUBJECT, "focus"): -0.5}
    arms = {(arm.dimension, arm.value): arm for arm in believed(life(chance, effects, posts=300)).arms}
    best = arms[Dimension.HOOK, "question"]
    assert best.mean == pytest.approx(0.4, abs=0.12)
    assert best.probability_above_average > 0.99
    assert arms[Dimension.SUBJECT, "focus"].probability_above_average < 0.01
    assert 0.02 < arms[Dimension.TONE, "warm"].probability_above_average < 0.98


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 59))
def test_one_viral_post_moves_no_belief_by_more_than_a_tenth(seed: int, which: int) -> None:
    chance = random.Random(seed)
    lessons = life(chance, drawn_effects(chance), posts=60)
    viral = [*lessons]
    viral[which] = replace(viral[which], reward=viral[which].reward + math.log(1000))
    assert moved(believed(lessons), believed(viral)) < MOST_MOVED_BY_A_VIRAL_POST


def test_a_thousandfold_post_moves_less_than_one_of_three_times_the_usual() -> None:
    chance = random.Random(7)
    lessons = life(chance, {}, posts=60)

    def luck(times: float) -> list[Lesson]:
        return [replace(lessons[0], reward=-6 + math.log(times)), *lessons[1:]]

    usual = believed(luck(1))
    assert moved(usual, believed(luck(1000))) < moved(usual, believed(luck(3)))


def test_what_was_learned_is_forgotten_when_nothing_follows() -> None:
    chance = random.Random(7)
    lessons = life(chance, {(Dimension.HOOK, "question"): 0.8}, posts=200)
    arms = [believed(lessons, days_later=days).arm(Dimension.HOOK, "question") for days in (0, 30, 120, 1000)]
    assert [arm.mean for arm in arms] == sorted((arm.mean for arm in arms), reverse=True)
    assert [arm.deviation for arm in arms] == sorted(arm.deviation for arm in arms)
    prior = believed([]).arm(Dimension.HOOK, "question")
    assert arms[-1].mean == pytest.approx(0, abs=0.05)
    assert arms[-1].deviation == pytest.approx(prior.deviation, rel=0.15)


def test_readers_who_have_changed_their_minds_are_believed_within_two_weeks() -> None:
    chance = random.Random(7)
    once, now = {(Dimension.HOOK, "question"): 0.7}, {(Dimension.HOOK, "confession"): 0.7}
    before = life(chance, once, posts=200)
    before = [replace(one, trial=replace(one.trial, published_at=one.trial.published_at - 14 * DAY)) for one in before]
    beliefs = believed([*before, *life(chance, now, posts=140, days=14)])
    best = max((beliefs.arm(Dimension.HOOK, value) for value in VALUES[Dimension.HOOK]), key=lambda arm: arm.mean)
    assert best.value == "confession"


def test_what_a_young_post_promises_counts_for_less_than_what_a_finished_one_brought() -> None:
    def after(variance: float) -> ArmBelief:
        told = [lesson(-5.0, {"tone": "warm"}, variance=variance), *(lesson(-6.0, {"tone": "plain"}) for _ in range(5))]
        return believed(told).arm(Dimension.TONE, "warm")

    assert after(0.0).mean > after(0.5).mean > after(5.0).mean > 0
    assert after(0.0).deviation < after(5.0).deviation


def test_a_value_that_was_taken_on_good_days_does_not_get_the_credit_for_them() -> None:
    chance = random.Random(7)
    lessons = []
    for day in range(20):
        good = day % 2
        for post in range(10):
            tone = "warm" if post < (8 if good else 2) else "plain"
            lessons.append(lesson(-6 + good + chance.gauss(0, 0.3), {"tone": tone}, days_ago=day + 0.5))
    assert abs(believed(lessons).arm(Dimension.TONE, "warm").mean) < 0.1


def test_a_subject_that_was_in_the_news_does_not_get_the_blame_for_posts_about_news() -> None:
    chance = random.Random(7)
    lessons = []
    for number in range(200):
        about_news = number % 2 == 0
        subject = "sleep" if about_news and number % 4 == 0 else chance.choice(VALUES[Dimension.SUBJECT])
        reward = -6 - 0.8 * about_news + chance.gauss(0, 0.3)
        lessons.append(lesson(reward, {"subject": subject}, days_ago=number / 10, about_news=about_news))
    assert abs(believed(lessons).arm(Dimension.SUBJECT, "sleep").mean) < 0.1


def test_an_hour_teaches_about_its_neighbours_and_around_midnight_too() -> None:
    lessons = [lesson(-5.0 if number % 2 else -6.0, {"hour": "23" if number % 2 else "11"}) for number in range(40)]
    mean = {hour: believed(lessons).arm(Dimension.HOUR, hour).mean for hour in HOURS}
    assert mean["23"] > mean["00"] > mean["02"] > mean["05"]
    assert mean["11"] < mean["12"] < mean["15"]
    assert mean["01"] == pytest.approx(mean["21"], abs=0.05)


def test_a_value_that_was_taken_out_is_believed_in_no_longer_and_still_explains_its_posts() -> None:
    chance = random.Random(7)
    lessons = life(chance, {(Dimension.HOOK, "confession"): 1.5}, posts=200)
    kept = {**VALUES, Dimension.HOOK: ("question", "number")}
    arms = believed(lessons, kept).arms
    assert [arm.value for arm in arms if arm.dimension is Dimension.HOOK] == ["question", "number"]
    assert all(abs(arm.mean) < 0.15 for arm in arms if arm.dimension is Dimension.HOOK)


def test_a_new_value_begins_as_uncertain_as_any_was_before_it_was_tried() -> None:
    chance = random.Random(7)
    lessons = life(chance, {}, posts=200)
    beliefs = believed(lessons, {**VALUES, Dimension.TONE: ("warm", "plain", "stern")})
    new, old = beliefs.arm(Dimension.TONE, "stern"), beliefs.arm(Dimension.TONE, "warm")
    assert new.pulls == 0
    assert abs(new.mean) < 0.1
    assert new.deviation > 1.5 * old.deviation


def test_noise_is_found_as_large_as_it_is() -> None:
    chance = random.Random(7)
    for noise in (0.3, 0.9):
        assert believed(life(chance, {}, posts=300, noise=noise)).noise == pytest.approx(noise, rel=0.25)
