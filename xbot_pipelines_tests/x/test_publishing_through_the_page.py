"""What the page can do to a post between the first key and the last proof, and what the client makes of it."""

import json

import pytest

from xbot_pipelines.models import Evidence
from xbot_pipelines.x.browser import BrowserClient
from xbot_pipelines.x.client import TEXT_DIFFERS, Posted, PublishResult, Refused, Unknown
from xbot_pipelines.x.walls import (
    Challenge,
    DailyLimit,
    LayoutChanged,
    LoggedOut,
    PublishingNotPermitted,
    RateLimited,
    Suspended,
    Wall,
)
from xbot_pipelines_tests.practice_site import Practice

pytestmark = pytest.mark.browser


def published(client: BrowserClient, text: str = "A post among faults") -> PublishResult:
    return client.publish(text, reply_to=None, before_click=lambda: None)


@pytest.mark.parametrize("kind", ["answer_lost", "http_500_after"])
def test_f02_an_answer_that_is_lost_after_acceptance_is_unknown_not_refused(
    client: BrowserClient, practice: Practice, kind: str
) -> None:
    practice.fault(operation="CreateTweet", kind=kind, count=1)
    assert isinstance(published(client), Unknown)
    assert len(practice.truth()["posts"]) == 1


@pytest.mark.parametrize("kind", ["connection_reset", "http_500_before"])
def test_f02_a_fault_before_acceptance_looks_the_same_and_is_unknown_too(
    client: BrowserClient, practice: Practice, kind: str
) -> None:
    practice.fault(operation="CreateTweet", kind=kind, count=1)
    assert isinstance(published(client), Unknown)
    assert practice.truth()["posts"] == []


@pytest.mark.parametrize("accepted", [True, False])
def test_f06_an_answer_without_a_post_never_becomes_an_id(
    client: BrowserClient, practice: Practice, accepted: bool
) -> None:
    practice.fault(operation="CreateTweet", kind="empty_tweet_results", accepted=accepted, count=1)
    practice.fault(operation="*", kind="toast_never", count=9)
    assert isinstance(published(client), Unknown)


def test_an_answer_slower_than_our_patience_is_unknown(client: BrowserClient, practice: Practice) -> None:
    practice.fault(operation="CreateTweet", kind="slow", seconds=30, count=1)
    assert isinstance(published(client), Unknown)


@pytest.mark.parametrize("kind", ["toast_never", "toast_vanishes"])
def test_the_answer_is_enough_where_the_toast_does_not_come(
    client: BrowserClient, practice: Practice, kind: str
) -> None:
    practice.fault(operation="*", kind=kind, count=9)
    result = published(client)
    assert isinstance(result, Posted)
    assert result.evidence == Evidence.ANSWER


def test_id_in_the_answer_is_proof_whatever_the_text_looks_like(client: BrowserClient, practice: Practice) -> None:
    practice.fault(operation="CreateTweet", kind="altered_text", text="A post &lt;among&gt; faults", count=1)
    result = published(client)
    assert isinstance(result, Posted)
    assert (result.evidence, result.note) == (Evidence.ANSWER, TEXT_DIFFERS)
    assert [post["id"] for post in practice.truth()["posts"]] == [result.post_id]


@pytest.mark.parametrize(
    "answered",
    [
        {"rest_id": "77"},
        {"__typename": "TweetWithVisibilityResults", "tweet": {"rest_id": "77", "legacy": None}},
        {"rest_id": "77", "legacy": {"full_text": "A post among faults", "created_at": "in another way"}},
    ],
    ids=["nothing else", "wrapped", "unreadable"],
)
def test_id_is_proof_where_nothing_else_of_the_answer_can_be_read(
    client: BrowserClient, practice: Practice, answered: dict[str, object]
) -> None:
    body = {"errors": [{"message": "Something odd"}], "data": {"create_tweet": {"tweet_results": {"result": answered}}}}
    practice.fault(operation="CreateTweet", kind="answer", status=200, body=json.dumps(body), count=1)
    result = published(client)
    assert isinstance(result, Posted)
    assert (result.post_id, result.evidence) == ("77", Evidence.ANSWER)
    assert "could not be read" in (result.note or "")


@pytest.mark.parametrize("code", [220, 261, 453])
def test_code_about_the_account_stops_publishing_and_not_this_post(
    client: BrowserClient, practice: Practice, code: int
) -> None:
    practice.fault(operation="CreateTweet", kind="error_code", code=code, count=1)
    result = published(client)
    assert isinstance(result, Refused)
    assert isinstance(result.wall, PublishingNotPermitted)


def test_suggestions_that_open_while_typing_are_closed_without_changing_the_text(
    client: BrowserClient, practice: Practice
) -> None:
    practice.fault(operation="*", kind="typeahead", count=9)
    result = published(client, "Suggestions open on any word")
    assert isinstance(result, Posted)
    [post] = practice.truth()["posts"]
    assert post["text"] == "Suggestions open on any word"


def test_a_dialog_that_nobody_knows_stops_us_before_the_click(client: BrowserClient, practice: Practice) -> None:
    practice.fault(operation="*", kind="unknown_dialog", count=9)
    with pytest.raises(LayoutChanged, match="something unknown lies over it"):
        published(client)
    assert practice.truth()["posts"] == []


def test_a_duplicate_is_looked_up_and_not_taken_for_a_refusal(client: BrowserClient, practice: Practice) -> None:
    assert isinstance(published(client), Posted)
    result = published(client)
    assert isinstance(result, Unknown)
    assert "187" in result.reason
    assert len(practice.truth()["posts"]) == 1


@pytest.mark.parametrize(
    ("code", "wall"),
    [(226, Challenge), (64, Suspended), (344, DailyLimit), (88, RateLimited)],
)
def test_f21_codes_that_stand_for_a_wall_are_refusals_with_that_wall(
    client: BrowserClient, practice: Practice, code: int, wall: type[Wall]
) -> None:
    practice.fault(operation="CreateTweet", kind="error_code", code=code, count=1)
    result = published(client)
    assert isinstance(result, Refused)
    assert isinstance(result.wall, wall)
    assert practice.truth()["posts"] == []


@pytest.mark.parametrize(
    ("fault", "wall"),
    [({"kind": "error_code", "code": 326}, Suspended), ({"kind": "logged_out"}, LoggedOut)],
    ids=["locked", "logged out"],
)
def test_f21_an_answer_after_which_the_page_leads_away_is_known_by_where_it_leads(
    client: BrowserClient, practice: Practice, fault: dict[str, str | int], wall: type[Wall]
) -> None:
    """The answer's body may be gone with the page: without it, nobody can tell what became of the post."""
    practice.fault(operation="CreateTweet", count=1, **fault)
    result = published(client)
    assert isinstance(result, Refused | Unknown)
    assert isinstance(result.wall, wall)


def test_a_code_that_refuses_this_very_post_is_a_refusal_without_a_wall(
    client: BrowserClient, practice: Practice
) -> None:
    practice.fault(operation="CreateTweet", kind="error_code", code=186, count=1)
    result = published(client)
    assert isinstance(result, Refused)
    assert result.code == 186
    assert result.wall is None


def test_a_code_that_nobody_knows_is_unknown(client: BrowserClient, practice: Practice) -> None:
    practice.fault(operation="CreateTweet", kind="error_code", code=29, count=1)
    practice.fault(operation="*", kind="toast_never", count=9)
    assert isinstance(published(client), Unknown)


@pytest.mark.parametrize(("kind", "wall"), [("challenge", Challenge), ("locked", Suspended), ("suspended", Suspended)])
def test_f21_a_page_that_is_a_wall_is_told_apart_before_anything_is_typed(
    client: BrowserClient, practice: Practice, kind: str, wall: type[Wall]
) -> None:
    practice.fault(operation="*", kind=kind, count=9)
    with pytest.raises(wall):
        published(client)
    assert practice.truth()["posts"] == []


def test_f21_what_people_write_is_no_wall(client: BrowserClient) -> None:
    words = "Just a moment. Verify your identity! Rate limit exceeded, said nobody."
    result = published(client, words)
    assert isinstance(result, Posted)
    assert client.post(result.post_id).visible_text == words


def test_a_post_that_is_prepared_is_never_sent_and_leaves_an_empty_editor(
    client: BrowserClient, practice: Practice
) -> None:
    assert client.prepare("Only tried on.\n\nIn two parts.", reply_to=None).way == "the editor on X's page"
    assert client.page.locator('[data-testid="tweetTextarea_0"]').first.inner_text().strip() == ""
    assert practice.truth()["posts"] == []
    assert "CreateTweet" not in practice.ask("GET", "requests")
    assert isinstance(published(client), Posted)


def test_what_stops_a_post_before_the_click_stops_its_preparation_too(
    client: BrowserClient, practice: Practice
) -> None:
    practice.fault(operation="*", kind="layout_changed", probability=1)
    with pytest.raises(LayoutChanged):
        client.prepare("Only tried on.", reply_to=None)
