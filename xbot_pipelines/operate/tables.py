"""The account's tables, for a command that a person has typed: opened quickly, or refused with one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError

from xbot_pipelines.operate.errors import CannotRun, WrongX
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase, open_engine
from xbot_pipelines.store.server import DatabaseMissing, database_address
from xbot_pipelines.systems.which_x import AnotherX, assert_same_x

# A host that does not answer at all is waited for minutes otherwise, and a person waits for us.
_CONNECT_SECONDS = 5


@contextmanager
def account_tables(settings: Settings) -> Iterator[AccountDatabase]:
    """Opens the account's tables for one command.

    Raises:
        CannotRun: there is no database, it does not answer, or it has no tables of today's.
        WrongX: what is saved for the account belongs to another X than its file names.
    """
    with open_tables(settings) as database:
        try:
            assert_same_x(settings, database)
        except AnotherX as other:
            raise WrongX(str(other)) from other
        yield database


@contextmanager
def open_tables(settings: Settings) -> Iterator[AccountDatabase]:
    """Open the account's tables, whichever X what is saved for the account belongs to.

    Raises:
        CannotRun: there is no database, it does not answer, or it has no tables of today's.
    """
    try:
        address = database_address(settings)
    except DatabaseMissing as missing:
        raise CannotRun(str(missing)) from missing
    quickly = make_url(address).update_query_dict({"connect_timeout": str(_CONNECT_SECONDS)})
    engine = open_engine(quickly.render_as_string(hide_password=False))
    try:
        yield AccountDatabase(engine, settings.account)
    except OperationalError as failure:
        # The driver's own words never have the password.
        reason = str(failure.orig).strip().splitlines()[0]
        raise CannotRun(f"the database at {shown(address)} does not answer: {reason}") from failure
    except ProgrammingError as failure:
        reason = str(failure.orig).strip().splitlines()[0]
        raise CannotRun(f"the database has not the tables of this version ({reason}): run `xbot up` once") from failure
    finally:
        engine.dispose()


def shown(address: str) -> str:
    """Answers an address of a database as it may be shown: without its password, wherever in it that stands (F28)."""
    return make_url(address)._replace(password=None).difference_update_query(["password"]).render_as_string()
