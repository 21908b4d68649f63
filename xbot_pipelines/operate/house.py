"""What a house is made of: its addresses and its programs, as plain values. Their environments are in `environments`.

Nothing is started here: `supervisor` runs the programs, `up` says in which order things happen.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.ports import Port
from xbot_pipelines.operate.probes import Probe, grpc_serves, http_answers
from xbot_pipelines.operate.supervisor import Service
from xbot_pipelines.runtime_folder import private_socket_folder
from xbot_pipelines.settings import PRACTICE_KEY, Settings
from xbot_pipelines.store.database import dagster_url

LOOPBACK = "127.0.0.1"
PRACTICE, CODE_SERVER, WEBSERVER, DAEMON, HEALTH = "practice-x", "code-server", "webserver", "daemon", "health"
MIGRATION = "dagster-migrate"
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class House:
    """Where everything of one data folder is."""

    settings: Settings

    @property
    def home(self) -> Path:
        """The data folder."""
        return self.settings.home

    @property
    def logs(self) -> Path:
        """The folder of the programs' logs."""
        return self.home / "logs"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own folder."""
        return self.home / "dagster"

    @property
    def ui(self) -> str:
        """The address of the Dagster UI."""
        return f"http://{LOOPBACK}:{self.settings.ui_port}"

    @property
    def code_socket(self) -> Path:
        """The code server's UNIX socket: who reaches it can have it run code as we do, so it is in a private folder.

        Raises:
            FolderNotPrivate: there is no such folder.
        """
        return private_socket_folder(self.home) / "code-server.sock"

    @property
    def practice_port(self) -> int:
        """The port of practice X: where X is said to be."""
        return urlsplit(self.settings.x_url).port or 80

    @property
    def practice_ready(self) -> str:
        """The address that practice X answers at once it is there."""
        return f"{self.settings.x_url}/practice/ready"

    @property
    def health(self) -> str:
        """The address of the health server, as this machine reaches it."""
        host = self.settings.health_host
        return f"http://{LOOPBACK if host == '0.0.0.0' else host}:{self.settings.health_port}"  # noqa: S104 - compared

    def ports(self) -> list[Port]:
        """The ports that it needs."""
        ports = [
            Port(number=self.settings.ui_port, purpose="Dagster UI", variable="XBOT_UI_PORT"),
            Port(number=self.settings.health_port, purpose="health server", variable="XBOT_HEALTH_PORT"),
        ]
        if self.settings.is_practice:
            ports.append(Port(number=self.practice_port, purpose="practice X", variable="XBOT_PRACTICE_PORT"))
        return ports

    def dagster_database_url(self, database_url: str) -> str:
        """Return where Dagster keeps its tables: by a role of its own where one is named, else as ours are reached."""
        own = self.settings.dagster_database_url
        return dagster_url(database_url if own is None else own.get_secret_value())

    @property
    def practice_model(self) -> dict[str, str]:
        """The variables that name the practice model; none where a person has named another."""
        if not self.settings.is_practice or self.settings.openai_base_url is not None:
            return {}
        # A key in the shell belongs to a provider that nobody has asked for here: it is not sent anywhere.
        return {"OPENAI_BASE_URL": f"{self.settings.x_url}/v1", "OPENAI_API_KEY": PRACTICE_KEY}

    def first_services(self) -> list[Service]:
        """What needs nothing but the migrated database: practice X where it is wanted, and the code server."""
        code_server = Service(
            name=CODE_SERVER,
            command=[
                *(sys.executable, "-m", "dagster", "api", "grpc", "--socket", str(self.code_socket)),
                *("--module-name", "xbot_pipelines.definitions"),
                *("--location-name", self.settings.account, "--use-python-environment-entry-point"),
                *("--log-level", "warning"),
            ],
            answers=grpc_serves(self.code_socket, "DagsterApi"),
        )
        return [self.practice_x(), code_server] if self.settings.is_practice else [code_server]

    def practice_x(self, *, seed: int | None = None, begins_at: datetime | None = None) -> Service:
        """Practice X: a new world is of this seed and begins at this moment; else of its usual seed, and now."""
        world = [
            *(("--seed", str(seed)) if seed is not None else ()),
            *(("--begins-at", begins_at.strftime("%Y-%m-%dT%H:%M:%S%z")) if begins_at is not None else ()),
        ]
        return Service(
            name=PRACTICE,
            command=[
                *(sys.executable, "-m", "xbot_pipelines.cli", "practice", "--port", str(self.practice_port)),
                *("--data", str(self.home / "practice"), "--handle", self.settings.profile.handle, *world),
            ],
            answers=http_answers(self.practice_ready),
        )

    def dagster_services(self, *, webserver_ready: Probe, daemon_ready: Probe) -> list[Service]:
        """What needs Dagster's schema and a code server that answers: the webserver and the daemon."""
        workspace = ["--workspace", str(_shipped("workspace.yaml"))]
        return [
            Service(
                name=WEBSERVER,
                command=[
                    *(sys.executable, "-m", "xbot_pipelines.operate.webserver", "--host", LOOPBACK),
                    *("--port", str(self.settings.ui_port), *workspace, "--dagster-log-level", "warning"),
                ],
                answers=webserver_ready,
            ),
            Service(
                name=DAEMON,
                command=[
                    *(sys.executable, "-m", "xbot_pipelines.operate.daemon", "run"),
                    *(*workspace, "--log-level", "warning"),
                ],
                answers=daemon_ready,
            ),
        ]

    def health_server(self) -> Service:
        """What watches all the others, and needs none of them."""
        return Service(
            name=HEALTH,
            command=[sys.executable, "-m", "xbot_pipelines.cli", "watch"],
            # The page is there however the account is.
            answers=http_answers(f"{self.health}/"),
        )

    def prepare_folders(self) -> None:
        """Makes the data folder ready: out of git (F28), with the shipped dagster.yaml where Dagster looks for it."""
        self.dagster_home.mkdir(parents=True, exist_ok=True)
        (self.home / ".gitignore").write_text("*\n")
        (self.dagster_home / "dagster.yaml").write_bytes(_shipped("dagster.yaml").read_bytes())


MIGRATE_DAGSTER: Sequence[str] = (sys.executable, "-m", "dagster", "instance", "migrate")
"""Makes Dagster's own tables, or brings them up to date, before two services trip over each other in doing so."""


def _shipped(name: str) -> Path:
    """A file of the repository's root.

    Raises:
        CannotRun: it is not there: the package was installed without the repository around it.
    """
    file = _ROOT / name
    if not file.exists():
        raise CannotRun(f"{file} is missing: run `xbot up` from a clone of the repository (`make up`).")
    return file
