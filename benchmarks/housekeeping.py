"""What housekeeping does to Dagster's history: the same 60 days of 500 runs, with it and without.

    uv run python benchmarks/housekeeping.py [--json FILE] [--quick]

The runs are copies of real ones, which Dagster has executed of the product's own jobs, in an instance as dagster.yaml
makes it on an embedded PostgreSQL. A day takes seconds here, so autovacuum looks every second instead of every minute,
and has its time before the next day begins; its rules are PostgreSQL's own. At the end the life without catches up.
Exit code 1 if the database grows on although as much goes as comes, if an asset or a day loses what it last came from,
or if a turn takes too long.
"""

import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

from benchmarks.keeping.history import History, in_autocommit, open_history
from benchmarks.keeping.measuring import await_autovacuum, latest_of, size_of
from benchmarks.keeping.past import Past, execute_originals, live
from benchmarks.keeping.summary import RUNS_A_DAY, CatchingUp, Summary, Turn, as_json, show
from benchmarks.report import arguments, write
from xbot_pipelines.orchestration.pruning import prune
from xbot_pipelines.settings import RetentionSettings
from xbot_pipelines.store.server import EmbeddedServer

_FIRST_DAY = date(2026, 2, 1)
_DAY = timedelta(days=1)
_TURN_AT = time_of_day(4, 48)
_RETENTION = RetentionSettings()


class RunningClock:
    """A clock that was set to a moment and goes on from there."""

    def __init__(self, start: datetime) -> None:
        self._start, self._set = start, time.monotonic()

    def now(self) -> datetime:
        """Answers the moment."""
        return self._start + timedelta(seconds=time.monotonic() - self._set)


def main() -> None:
    """Lives the days twice, and says what came of it."""
    chosen = arguments(__doc__)
    summary = run(days=32, runs_a_day=25) if chosen.quick else run(days=60, runs_a_day=RUNS_A_DAY)
    show(summary)
    write("housekeeping", as_json(summary), json_file=chosen.json)
    sys.exit(0 if all(goal.kept for goal in summary.goals) else 1)


def run(*, days: int, runs_a_day: int) -> Summary:
    """Lives so many days with housekeeping and without, then lets the life without catch up."""
    # Not under a folder that is closed to the user whom PostgreSQL runs as, where we are root.
    with (
        tempfile.TemporaryDirectory(prefix="xbot-housekeeping-", ignore_cleanup_errors=True) as name,
        ExitStack() as rest,
    ):
        folder, server = Path(name), EmbeddedServer(Path(name) / "postgres")
        url = server.start()
        rest.callback(server.delete)
        in_autocommit(url, "ALTER SYSTEM SET autovacuum_naptime = '1s'", "SELECT pg_reload_conf()")
        with open_history("originals", url, folder) as history:
            past = Past(originals=execute_originals(history), runs_a_day=runs_a_day)
        kept = rest.enter_context(open_history("kept", url, folder))
        grown = rest.enter_context(open_history("grown", url, folder))
        sizes_kept, sizes_grown, turns = [], [], []
        for day in range(1, days + 1):
            live(kept, past, _date_of(day))
            live(grown, past, _date_of(day))
            turns.append(_turn(kept, day))
            await_autovacuum(kept)
            sizes_kept.append(size_of(kept, day))
            sizes_grown.append(size_of(grown, day))
            print(f"day {day} of {days}", flush=True)
        return Summary(
            retention_days=_RETENTION.good_runs_days,
            kept=sizes_kept,
            grown=sizes_grown,
            turns=turns,
            latest_kept=latest_of(kept.instance),
            latest_grown=latest_of(grown.instance),
            catching_up=_catch_up(grown, past, day=days),
        )


def _catch_up(history: History, past: Past, *, day: int) -> CatchingUp:
    """Takes as many turns as it needs, and then lives as many days again as went."""
    before = size_of(history, day)
    turns = [_turn(history, day)]
    while turns[-1].ran_out_of_time:
        turns.append(_turn(history, day))
    await_autovacuum(history)
    after, latest = size_of(history, day), latest_of(history.instance)
    last = 2 * day - _RETENTION.good_runs_days
    for again in range(day + 1, last + 1):
        live(history, past, _date_of(again))
    await_autovacuum(history)
    return CatchingUp(turns=turns, before=before, after=after, filled_again=size_of(history, last), latest_after=latest)


def _turn(history: History, day: int) -> Turn:
    """The turn of housekeeping in the morning after a day."""
    began = time.perf_counter()
    pruned = prune(history.instance, _RETENTION, clock=RunningClock(_morning_after(day)))
    return Turn(
        day=day,
        seconds=time.perf_counter() - began,
        deleted=pruned.deleted,
        kept_as_latest=pruned.kept_as_latest,
        ran_out_of_time=pruned.ran_out_of_time,
    )


def _date_of(day: int) -> date:
    return _FIRST_DAY + (day - 1) * _DAY


def _morning_after(day: int) -> datetime:
    return datetime.combine(_date_of(day + 1), _TURN_AT, tzinfo=UTC)


if __name__ == "__main__":
    main()
