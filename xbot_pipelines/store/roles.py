"""Database roles: each program reaches only the tables that it needs.

The owner of a database of yours migrates it, and is used for nothing else. `xbot migrate` creates the other roles and
grants them what they need. The embedded server has no roles: nobody but its user reaches its socket.

| role | address | may |
|---|---|---|
| owner | XBOT_OWNER_DATABASE_URL | everything; only `xbot migrate` knows it |
| application | XBOT_DATABASE_URL | read and write rows of our tables, read Dagster's |
| Dagster | XBOT_DAGSTER_DATABASE_URL | everything in the schema `dagster`, nothing outside it |
| reader | XBOT_READER_DATABASE_URL | read our tables and Dagster's |
"""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal
from sqlalchemy import make_url
from sqlalchemy.engine import URL

from xbot_pipelines.store.database import DAGSTER_SCHEMA, open_engine

_ATTRIBUTES = SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")
_OURS, _DAGSTER = Identifier("public"), Identifier(DAGSTER_SCHEMA)


class RolesRefused(Exception):
    """The addresses do not name roles that can be used. Nothing was changed."""


@dataclass(frozen=True, kw_only=True)
class RoleAddresses:
    """The addresses by which programs reach the database. User and password in each are those of a role."""

    application: str
    dagster: str
    reader: str | None


def grant_roles(owner_url: str, addresses: RoleAddresses) -> list[str]:
    """Create the roles that the addresses name, grant each what it needs, and return their names.

    Call it after every migration, of Dagster's tables too: it covers what is there, and what these owners add.

    Raises:
        RolesRefused: two addresses name the same role, one names none, or a role may do more than it should.
        psycopg.Error: the owner may not create or grant roles.
    """
    owner, application, dagster = map(make_url, (owner_url, addresses.application, addresses.dagster))
    reader = make_url(addresses.reader) if addresses.reader is not None else None
    roles = [role for role in (application, dagster, reader) if role is not None]
    _check_distinct([owner, *roles])
    engine = open_engine(owner_url)
    try:
        with engine.begin() as connection:
            driver: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]  # psycopg 3
            for role in roles:
                _provide(driver, role)
            for statement in _grants(str(owner.database), *(_name(role) for role in (application, dagster, reader))):
                driver.execute(statement)
            _hand_over(driver, str(dagster.username))
    finally:
        engine.dispose()
    return [str(role.username) for role in roles]


def _name(role: URL | None) -> Identifier | None:
    return Identifier(str(role.username)) if role is not None else None


def _check_distinct(addresses: list[URL]) -> None:
    names = [address.username for address in addresses]
    if None in names or len(set(names)) < len(names):
        raise RolesRefused(
            "XBOT_OWNER_DATABASE_URL, XBOT_DATABASE_URL, XBOT_DAGSTER_DATABASE_URL and XBOT_READER_DATABASE_URL each "
            f"need a user of their own, but they name {', '.join(name or 'nobody' for name in names)}: change them"
        )


def _provide(connection: psycopg.Connection, role: URL) -> None:
    """Create the role, or set its password where it exists."""
    name = str(role.username)
    found = connection.execute(
        "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls FROM pg_roles"
        " WHERE rolname = %s",
        [name],
    ).fetchone()
    if found is None:
        connection.execute(SQL("CREATE ROLE {} {}").format(Identifier(name), _ATTRIBUTES))
    elif found[0]:
        raise RolesRefused(
            f"The role {name!r} may create roles or databases, or is a superuser: name another user in its address"
        )
    if role.password:
        # Hashed here: a statement that fails is written into the server's log, with everything in it.
        hashed = connection.pgconn.encrypt_password(str(role.password).encode(), name.encode(), b"scram-sha-256")
        connection.execute(SQL("ALTER ROLE {} PASSWORD {}").format(Identifier(name), Literal(hashed.decode())))


def _hand_over(connection: psycopg.Connection, dagster: str) -> None:
    """Make Dagster's role the owner of tables in its schema that another created: a restored copy, an older set-up."""
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tableowner <> %s", [DAGSTER_SCHEMA, dagster]
    )
    for (table,) in tables.fetchall():
        connection.execute(
            SQL("ALTER TABLE {} OWNER TO {}").format(Identifier(DAGSTER_SCHEMA, table), Identifier(dagster))
        )


def _grants(
    database: str, application: Identifier | None, dagster: Identifier | None, reader: Identifier | None
) -> Iterator[Composed]:
    """Yield the statements that say who may do what; each may be executed again."""
    base = Identifier(database)
    yield SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(base)
    yield SQL("REVOKE ALL ON SCHEMA {} FROM PUBLIC").format(_OURS)
    # An owner who is no superuser hands tables over only to a role of which it is a member.
    yield SQL("GRANT {} TO CURRENT_USER").format(dagster)
    yield SQL("ALTER SCHEMA {} OWNER TO {}").format(_DAGSTER, dagster)
    for role in filter(None, (application, dagster, reader)):
        yield SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(base, role)
    yield SQL("GRANT USAGE ON SCHEMA {} TO {}").format(_OURS, application)
    yield SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {} TO {}").format(_OURS, application)
    # Which step the tables stand at is the migration's to say.
    yield SQL("REVOKE INSERT, UPDATE, DELETE ON {}.alembic_version FROM {}").format(_OURS, application)
    if reader is not None:
        yield SQL("GRANT USAGE ON SCHEMA {} TO {}").format(_OURS, reader)
        yield SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(_OURS, reader)
    for role in filter(None, (application, reader)):
        yield SQL("GRANT USAGE ON SCHEMA {} TO {}").format(_DAGSTER, role)
        yield SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(_DAGSTER, role)
        yield SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA {} GRANT SELECT ON TABLES TO {}").format(
            dagster, _DAGSTER, role
        )
