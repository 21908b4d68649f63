"""Dagster's daemon as the house runs it: `python -m xbot_pipelines.operate.daemon run …` with Dagster's own options.

Two things are added. The interpreter that runs are forked from warms up while the daemon is still importing Dagster.
And a daemon that is told to end waits for the runs that it has forked: in a container they would be killed with it, in
the middle of a post.
"""

from xbot_pipelines.orchestration.forking import warm_up


def main() -> None:
    """Warms up, is Dagster's daemon, and waits for its runs. A second signal ends it at once."""
    warm_up()
    from dagster._daemon.cli import main as daemon

    try:
        daemon()
    except SystemExit as end:
        # One that has failed is started again, and must not hold up the queue meanwhile.
        if not end.code:
            from xbot_pipelines.orchestration.run_launcher import await_runs

            await_runs()
        raise


if __name__ == "__main__":
    main()
