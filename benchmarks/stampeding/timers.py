"""The old system as a program: every job has a timer, and is forked when it is up, whoever else is at work.

    python -m benchmarks.stampeding.timers

It says `ready` when jobs can be forked from an interpreter that has imported everything, as with us. Then it reads one
line, the jobs with the seconds after which each begins, and writes a line for each that has ended, at the latest at its
deadline, which is the one that it has with us.
"""

import contextlib
import json
import multiprocessing
import sys
import threading
import time
from dataclasses import asdict
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext

import psutil

from benchmarks.stampeding.runs import Asked, Ending, Ran
from xbot_pipelines.operate import processes

READY = "ready"

_PRELOADED = ["xbot_pipelines.operate.warm_interpreter", "benchmarks.stampeding.alone"]


def main() -> None:
    """Waits to be told the jobs, and runs them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    first = context.Process(target=time.time)
    first.start()
    first.join()
    print(READY, flush=True)
    told = json.loads(sys.stdin.readline())
    zero = time.time()
    one_at_a_time = threading.Lock()

    def run(asked: Asked, at: float) -> None:
        time.sleep(max(0.0, at - time.time()))
        ran = _see_through(context, asked)
        with one_at_a_time:
            print(json.dumps(asdict(ran)), flush=True)

    timers = [
        threading.Thread(
            target=run, args=(Asked(**one["asked"]), zero + one["after_seconds"]), name=one["asked"]["job"]
        )
        for one in told
    ]
    for timer in timers:
        timer.start()
    for timer in timers:
        timer.join()


def _see_through(context: ForkServerContext, asked: Asked) -> Ran:
    """Runs one job to its end, or to its deadline."""
    hear, tell = context.Pipe(duplex=False)
    began = time.time()
    process = context.Process(target=_do, args=(asked, tell), name=asked.job)
    process.start()
    tell.close()
    try:
        ended = hear.recv() if hear.poll(asked.deadline_seconds) else None
    except EOFError:
        ended = Ending.FAILED, "its process ended without a word"
    ending, reason = ended or (Ending.FAILED, f"it was not done by its deadline of {asked.deadline_seconds:.0f} s")
    ended_at = time.time()
    if ended is None and process.pid is not None:
        _kill(process.pid)
    process.join()
    return Ran(
        job=asked.job,
        opens_browser=True,
        asked_at=began,
        chosen_at=began,
        began_at=began,
        ended_at=ended_at,
        ending=ending,
        reason=reason,
    )


def _do(asked: Asked, tell: Connection) -> None:
    # Imported in the warm interpreter, not here: this process does nothing but watch the clock.
    from benchmarks.stampeding.alone import do

    do(asked, tell)


def _kill(pid: int) -> None:
    """Ends a process with all that it has started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        processes.kill([process, *process.children(recursive=True)])


if __name__ == "__main__":
    main()
