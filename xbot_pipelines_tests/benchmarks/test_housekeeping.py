"""The judge of `benchmarks/housekeeping.py`: the past that it makes up, and when it calls a goal broken."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from benchmarks.keeping.history import open_history
from benchmarks.keeping.measuring import Size, latest_of, size_of
from benchmarks.keeping.past import Kind, Past, execute_originals, live
from benchmarks.keeping.summary import CatchingUp, Summary, Turn

OUTCOMES = "practice/outcomes"
KINDS = (Kind(job="metrics_scraper", share=0.75, days=2), Kind(job="sync_followers", share=0.25))


def day(number: int, size: int) -> Size:
    return Size(day=number, runs=100, events=4000, checks=300, bytes=size)


def turn(seconds: float) -> Turn:
    return Turn(day=15, seconds=seconds, deleted=100, kept_as_latest=1, ran_out_of_time=False)


KEPT = Summary(
    retention_days=14,
    kept=[day(14, 100), day(28, 120), day(60, 121)],
    grown=[day(14, 100), day(28, 200), day(60, 430)],
    turns=[turn(8)],
    latest_kept={(OUTCOMES, None): "a", (OUTCOMES, "2026-02-01"): "b"},
    latest_grown={(OUTCOMES, None): "a", (OUTCOMES, "2026-02-01"): "b"},
    catching_up=CatchingUp(
        turns=[turn(8)],
        before=day(60, 430),
        after=day(60, 430),
        filled_again=day(106, 440),
        latest_after={(OUTCOMES, None): "a", (OUTCOMES, "2026-02-01"): "b"},
    ),
)


def verdicts(summary: Summary) -> list[bool]:
    return [goal.kept for goal in summary.goals]


def test_a_copy_is_a_run_that_dagster_reads_as_one_of_its_own(server_url: str, tmp_path: Path) -> None:
    with open_history("made_up_past", server_url, tmp_path) as history:
        originals = execute_originals(history, KINDS)
        for run_id in history.instance.get_run_ids():
            history.instance.delete_run(run_id)
        live(history, Past(originals=originals, runs_a_day=4), date(2026, 3, 1))
        live(history, Past(originals=originals, runs_a_day=4), date(2026, 3, 2))
        instance = history.instance
        records = instance.get_run_records(dg.RunsFilter(job_name="metrics_scraper"))
        assert [f"{record.create_timestamp:%m-%d}" for record in records] == ["03-02"] * 3 + ["03-01"] * 3
        newest = records[0].dagster_run
        assert newest.is_success
        assert newest.tags["dagster/asset_partition_range_start"] == "2026-03-01"
        events = instance.all_logs(newest.run_id)
        assert len(events) == len(originals[0].rows["event_logs"])
        assert {event.run_id for event in events} == {newest.run_id}
        latest = latest_of(instance)
        assert {place for place in latest if place[0] == OUTCOMES} == {
            (OUTCOMES, None),
            *((OUTCOMES, f"2026-{of}") for of in ("02-28", "03-01", "03-02")),
        }
        assert latest[OUTCOMES, None] == latest[OUTCOMES, "2026-03-02"] == newest.run_id
        assert latest[OUTCOMES, "2026-02-28"] in {record.dagster_run.run_id for record in records[3:]}
        assert size_of(history, 2).runs == 8
        assert (history.logs / newest.run_id / "compute_logs").is_dir()


def test_what_was_promised_and_kept_is_called_kept() -> None:
    assert verdicts(KEPT) == [True, True, True, True]


@pytest.mark.parametrize(
    ("broken", "goal"),
    [
        (replace(KEPT, kept=[day(28, 100), day(60, 120)]), 0),
        (replace(KEPT, latest_kept={(OUTCOMES, None): "a"}), 1),
        (replace(KEPT, latest_kept={**KEPT.latest_kept, (OUTCOMES, None): "another"}), 1),
        (replace(KEPT, catching_up=replace(KEPT.catching_up, latest_after={})), 1),
        (replace(KEPT, turns=[turn(30)]), 2),
        (replace(KEPT, catching_up=replace(KEPT.catching_up, filled_again=day(106, 500))), 3),
    ],
)
def test_what_is_broken_is_called_broken(broken: Summary, goal: int) -> None:
    assert verdicts(broken) == [number != goal for number in range(4)]
