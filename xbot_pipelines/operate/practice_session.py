"""The account's login on practice X, where nobody has to type a password: asked for, and kept as any other is."""

from collections.abc import Callable
from datetime import timedelta

import httpx2

from xbot_pipelines.clock import Clock
from xbot_pipelines.operate.errors import CannotRun, WrongX
from xbot_pipelines.settings import Settings
from xbot_pipelines.text.parse_json import parse_json
from xbot_pipelines.x.api.credentials import TokenFile, Tokens
from xbot_pipelines.x.saved_session import SessionFile
from xbot_pipelines.x.walls import LoggedOut


def log_in_to_practice(settings: Settings, clock: Clock, *, say: Callable[[str], None]) -> None:
    """Does what a person who starts the programs one by one asks for.

    Raises:
        CannotRun: X is not a practice X on this machine, it does not answer, or it gives no login.
    """
    if not settings.is_practice:
        raise CannotRun("the account belongs to X itself, not to practice X: log in with `xbot login`")
    try:
        provide_practice_login(settings, clock)
    except httpx2.TransportError as error:
        raise CannotRun(
            f"Practice X at {settings.x_url} does not answer ({error}): start it with `xbot practice`"
        ) from error
    say(f"@{settings.profile.handle} is logged in to practice X at {settings.x_url}")


def provide_practice_login(settings: Settings, clock: Clock) -> None:
    """Sees to it that the account is logged in to practice X, in the way by which it reaches X.

    Who reaches the API of another server, or signs with keys of their own, is left alone.

    Raises:
        CannotRun: practice X gives no login.
        WrongX: a login of X itself is saved for the account. It was not sent, and stays.
    """
    handle = settings.profile.handle
    try:
        if settings.profile.transport == "browser":
            session = SessionFile(path=settings.session_file, x="practice")
            provide_practice_session(settings.x_url, handle=handle, file=session)
        elif settings.api_url == settings.x_url and settings.x_api_key is None:
            tokens = TokenFile(path=settings.token_file, api_url=settings.api_url)
            provide_practice_token(settings.x_url, handle=handle, file=tokens, clock=clock)
    except LoggedOut as other:
        raise WrongX(str(other)) from other


def provide_practice_session(x_url: str, *, handle: str, file: SessionFile) -> None:
    """Sees to it that `file` holds a session that practice X accepts.

    Raises:
        CannotRun: practice X gives none.
        LoggedOut: a session of X itself is saved there.
    """
    file.assert_own()
    with _asking(x_url) as client:
        if _is_accepted(client, file):
            return
        answer = client.post("/practice/session", json={"handle": handle})
    _demand_given(answer, f"Practice X at {x_url} gives no session for @{handle}")
    file.save(parse_json(answer.content))


def provide_practice_token(x_url: str, *, handle: str, file: TokenFile, clock: Clock) -> None:
    """Sees to it that `file` holds a token that the API of practice X accepts.

    Raises:
        CannotRun: practice X gives none.
        LoggedOut: tokens of X itself are saved there.
    """
    file.assert_own()
    with _asking(x_url) as client:
        if _is_taken(client, file):
            return
        answer = client.post("/practice/api/token", json={"handle": handle})
    _demand_given(answer, f"Practice X at {x_url} gives no token for @{handle}")
    given = parse_json(answer.content)
    file.save(
        Tokens(
            access_token=given["access_token"],
            refresh_token=given["refresh_token"],
            expires_at=clock.now() + timedelta(seconds=given["expires_in"]),
            client_id=given["client_id"],
        )
    )


def _asking(x_url: str) -> httpx2.Client:
    return httpx2.Client(base_url=x_url, timeout=10, trust_env=False)


def _demand_given(answer: httpx2.Response, otherwise: str) -> None:
    if answer.status_code != httpx2.codes.OK:
        raise CannotRun(f"{otherwise}: {answer.text.strip()}")


def _is_accepted(client: httpx2.Client, file: SessionFile) -> bool:
    """Whether the home page is shown with these cookies: who is not logged in is sent to the login page."""
    try:
        cookies = file.load()["cookies"]
    except LoggedOut:
        return False
    header = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)
    return client.get("/home", headers={"cookie": header}).status_code == httpx2.codes.OK


def _is_taken(client: httpx2.Client, file: TokenFile) -> bool:
    """Whether the API knows who asks with this token."""
    try:
        token = file.load().access_token
    except LoggedOut:
        return False
    return client.get("/2/users/me", headers={"authorization": f"Bearer {token}"}).status_code == httpx2.codes.OK
