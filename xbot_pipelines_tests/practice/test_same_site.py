"""Practice X obeys whoever reaches it, so no page of another site may: neither read it nor steer it."""

import httpx2
import pytest

from xbot_pipelines_tests.practice_site import Practice

ROUTES = [
    ("GET", "/home"),
    ("GET", "/practice/truth"),
    ("POST", "/practice/session"),
    ("POST", "/practice/faults"),
    ("GET", "/2/users/me"),
    ("POST", "/2/tweets"),
    ("POST", "/v1/chat/completions"),
    ("GET", "/i/api/graphql/x/UserByScreenName"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=lambda part: part)
@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "localhost.evil.example:8700"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
    ],
    ids=str,
)
def test_foreign_page_is_refused_on_every_route(
    practice: Practice, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = httpx2.request(method, f"{practice.url}{path}", headers=headers, json={} if method == "POST" else None)
    assert answer.status_code in {403, 421}


def test_link_from_elsewhere_opens_a_page(practice: Practice) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert httpx2.get(f"{practice.url}/login", headers=headers, follow_redirects=True).status_code == 200


def test_simple_request_of_a_page_steers_nothing(practice: Practice) -> None:
    """A form, or text/plain, needs no permission of ours to be sent by a browser."""
    headers = {"content-type": "text/plain", "origin": "http://127.0.0.1:1", "sec-fetch-site": "same-site"}
    body = '{"operation": "*", "kind": "slow", "seconds": 1}'
    answer = httpx2.post(f"{practice.url}/practice/faults", headers=headers, content=body)
    assert answer.status_code == 403
    assert practice.ask("GET", "faults") in ([], {"faults": []})
