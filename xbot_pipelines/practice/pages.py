"""The addresses a person visits: each answers the same shell, told which page it is, who looks, what shall go wrong.

The front end (`static/`) draws everything; logging in and out is decided here. Addresses: X_SURFACE §1.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from xbot_pipelines.practice import front_end
from xbot_pipelines.practice.archive import SessionRow
from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.connections import cut
from xbot_pipelines.practice.posts import as_post_id
from xbot_pipelines.practice.sessions import PASSWORD, clear_cookies, set_cookies

_HERE = Path(__file__).parent
_LOGIN = "/i/jf/onboarding/web"
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?")
_WALLS = ("challenge", "locked", "suspended")
_RESERVED = frozenset(
    {
        "home",
        "compose",
        "intent",
        "login",
        "logout",
        "i",
        "account",
        "static",
        "practice",
        "v1",
        "2",
        "search",
        "notifications",
    }
)


def routes(backstage: Backstage) -> list[BaseRoute]:
    """All page routes. The handle's route takes whatever is left, so these come last in the site."""
    pages = _Pages(backstage)
    return [
        Route("/", _to("/home")),
        Route("/home", pages.home),
        Route("/compose/post", pages.compose),
        Route("/compose/tweet", _to("/compose/post")),
        Route("/intent/post", pages.compose),
        Route("/login", _to(login_address("/home"))),
        Route("/i/flow/login", _to(login_address("/home"))),
        Route(_LOGIN, pages.login),
        Route("/i/jf/onboarding/login", pages.log_in, methods=["POST"]),
        Route("/logout", pages.log_out),
        Route("/account/access", pages.access),
        Route("/search", pages.search),
        Route("/notifications", _to("/notifications/mentions")),
        Route("/notifications/mentions", pages.notifications),
        Route("/i/status/{id:int}", pages.status_by_id),
        Route("/i/web/status/{id:int}", pages.status_by_id),
        Route("/static/{version}/app.js", _static(front_end.script, "text/javascript")),
        Route("/static/{version}/style.css", _static(front_end.style, "text/css")),
        Route("/{handle}", pages.profile),
        Route("/{handle}/with_replies", pages.with_replies),
        Route("/{handle}/status/{id:int}", pages.status),
        Route("/{handle}/status/{id:int}/analytics", pages.analytics),
    ]


def _to(address: str) -> Callable[[Request], Awaitable[Response]]:
    async def redirect(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query and "?" not in address else ""
        return RedirectResponse(address + query, status_code=302)

    return redirect


def _static(content: Callable[[Path, str], str], media_type: str) -> Callable[[Request], Awaitable[Response]]:
    """Serves a part of the front end at an address that names its version: a browser keeps it, as it keeps X's own.

    The front end changes under a running server. At the address of another version than today's, nothing is kept.
    """

    async def serve(request: Request) -> Response:
        today = front_end.version(front_end.STATIC)
        keep = "max-age=86400, immutable" if request.path_params["version"] == today else "no-cache"
        text = content(front_end.STATIC, today)
        return Response(text, media_type=media_type, headers={"cache-control": keep})

    return serve


def login_address(after: str) -> str:
    """The login page, which leads on to an address of this site."""
    return f"{_LOGIN}?redirect_after_login={quote(after, safe='')}&mode=login"


class _Pages:
    """The handlers of the page routes."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage

    async def home(self, request: Request) -> Response:
        return await self._serve(request, {"kind": "home"}, needs_session=True)

    async def compose(self, request: Request) -> Response:
        page = {"kind": "compose", "inReplyTo": request.query_params.get("in_reply_to")}
        return await self._serve(request, page, needs_session=True)

    async def login(self, request: Request) -> Response:
        if self._session(request) is not None:
            return RedirectResponse("/home", status_code=302)
        return await self._serve(request, {"kind": "login"})

    async def access(self, request: Request) -> Response:
        wall = request.query_params.get("wall", "locked")
        return self._shell(request, {"kind": "access", "wall": wall if wall in _WALLS else "locked"})

    async def profile(self, request: Request) -> Response:
        return await self._of_handle(request, {"kind": "profile"})

    async def with_replies(self, request: Request) -> Response:
        return await self._of_handle(request, {"kind": "with_replies"})

    async def status(self, request: Request) -> Response:
        return await self._of_handle(request, {"kind": "status", "id": str(request.path_params["id"])})

    async def analytics(self, request: Request) -> Response:
        page = {"kind": "analytics", "id": str(request.path_params["id"])}
        return await self._of_handle(request, page, needs_session=True)

    async def search(self, request: Request) -> Response:
        # X has more tabs (people, media, lists); here they all show Top.
        product = "Latest" if request.query_params.get("f") == "live" else "Top"
        page = {"kind": "search", "query": request.query_params.get("q", ""), "product": product}
        return await self._serve(request, page, needs_session=True)

    async def notifications(self, request: Request) -> Response:
        return await self._serve(request, {"kind": "notifications"}, needs_session=True)

    async def status_by_id(self, request: Request) -> Response:
        world = self._backstage.world
        post_id = as_post_id(request.path_params["id"])
        post = None if post_id is None else world.visible(post_id, world.clock.now())
        if post is None:
            return await self._serve(request, {"kind": "status", "id": str(request.path_params["id"])})
        return RedirectResponse(f"/{world.person(post.author_id).handle}/status/{post.id}", status_code=302)

    async def log_in(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode(errors="replace"))
        name = form.get("username_or_email", [""])[0].removeprefix("@").lower()
        accounts = self._backstage.world.accounts
        account = next((one for one in accounts if one.handle.lower() == name), None)
        if account is None or form.get("password") != [PASSWORD]:
            message = "Could not log you in. Check your username and password and try again."
            return JSONResponse({"message": message}, status_code=400)
        response = JSONResponse({"handle": account.handle})
        set_cookies(response, self._backstage.sessions.log_in(account))
        return response

    async def log_out(self, request: Request) -> Response:
        self._backstage.sessions.end(request.cookies.get("auth_token", ""))
        response = RedirectResponse("/", status_code=302)
        clear_cookies(response)
        return response

    async def _of_handle(self, request: Request, page: dict[str, Any], *, needs_session: bool = False) -> Response:
        handle = request.path_params["handle"]
        if handle.lower() in _RESERVED or _HANDLE.fullmatch(handle) is None:
            return await self._serve(request, {"kind": "missing"})
        return await self._serve(request, {**page, "handle": handle}, needs_session=needs_session)

    async def _serve(self, request: Request, page: dict[str, Any], *, needs_session: bool = False) -> Response:
        """Answer a page, or what a fault puts in its place."""
        fault = self._backstage.faults.strike_page(page["kind"])
        match None if fault is None else fault.kind:
            case "connection_reset":
                return await cut(request)
            case "http_500_before":
                return Response("Internal Server Error", status_code=500)
            case "logged_out":
                self._backstage.sessions.end(request.cookies.get("auth_token", ""))
            case "challenge" | "locked" | "suspended" as wall:
                return RedirectResponse(f"/account/access?wall={wall}", status_code=302)
            case "slow" if fault is not None:
                await asyncio.sleep(float(fault.fields["seconds"]))
        if needs_session and self._session(request) is None:
            here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(login_address(here), status_code=302)
        return self._shell(request, page)

    def _shell(self, request: Request, page: dict[str, Any]) -> Response:
        backstage = self._backstage
        backstage.page_loads[page["kind"]] += 1
        session = self._session(request)
        viewer = None if session is None else backstage.world.person(session.account_id)
        config = {
            "loggedIn": viewer is not None,
            "viewer": None if viewer is None else {"id": str(viewer.id), "handle": viewer.handle, "name": viewer.name},
            "queryIds": backstage.current_query_ids(),
            "page": page,
            "frontFaults": backstage.faults.strike_front(page["kind"]),
        }
        language = request.cookies.get("lang", "en")
        shell = (_HERE / "shell.html").read_text(encoding="utf-8")
        shell = shell.replace("__LANG__", language if _LANGUAGE.fullmatch(language) else "en")
        shell = shell.replace("__VERSION__", front_end.version(front_end.STATIC))
        # Within a script element only "</" and "<!" could end the JSON too early.
        escaped = json.dumps(config).replace("<", "\\u003c")
        return HTMLResponse(shell.replace("__PAGE_CONFIG__", escaped), headers={"cache-control": "no-cache"})

    def _session(self, request: Request) -> SessionRow | None:
        return self._backstage.sessions.find(request.cookies.get("auth_token"))
