"""The stage: a data folder, a database and a practice X of a rehearsal's own, taken down again at its end.

Nothing of the account's own is touched: neither its data folder nor its database, nor the X that it publishes on. Of
its settings the stage has what says who it is: profile, caps, timetable.
"""

import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from xbot_pipelines.operate import processes
from xbot_pipelines.operate.environments import Environments
from xbot_pipelines.operate.house import LOOPBACK, House
from xbot_pipelines.operate.lock import house_lock
from xbot_pipelines.operate.practice_session import provide_practice_login
from xbot_pipelines.operate.rehearsal.practice_site import PracticeSite
from xbot_pipelines.operate.rehearsal.virtual_time import VirtualClock
from xbot_pipelines.operate.supervisor import Supervisor
from xbot_pipelines.settings import OAUTH_1_FIELDS, PRACTICE_KEY, Settings, Transport
from xbot_pipelines.store.database import AccountDatabase, open_engine
from xbot_pipelines.store.migrations import migrate
from xbot_pipelines.store.server import EmbeddedServer

_BETWEEN_LOOKS_SECONDS = 0.1
_KEYS_OF_THE_REAL_X = ("x_client_id", "x_client_secret", *OAUTH_1_FIELDS)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where a rehearsal is played. `settings` are the account's, turned to this stage."""

    settings: Settings
    database: AccountDatabase
    site: PracticeSite
    clock: VirtualClock


def folder_of(settings: Settings) -> Path:
    """Answers where the last rehearsal of an account's data folder lies."""
    return settings.home / "rehearsal"


@contextmanager
def set_up(
    settings: Settings,
    *,
    seed: int,
    begins_at: datetime,
    transport: Transport = "browser",
    database_url: str | None = None,
) -> Iterator[Stage]:
    """Clears away the last rehearsal, and sets up a stage on which it is `begins_at`.

    Args:
        settings: those of the account that rehearses.
        seed: which world practice X is.
        begins_at: the moment at which its clock stands until it is moved.
        transport: the way to X.
        database_url: where the tables are to be, if not in a PostgreSQL of the stage's own.

    Raises:
        CannotRun: another rehearsal has the folder, or practice X does not start.
        ServerFailed: PostgreSQL does not start.
    """
    home = folder_of(settings)
    staged = staged_settings(settings, home, port=_free_port(), transport=transport)
    house = House(staged)
    with house_lock(home, since=begins_at, address=staged.x_url), ExitStack() as stage:
        processes.sweep(home, staged.postgres_folder)
        EmbeddedServer(staged.postgres_folder).delete()
        _clear(home)
        url = database_url or stage.enter_context(_server_of_its_own(staged.postgres_folder))
        migrate(url)
        staged = staged.model_copy(update={"database_url": SecretStr(url)})
        environments = Environments(house=house, database_url=url, inherited=os.environ)
        supervisor = Supervisor(environment=environments.of, logs=house.logs, say=lambda _: None)
        stage.callback(supervisor.stop)
        supervisor.launch(house.practice_x(seed=seed, begins_at=begins_at))
        while not supervisor.all_answer():
            time.sleep(_BETWEEN_LOOKS_SECONDS)
        site = stage.enter_context(PracticeSite(staged.x_url))
        clock = VirtualClock(begins_at, site.set_clock)
        provide_practice_login(staged, clock)
        engine = open_engine(url)
        stage.callback(engine.dispose)
        yield Stage(
            settings=staged,
            database=AccountDatabase(engine, staged.account),
            site=site,
            clock=clock,
        )


def staged_settings(settings: Settings, home: Path, *, port: int, transport: Transport = "browser") -> Settings:
    """Answers an account's settings turned to a stage in this folder, with practice X on this port of this machine.

    There it publishes whether or not it does so on X: nobody but readers that are made up will see it. For the same
    reason nothing waits for an approval, unless the account's file asks for one.
    """
    url = f"http://{LOOPBACK}:{port}"
    publishing = settings.profile.publishing
    approval = publishing.approval if "approval" in publishing.model_fields_set else "nobody"
    here = {"x": "practice", "publishing": publishing.model_copy(update={"dry_run": False, "approval": approval})}
    return settings.model_copy(
        update={
            "profile": settings.profile.model_copy(update={**here, "transport": transport}),
            "home": home,
            "database_url": None,
            "practice_port": port,
            "x_url": url,
            "x_api_url": None,
            **dict.fromkeys(_KEYS_OF_THE_REAL_X),
            "openai_base_url": f"{url}/v1",
            "openai_api_key": SecretStr(PRACTICE_KEY),
        }
    )


@contextmanager
def _server_of_its_own(folder: Path) -> Iterator[str]:
    server = EmbeddedServer(folder)
    try:
        yield server.start()
    finally:
        server.stop()


def _clear(home: Path) -> None:
    """Empties the folder, but for the lock that we hold."""
    for entry in home.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.suffix != ".lock":
            entry.unlink()
    (home / ".gitignore").write_text("*\n")


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as listener:
        return int(listener.getsockname()[1])
