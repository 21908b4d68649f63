"""Whether what is saved for an account, its login and its rows, belongs to the X that its file names (F09)."""

from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.x.walls import LoggedOut


class AnotherX(Exception):
    """Something saved for the account belongs to another X. The message says what, and what to do."""


def assert_same_x(settings: Settings, database: AccountDatabase) -> None:
    """Make sure that the account's saved login and rows belong to its X, and record at first use which X that is.

    Raises:
        AnotherX: they belong to another one. Nothing was recorded.
    """
    from xbot_pipelines.x.api.credentials import TokenFile
    from xbot_pipelines.x.saved_session import SessionFile

    x = settings.profile.x
    # The login first: where the file has lost its `x`, the wrong one would be recorded, and for good.
    try:
        SessionFile(path=settings.session_file, x=x).assert_own()
        TokenFile(path=settings.token_file, api_url=settings.api_url).assert_own()
    except LoggedOut as other:
        raise AnotherX(str(other)) from other
    recorded = account.record_x(database, x)
    if recorded != x:
        raise AnotherX(
            f'the database knows the account {settings.account!r} as one of x = "{recorded}", but its file says '
            f'x = "{x}": rows of practice X and of X itself are never mixed. Give the file another name, set '
            f'XBOT_ACCOUNT to that, or write x = "{recorded}" into it again'
        )
