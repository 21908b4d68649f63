"""What proves to the API who asks: tokens of OAuth 2, which are renewed, or the four keys of OAuth 1.0a.

Tokens lie outside git, readable by their owner alone, and go nowhere but to the API that gave them (F28). How a person
comes by them is the business of `operate.api_login`.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import requests

from xbot_pipelines.clock import Clock
from xbot_pipelines.private_files import write_private
from xbot_pipelines.settings.addresses import X_API_URL, is_this_machine
from xbot_pipelines.text.parse_json import parse_json
from xbot_pipelines.x.api.bodies import object_in
from xbot_pipelines.x.walls import LoggedOut, Unreachable

SCOPES = ("tweet.read", "tweet.write", "users.read", "offline.access")
"""What the app may do for the account: read, publish, and go on without a person typing a password every two hours."""

_RENEWED_BEFORE = timedelta(minutes=2)
_LONGEST_ANSWER_SECONDS = 30
_SERVER_FAULT, _TOO_MANY = 500, 429
_SECRET = re.compile(r"[!-~]+")
_LONGEST_LIFE_SECONDS = 366 * 86_400
_ERROR_NAME = re.compile(r"[a-z_]{1,40}")
_ABOUT_THE_APP = frozenset({"invalid_client", "unauthorized_client"})


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What OAuth 2 has given. `expires_at` is when the access token ends; without a refresh token that is the end."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False, default=None)
    expires_at: datetime
    client_id: str


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The four keys of OAuth 1.0a. They do not end by themselves."""

    api_key: str = field(repr=False)
    api_key_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)


class TokenKeeper(Protocol):
    """Where tokens are, and where they are put when they are renewed."""

    def load(self) -> Tokens:
        """Answers the tokens that are kept.

        Raises:
            LoggedOut: there are none.
        """
        ...

    def save(self, tokens: Tokens) -> None:
        """Keeps tokens in place of those before."""
        ...


@dataclass(frozen=True, kw_only=True)
class TokenFile:
    """Where an account's tokens lie, and the API that they are for."""

    path: Path
    api_url: str

    def load(self) -> Tokens:
        """Answers the saved tokens.

        Raises:
            LoggedOut: none are saved, what is saved are none, or another API gave them.
        """
        try:
            saved = parse_json(self.path.read_text(encoding="utf-8"))
            given_by = saved.pop("api_url", None)
            tokens = _tokens_in(saved)
        except FileNotFoundError:
            raise LoggedOut(f"no token for X's API is saved in {self.path}: log in with `xbot login`") from None
        except OSError as failure:
            raise LoggedOut(f"{self.path} cannot be read: {failure.strerror}; it is for its owner alone") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            # What is wrong with it may quote it: not passed on (F28).
            raise LoggedOut(f"{self.path} does not hold tokens of X's API: log in again with `xbot login`") from None
        if given_by != self.api_url:
            raise LoggedOut(
                f"the tokens in {self.path} are {_of(given_by)}, not {_of(self.api_url)}: they were not sent; log in "
                "again with `xbot login`"
            )
        return tokens

    def assert_own(self) -> None:
        """Make sure that no tokens of another X are saved here; no tokens at all are fine.

        Tokens of an unknown API, as older versions saved them, may be X's own.

        Raises:
            LoggedOut: some are.
        """
        try:
            saved = parse_json(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if not isinstance(saved, dict) or "access_token" not in saved:
            return
        given_by = saved.get("api_url", X_API_URL)
        if is_this_machine(str(given_by)) != is_this_machine(self.api_url):
            raise LoggedOut(
                f"{self.path} holds tokens {_of(saved.get('api_url'))}, but the account's API is {self.api_url}: they "
                "were not sent, and stay as they are. Correct x in the account's file, take another "
                "account name, or remove the file if its tokens are practice X's"
            )

    def save(self, tokens: Tokens) -> None:
        """Save tokens in place of those before.

        Raises:
            LoggedOut: tokens of another X are saved here. They stay.
        """
        self.assert_own()
        content = {**asdict(tokens), "expires_at": tokens.expires_at.isoformat(), "api_url": self.api_url}
        write_private(self.path, json.dumps(content))


@dataclass(frozen=True, kw_only=True)
class TokenOffice:
    """Where tokens are given and renewed. A public app has no secret.

    Args:
        api_url: where the API is.
        client_secret: the app's own, where it has one.
        clock: what the end of a token is counted by.
    """

    api_url: str
    client_secret: str | None = field(repr=False)
    clock: Clock

    def exchange(self, code: str, *, client_id: str, redirect_uri: str, verifier: str) -> Tokens:
        """Answers the tokens for a code that X has given to a person's browser.

        Raises:
            LoggedOut: X does not take the code, or the tokens do not allow what the account needs.
            Unreachable: X did not answer.
        """
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        return self._tokens(asked, client_id=client_id)

    def renew(self, tokens: Tokens) -> Tokens:
        """Answers new tokens for old ones, which end thereby.

        Raises:
            LoggedOut: they cannot be renewed any more.
            Unreachable: X did not answer.
        """
        if tokens.refresh_token is None:
            raise LoggedOut("the token for X's API has ended and cannot be renewed: log in again with `xbot login`")
        asked = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}
        return self._tokens(asked, client_id=tokens.client_id)

    def is_ending(self, tokens: Tokens) -> bool:
        """Says whether the access token ends too soon to begin anything with it."""
        return tokens.expires_at - self.clock.now() < _RENEWED_BEFORE

    def _tokens(self, asked: dict[str, str], *, client_id: str) -> Tokens:
        asked_at = self.clock.now()
        given = self._given(asked, client_id=client_id)
        _demand_scopes(given)
        refresh_token = given.get("refresh_token")
        return Tokens(
            access_token=given["access_token"],
            refresh_token=refresh_token if _is_secret(refresh_token) else asked.get("refresh_token"),
            expires_at=asked_at + _life(given.get("expires_in")),
            client_id=client_id,
        )

    def _given(self, asked: dict[str, str], *, client_id: str) -> dict[str, Any]:
        """Asks once, and answers what X gives: an access token is in it."""
        # A confidential app says who it is in a header, a public one in the question itself.
        secret = self.client_secret
        if secret is None:
            asked = {**asked, "client_id": client_id}
        try:
            response = requests.post(
                f"{self.api_url}/2/oauth2/token",
                data=asked,
                auth=(client_id, secret) if secret is not None else None,
                timeout=_LONGEST_ANSWER_SECONDS,
                allow_redirects=False,
            )
        except (requests.RequestException, ValueError) as failure:
            # The failure quotes the question, and that holds secrets: only its kind is passed on (F28).
            raise Unreachable(f"{self.api_url} gave no token: {type(failure).__name__}") from None
        if response.status_code >= _SERVER_FAULT or response.status_code == _TOO_MANY:
            raise Unreachable(f"{self.api_url} gave no token: HTTP {response.status_code}")
        given = object_in(response.content)
        if given is None:
            # A page of somebody in between, or at a wrong address: no word of X about the tokens.
            raise Unreachable(f"{self.api_url} gave no token: HTTP {response.status_code}, and no JSON object")
        if response.ok and _is_secret(given.get("access_token")):
            return given
        error = error_name(given.get("error")) or f"HTTP {response.status_code}"
        if error in _ABOUT_THE_APP:
            raise LoggedOut(
                f"X does not know the app ({error}): look at X_CLIENT_ID, and at X_CLIENT_SECRET, which a confidential "
                "app needs and a public one has not; then log in again with `xbot login`"
            )
        raise LoggedOut(f"X gives no token for its API ({error}): log in again with `xbot login`")


def error_name(said: object) -> str | None:
    """Answers the name of an error of OAuth, or None for what is no such name: that is a stranger's text, not shown."""
    return said if isinstance(said, str) and _ERROR_NAME.fullmatch(said) else None


def _demand_scopes(given: dict[str, Any]) -> None:
    allowed = given.get("scope")
    missing = [scope for scope in SCOPES if isinstance(allowed, str) and scope not in allowed.split()]
    if missing:
        raise LoggedOut(
            f"X's tokens do not allow {', '.join(missing)}: set the app's permissions to read and write in X's "
            "developer console, and log in again with `xbot login`"
        )


def _life(seconds: object) -> timedelta:
    """How long a token is good for; no time at all where X does not say it: then it is renewed before each question."""
    known = seconds if type(seconds) is int else 0
    return timedelta(seconds=min(max(known, 0), _LONGEST_LIFE_SECONDS))


def _of(api_url: object) -> str:
    return f"of {api_url}" if isinstance(api_url, str) else "of an API that the file does not name"


def _tokens_in(saved: dict[str, Any]) -> Tokens:
    tokens = Tokens(**{**saved, "expires_at": datetime.fromisoformat(saved["expires_at"])})
    texts = [tokens.access_token, tokens.client_id]
    if tokens.refresh_token is not None:
        texts.append(tokens.refresh_token)
    if not all(map(_is_secret, texts)) or tokens.expires_at.tzinfo is None:
        raise TypeError("not what was saved")
    return tokens


def _is_secret(said: object) -> bool:
    """Whether something can be a token: what cannot stand in a header would be quoted by the failure to send it."""
    return isinstance(said, str) and _SECRET.fullmatch(said) is not None
