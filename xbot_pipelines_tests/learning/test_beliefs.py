"""What is drawn from beliefs: mostly what works, sometimes what might, and nothing never."""

import random
from collections import Counter

import numpy as np
import pytest

from xbot_pipelines.learning.arms import Dimension
from xbot_pipelines.learning.beliefs import Beliefs, Choice, Why
from xbot_pipelines.learning.model import fit
from xbot_pipelines_tests.learning.teaching import NOW, VALUES, lesson

HOOK, TONE, SUBJECT = Dimension.HOOK, Dimension.TONE, Dimension.SUBJECT
ALL = {dimension: VALUES[dimension] for dimension in Dimension}


def sure(**best: str) -> Beliefs:
    """Beliefs of an account that has known for long that these values bring three times what the others do."""
    chance = random.Random(7)
    lessons = []
    for number in range(400):
        chosen = {dimension.value: chance.choice(values) for dimension, values in VALUES.items()}
        reward = -6 + sum(1.1 for name, value in best.items() if chosen[name] == value) + chance.gauss(0, 0.3)
        lessons.append(lesson(reward, chosen, days_ago=number / 20))
    return fit(lessons, VALUES, now=NOW)


def draws(beliefs: Beliefs, number: int, seed: int = 7) -> list[Choice]:
    chance = random.Random(seed)
    return [beliefs.draw(chance, ALL) for _ in range(number)]


def test_what_is_known_to_work_is_drawn_and_said_to_be_the_best() -> None:
    drawn = Counter((choice.value(HOOK), choice.drawn[HOOK].why) for choice in draws(sure(hook="number"), 300))
    assert drawn[("number", Why.BEST)] > 290


def test_the_same_seed_draws_the_same_and_another_one_something_else() -> None:
    beliefs = fit([], VALUES, now=NOW)
    assert draws(beliefs, 20) == draws(beliefs, 20)
    assert draws(beliefs, 20) != draws(beliefs, 20, seed=8)


def test_what_nothing_is_known_of_is_drawn_as_often_as_anything_else() -> None:
    drawn = Counter(choice.value(SUBJECT) for choice in draws(fit([], VALUES, now=NOW), 2000))
    assert set(drawn) == set(VALUES[SUBJECT])
    assert all(400 < count < 600 for count in drawn.values())


def test_nothing_is_given_up_for_ever() -> None:
    """One draw in fifty is by lot: of three hooks each is drawn 33 times in 5,000, however bad it is."""
    beliefs = sure(hook="number")
    chance = random.Random(7)
    drawn = [beliefs.draw(chance, {HOOK: VALUES[HOOK]}).drawn[HOOK] for _ in range(5000)]
    by_lot = Counter(one.value for one in drawn if one.why is Why.LOT)
    assert set(by_lot) == set(VALUES[HOOK])
    assert all(15 < count < 55 for count in by_lot.values())


def test_only_what_is_allowed_is_drawn_and_only_of_what_was_asked_for() -> None:
    beliefs = sure(subject="sleep")
    chance = random.Random(7)
    for _ in range(200):
        choice = beliefs.draw(chance, {SUBJECT: ["walking", "focus"], Dimension.HOUR: ["09"]})
        assert set(choice.drawn) == {SUBJECT, Dimension.HOUR}
        assert choice.value(SUBJECT) in {"walking", "focus"}
        assert choice.value(Dimension.HOUR) == "09"
        assert choice.drawn[Dimension.HOUR].why is Why.GIVEN
        assert choice.drawn[SUBJECT].why is not Why.GIVEN


def test_a_value_that_the_beliefs_know_nothing_of_is_refused() -> None:
    with pytest.raises(KeyError):
        sure().draw(random.Random(7), {HOOK: ["riddle"]})


def test_a_choice_says_what_it_expects_and_why_it_was_not_the_best() -> None:
    beliefs = fit([lesson(-5.5, {"hook": "number"}), lesson(-6.0, {"hook": "question"})], VALUES, now=NOW)
    choices = draws(beliefs, 300)
    best = max(VALUES[HOOK], key=lambda value: beliefs.arm(HOOK, value).mean)
    for drawn in (choice.drawn[HOOK] for choice in choices):
        assert drawn.expected == beliefs.arm(HOOK, drawn.value).mean
        assert (drawn.why is Why.BEST) == (drawn.value == best) or drawn.why is Why.LOT
    tried = [choice.drawn[HOOK] for choice in choices if choice.drawn[HOOK].why is Why.TRIED]
    assert tried
    assert all(drawn.sampled > drawn.expected for drawn in tried if drawn.expected < 0)
    assert choices[0].expected == pytest.approx(sum(drawn.expected for drawn in choices[0].drawn.values()))


def test_what_cannot_be_told_apart_is_sampled_together() -> None:
    """Whenever the tone was warm the hook was a question: if the one is better than believed, the other is worse."""
    lessons = [lesson(-5.0 if number % 2 else -6.0, _pair(number)) for number in range(60)]
    beliefs = fit(lessons, VALUES, now=NOW)
    samples = np.array([[choice.drawn[one].sampled for one in (TONE, HOOK)] for choice in _fixed(beliefs, 500)])
    assert np.corrcoef(samples.T)[0, 1] < -0.3


def _pair(number: int) -> dict[str, str]:
    return {"tone": "warm", "hook": "question"} if number % 2 else {"tone": "plain", "hook": "number"}


def _fixed(beliefs: Beliefs, number: int) -> list[Choice]:
    chance = random.Random(7)
    return [beliefs.draw(chance, {TONE: ["warm"], HOOK: ["question"]}) for _ in range(number)]
