"""Tokens of the official API: scopes, limits, how they end, and how an app comes to them."""

import base64
import hashlib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from xbot_pipelines.practice.server import running
from xbot_pipelines_tests.practice.api.developer import Developer, developer, problem
from xbot_pipelines_tests.practice_site import Json, Practice, Visitor, client_of

VERIFIER = "a-verifier-that-is-at-least-forty-three-characters"
CALLBACK = "http://127.0.0.1:8123/callback"


def wish(**other: str) -> dict[str, str]:
    """The query of the page on which an account allows an app."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    return {
        "response_type": "code",
        "client_id": "my-app",
        "redirect_uri": CALLBACK,
        "scope": "tweet.read users.read offline.access",
        "state": "some-state",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    } | other


def decided(visitor: Visitor, decision: str, **other: str) -> dict[str, list[str]]:
    """What the app hears when somebody presses a button of that page."""
    query = wish(**other)
    form = {"authenticity_token": str(visitor.http.cookies["ct0"]), "decision": decision}
    response = visitor.http.post("/i/oauth2/authorize", params=query, data=form)
    assert response.status_code == 302, response.text
    assert response.headers["location"].startswith(query["redirect_uri"])
    return parse_qs(urlsplit(response.headers["location"]).query)


def redeemed(practice: Practice, code: str, **other: str) -> httpx2.Response:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "client_id": "my-app",
    } | other
    return client_of(practice.url).post("/2/oauth2/token", data=fields)


def refreshed(app: Developer, tokens: Json, client_id: str = "practice-app") -> httpx2.Response:
    return app.form("token", grant_type="refresh_token", refresh_token=tokens["refresh_token"], client_id=client_id)


def refused(response: httpx2.Response, status: int = 400) -> tuple[str, str]:
    assert response.status_code == status, response.text
    body = response.json()
    return body["error"], body["error_description"]


INVALID = ("invalid_request", "Value passed for the token was invalid.")


def test_nobody_without_a_token_is_answered(reader: Developer) -> None:
    http = reader.http
    assert problem(http.get("/2/users/me"), 401) == "Unauthorized"
    for header in ("Bearer", "Bearer nonsense", "Basic nonsense", "OAuth nonsense"):
        assert problem(http.get("/2/users/me", headers={"authorization": header}), 401) == "Unauthorized"


def test_a_token_does_what_its_scopes_allow(practice: Practice) -> None:
    reading = developer(practice, scope="tweet.read users.read")
    assert "refresh_token" not in reading.tokens
    assert reading.request("GET", "users/me").status_code == 200
    assert problem(reading.create("Hello"), 403) == "Forbidden"
    assert problem(developer(practice, scope="tweet.read").request("GET", "users/me"), 403) == "Forbidden"
    assert "tweet.write" in practice.refused("POST", "api/token", {"handle": practice.handle, "scope": "all"})


def test_a_token_ends_by_the_clock_of_the_world(practice: Practice) -> None:
    app, brief = developer(practice), developer(practice, expires_in=60)
    assert (app.tokens["expires_in"], brief.tokens["expires_in"]) == (7200, 60)
    practice.advance(minutes=2)
    assert (app.request("GET", "users/me").status_code, brief.request("GET", "users/me").status_code) == (200, 401)
    practice.advance(hours=2)
    assert app.request("GET", "users/me").status_code == 401


def test_a_refresh_token_is_good_once(app: Developer) -> None:
    response = refreshed(app, app.tokens)
    assert response.status_code == 200
    new = response.json()
    assert set(new) == {"token_type", "expires_in", "access_token", "scope", "refresh_token"}
    assert refused(refreshed(app, app.tokens)) == INVALID
    assert refused(refreshed(app, new, client_id="another-app")) == INVALID
    assert Developer(app.http, new).request("GET", "users/me").status_code == 200
    assert refreshed(app, new).status_code == 200


def test_control_ends_access_and_all(practice: Practice, app: Developer) -> None:
    practice.ask("POST", "api/expire", {})
    assert app.request("GET", "users/me").status_code == 401
    new = refreshed(app, app.tokens).json()
    practice.ask("POST", "api/expire", {"refresh": True})
    assert refused(refreshed(app, new)) == INVALID


def test_a_revoked_token_is_dead(app: Developer) -> None:
    for name in ("access_token", "refresh_token"):
        response = app.form("revoke", token=app.tokens[name], client_id="practice-app")
        assert (response.status_code, response.json()) == (200, {"revoked": True})
    assert app.request("GET", "users/me").status_code == 401
    assert refused(refreshed(app, app.tokens)) == INVALID


def test_tokens_survive_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as server, client_of(server.url) as control:
        first = developer(Practice(server.url, control))
    with running(tmp_path) as server, client_of(server.url) as http:
        again = Developer(http, first.tokens)
        assert again.get("users/me")["data"]["username"] == "daily_vitals"
        assert refreshed(again, again.tokens).status_code == 200


def test_a_limit_is_the_users_and_ends_after_a_quarter_of_an_hour(practice: Practice, app: Developer) -> None:
    left = [app.request("GET", "users/me").headers["x-rate-limit-remaining"] for _ in range(75)]
    assert left == [str(number) for number in range(74, -1, -1)]
    same = developer(practice)
    assert problem(same.request("GET", "users/me"), 429) == "Too Many Requests"
    assert app.request("GET", "users/by/username/daily_vitals").status_code == 200
    practice.advance(minutes=15)
    assert app.request("GET", "users/me").status_code == 200


def test_an_app_gets_tokens_from_whoever_allows_it(practice: Practice) -> None:
    visitor = practice.visitor()
    page = visitor.http.get("/i/oauth2/authorize", params=wish())
    assert page.status_code == 200
    assert "my-app wants to access your account" in page.text
    assert "Authorize app" in page.text
    answer = decided(visitor, "allow")
    assert answer["state"] == ["some-state"]
    tokens = redeemed(practice, answer["code"][0]).json()
    assert tokens["scope"] == "tweet.read users.read offline.access"
    app = Developer(client_of(practice.url), tokens)
    assert app.get("users/me")["data"]["username"] == practice.handle
    assert app.create("Not allowed").status_code == 403
    assert refreshed(app, tokens, client_id="my-app").status_code == 200


def test_who_cancels_gives_nothing(practice: Practice) -> None:
    assert decided(practice.visitor(), "cancel") == {"error": ["access_denied"], "state": ["some-state"]}


def test_who_is_not_logged_in_comes_back_after_the_login(practice: Practice) -> None:
    response = practice.guest().http.get("/i/oauth2/authorize", params=wish())
    assert response.status_code == 302
    login = urlsplit(response.headers["location"])
    after = urlsplit(parse_qs(login.query)["redirect_after_login"][0])
    assert (login.path, after.path) == ("/i/jf/onboarding/web", "/i/oauth2/authorize")
    assert parse_qs(after.query)["state"] == ["some-state"]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"redirect_uri": "https://example.com/callback"}, "this machine"),
        ({"redirect_uri": "http://example.com/callback"}, "this machine"),
        ({"code_challenge_method": "plain"}, "S256"),
        ({"response_type": "token"}, "code"),
        ({"code_challenge": ""}, "code_challenge"),
        ({"scope": "dm.read"}, "dm.read"),
        ({"client_id": ""}, "client_id"),
    ],
)
def test_a_wish_that_cannot_be_granted_is_told_to_the_person(
    reader: Developer, other: dict[str, str], said: str
) -> None:
    response = reader.http.get("/i/oauth2/authorize", params=wish(**other))
    assert response.status_code == 400
    assert said in response.text


def test_nobody_presses_the_button_for_another(practice: Practice) -> None:
    visitor = practice.visitor()
    form = {"authenticity_token": "guessed", "decision": "allow"}
    assert visitor.http.post("/i/oauth2/authorize", params=wish(), data=form).status_code == 403


def test_a_code_is_good_once_for_its_app_its_address_and_its_verifier(practice: Practice) -> None:
    visitor = practice.visitor()
    for other in ({"code_verifier": "wrong"}, {"redirect_uri": f"{CALLBACK}/else"}, {"client_id": "another"}):
        (code,) = decided(visitor, "allow")["code"]
        assert refused(redeemed(practice, code, **other)) == INVALID
        assert refused(redeemed(practice, code)) == INVALID
    (late,) = decided(visitor, "allow")["code"]
    practice.advance(seconds=31)
    assert refused(redeemed(practice, late)) == INVALID
    (good,) = decided(visitor, "allow")["code"]
    assert redeemed(practice, good).status_code == 200
    assert refused(redeemed(practice, good)) == INVALID


def test_what_a_request_for_tokens_lacks_is_named(reader: Developer) -> None:
    assert refused(reader.form("token", client_id="a"))[1] == "Missing required parameter [grant_type]."
    code = {"grant_type": "authorization_code", "code": "x", "redirect_uri": CALLBACK, "client_id": "a"}
    assert refused(reader.form("token", **code))[1] == "Missing required parameter [code_verifier]."
    assert refused(reader.form("token", grant_type="password", client_id="a"))[0] == "unsupported_grant_type"
    assert refused(reader.form("token", grant_type="refresh_token"))[1] == "Missing required parameter [client_id]."


def test_a_confidential_app_proves_itself(app: Developer) -> None:
    fields = {"grant_type": "refresh_token", "refresh_token": app.tokens["refresh_token"]}
    wrong = app.http.post("/2/oauth2/token", data=fields, auth=("practice-app", "guessed"))
    assert refused(wrong, 401)[0] == "unauthorized_client"
    assert app.http.post("/2/oauth2/token", data=fields, auth=("practice-app", "practice")).status_code == 200
