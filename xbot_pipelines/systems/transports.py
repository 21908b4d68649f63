"""The two ways to X, and what is opened for each: a browser that is logged in, or the API with the account's token.

Whoever opens one holds the account's lease. What is then asked is the same for both (`x.client`).
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from xbot_pipelines.clock import Clock
from xbot_pipelines.settings import Settings
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.x.client import XClient
from xbot_pipelines.x.walls import LoggedOut

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from xbot_pipelines.x.api.credentials import Keys, TokenFile, TokenOffice
    from xbot_pipelines.x.api.meter import Meter
    from xbot_pipelines.x.session import Patience

_API_PATIENCE_SECONDS = 30.0


def assert_acknowledged(settings: Settings) -> None:
    """Makes sure that no browser goes to X's own site before its owner has said that they know what X says of that.

    Raises:
        Standstill: they have not.
    """
    if settings.lacks_acknowledgement is not None:
        raise Standstill(settings.lacks_acknowledgement)


@contextmanager
def in_a_browser(settings: Settings, browser: "Browser", *, patience: "Patience", clock: Clock) -> Iterator[XClient]:
    """Opens a page that is proven to be logged in as the account, and answers the way to X through it.

    Raises:
        Standstill: its owner has not acknowledged that X forbids it.
        Wall: the site shows something else than the account's home page.
    """
    assert_acknowledged(settings)
    from xbot_pipelines.x.browser import BrowserClient
    from xbot_pipelines.x.saved_session import SessionFile
    from xbot_pipelines.x.session import open_session

    handle, x_url = settings.profile.handle, settings.x_url
    session = SessionFile(path=settings.session_file, x=settings.profile.x)
    with open_session(browser, x_url=x_url, handle=handle, file=session, patience=patience) as page:
        yield BrowserClient(page=page, x_url=x_url, handle=handle, clock=clock, patience=patience)


@contextmanager
def by_the_api(settings: Settings, *, meter: "Meter", clock: Clock) -> Iterator[XClient]:
    """Asks the API who it is asked by, and answers the way to X over it (F20).

    Raises:
        LoggedOut: there is no token, it has ended, or it is another account's.
        Wall: the API does not say.
    """
    from xbot_pipelines.x.api.client import ApiClient, who_is_it
    from xbot_pipelines.x.api.wire import Wire

    wire = Wire(
        api_url=settings.api_url,
        proof=proof_of(settings),
        office=token_office(settings, clock),
        meter=meter,
        clock=clock,
        patience_seconds=_API_PATIENCE_SECONDS,
    )
    with closing(wire):
        me = who_is_it(wire)
        wanted = settings.profile.handle
        if me.handle.lower() != wanted.lower():
            raise LoggedOut(f"the token is @{me.handle}'s, not @{wanted}'s: log in as @{wanted} with `xbot login`")
        yield ApiClient(wire=wire, handle=wanted, user_id=me.id, clock=clock)


def proof_of(settings: Settings) -> "TokenFile | Keys":
    """Answers what the API is asked with: the four keys where they are set, else the tokens of the last login."""
    from xbot_pipelines.x.api.credentials import Keys, TokenFile

    keys = [settings.x_api_key, settings.x_api_key_secret, settings.x_access_token, settings.x_access_token_secret]
    told = [key.get_secret_value() for key in keys if key is not None]
    if len(told) < len(keys):
        return TokenFile(path=settings.token_file, api_url=settings.api_url)
    api_key, api_key_secret, access_token, access_token_secret = told
    return Keys(
        api_key=api_key,
        api_key_secret=api_key_secret,
        access_token=access_token,
        access_token_secret=access_token_secret,
    )


def token_office(settings: Settings, clock: Clock) -> "TokenOffice":
    """Answers where the account's tokens are given and renewed."""
    from xbot_pipelines.x.api.credentials import TokenOffice

    secret = settings.x_client_secret
    return TokenOffice(
        api_url=settings.api_url, client_secret=None if secret is None else secret.get_secret_value(), clock=clock
    )
