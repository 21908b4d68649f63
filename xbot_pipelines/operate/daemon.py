"""Dagster's daemon as the house runs it: `python -m xbot_pipelines.operate.daemon run …` with Dagster's own options.

Two things are added. The interpreter that runs are forked from warms up while the daemon is still importing Dagster; a
daemon of several accounts has no account, and leaves their runs to their code servers. And one daemon alone works on a
database, because each would declare the other's runs dead (`store.stack_lock`).

A daemon that is told to end waits for the runs that it has forked, as any process does for what `multiprocessing` has
started. In a container that matters: they would be killed with it, in the middle of a post. So nobody but the daemon
may be told. The warm interpreter would end at once, and with it goes what tells the daemon of the runs.
"""

import os
import signal
import sys

from xbot_pipelines.orchestration.forking import warm_up
from xbot_pipelines.private_files import create_private_by_default
from xbot_pipelines.store.stack_lock import Stack, StackTaken, hold_stack_lock


def main() -> None:
    """Warm up, and then be Dagster's daemon, unless another one works on the database."""
    create_private_by_default()
    if os.environ.get("XBOT_ACCOUNT"):
        warm_up()
    stack = Stack.of_this_process(os.environ.get("XBOT_HOME", "unknown"))
    try:
        with hold_stack_lock(os.environ["XBOT_DAGSTER_DATABASE_URL"], stack, lost=_end):
            from dagster._daemon.cli import main as daemon

            daemon()
    except StackTaken as taken:
        sys.exit(f"the daemon does not start: {taken}")


def _end(reason: str) -> None:
    """End in order, as if somebody had asked for it."""
    print(f"the daemon ends: {reason}", file=sys.stderr, flush=True)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
