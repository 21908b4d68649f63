"""The faults of practice X: each is asked for over the control API, and met over HTTP."""

import time

import httpx2
import pytest

from xbot_pipelines_tests.practice_site import Practice, page_config


def texts(practice: Practice) -> list[str]:
    return [post["text"] for post in practice.truth()["posts"] if post["deleted_at"] is None]


def test_a_lost_answer_leaves_the_post_and_no_answer(practice: Practice) -> None:
    visitor = practice.visitor()
    practice.fault(operation="CreateTweet", kind="answer_lost")
    with pytest.raises(httpx2.RemoteProtocolError):
        visitor.create("Was I taken?")
    assert texts(practice) == ["Was I taken?"]
    assert "errors" in visitor.create("Was I taken?")


def test_a_reset_connection_leaves_nothing(practice: Practice) -> None:
    visitor = practice.visitor()
    practice.fault(operation="CreateTweet", kind="connection_reset")
    with pytest.raises(httpx2.RemoteProtocolError):
        visitor.create("Not taken")
    assert texts(practice) == []


@pytest.mark.parametrize(("kind", "left"), [("http_500_before", []), ("http_500_after", ["Hello"])])
def test_an_internal_error_strikes_before_or_after_the_post_is_taken(
    practice: Practice, kind: str, left: list[str]
) -> None:
    visitor = practice.visitor()
    practice.fault(operation="CreateTweet", kind=kind)
    assert visitor.request("CreateTweet", tweet_text="Hello").status_code == 500
    assert texts(practice) == left


@pytest.mark.parametrize(("accepted", "left"), [(False, []), (True, ["Hello"])])
def test_empty_tweet_results_look_the_same_whether_the_post_was_taken_or_not(
    practice: Practice, accepted: bool, left: list[str]
) -> None:
    visitor = practice.visitor()
    practice.fault(operation="CreateTweet", kind="empty_tweet_results", accepted=accepted)
    assert visitor.create("Hello") == {"data": {"create_tweet": {"tweet_results": {}}}}
    assert texts(practice) == left


def test_an_error_code_comes_at_http_200_in_the_shape_of_x(practice: Practice) -> None:
    visitor = practice.visitor()
    practice.fault(operation="CreateTweet", kind="error_code", code=226)
    body = visitor.create("Hello")
    assert body["data"] == {}
    assert body["errors"][0]["code"] == 226
    assert body["errors"][0]["path"] == ["create_tweet"]
    assert body["errors"][0]["name"] == "AuthorizationError"
    assert "automated" in body["errors"][0]["message"]
    assert texts(practice) == []


def test_a_429_has_its_headers(practice: Practice) -> None:
    visitor = practice.visitor()
    practice.fault(operation="Viewer", kind="http_429")
    response = visitor.request("Viewer")
    assert response.status_code == 429
    assert response.headers["x-rate-limit-remaining"] == "0"
    assert int(response.headers["x-rate-limit-reset"]) > practice.now().timestamp()
    assert visitor.request("Viewer").status_code == 200


def test_a_slow_answer_comes_late_and_complete(practice: Practice) -> None:
    visitor = practice.visitor()
    practice.fault(operation="CreateTweet", kind="slow", seconds=0.4)
    began = time.monotonic()
    visitor.post("Patience")
    assert time.monotonic() - began >= 0.4


def test_a_deleted_target_is_really_deleted(practice: Practice) -> None:
    visitor = practice.visitor()
    reader = practice.ask("GET", "people")[0]["handle"]
    (target,) = practice.put({"author": reader, "text": "Ask me anything"})
    practice.fault(operation="CreateTweet", kind="deleted_target")
    assert visitor.create("What about naps?", target)["errors"][0]["code"] == 385
    assert visitor.call("TweetResultByRestId", tweetId=target) == {"data": {"tweetResult": {}}}


@pytest.mark.parametrize("wall", ["challenge", "locked", "suspended"])
def test_a_wall_leads_to_the_access_page_once_per_count(practice: Practice, wall: str) -> None:
    visitor = practice.visitor()
    practice.fault(operation="home", kind=wall)
    response = visitor.http.get("/home")
    assert response.status_code == 302
    assert response.headers["location"].startswith("/account/access")
    config = page_config(visitor.http.get(response.headers["location"]))
    assert config["page"] == {"kind": "access", "wall": wall}
    assert visitor.http.get("/home").status_code == 200


def test_being_logged_out_on_a_page_leads_to_login(practice: Practice) -> None:
    visitor = practice.visitor()
    practice.fault(operation="compose", kind="logged_out")
    assert visitor.http.get("/home").status_code == 200
    response = visitor.http.get("/compose/post")
    assert response.headers["location"].startswith("/i/jf/onboarding/web?redirect_after_login=%2Fcompose%2Fpost")
    assert "auth_token" in visitor.http.cookies


def test_front_faults_are_handed_to_the_page_as_often_as_asked(practice: Practice) -> None:
    visitor = practice.visitor()
    practice.fault(operation="home", kind="toast_never", count=2)
    practice.fault(operation="*", kind="unknown_dialog")
    assert visitor.page_config("/daily_vitals")["frontFaults"] == ["unknown_dialog"]
    assert [visitor.page_config("/home")["frontFaults"] for _ in range(3)] == [["toast_never"], ["toast_never"], []]


def test_a_count_is_used_up_and_listed(practice: Practice) -> None:
    visitor = practice.visitor()
    practice.fault(operation="Viewer", kind="http_500_before", count=2)
    assert [visitor.request("Viewer").status_code for _ in range(3)] == [500, 500, 200]
    assert practice.ask("GET", "faults") == []
    practice.fault(operation="Viewer", kind="http_500_before")
    (listed,) = practice.ask("GET", "faults")
    assert (listed["kind"], listed["left"]) == ("http_500_before", 1)
    practice.ask("DELETE", "faults")
    assert visitor.request("Viewer").status_code == 200


def test_a_probability_strikes_by_a_seeded_chance_until_cleared(practice: Practice) -> None:
    visitor = practice.visitor()
    practice.fault(operation="Viewer", kind="http_500_before", probability=0.5)
    first = [visitor.request("Viewer").status_code for _ in range(40)]
    assert 8 < first.count(500) < 32
    practice.ask("POST", "reset")
    visitor = practice.visitor()
    practice.fault(operation="Viewer", kind="http_500_before", probability=0.5)
    assert [visitor.request("Viewer").status_code for _ in range(40)] == first


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"operation": "CreateTweet", "kind": "boom"}, "answer_lost"),
        ({"operation": "CreateTweet"}, "answer_lost"),
        ({"operation": "Nonsense", "kind": "answer_lost"}, "CreateTweet"),
        ({"operation": "home", "kind": "answer_lost"}, "CreateTweet"),
        ({"operation": "Viewer", "kind": "locked"}, "home"),
        ({"operation": "Viewer", "kind": "deleted_target"}, "CreateTweet"),
        ({"operation": "*", "kind": "slow"}, "seconds"),
        ({"operation": "*", "kind": "slow", "seconds": "2"}, "seconds"),
        ({"operation": "*", "kind": "error_code", "code": True}, "code"),
        ({"operation": "*", "kind": "slow", "seconds": 1, "colour": "red"}, "colour"),
        ({"operation": "*", "kind": "locked", "count": 0}, "count"),
        ({"operation": "*", "kind": "locked", "probability": 2}, "probability"),
        ({"operation": "*", "kind": "locked", "probability": 0.5, "count": 1}, "either"),
        ([], "object"),
    ],
)
def test_a_fault_that_cannot_be_is_refused_with_what_can(practice: Practice, fault: object, named: str) -> None:
    assert named in practice.refused("POST", "faults", fault)
    assert practice.ask("GET", "faults") == []
