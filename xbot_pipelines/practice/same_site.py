"""Turns away what a page of another site has caused: practice X obeys whoever reaches it, and a browser reaches it too.

It has no logins that would tell a person from a page. `Host` must name this machine, so that no page whose name leads
here reads it (DNS rebinding), and neither `Origin` nor `Sec-Fetch-Site` may name another site, unless a link opens a
page of ours in a tab.
"""

from collections.abc import Iterable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_HERE = frozenset({"127.0.0.1", "localhost"})


class SameSite:
    """ASGI middleware for a server that answers its own pages, and programs that are no browsers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it in one sentence."""
        refusal = _refusal(scope["method"], scope["headers"]) if scope["type"] == "http" else None
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            status, sentence = refusal
            await PlainTextResponse(f"{sentence}\n", status)(scope, receive, send)


def _refusal(method: str, headers: Iterable[tuple[bytes, bytes]]) -> tuple[int, str] | None:
    given: dict[bytes, list[str]] = {}
    for name, value in headers:
        given.setdefault(name.lower(), []).append(value.decode("latin-1").lower())
    host = given.get(b"host", [])
    if len(host) != 1 or (host[0].rpartition(":")[0] not in _HERE and host[0] not in _HERE):
        return 421, f"Practice X answers to {' and '.join(sorted(_HERE))} alone."
    opens_a_page = (
        method in {"GET", "HEAD"}
        and given.get(b"sec-fetch-mode") == ["navigate"]
        and given.get(b"sec-fetch-dest") == ["document"]
    )
    foreign_origin = any(origin != f"http://{host[0]}" for origin in given.get(b"origin", []))
    foreign_site = any(site not in {"same-origin", "none"} for site in given.get(b"sec-fetch-site", []))
    if foreign_origin or (foreign_site and not opens_a_page):
        return 403, "A page of another site has sent this request: it is refused."
    return None
