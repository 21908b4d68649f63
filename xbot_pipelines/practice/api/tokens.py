"""Who may ask in whose name: OAuth 2 access tokens, the refresh tokens behind them, and the codes they begin with.

Tokens are kept in the archive and end by the world's clock; codes live in memory for half a minute. The addresses are
in `authorization`, the keys of OAuth 1.0a in `keys`. Source: X's documentation ("OAuth 2.0 Authorization Code Flow with
PKCE"), RFC 6749 and RFC 7636.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from xbot_pipelines.practice.archive import Archive
from xbot_pipelines.practice.clock import WorldClock
from xbot_pipelines.practice.posts import from_milliseconds, to_milliseconds

Json = dict[str, Any]

SCOPES = ("tweet.read", "users.read", "tweet.write", "offline.access")
LIFETIME = timedelta(hours=2)
# What faults and the counts of requests call the addresses of tokens; X's OpenAPI has no names for them.
OAUTH = ("oauth2Token", "oauth2Revoke")

_CODE_LIFETIME = timedelta(seconds=30)
_FACT = "api_tokens"


@dataclass(frozen=True, slots=True)
class Grant:
    """What an account of ours has allowed an app."""

    account_id: int
    client_id: str
    scopes: tuple[str, ...]

    @property
    def scope(self) -> str:
        """The scopes as they go over the wire."""
        return " ".join(self.scopes)


@dataclass(frozen=True, slots=True)
class Code:
    """What an authorization code stands for until it is redeemed."""

    grant: Grant
    redirect_uri: str
    challenge: str = field(repr=False)
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class _Token:
    """A living token; one without an end is a refresh token."""

    grant: Grant
    ends_at: datetime | None


class BadGrantError(ValueError):
    """A code or token that is none, or not any more."""


class Tokens:
    """All tokens of one archive; each change is on the disk before it is answered."""

    def __init__(self, archive: Archive, clock: WorldClock) -> None:
        self._archive = archive
        self._clock = clock
        self._codes: dict[str, Code] = {}
        self._living = {secret: _token_of(kept) for secret, kept in (archive.fact(_FACT) or {}).items()}

    def issue(self, grant: Grant, lifetime: timedelta = LIFETIME) -> Json:
        """A new access token, with a refresh token where the scopes have `offline.access`, as X answers it."""
        now = self._clock.now()
        self._living = {
            secret: token for secret, token in self._living.items() if token.ends_at is None or now < token.ends_at
        }
        access = secrets.token_urlsafe(48)
        self._living[access] = _Token(grant, now + lifetime)
        answer = {
            "token_type": "bearer",
            "expires_in": int(lifetime.total_seconds()),
            "access_token": access,
            "scope": grant.scope,
        }
        if "offline.access" in grant.scopes:
            answer["refresh_token"] = secrets.token_urlsafe(48)
            self._living[answer["refresh_token"]] = _Token(grant, None)
        self._keep()
        return answer

    def find(self, access_token: str) -> Grant | None:
        """What a living access token allows."""
        token = self._living.get(access_token)
        if token is None or token.ends_at is None or self._clock.now() >= token.ends_at:
            return None
        return token.grant

    def refresh(self, refresh_token: str, client_id: str) -> Json:
        """New tokens for a refresh token, which ends by that.

        Raises:
            BadGrantError: It is none, was used before, or is another app's.
        """
        token = self._living.get(refresh_token)
        if token is None or token.ends_at is not None or token.grant.client_id != client_id:
            raise BadGrantError
        del self._living[refresh_token]
        return self.issue(token.grant)

    def new_code(self, grant: Grant, *, redirect_uri: str, challenge: str) -> str:
        """An authorization code; `challenge` is the S256 one of PKCE."""
        code = secrets.token_urlsafe(48)
        self._codes[code] = Code(grant, redirect_uri, challenge, self._clock.now() + _CODE_LIFETIME)
        return code

    def redeem(self, code: str, *, client_id: str, redirect_uri: str, verifier: str) -> Json:
        """Tokens for an authorization code, which can be tried once.

        Raises:
            BadGrantError: It is none or too old, or app, address or verifier are not those it was made for.
        """
        found = self._codes.pop(code, None)
        if found is None or self._clock.now() >= found.ends_at:
            raise BadGrantError
        if (found.grant.client_id, found.redirect_uri) != (client_id, redirect_uri):
            raise BadGrantError
        if not hmac.compare_digest(_challenge_of(verifier), found.challenge):
            raise BadGrantError
        return self.issue(found.grant)

    def revoke(self, token: str) -> None:
        """End a token of either kind. Ending it again changes nothing."""
        if self._living.pop(token, None) is not None:
            self._keep()

    def end_access(self) -> None:
        """End all access tokens; refresh tokens live on."""
        self._living = {secret: token for secret, token in self._living.items() if token.ends_at is None}
        self._keep()

    def end_all(self) -> None:
        """End all tokens."""
        self._living.clear()
        self._keep()

    def _keep(self) -> None:
        self._archive.keep_fact(_FACT, {secret: _kept(token) for secret, token in self._living.items()})


def _challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _kept(token: _Token) -> Json:
    return {
        "account_id": token.grant.account_id,
        "client_id": token.grant.client_id,
        "scopes": token.grant.scopes,
        "ends_ms": None if token.ends_at is None else to_milliseconds(token.ends_at),
    }


def _token_of(kept: Mapping[str, Any]) -> _Token:
    grant = Grant(kept["account_id"], kept["client_id"], tuple(kept["scopes"]))
    return _Token(grant, None if kept["ends_ms"] is None else from_milliseconds(kept["ends_ms"]))
