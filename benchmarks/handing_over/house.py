"""A house whose run launcher is chosen: ours, as dagster.yaml names it, or the one that Dagster takes by itself."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum

from benchmarks.houses import open_house as open_any_house
from xbot_pipelines.operate.dagster_ui import DagsterUi

_OUR_LAUNCHER = re.compile(r"^run_launcher:\n(?:[ ]+.*\n)+", re.MULTILINE)


class Launcher(StrEnum):
    """Who starts the process of a run."""

    DAGSTERS = "Dagster's own launcher"
    OURS = "ours: forked from a warm interpreter"


@contextmanager
def open_house(launcher: Launcher) -> Iterator[DagsterUi]:
    """Brings a house up on a practice X, and takes everything down again."""
    with open_any_house(dagster_yaml=_WRITTEN_FOR[launcher]) as house:
        yield house.start_dagster()


def _without_our_launcher(written: str) -> str:
    without, found = _OUR_LAUNCHER.subn("", written)
    assert found == 1, "dagster.yaml names our launcher"
    return without


_WRITTEN_FOR: Mapping[Launcher, Callable[[str], str]] = {Launcher.DAGSTERS: _without_our_launcher, Launcher.OURS: str}
