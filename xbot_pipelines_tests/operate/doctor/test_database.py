"""The database as the doctor sees it: red while it is stopped, of another day or full, and green again by itself."""

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import text

from xbot_pipelines.clock import ManualClock, SystemClock
from xbot_pipelines.operate.doctor.database import database_serves
from xbot_pipelines.operate.doctor.finding import Patient, Verdict
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.migrations import migrate
from xbot_pipelines.store.server import EmbeddedServer
from xbot_pipelines_tests.operate.doctor.conftest import faults, only


def test_a_database_that_serves_is_green_all_over(patient: Patient) -> None:
    found = list(database_serves(patient))
    assert {finding.about for finding in found} == {
        "database",
        "tables",
        "disk of PostgreSQL",
        "clock against PostgreSQL",
    }
    assert only(found, "database").found.startswith("PostgreSQL 18")
    assert faults(found) == []


def test_tables_of_another_day_are_red_and_a_migration_mends_them(patient: Patient, database: AccountDatabase) -> None:
    with database.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    [sentence] = faults(database_serves(patient))
    assert sentence.startswith("they are those of step 0003, and this version works with 0")
    with database.transaction() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert faults(database_serves(patient)) == ["there are none of ours yet"]


def test_f27_our_clock_is_held_against_postgresqls(patient: Patient) -> None:
    late = replace(patient, clock=ManualClock(SystemClock().now() - timedelta(hours=1)))
    [sentence] = faults(database_serves(late))
    assert sentence.startswith("the clock of this machine is 60 min behind PostgreSQL's: ")


def test_a_database_that_takes_nothing_in_is_red(patient: Patient, database: AccountDatabase) -> None:
    with database.transaction() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    assert faults(database_serves(patient)) == ["it takes nothing in: it is read-only, a standby perhaps"]


def test_an_embedded_server_that_is_stopped_is_red_while_the_house_is_up_and_green_again_once_it_runs(
    patient: Patient,
) -> None:
    with tempfile.TemporaryDirectory(prefix="xbot-doctor-") as folder:
        own = {"database_url": None, "home": Path(folder)}
        embedded = replace(patient, settings=patient.settings.model_copy(update=own))
        server = EmbeddedServer(embedded.settings.postgres_folder)
        migrate(server.start())
        try:
            assert faults(database_serves(embedded)) == []
            server.stop()
            [sentence] = faults(database_serves(embedded))
            assert sentence.startswith(f"no PostgreSQL runs in {server.folder}")
            at_rest = only(database_serves(replace(embedded, is_up=False)), "database")
            assert at_rest.verdict is Verdict.NOT_LOOKED_AT
            server.start()
            assert faults(database_serves(embedded)) == []
        finally:
            server.delete()


def test_f28_a_server_that_is_not_there_is_red_and_its_password_is_not_shown(patient: Patient) -> None:
    address = "postgresql://me:hunter2@127.0.0.1:9/nothing"
    elsewhere = patient.settings.model_copy(update={"database_url": SecretStr(address)})
    [sentence] = faults(database_serves(replace(patient, settings=elsewhere)))
    assert sentence.startswith("the database at postgresql://me@127.0.0.1:9/nothing does not answer")
