"""Bringing a database up to date before anything uses it (F25): our tables first, then Dagster's own.

How our tables came to be what they are belongs to `store.migrations`.
"""

import os
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy.exc import OperationalError

from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.house import MIGRATE_DAGSTER, House
from xbot_pipelines.operate.supervisor import last_lines
from xbot_pipelines.operate.tables import shown
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.migrations import migrate


def prepare(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Does for programs that others start what `xbot up` does for its own: tables and Dagster's folder are today's.

    Raises:
        CannotRun: there is no database of one's own, or it cannot be used.
    """
    if settings.database_url is None:
        raise CannotRun("XBOT_DATABASE_URL is not set: the embedded database is `xbot up`'s, which migrates it itself")
    house, database_url = House(settings), settings.database_url.get_secret_value()
    migrate_ours(database_url)
    say(f"the tables at {shown(database_url)} are today's")
    house.prepare_folders()
    environment = house.environment(database_url=database_url, inherited=os.environ)
    migrate_dagsters(environment, house.logs / "dagster-migrate.log", pause=time.sleep)
    say(f"Dagster's are as well, and its folder is {house.dagster_home}")


def migrate_ours(database_url: str) -> None:
    """Brings our tables up to date.

    Raises:
        CannotRun: the database cannot be used.
    """
    try:
        migrate(database_url)
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise CannotRun(f"The database at {shown(database_url)} cannot be used: {reason}") from error


def migrate_dagsters(environment: Mapping[str, str], log: Path, *, pause: Callable[[float], None]) -> None:
    """Brings Dagster's tables up to date. `pause` waits for so many seconds; what it raises ends the migration.

    Raises:
        CannotRun: it failed; the message has the end of the log.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        migration = subprocess.Popen(
            MIGRATE_DAGSTER,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        while migration.poll() is None:
            pause(0.1)
    finally:
        if migration.poll() is None:
            migration.kill()
            migration.wait()
    if migration.returncode != 0:
        raise CannotRun(f"Dagster's own tables could not be made. The end of {log}:\n{last_lines(log)}")
