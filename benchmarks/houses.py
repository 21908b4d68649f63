"""A house brought up for a benchmark: in a folder and on ports of its own, with everything that `xbot up` starts.

First its database and practice X, so that a benchmark can put something into both; Dagster when it is asked for. What
is measured in it is the benchmark's own business.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.operate import processes
from xbot_pipelines.operate.dagster_ui import DagsterUi
from xbot_pipelines.operate.environments import Environments
from xbot_pipelines.operate.house import MIGRATE_DAGSTER, MIGRATION, PRACTICE, House
from xbot_pipelines.operate.practice_session import provide_practice_login
from xbot_pipelines.operate.supervisor import Service, Supervisor
from xbot_pipelines.settings import load_settings
from xbot_pipelines.store.database import AccountDatabase, open_engine
from xbot_pipelines.store.migrations import migrate
from xbot_pipelines.store.server import EmbeddedServer
from xbot_pipelines_tests.account_files import accounts_with
from xbot_pipelines_tests.operate.programs import free_ports
from xbot_pipelines_tests.practice_site import Practice

_LONGEST_START_SECONDS = 180.0


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


@dataclass(frozen=True, kw_only=True)
class OpenHouse:
    """A house whose database and practice X run. `environments` is what its programs are started with."""

    house: House
    environments: Environments
    database: AccountDatabase
    practice: Practice
    ui: DagsterUi
    supervisor: Supervisor

    def start_dagster(self) -> DagsterUi:
        """Brings up the code server, the webserver and the daemon, and waits until they answer."""
        subprocess.run(MIGRATE_DAGSTER, env=self.environments.of(MIGRATION), check=True, capture_output=True)
        self.start(*(service for service in self.house.first_services() if service.name != PRACTICE))
        self.start(
            *self.house.dagster_services(
                webserver_ready=self.ui.shows_the_location, daemon_ready=self.ui.daemon_beats_since
            )
        )
        return self.ui

    def start(self, *services: Service) -> None:
        """Starts services, and waits until they answer."""
        self.supervisor.launch(*services)
        names = " and ".join(service.name for service in services)
        wait_until(self.supervisor.all_answer, seconds=_LONGEST_START_SECONDS, what=f"{names} answers")


@contextmanager
def open_house(
    *, caps: Mapping[str, int] | None = None, dagster_yaml: Callable[[str], str] = str
) -> Iterator[OpenHouse]:
    """Opens a house with its database and a practice X that its session is accepted by, and takes all down again.

    Args:
        caps: other caps than those of the example account.
        dagster_yaml: makes of the shipped dagster.yaml what Dagster is to be started with.
    """
    # Not under a folder that is closed to the user whom PostgreSQL runs as, where we are root.
    with tempfile.TemporaryDirectory(prefix="xbot-benchmark-", ignore_cleanup_errors=True) as folder:
        ui_port, practice_port = free_ports(2)
        variables = {
            "XBOT_HOME": f"{folder}/home",
            "XBOT_ACCOUNTS": str(accounts_with(Path(folder), **caps or {})),
            "XBOT_UI_PORT": str(ui_port),
            "XBOT_PRACTICE_PORT": str(practice_port),
        }
        house = House(load_settings(variables))
        server = EmbeddedServer(house.settings.postgres_folder)
        try:
            url = server.start()
            migrate(url)
            house.prepare_folders()
            file = house.dagster_home / "dagster.yaml"
            file.write_text(dagster_yaml(file.read_text()))
            inherited = {**os.environ, **variables}
            with _furnished(Environments(house=house, database_url=url, inherited=inherited)) as opened:
                yield opened
        finally:
            processes.sweep(house.home, house.settings.postgres_folder)
            server.delete()


@contextmanager
def _furnished(environments: Environments) -> Iterator[OpenHouse]:
    house = environments.house
    settings = house.settings
    engine = open_engine(environments.database_url)
    supervisor = Supervisor(environment=environments.of, logs=house.logs, say=lambda _: None)
    with (
        closing(DagsterUi(house.ui, location=settings.account)) as ui,
        httpx2.Client(base_url=settings.x_url, trust_env=False, timeout=60) as control,
    ):
        opened = OpenHouse(
            house=house,
            environments=environments,
            database=AccountDatabase(engine, settings.account),
            practice=Practice(settings.x_url, control, settings.profile.handle),
            ui=ui,
            supervisor=supervisor,
        )
        try:
            opened.start(*(service for service in house.first_services() if service.name == PRACTICE))
            provide_practice_login(settings, SystemClock())
            yield opened
        finally:
            supervisor.stop()
            engine.dispose()
