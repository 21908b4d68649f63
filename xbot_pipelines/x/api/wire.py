"""How a question reaches the API through X's own SDK, and what came back: the answer itself, or the wall that it is.

The SDK knows addresses and parameters; here are the things that it leaves to its user: how long is waited, that a token
is renewed, which names a server understands, what a limit says, and that a post is submitted once. What is asked
belongs to `client`, what an answer says to `objects` and `problems`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from xdk import Client as Sdk

from xbot_pipelines.clock import Clock
from xbot_pipelines.x.api.bodies import object_in
from xbot_pipelines.x.api.credentials import Keys, TokenKeeper, TokenOffice
from xbot_pipelines.x.api.fields import asks_in_newer_names, complains_of_newer_names, in_older_names
from xbot_pipelines.x.api.meter import Meter
from xbot_pipelines.x.api.problems import ApiAnswer, wall_of
from xbot_pipelines.x.api.signature import Signature
from xbot_pipelines.x.walls import LayoutChanged, RateLimited, Unreachable

_UNAUTHORIZED, _BAD_REQUEST = 401, 400
_LONGEST_CONNECTING_SECONDS = 10.0
_MOST_PAGES = 1_000
_LONGEST_COMPLAINT = 10_000
"""More than X grants of anything in a window of its limits."""


class NotTaken(Exception):
    """X has taken nothing of a question: it was not reached, or does not know who asks."""


class Wire:
    """One account's connection to the API.

    Args:
        api_url: where the API is.
        proof: what proves who asks.
        office: where tokens are renewed; keys never ask there.
        meter: what may be spent and asked, and where that is written down.
        clock: what tells when an answer came.
        patience_seconds: how long an answer is waited for.
    """

    def __init__(
        self,
        *,
        api_url: str,
        proof: TokenKeeper | Keys,
        office: TokenOffice,
        meter: Meter,
        clock: Clock,
        patience_seconds: float,
    ) -> None:
        self.meter = meter
        self._clock = clock
        self._signature = Signature(proof, office)
        self._session = _Session(self._signature, patience_seconds)
        self._sdk = Sdk(base_url=api_url, **self._signature.of_the_sdk())
        self._sdk.session = self._session

    def close(self) -> None:
        """Lets go of the connection."""
        self._session.close()

    def make_ready(self, endpoint: str) -> None:
        """Makes sure of everything that can be known before X is asked.

        Raises:
            Wall: it may not be asked now, or the token has ended and cannot be renewed.
        """
        until = self.meter.limited_until(endpoint)
        if until is not None and until > self._clock.now():
            raise RateLimited(f"{endpoint}: X has granted all that it grants until then", resets_at=until)
        self.meter.assert_affordable()
        self._signature.renew_when_ending()
        self._sdk.access_token = self._signature.access_token

    def ask(self, endpoint: str, question: Callable[[Sdk], object]) -> ApiAnswer:
        """Asks once, and answers what X says.

        Args:
            endpoint: which of X's limits it counts against, as "GET /2/tweets/:id".
            question: what is asked of the SDK.

        Raises:
            Wall: X says something else, or may not be asked now.
        """
        self.make_ready(endpoint)
        try:
            answer = self._heard(endpoint, lambda: question(self._sdk))
        except (NotTaken, requests.RequestException) as failure:
            raise _unreachable(endpoint, failure) from None
        wall = wall_of(answer)
        if wall:
            raise wall
        return answer

    def pages(self, endpoint: str, question: Callable[[Sdk, str | None], Iterator[object]]) -> Iterator[ApiAnswer]:
        """Asks page by page, each when it is wanted, down to the last.

        Args:
            endpoint: as in `ask`.
            question: what is asked of the SDK, from the page on that a token of X's names; None is the first.

        Raises:
            Wall: as `ask`, or a page leads back to one before it, or the last one does not come.
        """
        token: str | None = None
        met: set[str | None] = set()
        while token not in met and len(met) < _MOST_PAGES:
            # The SDK would go on by itself, but not past a page that it does not understand.
            answer = self.ask(endpoint, lambda sdk, token=token: next(question(sdk, token)))  # type: ignore[misc]
            yield answer
            met.add(token)
            token = _next_token(answer)
            if token is None:
                return
        raise LayoutChanged(missing="the last page", where=f"{endpoint}, after {len(met)} pages")

    def submit(self, endpoint: str, question: Callable[[Sdk], object]) -> ApiAnswer:
        """Submits once, whatever the answer is.

        Raises:
            NotTaken: nothing was submitted.
            Unreachable: the connection broke while X was asked: nobody can tell.
        """
        try:
            return self._heard(endpoint, lambda: question(self._sdk))
        except requests.RequestException as failure:
            raise _unreachable(endpoint, failure) from None

    def _heard(self, endpoint: str, question: Callable[[], object]) -> ApiAnswer:
        with self._session.listening() as came:
            try:
                question()
            except (requests.RequestException, ValueError, RecursionError) as failure:
                # Of an answer that the SDK does not like it is read here what it says.
                if not came:
                    if _was_not_sent(failure):
                        raise NotTaken(f"X's API cannot be reached ({type(failure).__name__})") from None
                    raise
        heard = came[-1]
        answer = ApiAnswer(
            endpoint=endpoint,
            status=heard.status_code,
            headers={name.lower(): value for name, value in heard.headers.items()},
            payload=object_in(heard.content),
            seen_at=self._clock.now(),
        )
        self._note_limit(answer)
        return answer

    def _note_limit(self, answer: ApiAnswer) -> None:
        limit, remaining, resets_at = answer.requests_granted, answer.requests_left, answer.limit_resets_at
        if limit is not None and remaining is not None and resets_at is not None:
            self.meter.note_limit(answer.endpoint, limit=limit, remaining=remaining, resets_at=resets_at)


class _Session(requests.Session):
    """The SDK's session: waits only so long, follows no redirect, renews a token once, and finds the right names."""

    def __init__(self, signature: Signature, patience_seconds: float) -> None:
        super().__init__()
        self._came: list[requests.Response] = []
        self._signature = signature
        self._patience = (_LONGEST_CONNECTING_SECONDS, patience_seconds)
        self._in_older_names = False

    @contextmanager
    def listening(self) -> Iterator[Sequence[requests.Response]]:
        """Answers the list of what comes while the block lasts."""
        self._came = []
        yield self._came

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """Sends a request, once more where X has not looked at it: with a new token, or in names that it knows."""
        how |= {"timeout": self._patience}
        if self._in_older_names:
            self._rename(request)
        response = super().send(request, **how)
        if response.status_code == _UNAUTHORIZED and self._signature.is_renewable:
            try:
                self._signature.renew()
            except Unreachable as failure:
                raise NotTaken(str(failure)) from None
            self._sign(request)
            response = super().send(request, **how)
        if _is_not_understood(request, response):
            self._in_older_names = True
            self._rename(request)
            response = super().send(request, **how)
        self._came.append(response)
        return response

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Leads nowhere: an answer that points elsewhere is an answer."""

    def _rename(self, request: requests.PreparedRequest) -> None:
        if request.url and asks_in_newer_names(request.url):
            request.url = in_older_names(request.url)
            # Keys sign the address along with the rest.
            self._sign(request)

    def _sign(self, request: requests.PreparedRequest) -> None:
        request.headers["Authorization"] = self._signature.header(request.method or "GET", request.url or "")


def _is_not_understood(request: requests.PreparedRequest, response: requests.Response) -> bool:
    """Whether a server of the older generation was asked in newer names: it objects to them, or passes them over."""
    if not asks_in_newer_names(request.url or ""):
        return False
    if response.status_code == _BAD_REQUEST:
        return complains_of_newer_names(response.content[:_LONGEST_COMPLAINT].decode(errors="replace"))
    said = (object_in(response.content) or {}).get("data")
    first = said[0] if isinstance(said, list) and said else said
    return isinstance(first, dict) and "text" in first and "created_at" not in first


def _next_token(answer: ApiAnswer) -> str | None:
    meta = answer.body.get("meta")
    token = meta.get("next_token") if isinstance(meta, dict) else None
    return token if isinstance(token, str) and token else None


def _was_not_sent(failure: Exception) -> bool:
    """Whether a request failed before anything of it could leave: there was no connection."""
    if isinstance(failure, requests.ConnectTimeout):
        return True
    reason = getattr(failure.args[0], "reason", None) if failure.args else None
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _unreachable(endpoint: str, failure: Exception) -> Unreachable:
    # What a failure of the connection says may quote headers: only its kind is passed on (F28).
    how = str(failure) if isinstance(failure, NotTaken) else f"the connection broke ({type(failure).__name__})"
    return Unreachable(f"{endpoint}: {how}")
