"""What a post was worth: for an account of its size, and long before it is finished."""

import math
import random

import pytest

from xbot_pipelines.learning.arms import Figures
from xbot_pipelines.learning.reward import lessons_of, reward, usual_rate
from xbot_pipelines_tests.learning.teaching import trial

FINISHED = Figures(hours=24, views=4000, engagements=120)


def at(hours: int, views: int, engagements: int) -> Figures:
    return Figures(hours=hours, views=views, engagements=engagements)


def test_twice_the_engagement_is_worth_the_same_more_wherever_one_begins() -> None:
    rewards = [reward(at(24, views, views // 25), 1000, 0.04) for views in (10_000, 20_000, 40_000)]
    assert rewards[1] - rewards[0] == pytest.approx(math.log(2), abs=0.01)
    assert rewards[2] - rewards[1] == pytest.approx(math.log(2), abs=0.01)


def test_an_account_of_twice_the_size_has_to_bring_twice_the_engagement() -> None:
    small, large = reward(at(24, 5000, 200), 10_000, 0.04), reward(at(24, 10_000, 400), 20_000, 0.04)
    assert small == pytest.approx(large, abs=0.02)


def test_of_a_post_that_nobody_liked_it_matters_how_often_it_was_seen_without() -> None:
    hardly_seen, seen = at(24, 3, 0), at(24, 300, 0)
    liked = at(24, 300, 3)
    assert reward(hardly_seen, 1000, 0.04) < reward(seen, 1000, 0.04) < reward(liked, 1000, 0.04)
    assert math.isfinite(reward(at(24, 0, 0), 0, 0.04))


def test_one_viral_post_does_not_make_the_usual_rate() -> None:
    ordinary = [at(24, 1000, 40)] * 20
    assert usual_rate([*ordinary, at(24, 1_000_000, 200)]) == pytest.approx(usual_rate(ordinary), rel=0.06)
    assert usual_rate(ordinary) == pytest.approx(0.04, rel=0.01)
    assert usual_rate([]) == pytest.approx(1 / 50)


def test_a_post_of_which_nothing_was_counted_teaches_nothing() -> None:
    assert lessons_of([trial(), trial()], finished_hours=24) == []


def test_a_finished_post_has_its_own_reward_and_no_variance() -> None:
    [lesson] = lessons_of([trial(at(2, 1000, 30), FINISHED)], finished_hours=24)
    assert lesson.reward == reward(FINISHED, 1000, usual_rate([FINISHED]))
    assert lesson.variance == 0


def test_a_young_post_is_believed_to_grow_as_the_finished_ones_did() -> None:
    grew = [trial(at(2, 1000, 40), at(24, 3000, 120)) for _ in range(200)]
    young = trial(at(2, 2000, 80), days_ago=0.1)
    *_, lesson = lessons_of([*grew, young], finished_hours=24)
    usual = usual_rate([at(24, 3000, 120)] * 200)
    assert lesson.reward - reward(at(2, 2000, 80), 1000, usual) == pytest.approx(math.log(3), abs=0.02)
    assert 0 <= lesson.variance < 0.001


def test_the_more_unevenly_posts_grow_the_less_a_young_one_teaches() -> None:
    chance = random.Random(7)
    spreads = (0.1, 0.8)
    variances = []
    for spread in spreads:
        grown = [round(1000 * math.exp(chance.gauss(0.7, spread))) for _ in range(200)]
        grew = [trial(at(2, 1000, 40), at(24, views, views // 25)) for views in grown]
        *_, lesson = lessons_of([*grew, trial(at(2, 1000, 40), days_ago=0.1)], finished_hours=24)
        variances.append(lesson.variance)
    assert [math.sqrt(variance) for variance in variances] == pytest.approx(list(spreads), rel=0.25)


def test_before_any_post_is_finished_a_young_one_is_taken_for_the_typical_post() -> None:
    two_hours, half_a_day = (trial(at(hours, 1000, 40), days_ago=0.6) for hours in (2, 12))
    early, later = lessons_of([two_hours, half_a_day], finished_hours=24)
    bare = reward(at(2, 1000, 40), 1000, usual_rate([]))
    assert early.reward - bare == pytest.approx(-math.log(0.6 / 0.947), abs=0.01)
    assert later.reward - bare == pytest.approx(-math.log(0.9 / 0.947), abs=0.01)
    assert early.variance > later.variance > 0


def test_a_post_that_went_viral_after_its_first_hours_does_not_change_what_the_next_one_is_believed_to_grow() -> None:
    grew = [trial(at(2, 1000, 40), at(24, 2000, 80)) for _ in range(20)]
    viral = trial(at(2, 1000, 40), at(24, 2_000_000, 80_000))
    young = trial(at(2, 1000, 40), days_ago=0.1)
    with_it, without = (
        lessons_of([*grew, viral, young], finished_hours=24),
        lessons_of([*grew, young], finished_hours=24),
    )
    assert with_it[-1].reward == pytest.approx(without[-1].reward, abs=0.02)
    assert with_it[-1].variance == pytest.approx(without[-1].variance, abs=0.02)
