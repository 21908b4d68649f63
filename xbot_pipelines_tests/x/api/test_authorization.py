"""What a person is asked before an app may act for them, and what their browser brings back."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest

from xbot_pipelines.x.api.authorization import Allowed, Declined, ask_for

BACK = "http://127.0.0.1:8723/callback"


def test_the_question_names_the_app_what_it_may_and_the_way_back() -> None:
    question = ask_for("an app&1", x_url="https://x.com", redirect_uri=BACK)
    address = urlsplit(question.address)
    assert (address.scheme, address.netloc, address.path) == ("https", "x.com", "/i/oauth2/authorize")
    challenge = base64.urlsafe_b64encode(hashlib.sha256(question.verifier.encode()).digest()).decode().rstrip("=")
    assert parse_qs(address.query) == {
        "response_type": ["code"],
        "client_id": ["an app&1"],
        "redirect_uri": [BACK],
        "scope": ["tweet.read tweet.write users.read offline.access"],
        "state": [question.state],
        "code_challenge": [challenge],
        "code_challenge_method": ["S256"],
    }
    assert 43 <= len(question.verifier) <= 128, "RFC 7636"


def test_no_question_is_asked_twice_and_none_tells_its_secrets() -> None:
    one, other = (ask_for("app", x_url="https://x.com", redirect_uri=BACK) for _ in range(2))
    assert one.state != other.state
    assert one.verifier != other.verifier
    assert one.verifier not in one.address
    assert not [secret for secret in (one.verifier, one.state) if secret in repr(one)]
    assert "c0de" not in repr(Allowed(code="c0de"))


@pytest.mark.parametrize(
    ("brought", "why"),
    [
        ({"error": "access_denied"}, "you did not allow the app to act for the account"),
        ({"error": "invalid_scope"}, "X did not let the app ask (invalid_scope)"),
        ({"error": "<script>\x1b[2J"}, "X did not let the app ask (it does not say why)"),
        ({"error": "server_error", "code": "c0de"}, "X did not let the app ask (server_error)"),
        ({"code": ""}, "X did not let the app ask (it does not say why)"),
        ({}, "X did not let the app ask (it does not say why)"),
    ],
)
def test_a_no_is_told_in_words_and_no_text_of_strangers_is_passed_on(brought: dict[str, str], why: str) -> None:
    question = ask_for("app", x_url="https://x.com", redirect_uri=BACK)
    assert question.answer_in({**brought, "state": question.state}) == Declined(why=why)


def test_only_the_answer_to_this_very_question_is_one() -> None:
    question = ask_for("app", x_url="https://x.com", redirect_uri=BACK)
    assert question.answer_in({"code": "c0de", "state": question.state}) == Allowed(code="c0de")
    for state in ({}, {"state": ""}, {"state": "ä"}, {"state": question.state[:-1]}, {"state": question.state + "x"}):
        assert question.answer_in({"code": "c0de", **state}) is None
