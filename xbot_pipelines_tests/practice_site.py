"""How tests speak with a practice X: as a visitor with cookies and no screen, and through its control API."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import httpx2

Json = dict[str, Any]

MUTATIONS = {"CreateTweet", "DeleteTweet"}


def client_of(url: str) -> httpx2.Client:
    """A client of a site on this machine. It has no certificates: to load them takes longer than most tests."""
    return httpx2.Client(base_url=url, verify=False, trust_env=False)


@dataclass
class Visitor:
    """A browser without a screen: holds cookies, and knows the query ids of the page it loaded."""

    http: httpx2.Client
    handle: str | None = None
    _query_ids: dict[str, str] = field(default_factory=dict)

    def page_config(self, address: str) -> Json:
        """The page config of an address."""
        return page_config(self.http.get(address))

    @property
    def query_ids(self) -> dict[str, str]:
        if not self._query_ids:
            self._query_ids = self.page_config(f"/{self.handle or 'i/jf/onboarding/web'}")["queryIds"]
        return self._query_ids

    def request(self, operation: str, **variables: Any) -> httpx2.Response:
        """Call an operation as the front end does, and answer the whole response."""
        address = f"/i/api/graphql/{self.query_ids[operation]}/{operation}"
        headers = {"x-csrf-token": self.http.cookies.get("ct0") or ""}
        if operation in MUTATIONS:
            body = {"variables": variables, "features": {}, "queryId": self.query_ids[operation]}
            return self.http.post(address, json=body, headers=headers)
        return self.http.get(address, params={"variables": json.dumps(variables)}, headers=headers)

    def call(self, operation: str, **variables: Any) -> Json:
        """Call an operation that must be answered with HTTP 200, and answer its body."""
        response = self.request(operation, **variables)
        assert response.status_code == 200, response.text
        body: Json = response.json()
        return body

    def post(self, text: str, in_reply_to: str | None = None) -> str:
        """Publish a post that must be taken, and answer its id."""
        body = self.create(text, in_reply_to)
        return str(body["data"]["create_tweet"]["tweet_results"]["result"]["rest_id"])

    def create(self, text: str, in_reply_to: str | None = None) -> Json:
        """CreateTweet, whatever comes of it."""
        if in_reply_to is None:
            return self.call("CreateTweet", tweet_text=text)
        reply = {"in_reply_to_tweet_id": in_reply_to, "exclude_reply_user_ids": []}
        return self.call("CreateTweet", tweet_text=text, reply=reply)

    @cached_property
    def id(self) -> str:
        """The account's own id."""
        return str(self.call("Viewer")["data"]["viewer"]["user_results"]["result"]["rest_id"])


@dataclass
class Practice:
    """A running practice X: `url`, its control API, and visitors."""

    url: str
    control: httpx2.Client
    handle: str = "daily_vitals"

    def storage_state(self, handle: str | None = None) -> Json:
        """A login of an account as a Playwright storage_state."""
        state: Json = self.ask("POST", "session", {"handle": handle or self.handle})
        return state

    def visitor(self, handle: str | None = None) -> Visitor:
        """Somebody logged in to an account of ours."""
        return self.returning(self.storage_state(handle), handle)

    def returning(self, storage_state: Json, handle: str | None = None) -> Visitor:
        """Somebody who comes back with a login of before."""
        http = client_of(self.url)
        for cookie in storage_state["cookies"]:
            http.cookies.set(cookie["name"], cookie["value"], domain=cookie["domain"])
        return Visitor(http, handle or self.handle)

    def guest(self) -> Visitor:
        """Somebody who is not logged in."""
        return Visitor(client_of(self.url))

    def ask(self, method: str, what: str, body: Any = None) -> Any:
        """A control request that must succeed: `ask("GET", "truth?all=1")`."""
        response = self.control.request(method, f"/practice/{what}", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    def refused(self, method: str, what: str, body: Any = None) -> str:
        """A control request that must be refused, and the sentence that says why."""
        response = self.control.request(method, f"/practice/{what}", json=body)
        assert response.status_code == 400, response.text
        return str(response.json()["error"])

    def now(self) -> datetime:
        """The world's present moment."""
        return datetime.fromisoformat(self.ask("GET", "clock")["now"]).astimezone(UTC)

    def advance(self, **hours_or_so: float) -> None:
        """Move the world's clock ahead: `advance(hours=2)`."""
        factors = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
        self.ask("POST", "clock", {"advance_seconds": sum(factors[unit] * n for unit, n in hours_or_so.items())})

    def put(self, *posts: Json) -> list[str]:
        """Put posts into the world, and answer their ids."""
        return [post["id"] for post in self.ask("POST", "posts", list(posts))["posts"]]

    def truth(self, **query: str) -> Json:
        """The truth about the posts of our accounts."""
        response = self.control.get("/practice/truth", params=query)
        assert response.status_code == 200, response.text
        truth: Json = response.json()
        return truth

    def fault(self, **fault: Any) -> Json:
        """Ask for a fault."""
        answer: Json = self.ask("POST", "faults", fault)
        return answer


def people(practice: Practice) -> list[str]:
    """The handles of some readers."""
    return [person["handle"] for person in practice.ask("GET", "people")]


def page_config(response: httpx2.Response) -> Json:
    """The page config that a page was served with."""
    found = re.search(r'<script id="page-config" type="application/json">(.*?)</script>', response.text)
    assert found is not None, response.text
    config: Json = json.loads(found.group(1))
    return config
