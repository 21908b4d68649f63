"""A house in which runs are queued and launched in a chosen way: as dagster.yaml says, or as Dagster does by itself."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum

import yaml

from benchmarks.houses import open_house as open_any_house
from xbot_pipelines.operate.dagster_ui import DagsterUi

_MOST_OFTEN_SECONDS = 1
"""Dagster's own queue is looked at every five seconds, and every second at most: that is what we compare with."""


class Launcher(StrEnum):
    """Who takes runs from the queue, and starts their processes."""

    DAGSTERS = "Dagster's own queue and launcher"
    OURS = "ours: forked from a warm interpreter"


@contextmanager
def open_house(launcher: Launcher) -> Iterator[DagsterUi]:
    """Brings a house up on a practice X, and takes everything down again."""
    with open_any_house(dagster_yaml=_WRITTEN_FOR[launcher]) as house:
        yield house.start_dagster()


def _all_of_it_dagsters(shipped: str) -> str:
    """Answers the shipped configuration with the same limits, and nothing of ours in the queue and the launcher."""
    configuration = yaml.safe_load(shipped)
    del configuration["run_launcher"]
    queue = configuration.pop("run_coordinator")["config"]
    limits = {name: queue.pop(name) for name in ("max_concurrent_runs", "tag_concurrency_limits")}
    configuration["concurrency"]["runs"] = limits
    configuration["run_queue"] = {**queue, "dequeue_interval_seconds": _MOST_OFTEN_SECONDS}
    return yaml.safe_dump(configuration)


_WRITTEN_FOR: Mapping[Launcher, Callable[[str], str]] = {Launcher.DAGSTERS: _all_of_it_dagsters, Launcher.OURS: str}
