"""The run queue settles before the next run is started, so that what is more important goes first (F16)."""

import os
import time
from collections.abc import Iterator

import pytest

from xbot_pipelines.orchestration import run_queue
from xbot_pipelines.orchestration.run_launcher import END_TAG, WORKER_TAG, Worker
from xbot_pipelines.orchestration.run_queue import LOOK_EVERY_SECONDS, MOST_SECONDS, QUIET_SECONDS
from xbot_pipelines_tests.orchestration.daemons import Queue, shipped_instance


class Time:
    """The time that the queue goes by, which stands still until the test moves it."""

    def __init__(self) -> None:
        self.now = time.monotonic()

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Time:
    standing = Time()
    monkeypatch.setattr(run_queue, "time", standing)
    return standing


@pytest.fixture
def queue(moment: Time) -> Iterator[Queue]:
    del moment  # it stands still before the first run arrives
    with shipped_instance() as instance:
        yield Queue(instance)


def add(queue: Queue, job: str, priority: int) -> None:
    """Puts a run of a job that wants the browser into the queue."""
    queue.add(job, {"xbot/browser": "practice", "dagster/priority": str(priority)})


def started(queue: Queue) -> list[str]:
    return [run.job_name for run in queue.look()]


def test_f16_of_runs_that_arrive_together_the_most_important_is_started_first(queue: Queue, moment: Time) -> None:
    for job, priority in (("analytics", 0), ("metrics_scraper", 1), ("posting", 10)):
        add(queue, job, priority)
        moment.now += QUIET_SECONDS * 0.9
        assert started(queue) == []
    moment.now += QUIET_SECONDS * 1.01
    order = []
    while runs := queue.look():
        assert len(runs) == 1, "one browser"
        order.append(runs[0].job_name)
        assert started(queue) == [], "while that one runs"
        queue.end(runs[0])
    assert order == ["posting", "metrics_scraper", "analytics"]


def test_a_run_that_arrives_alone_is_started_at_the_first_look_after_a_moment(queue: Queue, moment: Time) -> None:
    add(queue, "posting", 10)
    assert started(queue) == []
    moment.now += QUIET_SECONDS * 1.01
    assert started(queue) == ["posting"]


def test_runs_that_keep_arriving_hold_nobody_up_for_ever(queue: Queue, moment: Time) -> None:
    waited = 0.0
    while not (first := started(queue)):
        assert waited <= MOST_SECONDS + QUIET_SECONDS
        add(queue, f"job_{waited}", 0)
        moment.now += QUIET_SECONDS / 2
        waited += QUIET_SECONDS / 2
    assert first == ["job_0.0"]
    assert waited >= MOST_SECONDS - QUIET_SECONDS


def test_what_waits_already_is_started_at_the_next_look(queue: Queue, moment: Time) -> None:
    """Between two runs nothing arrives: no time is lost there (the handover)."""
    add(queue, "posting", 10)
    add(queue, "analytics", 0)
    moment.now += QUIET_SECONDS * 1.01
    [posting] = queue.look()
    queue.end(posting)
    assert started(queue) == ["analytics"]
    assert LOOK_EVERY_SECONDS < 1


def test_f01_each_account_has_a_browser_of_its_own_and_no_more_than_that(queue: Queue, moment: Time) -> None:
    for account, job in (("practice", "posting"), ("another", "posting"), ("practice", "news"), ("another", "news")):
        queue.add(job, {"xbot/browser": account})
    moment.now += MOST_SECONDS
    assert started(queue) == ["posting", "posting"]
    assert started(queue) == []


def test_tags_of_another_runs_process_are_not_queued(queue: Queue) -> None:
    """A client could name any process of ours to have it interrupted."""
    mine = Worker.of_this_process(os.getpid())
    queued = queue.add("posting", {WORKER_TAG: mine.tag, END_TAG: "webserver", "xbot/browser": "practice", "mine": "1"})
    assert Worker.of_run(queued.tags) is None
    assert not queued.tags[END_TAG]
    assert (queued.tags["xbot/browser"], queued.tags["mine"]) == ("practice", "1")
