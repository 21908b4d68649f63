"""The four keys of OAuth 1.0a, and whether a request is signed with them.

The time and the nonce of a signature are not judged: the client has real time, and this world its own. Source: X's
documentation ("Creating a signature"), RFC 5849.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from xbot_pipelines.practice.archive import Archive

_FACT = "api_keys"
_PAIR = re.compile(r'\s*([a-z_]+)="([^"]*)"\s*(?:,|$)')


@dataclass(frozen=True, slots=True)
class FourKeys:
    """The app's key and secret, the account's token and secret."""

    account_id: int
    api_key: str
    api_secret: str = field(repr=False)
    access_token: str
    access_token_secret: str = field(repr=False)


class Keys:
    """All keys of one archive; they do not end."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        kept = [FourKeys(*values) for values in archive.fact(_FACT) or ()]
        self._by_token = {keys.access_token: keys for keys in kept}

    def issue(self, account_id: int) -> FourKeys:
        """New keys of an account."""
        keys = FourKeys(
            account_id,
            api_key=secrets.token_urlsafe(18),
            api_secret=secrets.token_urlsafe(36),
            access_token=f"{account_id}-{secrets.token_urlsafe(30)}",
            access_token_secret=secrets.token_urlsafe(32),
        )
        self._by_token[keys.access_token] = keys
        self._keep()
        return keys

    def revoke(self, access_token: str) -> None:
        """End the keys of a token. Ending them again changes nothing."""
        if self._by_token.pop(access_token, None) is not None:
            self._keep()

    def signer(self, header: str, *, method: str, url: str, query: Iterable[tuple[str, str]]) -> FourKeys | None:
        """The keys that a request is signed with; None when the signature is wrong, or of nobody known.

        Args:
            header: What stands in the `Authorization` header behind `OAuth `.
            method: The request's method.
            url: Its address without the query.
            query: The parameters of its query. A body of JSON is not signed.
        """
        given = {name: unquote(value) for name, value in _PAIR.findall(header)}
        keys = self._by_token.get(given.get("oauth_token", ""))
        if keys is None or given.get("oauth_consumer_key") != keys.api_key:
            return None
        if given.get("oauth_signature_method") != "HMAC-SHA1":
            return None
        signature = given.pop("oauth_signature", "")
        right = _signature(keys, method, url, [*query, *given.items()])
        return keys if hmac.compare_digest(right.encode(), signature.encode()) else None

    def _keep(self) -> None:
        rows = [
            (one.account_id, one.api_key, one.api_secret, one.access_token, one.access_token_secret)
            for one in self._by_token.values()
        ]
        self._archive.keep_fact(_FACT, rows)


def _signature(keys: FourKeys, method: str, url: str, parameters: Iterable[tuple[str, str]]) -> str:
    pairs = sorted((_encoded(name), _encoded(value)) for name, value in parameters)
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join((method.upper(), _encoded(url), _encoded(joined)))
    secret = f"{_encoded(keys.api_secret)}&{_encoded(keys.access_token_secret)}"
    return base64.b64encode(hmac.digest(secret.encode(), base.encode(), hashlib.sha1)).decode()


def _encoded(text: str) -> str:
    return quote(text, safe="")
