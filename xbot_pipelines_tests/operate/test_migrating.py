"""A database of one's own, brought up to date by a command before others start what needs it."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Engine, make_url, text

from xbot_pipelines.store.database import open_engine
from xbot_pipelines.store.migrations import differences
from xbot_pipelines_tests.conftest import ROOT, address_of, execute
from xbot_pipelines_tests.operate.programs import free_ports
from xbot_pipelines_tests.operate.shell import Shell, refusal


@pytest.fixture
def empty_url(admin: Engine) -> Iterator[str]:
    """The address of a database in which there is nothing."""
    name = f"empty_{uuid4().hex}"
    execute(admin, f"CREATE DATABASE {name} TEMPLATE template0")
    yield address_of(admin, name)
    execute(admin, f"DROP DATABASE {name} WITH (FORCE)")


def test_f25_the_tables_are_todays_and_dagster_finds_its_folder(shell: Shell, empty_url: str) -> None:
    done = shell.types("migrate", XBOT_DATABASE_URL=empty_url)
    assert done.returncode == 0, done.stderr
    assert (shell.home / "dagster" / "dagster.yaml").read_text() == (ROOT / "dagster.yaml").read_text()
    engine = open_engine(empty_url)
    with engine.connect() as connection:
        assert differences(connection) == []
        assert connection.execute(text("SELECT count(*) FROM dagster.runs")).scalar_one() == 0
    engine.dispose()


def test_the_embedded_database_is_left_to_xbot_up(shell: Shell) -> None:
    assert "XBOT_DATABASE_URL is not set" in refusal(shell.types("migrate"))


def test_a_database_that_cannot_be_used_is_one_sentence_without_its_password(shell: Shell) -> None:
    [port] = free_ports(1)
    sentence = refusal(shell.types("migrate", XBOT_DATABASE_URL=f"postgresql://somebody:s3same@127.0.0.1:{port}/xbot"))
    assert "cannot be used" in sentence
    assert "s3same" not in sentence


def test_roles_are_created_and_dagster_keeps_its_tables_by_its_own(shell: Shell, empty_url: str) -> None:
    """What `compose.yaml` does: the owner migrates, and each program reaches the database by a role of its own."""
    name = make_url(empty_url).database
    roles = {kind: f"role_{str(name)[-20:]}_{kind}" for kind in ("app", "dagster", "reader")}
    urls = {
        kind: make_url(empty_url).set(username=role, password=f"s3same-{kind}").render_as_string(hide_password=False)
        for kind, role in roles.items()
    }
    variables = {
        "XBOT_OWNER_DATABASE_URL": empty_url,
        "XBOT_DATABASE_URL": urls["app"],
        "XBOT_DAGSTER_DATABASE_URL": urls["dagster"],
        "XBOT_READER_DATABASE_URL": urls["reader"],
    }
    try:
        done = shell.types("migrate", **variables)
        assert done.returncode == 0, done.stderr
        assert "s3same" not in done.stdout + done.stderr
        again = shell.types("migrate", **variables)
        assert again.returncode == 0, again.stderr
        engine = open_engine(urls["app"])
        with engine.connect() as connection:
            owners = connection.execute(text("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'dagster'"))
            assert owners.scalars().all() == [roles["dagster"]]
            assert connection.execute(text("SELECT count(*) FROM dagster.runs")).scalar_one() == 0
            assert connection.execute(text("SELECT count(*) FROM content_metadata")).scalar_one() == 0
        engine.dispose()
    finally:
        owner = open_engine(empty_url)
        for role in roles.values():
            execute(owner.execution_options(isolation_level="AUTOCOMMIT"), f"DROP OWNED BY {role}", f"DROP ROLE {role}")
        owner.dispose()


def test_an_owner_without_a_role_for_dagster_is_refused(shell: Shell, empty_url: str) -> None:
    done = shell.types("migrate", XBOT_OWNER_DATABASE_URL=empty_url, XBOT_DATABASE_URL=empty_url)
    assert "XBOT_DAGSTER_DATABASE_URL is not set" in refusal(done)
