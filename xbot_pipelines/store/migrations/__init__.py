"""The database's history: each step from an empty database to today's tables, and the function that walks it.

Nothing starts before `migrate` has run: columns that did not exist once hid behind 'completed successfully' for nine
hours (F25).
"""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from xbot_pipelines.store.database import DAGSTER_SCHEMA, open_engine
from xbot_pipelines.store.schema import metadata

# Any number will do, as long as every version of ours takes the same one.
_MIGRATION_LOCK = 7_202_611


def migrate(url: str) -> None:
    """Bring the database at `url` to today's tables, and make the schema in which Dagster keeps its own.

    Safe to call from several processes at once: the second waits and finds nothing to do. Where nothing is to be done,
    any role that may read the tables can call it.
    """
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            if step_of(connection) == newest_step():
                return
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {DAGSTER_SCHEMA}"))
            command.upgrade(_config(connection), "head")
    finally:
        engine.dispose()


def newest_step() -> str:
    """Answers the last step of the history that this version knows: where today's tables stand."""
    newest = ScriptDirectory(str(Path(__file__).parent)).get_current_head()
    assert newest is not None, "the history has steps"
    return newest


def step_of(connection: Connection) -> str | None:
    """Answers the step at which the tables of a database stand; None where there are none of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def differences(connection: Connection) -> list[object]:
    """What the tables in the database have otherwise than `schema` says; nothing, when all is well."""
    context = MigrationContext.configure(connection, opts={"compare_server_default": True})
    return list(compare_metadata(context, metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config
