"""The faults of practice X as they strike the official API."""

import time

import httpx2
import pytest

from xbot_pipelines_tests.practice.api.developer import Developer, invalid, problem
from xbot_pipelines_tests.practice_site import Practice, people


def texts(practice: Practice) -> list[str]:
    return [post["text"] for post in practice.truth()["posts"]]


@pytest.mark.parametrize(("kind", "left"), [("answer_lost", ["Hello"]), ("connection_reset", [])])
def test_a_connection_ends_after_or_before_the_post_is_taken(
    practice: Practice, app: Developer, kind: str, left: list[str]
) -> None:
    practice.fault(operation="createPosts", kind=kind)
    with pytest.raises(httpx2.RemoteProtocolError):
        app.create("Hello")
    assert texts(practice) == left


@pytest.mark.parametrize(
    ("kind", "status", "left"),
    [("http_500_before", 500, []), ("http_500_after", 500, ["Hello"]), ("http_503", 503, [])],
)
def test_x_breaks_before_or_after_the_post_is_taken(
    practice: Practice, app: Developer, kind: str, status: int, left: list[str]
) -> None:
    practice.fault(operation="createPosts", kind=kind)
    problem(app.create("Hello"), status)
    assert texts(practice) == left


def test_a_503_strikes_the_site_as_well(practice: Practice) -> None:
    practice.fault(operation="Viewer", kind="http_503")
    assert practice.visitor().request("Viewer").status_code == 503


def test_a_429_says_when_it_ends(practice: Practice, app: Developer) -> None:
    practice.fault(operation="getUsersMe", kind="http_429")
    response = app.request("GET", "users/me")
    assert problem(response, 429) == "Too Many Requests"
    assert response.headers["x-rate-limit-remaining"] == "0"
    assert int(response.headers["x-rate-limit-reset"]) > practice.now().timestamp()
    assert app.request("GET", "users/me").status_code == 200


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        (326, 403, "Your account is temporarily locked."),
        (64, 403, "suspended"),
        (226, 403, "automated"),
        (187, 403, "duplicate content"),
        (344, 429, "Too Many Requests"),
        (88, 429, "Too Many Requests"),
        (89, 401, "Unauthorized"),
        (999, 403, "(999)"),
    ],
)
def test_a_code_of_the_site_is_a_problem_here(
    still: Practice, reader: Developer, code: int, status: int, said: str
) -> None:
    still.fault(operation="createPosts", kind="error_code", code=code)
    assert said in problem(reader.create("Hello"), status)
    assert texts(still) == []


def test_the_code_of_the_daily_limit_says_when_it_ends(still: Practice, reader: Developer) -> None:
    still.fault(operation="createPosts", kind="error_code", code=344)
    ends = int(reader.create("Hello").headers["x-user-limit-24hour-reset"])
    assert 86300 < ends - still.now().timestamp() <= 86400


def test_a_code_about_the_text_is_a_400(still: Practice, reader: Developer) -> None:
    still.fault(operation="createPosts", kind="error_code", code=186)
    assert "too long" in invalid(reader.create("Hello"))


def test_a_token_that_dies_is_dead(practice: Practice, app: Developer) -> None:
    practice.fault(operation="getUsersMe", kind="logged_out")
    assert problem(app.request("GET", "users/me"), 401) == "Unauthorized"
    assert app.create("Hello").status_code == 401
    renewed = app.form(
        "token", grant_type="refresh_token", refresh_token=app.tokens["refresh_token"], client_id="practice-app"
    )
    assert renewed.status_code == 200


def test_a_target_is_deleted_before_it_can_be_answered(practice: Practice, app: Developer) -> None:
    (target,) = practice.put({"author": people(practice)[0], "text": "Hey @daily_vitals"})
    practice.fault(operation="createPosts", kind="deleted_target")
    assert "deleted or not visible" in problem(app.create("Hey", target), 403)
    assert "errors" in app.get(f"tweets/{target}")


def test_a_slow_answer_comes_late_and_complete(practice: Practice, app: Developer) -> None:
    practice.fault(operation="createPosts", kind="slow", seconds=0.4)
    began = time.monotonic()
    app.post("Patience")
    assert time.monotonic() - began >= 0.4


def test_everything_means_the_api_too(practice: Practice, app: Developer) -> None:
    practice.fault(operation="*", kind="http_500_before")
    assert app.request("GET", "users/me").status_code == 500
    practice.fault(operation="*", kind="deleted_target")
    assert app.request("GET", "users/me").status_code == 200
    (waiting,) = practice.ask("GET", "faults")
    assert waiting["kind"] == "deleted_target"


def test_a_lost_answer_loses_the_new_tokens(practice: Practice, app: Developer) -> None:
    practice.fault(operation="oauth2Token", kind="answer_lost")
    fields = {
        "grant_type": "refresh_token",
        "refresh_token": app.tokens["refresh_token"],
        "client_id": app.tokens["client_id"],
    }
    with pytest.raises(httpx2.RemoteProtocolError):
        app.form("token", **fields)
    assert app.form("token", **fields).status_code == 400


def test_an_operation_is_named_as_x_names_it(practice: Practice) -> None:
    assert "createPosts" in practice.refused("POST", "faults", {"operation": "createTweets", "kind": "answer_lost"})
    assert "createPosts" in practice.refused("POST", "faults", {"operation": "getUsersMe", "kind": "deleted_target"})
