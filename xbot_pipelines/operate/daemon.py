"""Dagster's daemon as the house runs it: `python -m xbot_pipelines.operate.daemon run …` with Dagster's own options.

All that is added is the interpreter that runs are forked from: it warms up while the daemon is still importing Dagster.

A daemon that is told to end waits for the runs that it has forked, as any process does for what `multiprocessing` has
started. In a container that matters: they would be killed with it, in the middle of a post. So nobody but the daemon
may be told. The warm interpreter would end at once, and with it goes what tells the daemon of the runs.
"""

from xbot_pipelines.orchestration.forking import warm_up
from xbot_pipelines.private_files import create_private_by_default


def main() -> None:
    """Warms up, and then is Dagster's daemon."""
    create_private_by_default()
    warm_up()
    from dagster._daemon.cli import main as daemon

    daemon()


if __name__ == "__main__":
    main()
