"""A house whose run launcher is chosen: ours, as dagster.yaml names it, or the one that Dagster takes by itself."""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path

from xbot_pipelines.operate import processes
from xbot_pipelines.operate.dagster_ui import DagsterUi
from xbot_pipelines.operate.house import MIGRATE_DAGSTER, House
from xbot_pipelines.operate.practice_session import provide_practice_session
from xbot_pipelines.operate.supervisor import Supervisor
from xbot_pipelines.settings import load_settings
from xbot_pipelines.store.migrations import migrate
from xbot_pipelines.store.server import EmbeddedServer
from xbot_pipelines_tests.operate.programs import free_ports

_LONGEST_START_SECONDS = 180.0
_OUR_LAUNCHER = re.compile(r"^run_launcher:\n(?:[ ]+.*\n)+", re.MULTILINE)


class Launcher(StrEnum):
    """Who starts the process of a run."""

    DAGSTERS = "Dagster's own launcher"
    OURS = "ours: forked from a warm interpreter"


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Waits for a condition.

    Raises:
        TimeoutError: it did not come true in time.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(0.2)


@contextmanager
def open_house(launcher: Launcher) -> Iterator[DagsterUi]:
    """Brings a house up on a practice X, and takes everything down again."""
    with tempfile.TemporaryDirectory(prefix="xbot-handover-", ignore_cleanup_errors=True) as folder:
        ui_port, practice_port, code_port = free_ports(3)
        settings = load_settings(
            {
                "XBOT_HOME": f"{folder}/home",
                "XBOT_UI_PORT": str(ui_port),
                "XBOT_PRACTICE_PORT": str(practice_port),
                "XBOT_CODE_PORT": str(code_port),
            }
        )
        house, server = House(settings), EmbeddedServer(settings.postgres_folder)
        try:
            url = server.start()
            migrate(url)
            house.prepare_folders()
            _choose(launcher, house.dagster_home / "dagster.yaml")
            environment = house.environment(database_url=url, inherited=os.environ)
            subprocess.run(MIGRATE_DAGSTER, env=environment, check=True, capture_output=True)
            supervisor = Supervisor(environment=environment, logs=house.logs, say=lambda _: None)
            with closing(DagsterUi(house.ui, location=settings.account)) as ui:
                try:
                    supervisor.launch(*house.first_services())
                    wait_until(supervisor.all_answer, seconds=_LONGEST_START_SECONDS, what="the first services answer")
                    provide_practice_session(settings.x_url, handle=settings.profile.handle, file=settings.session_file)
                    supervisor.launch(
                        *house.dagster_services(
                            webserver_ready=ui.shows_the_location, daemon_ready=ui.daemon_beats_since
                        )
                    )
                    wait_until(supervisor.all_answer, seconds=_LONGEST_START_SECONDS, what="Dagster answers")
                    yield ui
                finally:
                    supervisor.stop()
        finally:
            processes.sweep(house.home, settings.postgres_folder)
            server.stop()


def _choose(launcher: Launcher, file: Path) -> None:
    if launcher == Launcher.DAGSTERS:
        without, found = _OUR_LAUNCHER.subn("", file.read_text())
        assert found == 1, "dagster.yaml names our launcher"
        file.write_text(without)
