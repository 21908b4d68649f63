"""Database roles: each program reaches only what it needs, on a real server."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine, make_url

from xbot_pipelines.store.migrations import migrate
from xbot_pipelines.store.roles import RoleAddresses, RolesRefused, grant_roles
from xbot_pipelines_tests.conftest import address_of, execute


@pytest.fixture
def owner_url(admin: Engine) -> Iterator[str]:
    """A migrated database whose owner may create roles, but is no superuser, as where a provider runs the server."""
    name = f"roles_{uuid4().hex[:12]}"
    execute(admin, f"CREATE ROLE {name} LOGIN CREATEROLE", f"CREATE DATABASE {name} TEMPLATE template0 OWNER {name}")
    url = make_url(address_of(admin, name)).set(username=name).render_as_string(hide_password=False)
    migrate(url)
    yield url
    execute(admin, f"DROP DATABASE {name} WITH (FORCE)")
    for role in (f"{name}_app", f"{name}_dagster", f"{name}_reader", name):
        execute(admin, f"DROP OWNED BY {role}", f"DROP ROLE {role}") if _exists(admin, role) else None


def _exists(admin: Engine, role: str) -> bool:
    with admin.connect() as connection:
        return bool(connection.exec_driver_sql("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).first())


def _addresses(owner_url: str) -> RoleAddresses:
    base = make_url(owner_url)

    def of(kind: str) -> str:
        role = base.set(username=f"{base.username}_{kind}", password=f"s3same-{kind}%'")
        return role.render_as_string(hide_password=False)

    return RoleAddresses(application=of("app"), dagster=of("dagster"), reader=of("reader"))


def _tries(url: str, statement: str) -> str | None:
    """Return why a statement is refused, None where it is executed."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        try:
            connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege as refusal:
            return str(refusal)
    return None


ALERT = "INSERT INTO alerts (account, cause, sentence, opened_at) VALUES ('practice', 'x', 'y', now())"


def test_each_role_reaches_what_it_needs_and_nothing_else(owner_url: str) -> None:
    addresses = _addresses(owner_url)
    assert addresses.reader is not None
    grant_roles(owner_url, addresses)
    assert _tries(addresses.dagster, "CREATE TABLE dagster.runs (id int)") is None

    allowed = {
        addresses.application: [ALERT, "SELECT * FROM alerts", "DELETE FROM alerts", "SELECT * FROM dagster.runs"],
        addresses.dagster: ["INSERT INTO dagster.runs VALUES (1)", "ALTER TABLE dagster.runs ADD COLUMN more int"],
        addresses.reader: ["SELECT * FROM alerts", "SELECT * FROM dagster.runs", "SELECT * FROM alembic_version"],
    }
    refused = {
        addresses.application: [
            "CREATE TABLE mine (id int)",
            "DROP TABLE alerts",
            "ALTER TABLE alerts ADD COLUMN more int",
            "UPDATE alembic_version SET version_num = 'x'",
            "DELETE FROM dagster.runs",
            "CREATE ROLE another",
            "COPY alerts TO PROGRAM 'cat'",
            "SELECT pg_read_file('/etc/passwd')",
        ],
        addresses.dagster: ["SELECT * FROM public.alerts", "CREATE TABLE public.mine (id int)", "CREATE SCHEMA more"],
        addresses.reader: [
            ALERT,
            "DELETE FROM alerts",
            "INSERT INTO dagster.runs VALUES (1)",
            "CREATE TABLE m (i int)",
        ],
    }
    for url, statements in allowed.items():
        assert {statement: _tries(url, statement) for statement in statements} == dict.fromkeys(statements)
    for url, statements in refused.items():
        assert all(_tries(url, statement) for statement in statements), statements


def test_granting_twice_changes_nothing_and_covers_tables_of_an_older_owner(owner_url: str) -> None:
    addresses = _addresses(owner_url)
    assert _tries(owner_url, "CREATE TABLE dagster.runs (id serial)") is None
    grant_roles(owner_url, addresses)
    assert grant_roles(owner_url, addresses) == [make_url(url).username for url in vars(addresses).values()]
    assert _tries(addresses.dagster, "ALTER TABLE dagster.runs ADD COLUMN more int") is None


def test_passwords_reach_the_server_hashed(owner_url: str, admin: Engine) -> None:
    grant_roles(owner_url, _addresses(owner_url))
    with admin.connect() as connection:
        name = f"{make_url(owner_url).username}_app"
        stored = connection.exec_driver_sql(
            "SELECT rolpassword FROM pg_authid WHERE rolname = %s", (name,)
        ).scalar_one()
    assert stored.startswith("SCRAM-SHA-256$")


@pytest.mark.parametrize("other", ["owner", "application"])
def test_two_addresses_with_one_user_are_refused(owner_url: str, other: str) -> None:
    addresses = _addresses(owner_url)
    same = owner_url if other == "owner" else addresses.application
    with pytest.raises(RolesRefused, match="each need a user of their own"):
        grant_roles(owner_url, RoleAddresses(application=addresses.application, dagster=same, reader=None))


def test_superuser_is_refused_as_application(owner_url: str) -> None:
    superuser = make_url(owner_url).set(username="postgres").render_as_string(hide_password=False)
    addresses = _addresses(owner_url)
    with pytest.raises(RolesRefused, match="'postgres' may create roles or databases, or is a superuser"):
        grant_roles(owner_url, RoleAddresses(application=superuser, dagster=addresses.dagster, reader=None))
