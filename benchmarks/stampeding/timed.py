"""The two old ways: timers in one process and a browser for each job, in a house without Dagster.

The program with the timers is `timers`, what it runs is `alone`.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from benchmarks.houses import OpenHouse, open_house
from benchmarks.stampeding import timers
from benchmarks.stampeding.measured import Measured, Way
from benchmarks.stampeding.runs import Asked, Ending, Ran
from benchmarks.stampeding.turns import turns
from benchmarks.stampeding.watching import QUIET_SECONDS, Watch
from benchmarks.stampeding.world import CAPS, Size, put_world, twice_on_x
from xbot_pipelines.operate.house import DAEMON
from xbot_pipelines.operate.supervisor import last_lines


def by_timers(way: Way, size: Size, jobs: Sequence[str] | None, *, stagger_seconds: float) -> Measured:
    """Starts every job by its timer: so many seconds after the last, whatever that does, or all in the same second."""
    with open_house(caps=CAPS) as house:
        put_world(house.practice, house.database, size)
        asked = turns(house.house.settings, house.database, jobs)
        with _timers(house) as program, Watch(str(house.house.home)) as watch:
            time.sleep(QUIET_SECONDS)
            zero = time.time()
            runs = list(_run(program, asked, stagger_seconds))
            time.sleep(QUIET_SECONDS)
        return Measured(
            way=way,
            zero=zero,
            runs=runs,
            looks=watch.looks,
            weighings=watch.weighings,
            cpu_seconds=watch.cpu_seconds,
            twice=twice_on_x(house.practice),
            stagger_seconds=stagger_seconds,
        )


@contextmanager
def _timers(house: OpenHouse) -> Iterator[subprocess.Popen[str]]:
    """Starts the program, and waits until it has imported everything."""
    file = house.house.logs / "timers.log"
    with (
        file.open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", timers.__name__],
            env=house.environments.of(DAEMON),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as program,
    ):
        assert program.stdout is not None, "it is a pipe"
        if program.stdout.readline().strip() != timers.READY:
            raise RuntimeError(f"the timers did not start:\n{last_lines(file)}")
        yield program


def _run(program: subprocess.Popen[str], asked: Sequence[Asked], stagger_seconds: float) -> Iterator[Ran]:
    """Tells the program what to run, and answers each run when it has ended."""
    assert program.stdin is not None, "it is a pipe"
    assert program.stdout is not None, "it is a pipe"
    orders = [{"asked": asdict(one), "after_seconds": stagger_seconds * place} for place, one in enumerate(asked)]
    print(json.dumps(orders), file=program.stdin, flush=True)
    for told in map(json.loads, program.stdout):
        yield Ran(**{**told, "ending": Ending(told["ending"])})
