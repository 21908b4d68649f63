"""The hour, worked out: what is used of it, and who gets into whose way."""

from datetime import timedelta
from typing import Any

import pytest

from xbot_pipelines.orchestration.hour.capacity import Hour, JobHour, Spread, hour_of, late_at_p95, reaches, spread
from xbot_pipelines.orchestration.hour.history import EndedRun
from xbot_pipelines.orchestration.hour.sentences import as_plain_values, in_percent, in_seconds, sentences
from xbot_pipelines.orchestration.timetable import TIMETABLE, Turn
from xbot_pipelines.store.browser_use import BrowserUse
from xbot_pipelines_tests.conftest import NOON

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def turn(job: str, *minutes: int, **more: Any) -> Turn:
    plain: dict[str, Any] = {"uses_browser": True, "priority": 0, "deadline": 4 * MINUTE, "purpose": "to be tested"}
    return Turn(job=job, minutes=minutes, **(plain | more))


def job(name: str, *minutes: int, p95: timedelta | None, **more: Any) -> JobHour:
    runs = None if p95 is None else Spread(20, p50=p95 / 2, p95=p95)
    return JobHour(turn=turn(name, *minutes, **more), runs=runs, failed=0)


def use(actor: str, leased: timedelta, *, held: timedelta | None = 10 * SECOND) -> BrowserUse:
    """Somebody who has the browser so long before noon, opens it in a second, and closes it in another."""
    at = NOON - leased
    return BrowserUse(
        actor=actor,
        asked_at=at - 2 * SECOND,
        began_at=at - SECOND,
        leased_at=at,
        opened_at=at + SECOND,
        done_at=None if held is None else at + held - SECOND,
        closed_at=None if held is None else at + held,
    )


def hour(uses: list[BrowserUse], *timetable: Turn, **ended: list[float]) -> Hour:
    runs = {
        name: [EndedRun(seconds * SECOND, went_well=seconds < 100) for seconds in took] for name, took in ended.items()
    }
    return hour_of(timetable or TIMETABLE, runs, uses, since=NOON - 7 * 24 * HOUR, now=NOON)


@pytest.mark.parametrize(
    ("seconds", "p50", "p95"),
    [([7], 7, 7), ([1, 3], 1, 3), (list(range(1, 21)), 10, 19), (list(range(1, 101)), 50, 95), ([5, 1, 9], 5, 9)],
)
def test_half_of_some_spans_are_not_longer_than_their_p50_and_nineteen_of_twenty_than_their_p95(
    seconds: list[int], p50: int, p95: int
) -> None:
    spans = [one * SECOND for one in seconds]
    found = spread(spans)
    assert found == Spread(len(seconds), p50 * SECOND, p95 * SECOND)
    assert sum(span <= found.p50 for span in spans) >= len(spans) / 2
    assert sum(span <= found.p95 for span in spans) >= len(spans) * 0.95


def test_f09_what_is_not_known_is_none_and_not_nothing() -> None:
    assert spread([None, None]) is None
    assert spread([None, SECOND]) == Spread(1, SECOND, SECOND)
    unknown = hour([])
    assert (unknown.used, unknown.busiest, unknown.expected) == (None, None, None)
    assert all(one.runs is None and one.share is None for one in unknown.jobs)
    assert "Nobody has had the browser yet" in sentences(unknown)[0]
    assert (in_seconds(None), in_percent(None)) == ("–", "–")


def test_a_share_counts_the_hours_in_which_a_job_has_no_turn() -> None:
    found = hour([], turn("hourly", 0, 30), turn("rare", 15, hours=(0, 6, 12, 18)), hourly=[18], rare=[36])
    assert [one.share for one in found.jobs] == [pytest.approx(0.01), pytest.approx(36 * 4 / 24 / 3600)]
    assert found.expected == pytest.approx(0.01 + 36 * 4 / 24 / 3600)


def test_use_is_what_was_held_of_the_time_since_the_first_use_and_the_busiest_hour_is_a_full_one() -> None:
    uses = [
        use("a", 150 * MINUTE, held=6 * MINUTE),
        use("a", 110 * MINUTE, held=12 * MINUTE),
        use("a", 30 * MINUTE, held=3 * MINUTE),
    ]
    found = hour(uses, turn("a", 0))
    assert found.used == pytest.approx(21 / 150)
    # From 9:30 to 10:00 nothing is known, so the hour from 9:00 on is none to be compared.
    assert found.busiest is not None
    assert found.busiest[0] == NOON - 2 * HOUR
    assert found.busiest[1] == pytest.approx(12 / 60)


def test_a_run_that_was_killed_leaves_no_length_to_be_counted() -> None:
    found = hour([use("a", 20 * MINUTE, held=None), use("a", 10 * MINUTE, held=MINUTE)], turn("a", 0))
    assert found.used == pytest.approx(1 / 20)
    assert found.jobs[0].working == Spread(1, 58 * SECOND, 58 * SECOND)
    assert found.jobs[0].waiting == Spread(2, 2 * SECOND, 2 * SECOND)
    assert found.jobs[0].opening == Spread(2, SECOND, SECOND)
    assert found.jobs[0].closing == Spread(1, SECOND, SECOND)


def test_a_turn_whose_p95_reaches_beyond_the_next_turn_is_named_also_over_the_end_of_the_hour() -> None:
    jobs = [job("long", 3, 58, p95=150 * SECOND), job("next", 5, p95=SECOND), job("first", 0, p95=None)]
    found = reaches(jobs)
    assert [(one.job, one.minute, one.next_job, one.next_minute) for one in found] == [
        ("long", 3, "next", 5),
        ("long", 58, "first", 0),
    ]
    assert [one.overlap for one in found] == [30 * SECOND, 30 * SECOND]
    assert reaches([job("exact", 0, p95=2 * MINUTE), job("next", 2, p95=SECOND)]) == []


def test_f16_what_waits_at_p95_begins_by_priority_when_the_browser_is_free() -> None:
    jobs = [
        job("slow", 0, p95=7 * MINUTE),
        job("other", 1, p95=MINUTE),
        job("posting", 5, p95=MINUTE, priority=10),
        job("idle", 30, p95=MINUTE),
    ]
    assert late_at_p95(jobs) == {"slow": 0 * MINUTE, "posting": 2 * MINUTE, "other": 7 * MINUTE, "idle": 0 * MINUTE}


def test_what_one_hour_leaves_undone_makes_the_next_one_late_and_no_job_waits_twice() -> None:
    assert late_at_p95([job("huge", 50, p95=15 * MINUTE), job("next", 0, p95=MINUTE)])["next"] == 5 * MINUTE
    endless = [job("endless", 0, p95=90 * MINUTE), job("other", 10, p95=MINUTE)]
    assert late_at_p95(endless) == {"endless": 0 * MINUTE, "other": 80 * MINUTE}


def test_the_figures_are_said_in_words_and_in_plain_values() -> None:
    uses = [use("a", 90 * MINUTE, held=18 * MINUTE)]
    found = hour(uses, turn("a", 0, 30), turn("b", 3), a=[200, 200, 30], b=[5])
    said = " ".join(sentences(found))
    assert "The browser was in use for 20 % of the time" in said
    assert "a at :00 reaches beyond :03 in one of twenty runs: b then waits for up to 20 s" in said
    assert "If every run took its p95, turns would begin late by at most: b 20 s." in said
    assert "a did not go well in 2 of 3 runs." in said
    plain = as_plain_values(found)
    assert plain["jobs"][0]["runs"] == {"count": 3, "p50": 200.0, "p95": 200.0}
    assert plain["jobs"][1]["waiting"] is None
    assert plain["used"] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("span", "words"), [(0.04, "0.0 s"), (3.21, "3.2 s"), (42, "42 s"), (250, "4 min 10 s"), (3600, "60 min 00 s")]
)
def test_spans_are_said_as_one_says_them(span: float, words: str) -> None:
    assert in_seconds(span * SECOND) == words
