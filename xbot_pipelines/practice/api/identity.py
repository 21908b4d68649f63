"""Who asks: the account behind the `Authorization` header of a request, and what its token allows.

What tokens and keys there are is a matter of `tokens` and `keys`. The bearer token of an app alone is not served.
"""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from xbot_pipelines.practice.api.keys import Keys
from xbot_pipelines.practice.api.tokens import SCOPES, Tokens


@dataclass(frozen=True, slots=True)
class Identity:
    """An account of ours that asks, what it may do here, and how to end that."""

    account_id: int
    scopes: frozenset[str]
    end: Callable[[], None]


def identify(request: Request, tokens: Tokens, keys: Keys) -> Identity | None:
    """Who sent a request; None when nobody known did."""
    kind, _, credentials = request.headers.get("authorization", "").partition(" ")
    match kind.lower():
        case "bearer":
            grant = tokens.find(credentials)
            if grant is None:
                return None
            return Identity(grant.account_id, frozenset(grant.scopes), lambda: tokens.revoke(credentials))
        case "oauth":
            url = str(request.url.replace(query=""))
            query = request.query_params.multi_items()
            signed = keys.signer(credentials, method=request.method, url=url, query=query)
            if signed is None:
                return None
            return Identity(signed.account_id, frozenset(SCOPES), lambda: keys.revoke(signed.access_token))
    return None
