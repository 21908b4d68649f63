"""Cutting a connection, as a lost network does: the one thing a web application cannot do by itself.

A browser sends a request again, without being asked, when a connection that was used before dies before any answer
(Chromium does so even with a POST). Connections are therefore never used twice: see `CLOSE`.
"""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

CLOSE = ("connection", "close")

_open: dict[tuple[str, int], asyncio.Transport] = {}


class CuttableProtocol(H11Protocol):
    """HTTP over connections that `cut` can find by the client's address."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the connection."""
        super().connection_made(transport)
        if self.client is not None:
            _open[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self.client is not None:
            _open.pop(self.client, None)
        super().connection_lost(exc)


async def cut(request: Request) -> Response:
    """End the request's connection without a byte of an answer. What is returned reaches nobody."""
    address: Any = request.scope["client"]
    _open[tuple(address)].abort()
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()
