"""How tests speak with practice X's official API: as a program that has a token of an account."""

from dataclasses import dataclass
from typing import Any

import httpx2

from xbot_pipelines_tests.practice_site import Json, Practice, client_of


@dataclass
class Developer:
    """A program with the tokens of an account; `tokens` is what X's token endpoint answered."""

    http: httpx2.Client
    tokens: Json

    def request(self, method: str, path: str, *, json: Any = None, **parameters: object) -> httpx2.Response:
        """A request with the access token. A parameter's `__` is a dot: `tweet__fields`."""
        query = {name.replace("__", "."): str(value) for name, value in parameters.items()}
        headers = {"authorization": f"Bearer {self.tokens['access_token']}"}
        return self.http.request(method, f"/2/{path}", json=json, params=query, headers=headers)

    def get(self, path: str, **parameters: object) -> Json:
        """A reading that must succeed."""
        response = self.request("GET", path, **parameters)
        assert response.status_code == 200, response.text
        body: Json = response.json()
        return body

    def create(self, text: str, in_reply_to: str | None = None) -> httpx2.Response:
        """A post, whatever comes of it."""
        reply = {} if in_reply_to is None else {"reply": {"in_reply_to_tweet_id": in_reply_to}}
        return self.request("POST", "tweets", json={"text": text, **reply})

    def post(self, text: str, in_reply_to: str | None = None) -> str:
        """A post that must be taken, and its id."""
        response = self.create(text, in_reply_to)
        assert response.status_code == 201, response.text
        return str(response.json()["data"]["id"])

    def form(self, path: str, **fields: str) -> httpx2.Response:
        """A form sent to an address of tokens, as a public app does."""
        return self.http.post(f"/2/oauth2/{path}", data=fields)


def developer(practice: Practice, **asked: object) -> Developer:
    """A program with fresh tokens; `asked` as `/practice/api/token` takes it."""
    tokens = practice.ask("POST", "api/token", {"handle": practice.handle, **asked})
    return Developer(client_of(practice.url), tokens)


def problem(response: httpx2.Response, status: int) -> str:
    """The detail of a refusal with this status."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    return str(body["detail"])


def invalid(response: httpx2.Response) -> str:
    """What a 400 says of a parameter."""
    assert response.status_code == 400, response.text
    body = response.json()
    assert (body["title"], body["type"]) == ("Invalid Request", "https://api.x.com/2/problems/invalid-request")
    (error,) = body["errors"]
    return str(error["message"])
