"""Bringing a database up to date before anything uses it (F25): our tables first, then Dagster's own.

How our tables came to be what they are belongs to `store.migrations`.
"""

import os
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg
from sqlalchemy.exc import OperationalError, ProgrammingError

from xbot_pipelines.operate.environments import Environments
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.house import MIGRATE_DAGSTER, MIGRATION, House
from xbot_pipelines.operate.supervisor import last_lines
from xbot_pipelines.operate.tables import account_tables, shown
from xbot_pipelines.private_files import make_private_folder
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.migrations import migrate
from xbot_pipelines.store.roles import RoleAddresses, RolesRefused, grant_roles
from xbot_pipelines.systems.which_x import record_x


def prepare(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Do for programs that others start what `xbot up` does for its own: migrate all tables, write Dagster's folder.

    Raises:
        CannotRun: there is no database of one's own, or it cannot be used.
    """
    if settings.database_url is None:
        raise CannotRun("XBOT_DATABASE_URL is not set: the embedded database is `xbot up`'s, which migrates it itself")
    house, database_url = House(settings), settings.database_url.get_secret_value()
    make_private_folder(house.home)
    migrate_ours(settings, database_url)
    say(f"the tables at {shown(database_url)} are today's")
    house.prepare_folders()
    environments = Environments(house=house, database_url=database_url, inherited=os.environ)
    migrate_dagsters(environments.of(MIGRATION), house.logs / "dagster-migrate.log", pause=time.sleep)
    say(f"Dagster's are as well, and its folder is {house.dagster_home}")


def migrate_ours(settings: Settings, database_url: str) -> None:
    """Bring our tables up to date, by the owner where one is named, and grant the other roles what they need.

    It records which X the account belongs to, before any other program uses the tables.

    Raises:
        CannotRun: the database cannot be used, or not by these roles.
        WrongX: what is saved for the account belongs to another X than its file names.
    """
    owner = settings.owner_database_url
    by = database_url if owner is None else owner.get_secret_value()
    try:
        migrate(by)
    except OperationalError as error:
        raise CannotRun(f"The database at {shown(by)} cannot be used: {_reason(error.orig)}") from error
    except ProgrammingError as error:
        raise CannotRun(
            f"The tables at {shown(by)} cannot be brought up to date ({_reason(error.orig)}): "
            "set XBOT_OWNER_DATABASE_URL to the address of the database's owner"
        ) from error
    if owner is not None:
        _grant(settings, by, database_url)
    with account_tables(settings) as database:
        record_x(settings, database)


def _grant(settings: Settings, owner: str, database_url: str) -> None:
    if settings.dagster_database_url is None:
        raise CannotRun(
            "XBOT_DAGSTER_DATABASE_URL is not set: with XBOT_OWNER_DATABASE_URL, Dagster needs its own role"
        )
    reader = settings.reader_database_url
    addresses = RoleAddresses(
        application=database_url,
        dagster=settings.dagster_database_url.get_secret_value(),
        reader=None if reader is None else reader.get_secret_value(),
    )
    try:
        grant_roles(owner, addresses)
    except RolesRefused as refused:
        raise CannotRun(str(refused)) from refused
    except psycopg.Error as error:
        raise CannotRun(f"{shown(owner)} cannot create or grant the roles: {_reason(error)}") from error


def _reason(error: BaseException | None) -> str:
    return str(error).strip().splitlines()[0]


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
