"""Watching: what was seen last is answered at once, and when it is old, that is what is said first."""

import threading
from datetime import timedelta

import pytest

from xbot_pipelines.operate.health import watch as watching
from xbot_pipelines.operate.health.facts import Facts
from xbot_pipelines.operate.health.judging import Judgement
from xbot_pipelines.operate.health.reasons import Cause, Reason, Status
from xbot_pipelines.operate.health.watch import STALE_AFTER, Watch
from xbot_pipelines_tests.operate.health.well import surroundings, well
from xbot_pipelines_tests.operate.programs import wait_until

BROKEN = well(surroundings=surroundings(browser_fault="No browser was found"))


class Stopwatch:
    """Stands still until it is told to go on."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_each_look_is_judged_heeded_and_kept() -> None:
    heeded: list[Judgement] = []
    facts = iter([well(), BROKEN])
    more = Reason(cause=Cause.TELLING, status=Status.DEGRADED, sentence="nobody hears of it")
    watch = Watch(lambda: next(facts), also=lambda: [more], heed=heeded.append)
    watch.look()
    assert watch.judgement.reasons == (more,)
    watch.look()
    assert watch.judgement.status is Status.DOWN
    assert heeded == [Judgement(facts=well(), reasons=(more,)), watch.judgement]


def test_where_the_looking_hangs_that_is_what_is_said_first_and_nobody_waits() -> None:
    stopwatch = Stopwatch()
    watch = Watch(lambda: BROKEN, also=tuple, heed=lambda _: None, stopwatch=stopwatch)
    watch.look()
    stopwatch.seconds = STALE_AFTER.total_seconds()
    assert [reason.cause for reason in watch.judgement.reasons] == [Cause.BROWSER]
    stopwatch.seconds += 1
    assert [reason.cause for reason in watch.judgement.reasons] == [Cause.WATCH, Cause.BROWSER]
    assert watch.judgement.status is Status.DOWN
    assert watch.judgement.reasons[0].sentence.startswith("nobody has looked for 46 s:")
    watch.look()
    assert [reason.cause for reason in watch.judgement.reasons] == [Cause.BROWSER]


def test_a_look_that_fails_by_a_bug_of_ours_is_logged_and_the_next_one_is_taken(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watching, "LOOK_EVERY_SECONDS", 0.01)
    looks = 0

    def collect() -> Facts:
        nonlocal looks
        looks += 1
        if looks == 2:
            raise KeyError("a bug")
        return BROKEN if looks > 2 else well()

    watch = Watch(collect, also=tuple, heed=lambda _: None)
    watch.look()
    ending = threading.Event()
    thread = threading.Thread(target=watch.go_on, args=[ending])
    thread.start()
    wait_until(lambda: watch.judgement.status is Status.DOWN, "the look after the bug is kept")
    ending.set()
    thread.join(timeout=timedelta(seconds=5).total_seconds())
    assert not thread.is_alive()
    assert "the look failed" in caplog.text
