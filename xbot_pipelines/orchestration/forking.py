"""The warm interpreter that runs are forked from: which one it is, and starting it.

It imports nothing of Dagster, so that whoever begins with it has it warming up while importing Dagster itself. What it
has imported lies in `operate.warm_interpreter`; who forks runs from it is `run_launcher`.
"""

import multiprocessing
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext

_WARM = "xbot_pipelines.operate.warm_interpreter"


def forks() -> ForkServerContext:
    """Answers what forks processes from the warm interpreter, which starts with the first, and again should it die."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_WARM])
    return context


def warm_up() -> None:
    """Starts the warm interpreter now, without waiting for it: some seconds of imports that the first run is spared."""
    forks()
    forkserver.ensure_running()
