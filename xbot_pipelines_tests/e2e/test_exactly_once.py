"""A post happens exactly once, whatever dies: the short run of `benchmarks/exactly_once.py`."""

import random

import pytest

from benchmarks.crashing.grounds import BROWSER
from benchmarks.crashing.plans import short_plans
from benchmarks.crashing.trial import run_trial


@pytest.mark.house
@pytest.mark.browser
@pytest.mark.timeout(900)
def test_f02_f03_f19_a_post_happens_exactly_once_whatever_dies() -> None:
    said: list[str] = []
    outcome = run_trial(short_plans(BROWSER), ground=BROWSER, draw=random.Random(1), say=said.append)
    assert outcome.wrong == [], said
    assert len(outcome.kills) == len(short_plans(BROWSER))
    assert sum(kill.met for kill in outcome.kills) >= len(outcome.kills) * 2 / 3, said
    assert outcome.posts >= len(outcome.kills) / 2, said
