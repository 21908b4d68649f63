"""What proves who asks: what is saved is what is loaded, and whoever gives no tokens is told apart."""

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.x.api.authorization import Authorization, ask_for
from xbot_pipelines.x.api.credentials import TokenFile, TokenOffice, Tokens
from xbot_pipelines.x.walls import LoggedOut, Unreachable
from xbot_pipelines_tests.allowing import decide
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.x.api_way import saved_tokens, token_file

BACK = "http://127.0.0.1:8723/callback"
SECRET = "s3same"


def office(practice: Practice) -> TokenOffice:
    """Where tokens are given, for a public app."""
    return TokenOffice(api_url=practice.url, client_secret=None, clock=SystemClock())


def test_f28_tokens_are_kept_for_nobody_elses_eyes_and_come_back_as_they_were(
    practice: Practice, tmp_path: Path
) -> None:
    file = token_file(tmp_path, practice.url)
    tokens = saved_tokens(practice, file)
    assert file.load() == tokens
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert not [secret for secret in (tokens.access_token, tokens.refresh_token or "") if secret in repr(tokens)]


@pytest.mark.parametrize(
    "changed",
    [
        {"access_token": None},
        {"refresh_token": 7},
        {"expires_at": "2026-03-02T12:00:00"},
        {"expires_at": "soon"},
        {"more": "than there is"},
    ],
)
def test_f28_a_file_that_holds_something_else_says_so_and_quotes_nothing(
    practice: Practice, tmp_path: Path, changed: dict[str, Any]
) -> None:
    file = token_file(tmp_path, practice.url)
    saved_tokens(practice, file)
    file.path.write_text(json.dumps({**json.loads(file.path.read_text()), "client_id": SECRET, **changed}))
    with pytest.raises(LoggedOut, match="does not hold tokens of X's API: log in again") as wall:
        file.load()
    assert SECRET not in str(wall.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'"s3same"'])
def test_a_file_that_is_no_json_object_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tokens.json"
    path.write_bytes(content)
    with pytest.raises(LoggedOut, match="does not hold tokens of X's API"):
        TokenFile(path=path, api_url="https://api.x.com").load()


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LoggedOut, match=re.escape(f"{tmp_path} cannot be read: {os.strerror(21)}")):
        TokenFile(path=tmp_path, api_url="https://api.x.com").load()


def allowed(practice: Practice, address: str) -> str:
    """The code that our account gives at an address of X."""
    [code] = parse_qs(urlsplit(decide(practice, address)).query)["code"]
    return code


def test_a_code_is_good_once_for_who_asked_for_it(practice: Practice) -> None:
    question = ask_for("the-app", x_url=practice.url, redirect_uri=BACK)
    code = allowed(practice, question.address)
    tokens = exchange(practice, question, code)
    assert tokens.refresh_token is not None
    assert tokens.client_id == "the-app"
    with pytest.raises(LoggedOut, match=r"gives no token for its API \(invalid_request\)") as wall:
        exchange(practice, question, code)
    assert code not in str(wall.value)


def test_tokens_that_allow_too_little_are_refused_with_what_is_missing(practice: Practice) -> None:
    question = ask_for("the-app", x_url=practice.url, redirect_uri=BACK)
    code = allowed(practice, question.address.replace("tweet.write+", ""))
    with pytest.raises(LoggedOut, match=r"do not allow tweet\.write: set the app's permissions to read and write"):
        exchange(practice, question, code)


def exchange(practice: Practice, question: Authorization, code: str) -> Tokens:
    """Fetches the tokens for a code."""
    return office(practice).exchange(
        code, client_id=question.client_id, redirect_uri=question.redirect_uri, verifier=question.verifier
    )


@pytest.mark.parametrize("kind", ["http_500_before", "http_429", "connection_reset"])
def test_a_fault_of_x_is_not_taken_for_a_login_that_has_ended(practice: Practice, tmp_path: Path, kind: str) -> None:
    """It would stop the account until a person comes."""
    tokens = saved_tokens(practice, token_file(tmp_path, practice.url))
    practice.fault(operation="oauth2Token", kind=kind, count=1)
    with pytest.raises(Unreachable, match=" gave no token: "):
        office(practice).renew(tokens)
    assert office(practice).renew(tokens).access_token != tokens.access_token


@pytest.mark.parametrize(
    "given_by", ["http://127.0.0.1:8700", "https://api.x.com", "https://api.x.com.example.com", None]
)
def test_tokens_are_not_loaded_for_another_api_than_gave_them(
    practice: Practice, tmp_path: Path, given_by: str | None
) -> None:
    file = token_file(tmp_path, practice.url)
    tokens = saved_tokens(practice, file)
    saved = json.loads(file.path.read_text())
    assert saved.pop("api_url") == practice.url
    file.path.write_text(json.dumps(saved if given_by is None else {**saved, "api_url": given_by}))
    before = file.path.read_bytes()
    with pytest.raises(LoggedOut, match="they were not sent; log in again") as refused:
        file.load()
    assert tokens.access_token not in str(refused.value)
    assert file.path.read_bytes() == before


@pytest.mark.parametrize(
    ("before", "after", "is_kept"),
    [
        ("https://api.x.com", "http://127.0.0.1:8700", True),
        (None, "http://127.0.0.1:8700", True),
        ("http://127.0.0.1:8700", "https://api.x.com", True),
        ("http://127.0.0.1:8700", "http://localhost:8800", False),
        ("https://api.x.com", "https://api.x.com", False),
        (None, "https://api.x.com", False),
    ],
)
def test_tokens_of_another_x_are_not_overwritten(
    practice: Practice, tmp_path: Path, before: str | None, after: str, *, is_kept: bool
) -> None:
    tokens = saved_tokens(practice, token_file(tmp_path, practice.url))
    file = token_file(tmp_path, after)
    saved = {**json.loads(file.path.read_text()), "api_url": before}
    file.path.write_text(json.dumps({key: value for key, value in saved.items() if value is not None}))
    content = file.path.read_bytes()
    if is_kept:
        with pytest.raises(LoggedOut, match="stay as they are"):
            file.save(tokens)
        assert file.path.read_bytes() == content
    else:
        file.save(tokens)
        assert file.load() == tokens
