"""`/practice/api/*`: tokens and keys of the official API without its pages, its names, and what X would charge.

The rest of the control API is in `control`; both are there only when the server was started with control.
"""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from xbot_pipelines.practice.api.generations import Taken
from xbot_pipelines.practice.api.tokens import LIFETIME, SCOPES, Grant
from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.control_input import BadInputError, account_from, guarded, object_of

Json = dict[str, Any]

CLIENT_ID = "practice-app"

_LONGEST_LIFETIME = 10 * 365 * 86400  # seconds


def routes(backstage: Backstage) -> list[BaseRoute]:
    """The control routes of the official API."""
    control = _ApiControl(backstage)
    return [
        Route("/practice/api/token", guarded(control.token), methods=["POST"]),
        Route("/practice/api/keys", guarded(control.keys), methods=["POST"]),
        Route("/practice/api/expire", guarded(control.expire), methods=["POST"]),
        Route("/practice/api/names", guarded(control.names), methods=["POST"]),
        Route("/practice/api/bill", guarded(control.bill), methods=["GET"]),
    ]


class _ApiControl:
    """The handlers of the routes. Input that cannot be worked with is a ValueError."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage

    async def token(self, request: Request) -> Json:
        """Tokens of one of our accounts, as X's token endpoint answers them, and the id of the app they belong to."""
        asked = await object_of(request, "handle", "expires_in", "scope")
        account = account_from(self._backstage.world, str(asked.get("handle", "")))
        seconds = asked.get("expires_in", LIFETIME.total_seconds())
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= _LONGEST_LIFETIME:
            raise BadInputError(f"'expires_in' must be a number of seconds above 0, not {seconds!r}")
        scopes = tuple(str(asked.get("scope", " ".join(SCOPES))).split())
        for scope in scopes:
            if scope not in SCOPES:
                raise BadInputError(f"unknown scope {scope!r}: this X knows {', '.join(SCOPES)}")
        answer = self._backstage.tokens.issue(Grant(account.id, CLIENT_ID, scopes), timedelta(seconds=seconds))
        return {**answer, "client_id": CLIENT_ID}

    async def keys(self, request: Request) -> Json:
        """The four keys of OAuth 1.0a of one of our accounts."""
        asked = await object_of(request, "handle")
        account = account_from(self._backstage.world, str(asked.get("handle", "")))
        keys = self._backstage.keys.issue(account.id)
        return {
            "api_key": keys.api_key,
            "api_secret": keys.api_secret,
            "access_token": keys.access_token,
            "access_token_secret": keys.access_token_secret,
        }

    async def expire(self, request: Request) -> Json:
        """End all access tokens; with `{"refresh": true}` the refresh tokens, too."""
        asked = await object_of(request, "refresh")
        if not isinstance(asked.get("refresh", False), bool):
            raise BadInputError(f"'refresh' must be true or false, not {asked['refresh']!r}")
        tokens = self._backstage.tokens
        (tokens.end_all if asked.get("refresh") else tokens.end_access)()
        return {"expired": True}

    async def names(self, request: Request) -> Json:
        """Which generations of names the API takes from now on: `{"taken": "both"}`, `tweets` or `posts`."""
        asked = await object_of(request, "taken")
        known = [one.value for one in Taken]
        if asked.get("taken") not in known:
            raise BadInputError(f"'taken' must be one of {', '.join(known)}, not {asked.get('taken')!r}")
        self._backstage.take_names(Taken(asked["taken"]))
        return {"taken": self._backstage.names}

    async def bill(self, _: Request) -> Json:
        """What X would have charged for what was served."""
        return self._backstage.bill.told()
