"""Virtual time: it is told before it comes, never runs backwards, and takes a run for whole steps."""

from datetime import timedelta

import pytest

from xbot_pipelines.operate.rehearsal.virtual_time import STEP, VirtualClock, in_steps
from xbot_pipelines_tests.conftest import NOON


def test_a_moment_is_told_before_it_comes() -> None:
    told = []
    clock = VirtualClock(NOON, lambda moment: told.append((moment, clock.now())))
    clock.move_to(NOON + STEP)
    clock.move_to(NOON + STEP)
    assert clock.now() == NOON + STEP
    assert told == [(NOON + STEP, NOON)]


def test_time_does_not_run_backwards() -> None:
    clock = VirtualClock(NOON, lambda _: None)
    with pytest.raises(ValueError, match="time does not run backwards: it is 2026-03-02T12:00:00"):
        clock.move_to(NOON - timedelta(seconds=1))


@pytest.mark.parametrize(("seconds", "steps"), [(0.0, 1), (0.2, 1), (15.0, 1), (15.1, 2), (61.0, 5)])
def test_a_run_takes_whole_steps_and_one_at_least(seconds: float, steps: int) -> None:
    assert in_steps(seconds) == steps * timedelta(seconds=15)
