"""A database of one's own, brought up to date by a command before others start what needs it."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

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
