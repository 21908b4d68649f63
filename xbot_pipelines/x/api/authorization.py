"""How a person allows an app to act for an account (OAuth 2 with PKCE): where they are sent, and what comes back.

Pure: nothing is opened, heard or asked here. What a code is worth is in `credentials`; the rest of a login is the
business of `operate.api_login`. The SDK's own way there refuses a site without TLS, as one on this machine is.
Source: X's documentation ("OAuth 2.0 Authorization Code Flow with PKCE"), RFC 6749 and RFC 7636.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from xbot_pipelines.x.api.credentials import SCOPES, error_name

_CANCELLED = "access_denied"


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """The app may. The code is good for half a minute, and once."""

    code: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Declined:
    """The app may not: `why` is a sentence."""

    why: str


@dataclass(frozen=True, kw_only=True)
class Authorization:
    """One question to a person, whether an app may act for them.

    `address` is where they answer it. `state` comes back with the answer; `verifier` proves, when tokens are fetched,
    that it was we who asked.
    """

    address: str = field(repr=False)
    redirect_uri: str
    client_id: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)

    def answer_in(self, query: Mapping[str, str]) -> Allowed | Declined | None:
        """Answers what came back; None for what belongs to another question, or to nobody's.

        Args:
            query: that of the address which the person's browser was sent to.
        """
        if not secrets.compare_digest(query.get("state", "").encode(), self.state.encode()):
            return None
        if "error" not in query and query.get("code"):
            return Allowed(code=query["code"])
        error = error_name(query.get("error"))
        if error == _CANCELLED:
            return Declined(why="you did not allow the app to act for the account")
        return Declined(why=f"X did not let the app ask ({error or 'it does not say why'})")


def ask_for(client_id: str, *, x_url: str, redirect_uri: str) -> Authorization:
    """Answers a question that has not been asked before.

    Args:
        client_id: the app's.
        x_url: where X is.
        redirect_uri: where X sends the person's browser then; X knows it as one of the app's, letter by letter.
    """
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(SCOPES),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return Authorization(
        address=f"{x_url}/i/oauth2/authorize?{urlencode(asked)}",
        redirect_uri=redirect_uri,
        client_id=client_id,
        state=state,
        verifier=verifier,
    )
