"""The web application of practice X: its rooms put together, and one line in the log for each request that failed."""

import logging

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xbot_pipelines.practice import control as control_room
from xbot_pipelines.practice import graphql, model, pages
from xbot_pipelines.practice.api import authorization, door
from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.same_site import SameSite

_log = logging.getLogger(__name__)


def build_app(backstage: Backstage, *, control: bool = False) -> Starlette:
    """The application over one practice X.

    Args:
        backstage: What it works on.
        control: Whether `/practice/*` is there. Only for a server that nobody but this machine can reach.
    """
    routes: list[BaseRoute] = [
        graphql.route(backstage),
        *authorization.routes(backstage),
        *door.routes(backstage),
        Mount("/v1", routes=model.routes()),
        *(control_room.routes(backstage) if control else ()),
        *pages.routes(backstage),
    ]
    return Starlette(routes=routes, middleware=[Middleware(SameSite), Middleware(_FailureLog)])


class _FailureLog:
    """Logs requests that the server failed to answer properly, and no others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_logged(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 500:
                _log.warning("%s %s: %d", scope["method"], scope["path"], message["status"])
            await send(message)

        await self._app(scope, receive, send_logged)
