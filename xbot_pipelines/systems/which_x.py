"""Whether what is saved for an account, its login and its rows, belongs to the X that its file names (F09)."""

from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.x.walls import LoggedOut


class AnotherX(Exception):
    """Something saved for the account belongs to another X. The message says what, and what to do."""


def assert_same_x(settings: Settings, database: AccountDatabase) -> None:
    """Make sure that the account's saved login and rows belong to its X.

    Raises:
        AnotherX: they belong to another one.
    """
    from xbot_pipelines.x.api.credentials import TokenFile
    from xbot_pipelines.x.saved_session import SessionFile

    x = settings.profile.x
    try:
        SessionFile(path=settings.session_file, x=x).assert_own()
        TokenFile(path=settings.token_file, api_url=settings.api_url).assert_own()
    except LoggedOut as other:
        raise AnotherX(str(other)) from other
    recorded = account.recorded_x(database)
    if recorded not in {x, None}:
        raise AnotherX(
            f'the database knows the account {settings.account!r} as one of x = "{recorded}", but its file says '
            f'x = "{x}": rows of practice X and of X itself are never mixed. Give the file another name, set '
            f'XBOT_ACCOUNT to that, or write x = "{recorded}" into it again'
        )


def record_x(settings: Settings, database: AccountDatabase) -> None:
    """Record at first use which X the account belongs to, for good.

    Raises:
        AnotherX: what is saved for the account belongs to another one: a login of X itself, where the account's file
            has lost its `x`, must not make a practice account of it.
    """
    assert_same_x(settings, database)
    if account.recorded_x(database) is None:
        account.record_x(database, settings.profile.x)
        # Another program may have been faster, with another file.
        assert_same_x(settings, database)
