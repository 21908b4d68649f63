"""A guard in front of every HTTP server that we start: no web page of somebody else reads it or changes anything.

None of our servers has a login; whoever reaches one may use it. A page in a browser on the same machine reaches them
too, so each request has to show that no such page has caused it:

- `Host` names this server. A page whose own name leads here (DNS rebinding) is turned away.
- `Origin` and `Sec-Fetch-Site`, which browsers set and pages cannot, do not name another site. A link from elsewhere
  may open a page of ours in a tab; it may not load one into a frame, an image or a script, nor send anything.

Who sends neither is no browser, and passes.
"""

import ipaddress
import re
from collections.abc import Collection, Iterable

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xbot_pipelines.settings.values import HOST

VARIABLE = "XBOT_ALLOWED_HOSTS"
_READING = frozenset({"GET", "HEAD"})
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[^/]+)")
_USUAL_PORTS = {"http": "80", "https": "443"}
_HEADERS = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}


class HttpGuard:
    """ASGI middleware that turns away what another web page has caused.

    Args:
        app: What is guarded.
        hosts: Names by which the server may be asked, besides those of this machine's loopback.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str] = ()) -> None:
        self._app = app
        self._hosts = frozenset(name.lower() for name in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it in one sentence."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            # Before it is accepted: the browser sees a 403.
            await send({"type": "websocket.close", "code": 1008, "reason": refusal[1][:100]})
        else:
            status, sentence = refusal
            await PlainTextResponse(f"{sentence}\n", status_code=status, headers=_HEADERS)(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = list(scope["headers"])
        given = [_host(value) for value in _values(headers, b"host")]
        host = given[0] if len(given) == 1 else None
        if host is None or not self._is_ours(host[0]):
            return 421, f"This server does not answer to that host name. {VARIABLE} adds names to those that it does."
        origins = _values(headers, b"origin")
        if any(not self._is_our_origin(origin, host) for origin in origins):
            return 403, "A page of another site has sent this request: it is refused."
        sites = _values(headers, b"sec-fetch-site")
        opens_a_page = (
            scope["type"] == "http"
            and scope["method"] in _READING
            and _values(headers, b"sec-fetch-mode") == ["navigate"]
            and _values(headers, b"sec-fetch-dest") == ["document"]
        )
        if any(site not in {"same-origin", "none"} for site in sites) and not opens_a_page:
            return 403, "A page of another site has caused this request: it is refused."
        return None

    def _is_ours(self, name: str) -> bool:
        if name in self._hosts or name == "localhost":
            return True
        try:
            return ipaddress.ip_address(name.strip("[]")).is_loopback
        except ValueError:
            return False

    def _is_our_origin(self, origin: str, host: tuple[str, str | None]) -> bool:
        """Return whether a request comes from a page of this very server, or of one of the names that it was given."""
        found = _ORIGIN.fullmatch(origin)
        named = _host(found["host"]) if found else None
        if found is None or named is None:
            return False
        usual = _USUAL_PORTS[found["scheme"]]
        # A proxy with a login of its own may ask by another name than its visitors do; both are in the list then.
        return named[0] in self._hosts or (named[0], named[1] or usual) == (host[0], host[1] or usual)


def _host(value: str) -> tuple[str, str | None] | None:
    """Return the name and the port in a Host header; None where it is none. `localhost.` is `localhost`."""
    found = HOST.fullmatch(value.lower())
    return (found["name"], found["port"]) if found else None


def _values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    return [value.decode("latin-1").strip() for given, value in headers if given.lower() == name]


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
