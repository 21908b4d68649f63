"""What is heard of a page's questions and answers, in a real Chromium on the practice site."""

from typing import Any

import pytest

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.x.answers import Answer, Answers
from xbot_pipelines.x.browser import BrowserClient

ASK = "([query, options]) => fetch('/i/api/graphql/rotates/TweetDetail' + query, options)"
IN_BODY = {"method": "POST", "body": '{"variables": {"restId": "7"}}', "headers": {"content-type": "application/json"}}


def heard(client: BrowserClient, query: str, options: dict[str, Any]) -> Answer:
    """The answer that is heard when the page itself asks."""
    with Answers(client.page, ["TweetDetail"], SystemClock()) as answers:
        client.page.evaluate(ASK, [query, options])
        answer = answers.next(timeout_seconds=5)
        assert answer is not None
        assert answers.next(timeout_seconds=0) is None
        return answer


@pytest.mark.browser
def test_an_answer_knows_what_was_asked_wherever_the_question_says_it(client: BrowserClient) -> None:
    assert heard(client, "?variables=%7B%22restId%22%3A%227%22%7D", {}).variables == {"restId": "7"}
    assert heard(client, "", IN_BODY).variables == {"restId": "7"}


@pytest.mark.browser
def test_a_question_that_does_not_say_what_it_is_about_is_about_nothing(client: BrowserClient) -> None:
    for query in ("", "?variables=", "?variables=%7B", "?variables=7"):
        assert heard(client, query, {}).variables == {}
    for body in ("{", "[]", "{}"):
        assert heard(client, "", {**IN_BODY, "body": body}).variables == {}


@pytest.mark.parametrize(("header", "left"), [("49", 49), ("0", 0), ("", None), ("-1", None), ("many", None)])
def test_how_many_requests_are_left_is_known_only_where_x_says_it(header: str, left: int | None) -> None:
    answer = Answer(
        operation="SearchTimeline",
        variables={},
        status=200,
        headers={"x-rate-limit-remaining": header},
        payload={},
        seen_at=SystemClock().now(),
    )
    assert answer.requests_left == left
