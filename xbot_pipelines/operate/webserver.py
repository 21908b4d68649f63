"""Dagster's webserver, guarded: `python -m xbot_pipelines.operate.webserver …` with Dagster's own options.

Dagster's own answers anybody: it executes mutations that come by GET, or as text/plain, for any host name and any
origin, so that a link in a post, or any page that the operator opens, starts and deletes runs. Here the guard of all
our servers stands before it (`http_guard`), and GraphQL is taken as JSON by POST alone, as the UI sends it.
"""

import os
import sys
from typing import Any

from dagster_webserver import app as dagster_app
from dagster_webserver.cli import main as dagster_webserver
from dagster_webserver.webserver import DagsterWebserver
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from xbot_pipelines.operate.http_guard import VARIABLE, HttpGuard
from xbot_pipelines.settings.values import host_names

_JSON = "application/json"


class QueriesAsJson:
    """ASGI middleware: GraphQL is executed only where it comes as JSON in the body of a POST.

    A page can make a browser send GETs and forms anywhere, but JSON only to its own site.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it in one sentence."""
        refusal = _refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            status, sentence = refusal
            await PlainTextResponse(f"{sentence}\n", status_code=status)(scope, receive, send)


def _refusal(scope: Scope) -> tuple[int, str] | None:
    if not scope["path"].rstrip("/").endswith("/graphql"):
        return None
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["method"] == "POST":
        kind = headers.get(b"content-type", "").partition(";")[0].strip().lower()
        return None if kind == _JSON else (415, f"GraphQL is taken as {_JSON} alone.")
    # GraphiQL, a page that executes nothing by itself.
    if "text/html" in headers.get(b"accept", "") and not scope["query_string"]:
        return None
    return 405, "GraphQL is taken by POST alone."


class GuardedWebserver(DagsterWebserver[Any, Any]):
    """Dagster's webserver behind our guard."""

    def build_middleware(self) -> list[Middleware]:
        """Return Dagster's own middleware, with ours before it."""
        hosts = host_names(os.environ.get(VARIABLE, ""))
        return [Middleware(HttpGuard, hosts=hosts), Middleware(QueriesAsJson), *super().build_middleware()]


def main() -> None:
    """Serve the UI until somebody ends it."""
    try:
        host_names(os.environ.get(VARIABLE, ""))
    except ValueError as error:
        sys.exit(f"{VARIABLE}: {error}")
    # Dagster has no other place for a webserver of one's own; test_webserver.py fails where this one goes.
    dagster_app.DagsterWebserver = GuardedWebserver  # type: ignore[attr-defined]
    dagster_webserver()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
