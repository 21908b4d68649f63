"""How an app comes to its tokens: the page on which an account allows it, and the addresses that hand tokens out.

Apps need not be registered here: any client id is one. A confidential app proves itself by HTTP Basic with the one
password of this site. Which tokens there are is decided in `tokens`. Source: X's documentation ("OAuth 2.0
Authorization Code Flow with PKCE").
"""

import base64
import binascii
import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from xbot_pipelines.practice import front_end
from xbot_pipelines.practice.api.mishaps import after, instead
from xbot_pipelines.practice.api.problems import Refused
from xbot_pipelines.practice.api.tokens import OAUTH, SCOPES, BadGrantError, Grant
from xbot_pipelines.practice.archive import SessionRow
from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.pages import login_address
from xbot_pipelines.practice.sessions import PASSWORD, csrf_matches

Json = dict[str, Any]
Form = Mapping[str, str]
Handler = Callable[[Request], Awaitable[Response]]

_PAGE = Path(__file__).parent / "authorize.html"
_MEANINGS: Mapping[str, str] = {
    "tweet.read": "See the posts that you can see",
    "users.read": "See the accounts that you can see",
    "tweet.write": "Post and delete posts for you",
    "offline.access": "Stay connected until you revoke access",
}


def routes(backstage: Backstage) -> list[BaseRoute]:
    """The page, and the addresses of tokens."""
    desk = _Authorization(backstage)
    token, revoke = OAUTH
    return [
        Route("/i/oauth2/authorize", desk.page, methods=["GET"]),
        Route("/i/oauth2/authorize", desk.decide, methods=["POST"]),
        Route("/2/oauth2/token", desk.handing(token, desk.token), methods=["POST"]),
        Route("/2/oauth2/revoke", desk.handing(revoke, desk.revoke), methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What an app asks an account for."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    challenge: str

    @staticmethod
    def of(query: Mapping[str, str]) -> "_Wish":
        """The wish in the query of the page.

        Raises:
            ValueError: It is none that can be granted; the sentence is for the person.
        """
        for name in ("client_id", "redirect_uri", "scope", "state", "code_challenge"):
            if not query.get(name):
                raise ValueError(f"The app's request has no {name}.")
        for name, only in (("response_type", "code"), ("code_challenge_method", "S256")):
            if query.get(name) != only:
                raise ValueError(f"{name} must be {only} here, not {query.get(name)!r}.")
        if not _is_loopback(query["redirect_uri"]):
            raise ValueError("This is a practice site: redirect_uri must be an http:// address of this machine.")
        scopes = tuple(query["scope"].split())
        for scope in scopes:
            if scope not in SCOPES:
                raise ValueError(f"The app asks for the scope {scope!r}; this site knows {', '.join(SCOPES)}.")
        return _Wish(query["client_id"], query["redirect_uri"], scopes, query["state"], query["code_challenge"])

    def answered(self, **answer: str) -> Response:
        """Lead the browser back to the app."""
        separator = "&" if urlsplit(self.redirect_uri).query else "?"
        parameters = urlencode({**answer, "state": self.state})
        return RedirectResponse(f"{self.redirect_uri}{separator}{parameters}", status_code=302)


class _OAuthError(Exception):
    """A request for tokens that cannot be granted, in the words of RFC 6749."""

    def __init__(self, description: str, *, error: str = "invalid_request", status: int = 400) -> None:
        super().__init__(description)
        self.response = JSONResponse({"error": error, "error_description": description}, status)


class _Authorization:
    """The handlers of the routes."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage

    async def page(self, request: Request) -> Response:
        """Ask whoever is logged in whether the app may; who is not is led to the login first."""
        try:
            wish = _Wish.of(request.query_params)
        except ValueError as error:
            return _shown(_refusal(str(error)), status=400)
        session = self._session(request)
        if session is None:
            return RedirectResponse(login_address(f"{request.url.path}?{request.url.query}"), status_code=302)
        self._backstage.page_loads["authorize"] += 1
        handle = self._backstage.world.person(session.account_id).handle
        return _shown(_question(wish, handle, session.ct0))

    async def decide(self, request: Request) -> Response:
        """Take the answer of the page's form, and lead back to the app."""
        form = await _form_of(request)
        session = self._session(request)
        try:
            wish = _Wish.of(request.query_params)
        except ValueError as error:
            return _shown(_refusal(str(error)), status=400)
        cookie = request.cookies.get("ct0")
        if session is None or not csrf_matches(session, cookie=cookie, header=form.get("authenticity_token")):
            return _shown(_refusal("The page was open for too long. Go back to the app and try again."), status=403)
        if form.get("decision") != "allow":
            return wish.answered(error="access_denied")
        grant = Grant(session.account_id, wish.client_id, wish.scopes)
        tokens = self._backstage.tokens
        return wish.answered(code=tokens.new_code(grant, redirect_uri=wish.redirect_uri, challenge=wish.challenge))

    def handing(self, name: str, answer: Callable[[Form, str], Json]) -> Handler:
        """The handler of an address of tokens: who asks, what is answered, and the faults that strike there."""

        async def handle(request: Request) -> Response:
            self._backstage.requests[name] += 1
            fault = self._backstage.faults.strike_operation(name)
            form = await _form_of(request)
            try:
                early = None if fault is None else await instead(self._backstage, request, fault)
                response = early or JSONResponse(answer(form, _client_of(request, form)))
            except Refused as refusal:
                return refusal.response({})
            except _OAuthError as error:
                response = error.response
            return response if fault is None else await after(request, fault, response)

        return handle

    def token(self, form: Form, client_id: str) -> Json:
        """Tokens for a code, or for a refresh token."""
        tokens = self._backstage.tokens
        try:
            match _given(form, "grant_type"):
                case "authorization_code":
                    return tokens.redeem(
                        _given(form, "code"),
                        client_id=client_id,
                        redirect_uri=_given(form, "redirect_uri"),
                        verifier=_given(form, "code_verifier"),
                    )
                case "refresh_token":
                    return tokens.refresh(_given(form, "refresh_token"), client_id)
        except BadGrantError:
            raise _OAuthError("Value passed for the token was invalid.") from None
        raise _OAuthError("Value passed for the grant_type was invalid.", error="unsupported_grant_type")

    def revoke(self, form: Form, _client_id: str) -> Json:
        """End a token."""
        self._backstage.tokens.revoke(_given(form, "token"))
        return {"revoked": True}

    def _session(self, request: Request) -> SessionRow | None:
        return self._backstage.sessions.find(request.cookies.get("auth_token"))


async def _form_of(request: Request) -> Form:
    parts = parse_qs((await request.body()).decode(errors="replace"))
    return {name: values[-1] for name, values in parts.items()}


def _given(form: Form, name: str) -> str:
    if not form.get(name):
        raise _OAuthError(f"Missing required parameter [{name}].")
    return form[name]


def _client_of(request: Request, form: Form) -> str:
    """The app that asks: a confidential one by HTTP Basic, a public one by what it says."""
    kind, _, credentials = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return _given(form, "client_id")
    try:
        client_id, _, secret = base64.b64decode(credentials).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        client_id, secret = "", ""
    if not client_id or secret != PASSWORD:
        raise _OAuthError("Missing valid authorization header", error="unauthorized_client", status=401)
    return client_id


def _is_loopback(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        return parts.scheme == "http" and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False


def _shown(content: str, *, status: int = 200) -> Response:
    page = _PAGE.read_text(encoding="utf-8").replace("__VERSION__", front_end.version(front_end.STATIC))
    return HTMLResponse(page.replace("__CONTENT__", content), status, headers={"cache-control": "no-store"})


def _refusal(sentence: str) -> str:
    return f"<h1>Something went wrong</h1>\n<p>You weren’t able to give access to the app. {escape(sentence)}</p>"


def _question(wish: _Wish, handle: str, csrf_token: str) -> str:
    allowed = "\n".join(f"<li>{_MEANINGS[scope]}</li>" for scope in wish.scopes)
    return f"""<h1>{escape(wish.client_id)} wants to access your account</h1>
<p>You are logged in as @{escape(handle)}. The app will be able to:</p>
<ul>
{allowed}
</ul>
<form method="post" class="login">
<input type="hidden" name="authenticity_token" value="{escape(csrf_token)}">
<button type="submit" name="decision" value="allow" class="button primary">Authorize app</button>
<button type="submit" name="decision" value="cancel" class="button">Cancel</button>
</form>"""
