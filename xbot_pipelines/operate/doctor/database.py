"""The database: does it answer, are its tables today's, has it room, and does its clock go with ours."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, text

from xbot_pipelines.operate.doctor.clocks import compared
from xbot_pipelines.operate.doctor.finding import Finding, Findings, Patient, fault, fine, not_looked_at
from xbot_pipelines.operate.doctor.machine import room
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.tables import open_tables
from xbot_pipelines.store.migrations import newest_step, step_of

NOT_RUNNING = "it does not run: `xbot up` starts it"
_OLDEST = 14
_TESTED = 18


def database_serves(patient: Patient) -> Findings:
    """Whether the tables are there and can be worked with."""
    if not_begun(patient):
        yield not_looked_at("database", NOT_RUNNING)
        return
    try:
        with open_tables(patient.settings) as database, database.transaction() as connection:
            yield from _version(connection)
            yield from _writable(connection)
            yield from _tables(connection)
            yield from _own_disk(connection)
            ours = patient.clock.now()
            theirs = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
            yield compared("PostgreSQL", theirs, ours=ours)
    except CannotRun as reason:
        yield fault("database", str(reason), to_do=_repair(patient))


def not_begun(patient: Patient) -> bool:
    """Says whether the embedded server has no reason to run: nobody has brought the house up."""
    return patient.settings.database_url is None and not patient.is_up


def _repair(patient: Patient) -> str:
    if patient.settings.database_url is not None:
        return "start it, or correct XBOT_DATABASE_URL"
    return (
        f"`xbot up` starts it again within seconds; where it does not, {patient.settings.postgres_folder}/log says why"
    )


def _version(connection: Connection) -> Iterator[Finding]:
    number, name = connection.execute(
        text("SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version')")
    ).one()
    if number < _OLDEST:
        yield fault("database", f"PostgreSQL {name} answers", to_do=f"take PostgreSQL {_OLDEST} or newer")
    elif number < _TESTED:
        yield fine("database", f"PostgreSQL {name} answers ({_TESTED} is what this is tested with)")
    else:
        yield fine("database", f"PostgreSQL {name} answers")


def _writable(connection: Connection) -> Iterator[Finding]:
    if connection.execute(text("SELECT current_setting('transaction_read_only') = 'on'")).scalar_one():
        yield fault(
            "database", "it takes nothing in: it is read-only, a standby perhaps", to_do="name the primary server"
        )


def _tables(connection: Connection) -> Iterator[Finding]:
    there, newest = step_of(connection), newest_step()
    if there == newest:
        yield fine("tables", f"today's ({newest})")
    elif there is None:
        yield fault("tables", "there are none of ours yet", to_do="run `xbot up` once: it makes them")
    else:
        yield fault(
            "tables",
            f"they are those of step {there}, and this version works with {newest}",
            to_do="run `xbot up` once, which brings older tables to today; newer ones need a newer version of this",
        )


def _own_disk(connection: Connection) -> Iterator[Finding]:
    """The room where PostgreSQL's data lie, if that is on this machine and we are told."""
    if not connection.execute(text("SELECT pg_has_role('pg_read_all_settings', 'USAGE')")).scalar_one():
        return
    folder = Path(connection.execute(text("SELECT current_setting('data_directory')")).scalar_one())
    if folder.exists():
        yield room("disk of PostgreSQL", folder)
