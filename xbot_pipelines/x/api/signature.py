"""What a question to the API is signed with: an access token, which is renewed in time, or keys.

What tokens and keys are, and where they are given, belongs to `credentials`; when a question is signed anew, to `wire`.
"""

from typing import Any

from xdk.oauth1_auth import OAuth1

from xbot_pipelines.x.api.credentials import Keys, TokenKeeper, TokenOffice


class Signature:
    """What every question is signed with: the current access token, or keys."""

    def __init__(self, proof: TokenKeeper | Keys, office: TokenOffice) -> None:
        self._office = office
        self._keeper = None if isinstance(proof, Keys) else proof
        self._tokens = None if self._keeper is None else self._keeper.load()
        self._keys = (
            OAuth1(
                api_key=proof.api_key,
                api_secret=proof.api_key_secret,
                callback="oob",
                access_token=proof.access_token,
                access_token_secret=proof.access_token_secret,
            )
            if isinstance(proof, Keys)
            else None
        )

    @property
    def access_token(self) -> str | None:
        """The token of OAuth 2, None where keys sign."""
        return self._tokens.access_token if self._tokens else None

    def of_the_sdk(self) -> dict[str, Any]:
        """What the SDK is told of it."""
        return {"auth": self._keys} if self._keys else {"access_token": self.access_token}

    def header(self, method: str, url: str) -> str:
        """The header that signs a request."""
        if self._keys is not None:
            return str(self._keys.build_request_header(method, url))
        return f"Bearer {self.access_token}"

    def renew_when_ending(self) -> None:
        """Renews a token that ends soon.

        Raises:
            Wall: as `renew`.
        """
        if self._tokens is not None and self._office.is_ending(self._tokens):
            self.renew()

    @property
    def is_renewable(self) -> bool:
        """Whether there is something that can be renewed."""
        return self._tokens is not None and self._tokens.refresh_token is not None

    def renew(self) -> None:
        """Renews the token, and saves it before it is used: the old one is worth nothing from here on.

        Raises:
            LoggedOut: it cannot be renewed.
            Unreachable: X did not answer.
        """
        assert self._tokens is not None, "only tokens end"
        assert self._keeper is not None, "tokens are kept somewhere"
        self._tokens = self._office.renew(self._tokens)
        self._keeper.save(self._tokens)
