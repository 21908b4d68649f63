"""Our way: what `xbot up` runs, with everything requested through Dagster's webserver in the same second."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.houses import open_house, wait_until
from benchmarks.stampeding.measured import POSTING, Measured, Way
from benchmarks.stampeding.runs import Asked, Ending, Ran
from benchmarks.stampeding.turns import turns
from benchmarks.stampeding.watching import QUIET_SECONDS, Watch
from benchmarks.stampeding.world import CAPS, Size, put_world, twice_on_x
from xbot_pipelines.operate.dagster_ui import DagsterUi, Run
from xbot_pipelines_tests.dagster_by_hand import (
    backfill_by_hand,
    launch_by_hand,
    materialize_by_hand,
    runs_of_backfill,
    spans_of,
    stop_the_timetable,
)

_BACKFILLED = ("tweet_metrics", "outcomes")
_BACKFILLED_DAYS = 3
_WARMS = "sync_followers"
_LONGEST_WORK_SECONDS = 20 * 60.0


@dataclass(frozen=True)
class _Wanted:
    """What a run is for: a job's name, or what a person did."""

    what: str
    opens_browser: bool = True


def by_queue(size: Size, jobs: Sequence[str] | None) -> Measured:
    """Requests every job, two materializations and a backfill at once. Nothing else runs: the timetable is off."""
    with open_house(caps=CAPS) as house:
        ui = house.start_dagster()
        stop_the_timetable(ui)
        # A house that has been up for a minute has run something: the interpreter that runs are forked from is warm.
        launch_by_hand(ui, _WARMS)
        _wait_for(ui, [run.id for run in ui.runs()])
        put_world(house.practice, house.database, size)
        asked = turns(house.house.settings, house.database, jobs)
        with Watch(str(house.house.home)) as watch:
            time.sleep(QUIET_SECONDS)
            zero = time.time()
            wanted = _request(ui, asked)
            _wait_for(ui, list(wanted))
            time.sleep(QUIET_SECONDS)
        return Measured(
            way=Way.OURS,
            zero=zero,
            runs=_runs(ui, wanted),
            looks=watch.looks,
            weighings=watch.weighings,
            cpu_seconds=watch.cpu_seconds,
            twice=twice_on_x(house.practice),
        )


def _request(ui: DagsterUi, asked: Sequence[Asked]) -> Mapping[str, _Wanted]:
    """Sends all requests in the same moment, and answers what each run is for, by its id.

    Posting is sent last: it owes its place to nothing but its priority.
    """
    today = datetime.now(UTC).date()
    days = [f"{today - timedelta(days=days)}" for days in reversed(range(_BACKFILLED_DAYS))]
    in_order = sorted(asked, key=lambda one: one.job == POSTING)
    with ThreadPoolExecutor(len(asked) + 3) as pool:
        backfill = pool.submit(backfill_by_hand, ui, _BACKFILLED, days)
        sent = {
            pool.submit(materialize_by_hand, ui, "posted_decisions"): _Wanted("Materialize: posts"),
            pool.submit(materialize_by_hand, ui, "tweet_metrics", day=f"{today}"): _Wanted("Materialize: readings"),
        }
        for one in in_order:
            future = pool.submit(launch_by_hand, ui, one.job, tags=one.tags, run_config=one.run_config)
            sent[future] = _Wanted(one.job, one.uses_browser)
        wanted = {future.result(): what for future, what in sent.items()}
    # Dagster looks for new backfills every half a minute.
    wait_until(
        lambda: runs_of_backfill(ui, backfill.result()) != [],
        seconds=_LONGEST_WORK_SECONDS,
        what="the backfill has asked for its run",
    )
    return wanted | {run: _Wanted("a backfill of three days") for run in runs_of_backfill(ui, backfill.result())}


def _wait_for(ui: DagsterUi, run_ids: Sequence[str]) -> None:
    wait_until(
        lambda: all(run.has_ended for run in ui.runs(runIds=run_ids)),
        seconds=_LONGEST_WORK_SECONDS,
        what=f"{len(run_ids)} runs have ended",
    )


def _runs(ui: DagsterUi, wanted: Mapping[str, _Wanted]) -> Sequence[Ran]:
    spans = spans_of(ui, list(wanted))
    runs = []
    for run in ui.runs(runIds=list(wanted)):
        ending, reason = _ending(ui, run)
        span = spans[run.id]
        runs.append(
            Ran(
                job=wanted[run.id].what,
                opens_browser=wanted[run.id].opens_browser,
                asked_at=span.queued_at,
                chosen_at=span.chosen_at,
                began_at=span.began_at,
                ended_at=span.ended_at,
                ending=ending,
                reason=reason,
            )
        )
    return sorted(runs, key=lambda run: run.began_at)


def _ending(ui: DagsterUi, run: Run) -> tuple[Ending, str | None]:
    if run.status != "SUCCESS":
        return Ending.FAILED, ui.why_failed(run.id) or f"its run is {run.status}"
    result, _, reason = ui.what_it_said(run.id).partition(": ")
    return Ending(result), reason or None
