"""The queue of a rehearsal: one browser wide, by priority, then by who asked first."""

from datetime import timedelta

import dagster as dg

from xbot_pipelines.operate.rehearsal.waiting import Asked, Queue
from xbot_pipelines.orchestration.timetable import turn_of
from xbot_pipelines_tests.conftest import NOON

SECOND = timedelta(seconds=1)


def asked(job: str, *, seconds: int = 0) -> Asked:
    return Asked(turn=turn_of(job), request=dg.RunRequest(), at=NOON + seconds * SECOND)


def test_f16_the_most_important_goes_first_and_the_browser_is_one_runs_alone() -> None:
    queue = Queue(NOON)
    for job in ("news", "metrics_scraper", "posting"):
        queue.add(asked(job))
    first = queue.next(NOON)
    assert first == asked("posting")
    queue.ends(first, NOON + 15 * SECOND)
    assert queue.next(NOON + 14 * SECOND) is None
    assert queue.next_moment == NOON + 15 * SECOND
    assert queue.next(NOON + 15 * SECOND) == asked("metrics_scraper")


def test_what_needs_no_browser_waits_for_none() -> None:
    queue = Queue(NOON)
    queue.add(asked("posting"))
    taken = queue.next(NOON)
    assert taken is not None
    queue.ends(taken, NOON + 60 * SECOND)
    queue.add(asked("plan"))
    assert queue.next(NOON) == asked("plan")
    assert queue.next_moment is None


def test_of_two_alike_the_first_to_ask_goes_first() -> None:
    queue = Queue(NOON)
    queue.add(asked("replies", seconds=5))
    queue.add(asked("analytics"))
    assert queue.next(NOON + 5 * SECOND) == asked("analytics")


def test_a_job_is_there_while_it_waits_and_while_it_works() -> None:
    queue = Queue(NOON)
    assert not queue.has("news", NOON)
    queue.add(asked("news"))
    assert queue.has("news", NOON)
    taken = queue.next(NOON)
    assert taken is not None
    queue.ends(taken, NOON + 15 * SECOND)
    assert queue.has("news", NOON + 14 * SECOND)
    assert not queue.has("news", NOON + 15 * SECOND)
