"""The way to the database: addresses, the engine, and one account's view of it.

What is asked of the tables lies in the files named after what they hold; starting an embedded server in `server`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL

from xbot_pipelines.text.clean import clean, clean_values

DAGSTER_SCHEMA = "dagster"


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Who changes something: a person or a job (`actor`), in which run, by which version of ours (F24)."""

    actor: str
    run_id: str | None = None
    version: str = field(default_factory=lambda: version("xbot-pipelines"))


@dataclass(frozen=True)
class AccountDatabase:
    """The database as one account sees it: every question asked through it names the account."""

    engine: Engine
    account: str

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Opens one transaction; it is committed at the end of the block, or rolled back by an exception."""
        with self.engine.begin() as connection:
            yield connection


def size_in_bytes(database: AccountDatabase) -> int:
    """Answers how much of its disk the database takes, all accounts and Dagster's tables included."""
    with database.transaction() as connection:
        size: int = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    return size


def open_engine(url: str) -> Engine:
    """Opens the database at a PostgreSQL address, through psycopg 3 and with times answered in UTC.

    `pool_pre_ping` lets a long-lived process outlive a database that was restarted. Pages are taken to lie in memory or
    on a disk without heads: with PostgreSQL's own cost of a random page it reads whole tables to find a month of posts.
    """
    engine = create_engine(
        product_url(url),
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC -c random_page_cost=1.1", "application_name": "xbot"},
        json_serializer=_clean_json,
    )
    event.listen(engine, "before_cursor_execute", _clean_parameters, retval=True)
    return engine


def _clean_parameters(
    _connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
) -> tuple[str, Any]:
    """Clean texts on their way into the database, whatever way they came in: PostgreSQL takes no U+0000."""
    if isinstance(parameters, Sequence) and not isinstance(parameters, str):
        return statement, [_clean_values(values) for values in parameters]
    return statement, _clean_values(parameters)


def _clean_values(values: Any) -> Any:
    if isinstance(values, Mapping):
        return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}
    return values


def _clean_json(value: Any) -> str:
    # `jsonb` refuses the escapes of these characters as well.
    return json.dumps(clean_values(value))


def product_url(url: str) -> URL:
    """The address that our own tables are reached by."""
    return make_url(url).set(drivername="postgresql+psycopg")


def dagster_url(url: str) -> str:
    """The address that Dagster keeps its own storage under: the same database, a schema of its own.

    It names psycopg2, because SQLAlchemy takes psycopg 3 for a bare address and dagster-postgres then fails.
    """
    own_schema = {"options": f"-csearch_path={DAGSTER_SCHEMA}"}
    address = make_url(url).set(drivername="postgresql+psycopg2").update_query_dict(own_schema)
    return address.render_as_string(hide_password=False)
