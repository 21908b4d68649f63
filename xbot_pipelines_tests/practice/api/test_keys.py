"""OAuth 1.0a over the official API: who signs with the four keys is known, and nobody else."""

import base64
import hashlib
import hmac
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from xbot_pipelines.practice.api.keys import Keys
from xbot_pipelines.practice.archive import Archive
from xbot_pipelines_tests.practice.api.developer import problem
from xbot_pipelines_tests.practice_site import Json, Practice, client_of


def encoded(text: str) -> str:
    return quote(text, safe="")


def signed(keys: Json, method: str, url: str, query: dict[str, str]) -> str:
    """The `Authorization` header of a request."""
    oauth = {
        "oauth_consumer_key": keys["api_key"],
        "oauth_nonce": "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "1318622958",
        "oauth_token": keys["access_token"],
        "oauth_version": "1.0",
    }
    pairs = sorted((encoded(name), encoded(value)) for name, value in (oauth | query).items())
    base = f"{method}&{encoded(url)}&{encoded('&'.join(f'{name}={value}' for name, value in pairs))}"
    secret = f"{encoded(keys['api_secret'])}&{encoded(keys['access_token_secret'])}"
    digest = hmac.new(secret.encode(), base.encode(), hashlib.sha1).digest()
    oauth["oauth_signature"] = base64.b64encode(digest).decode()
    return "OAuth " + ", ".join(f'{name}="{encoded(value)}"' for name, value in oauth.items())


def request(practice: Practice, keys: Json, method: str, path: str, **query: str) -> httpx2.Response:
    header = signed(keys, method, f"{practice.url}{path}", query)
    body = {"text": "Signed, & sealed"} if method == "POST" else None
    return client_of(practice.url).request(method, path, params=query, json=body, headers={"authorization": header})


@pytest.fixture
def keys(practice: Practice) -> Json:
    """The four keys of our account."""
    answer: Json = practice.ask("POST", "api/keys", {"handle": practice.handle})
    assert set(answer) == {"api_key", "api_secret", "access_token", "access_token_secret"}
    return answer


def test_who_signs_with_the_keys_may_read_and_write(practice: Practice, keys: Json) -> None:
    found = request(practice, keys, "GET", "/2/tweets/search/recent", query="from:daily_vitals (a OR b)~*!")
    assert found.status_code == 200, found.text
    assert request(practice, keys, "POST", "/2/tweets").status_code == 201


@pytest.mark.parametrize("name", ["api_key", "api_secret", "access_token", "access_token_secret"])
def test_each_of_the_four_keys_is_needed(practice: Practice, keys: Json, name: str) -> None:
    assert problem(request(practice, {**keys, name: "guessed"}, "GET", "/2/users/me"), 401) == "Unauthorized"


def test_a_signature_is_good_for_its_request_only(practice: Practice, keys: Json) -> None:
    header = signed(keys, "GET", f"{practice.url}/2/users/me", {})
    http = client_of(practice.url)
    assert http.get("/2/users/me", headers={"authorization": header}).status_code == 200
    assert http.get("/2/users/by?usernames=a", headers={"authorization": header}).status_code == 401
    assert http.get("/2/users/me?user.fields=name", headers={"authorization": header}).status_code == 401


def test_keys_die_when_the_account_is_logged_out(practice: Practice, keys: Json) -> None:
    practice.fault(operation="getUsersMe", kind="logged_out")
    assert [request(practice, keys, "GET", "/2/users/me").status_code for _ in range(2)] == [401, 401]


def test_the_example_of_xs_documentation_has_its_signature(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    keys = (
        7,
        "xvz1evFS4wEEPTGEFPHBog",
        "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
    )
    archive.keep_fact("api_keys", [keys])
    header = (
        'oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog", oauth_nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", '
        'oauth_signature="Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D", oauth_signature_method="HMAC-SHA1", '
        'oauth_timestamp="1318622958", oauth_token="370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", '
        'oauth_version="1.0"'
    )
    signer = Keys(archive).signer(
        header,
        method="POST",
        url="https://api.x.com/1.1/statuses/update.json",
        query=[("include_entities", "true"), ("status", "Hello Ladies + Gentlemen, a signed OAuth request!")],
    )
    archive.close()
    assert signer is not None
    assert signer.account_id == 7
    assert "kAcSOq" not in repr(signer)
    assert "Lsww" not in repr(signer)
