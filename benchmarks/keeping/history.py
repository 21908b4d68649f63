"""A Dagster instance as the product ships it, on PostgreSQL, with a data folder and a database of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dagster import DagsterInstance
from sqlalchemy import Engine, make_url, text

from xbot_pipelines.operate.environments import Environments
from xbot_pipelines.operate.house import DAEMON, House
from xbot_pipelines.settings import load_settings
from xbot_pipelines.store.database import open_engine
from xbot_pipelines.store.migrations import migrate


@dataclass(frozen=True, kw_only=True)
class History:
    """One instance, and the way to its tables."""

    instance: DagsterInstance
    engine: Engine

    @property
    def logs(self) -> Path:
        """Where the output of its runs is kept."""
        return Path(self.instance.storage_directory())


@contextmanager
def open_history(name: str, server_url: str, folder: Path) -> Iterator[History]:
    """Makes a database `name` with the product's tables and Dagster's, and opens an instance on it.

    The environment is what the house gives to its programs for as long as this lasts: the product's own jobs run in it.
    """
    in_autocommit(server_url, f"CREATE DATABASE {name}")
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    migrate(url)
    house = House(load_settings({"XBOT_HOME": str(folder / name), "XBOT_DATABASE_URL": url}))
    house.prepare_folders()
    before = dict(os.environ)
    os.environ.update(Environments(house=house, database_url=url, inherited=before).of(DAEMON))
    engine = open_engine(url)
    try:
        with DagsterInstance.from_config(str(house.dagster_home)) as instance:
            yield History(instance=instance, engine=engine)
    finally:
        engine.dispose()
        os.environ.clear()
        os.environ.update(before)


def in_autocommit(url: str, *statements: str) -> None:
    """Executes statements that stand in no transaction."""
    engine = open_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
