"""What X's API says against a question or a post: which wall that is, and what it means for the post."""

from datetime import UTC, datetime
from typing import Any

import pytest

from xbot_pipelines.models import Evidence
from xbot_pipelines.x.api.problems import ApiAnswer, wall_of, what_became_of
from xbot_pipelines.x.client import TEXT_DIFFERS, Posted, Refused, Unknown
from xbot_pipelines.x.walls import (
    Challenge,
    DailyLimit,
    Gone,
    LayoutChanged,
    LoggedOut,
    NotPermitted,
    PublishingNotPermitted,
    RateLimited,
    Suspended,
    Unreachable,
    Wall,
)
from xbot_pipelines_tests.conftest import NOON

Json = dict[str, Any]

TEXT = "Twelve minutes & a glass of water."
RESET = {"x-rate-limit-reset": "1772456400"}
DAY_IS_FULL = {"x-user-limit-24hour-remaining": "0", **RESET}
HTML = None
"""A body that is no JSON object: a page of whoever stands between us and X, or nothing at all."""


def problem(detail: str | None = None, kind: str = "about:blank", **fields: Any) -> Json:
    kind = kind if ":" in kind else f"https://api.x.com/2/problems/{kind}"
    return {"title": "A title", "detail": detail, "type": kind, **fields}


def answer(status: int, payload: Json | None, headers: dict[str, str] | None = None) -> ApiAnswer:
    return ApiAnswer(endpoint="GET /2/x", status=status, headers=headers or {}, payload=payload, seen_at=NOON)


NO_CREDITS = problem("Your enrolled account [1] does not have any credits to fulfill this request.", "credits")
FOREIGN_APP = problem("When authenticating requests you must use keys from an App.", "client-forbidden")
OAUTH1 = problem("Your client app is not configured with the right app permissions.", "oauth1-permissions")
APP_ONLY = problem("Authenticating with OAuth 2.0 Application-Only is forbidden.", "unsupported-authentication")
CAPPED = problem("Usage cap exceeded: Monthly product cap", "usage-capped")
SUSPENDED = problem("Your account is suspended and is not permitted to access this feature.")
USER_SUSPENDED = problem("User is suspended. Your account is not permitted to access this feature.")
LOCKED = problem("Your account is temporarily locked. Please log in to https://x.com to unlock your account.")
THIS_LOCKED = problem("To protect our users from spam, this account is temporarily locked. Please log in.")
SOMEBODY_SUSPENDED = problem("User has been suspended: [ada_walks].", "resource-not-found")
AUTOMATED = problem("This request looks like it might be automated. To protect our users, we can't complete it.")
PROTECTED = problem("Sorry, you are not authorized to see the user with ids: [1].", "not-authorized-for-resource")
NO_SUCH_POST = problem("Could not find tweet with id: [5].", "resource-not-found", resource_id="5")
NO_SUCH_ADDRESS = {"title": "Not Found", "status": 404}
READ_ONLY: Json = {"errors": [{"code": 261, "message": "Application cannot perform write actions."}]}
SUBSET: Json = {"errors": [{"code": 453, "message": "You currently have access to a subset of X API V2 endpoints."}]}
OVER_THE_DAY: Json = {"errors": [{"code": 185, "message": "User is over daily status update limit."}]}
FORBIDDEN = {"title": "Forbidden", "detail": "Forbidden", "type": "about:blank", "status": 403}
UNKNOWN_FIELD: Json = {
    "errors": [
        {
            "parameters": {"$.made_with_ai": ["true"]},
            "message": "[$.made_with_ai: is not defined in the schema and the schema does not allow it]",
        }
    ],
    **problem("One or more parameters to your request was invalid.", "invalid-request"),
}
NOT_PERMITTED = problem("You are not permitted to perform this action.")
NOT_NAMED = problem("Reply to this conversation is not allowed because you have not been mentioned or engaged.")
TOO_LONG: Json = {
    "errors": [{"parameters": {"text": [""]}, "message": "Your Tweet text is too long."}],
    **problem("One or more parameters to your request was invalid.", "invalid-request"),
}
DUPLICATE = problem("You are not allowed to create a Tweet with duplicate content.")


@pytest.mark.parametrize(
    ("status", "payload", "headers", "wall"),
    [
        (200, {"data": []}, {}, None),
        (204, HTML, {}, None),
        (301, HTML, {"location": "https://elsewhere.example"}, LayoutChanged),
        (302, {"data": {}}, {}, LayoutChanged),
        (400, TOO_LONG, {}, LayoutChanged),
        (401, problem("Unauthorized"), {}, LoggedOut),
        (401, HTML, {}, LoggedOut),
        (401, LOCKED, {}, Suspended),
        (402, NO_CREDITS, {}, NotPermitted),
        (402, HTML, {}, NotPermitted),
        (403, NO_CREDITS, {}, NotPermitted),
        (403, FOREIGN_APP, {}, NotPermitted),
        (403, OAUTH1, {}, NotPermitted),
        (403, APP_ONLY, {}, NotPermitted),
        (403, SUSPENDED, {}, Suspended),
        (403, USER_SUSPENDED, {}, Suspended),
        (403, LOCKED, {}, Suspended),
        (403, THIS_LOCKED, {}, Suspended),
        (403, SOMEBODY_SUSPENDED, {}, Gone),
        (403, PROTECTED, {}, Gone),
        (403, AUTOMATED, {}, Challenge),
        (403, NOT_PERMITTED, {}, LayoutChanged),
        (403, HTML, {}, LayoutChanged),
        (404, NO_SUCH_POST, {}, Gone),
        (404, {"errors": [NO_SUCH_POST]}, {}, Gone),
        (404, NO_SUCH_ADDRESS, {}, LayoutChanged),
        (404, HTML, {}, LayoutChanged),
        (410, problem("Gone"), {}, LayoutChanged),
        (403, {"errors": [APP_ONLY]}, {}, NotPermitted),
        (403, READ_ONLY, {}, NotPermitted),
        (403, SUBSET, {}, NotPermitted),
        (403, OVER_THE_DAY, {}, DailyLimit),
        (413, HTML, {}, LayoutChanged),
        (429, problem("Too Many Requests"), RESET, RateLimited),
        (429, HTML, {}, RateLimited),
        (429, CAPPED, RESET, NotPermitted),
        (429, problem("Too Many Requests"), DAY_IS_FULL, DailyLimit),
        (500, problem("Internal"), {}, Unreachable),
        (503, HTML, {}, Unreachable),
        (503, SUSPENDED, {}, Unreachable),
    ],
)
def test_each_answer_is_the_wall_that_it_stands_for(
    status: int, payload: Json | None, headers: dict[str, str], wall: type[Wall] | None
) -> None:
    met = wall_of(answer(status, payload, headers))
    assert type(met) is (wall or type(None))


@pytest.mark.parametrize(
    ("status", "payload", "wall"),
    [
        (400, TOO_LONG, None),
        (403, NOT_NAMED, None),
        (404, problem("You attempted to reply to a Tweet that is deleted."), None),
        (404, NO_SUCH_POST, None),
        (403, PROTECTED, None),
        (400, {"errors": [{"code": 186, "message": "Tweet needs to be a bit shorter."}]}, None),
        (400, UNKNOWN_FIELD, PublishingNotPermitted),
        (403, NOT_PERMITTED, PublishingNotPermitted),
        (403, FORBIDDEN, PublishingNotPermitted),
        (403, READ_ONLY, PublishingNotPermitted),
        (403, SUBSET, PublishingNotPermitted),
        (403, {"errors": [APP_ONLY]}, PublishingNotPermitted),
        (403, OVER_THE_DAY, DailyLimit),
        (410, problem("Gone"), PublishingNotPermitted),
        (404, NO_SUCH_ADDRESS, PublishingNotPermitted),
        (401, problem("Unauthorized"), LoggedOut),
        (402, NO_CREDITS, PublishingNotPermitted),
        (403, FOREIGN_APP, PublishingNotPermitted),
        (403, SUSPENDED, Suspended),
        (403, AUTOMATED, Challenge),
        (403, HTML, PublishingNotPermitted),
        (404, HTML, PublishingNotPermitted),
        (429, CAPPED, PublishingNotPermitted),
        (429, HTML, RateLimited),
    ],
)
def test_only_what_x_says_of_this_post_refuses_it_for_good(
    status: int, payload: Json | None, wall: type[Wall] | None
) -> None:
    result = what_became_of(answer(status, payload), TEXT)
    assert isinstance(result, Refused)
    assert result.code == status
    assert type(result.wall) is (wall or type(None))


@pytest.mark.parametrize(
    ("status", "payload"),
    [
        (200, HTML),
        (200, {}),
        (201, {"data": {}}),
        (201, {"data": {"id": "5; drop", "text": TEXT}}),
        (201, {"data": {"id": -5, "text": TEXT}}),
        (200, {"errors": [DUPLICATE]}),
        (204, HTML),
        (302, {"data": {"id": "5", "text": TEXT}}),
        (403, DUPLICATE),
        (500, HTML),
        (503, {"data": {"id": "5", "text": TEXT}}),
    ],
)
def test_f02_what_does_not_say_whether_the_post_exists_is_unknown(status: int, payload: Json | None) -> None:
    assert isinstance(what_became_of(answer(status, payload), TEXT), Unknown)


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (TEXT, "Twelve minutes &amp; a glass of water."),
        (TEXT, "@ada_walks @ben Twelve minutes &amp; a glass of water."),
        (TEXT, None),
        ("@ada_walks thanks", "@ada_walks thanks"),
        ("See https://example.org/a?b=c, and example.com (now)", "See https://t.co/aB1, and https://t.co/c2 (now)"),
        ("See https://example.org/a\n\nor not", "See https://t.co/aB1 or not"),
    ],
)
def test_an_answer_that_shows_the_text_is_the_proof(status: int, text: str, shown: str | None) -> None:
    result = what_became_of(answer(status, {"data": {"id": "5", "text": shown}}), text)
    assert result == Posted(post_id="5", evidence=Evidence.ANSWER)


@pytest.mark.parametrize("post_id", ["5", 5])
def test_an_id_is_proof_whatever_the_text_looks_like(post_id: object) -> None:
    result = what_became_of(answer(201, {"data": {"id": post_id, "text": "Something else."}}), TEXT)
    assert result == Posted(post_id="5", evidence=Evidence.ANSWER, note=TEXT_DIFFERS)


@pytest.mark.parametrize(
    "shown", ["Another https://t.co/aB1 story", "See https://t.co/aB1", "https://t.co/aB1", "See it now https://t.co/a"]
)
def test_f03_a_short_link_in_what_x_shows_stands_for_one_link_and_not_for_any_text(shown: str) -> None:
    result = what_became_of(answer(201, {"data": {"id": "5", "text": shown}}), "See https://example.org/a now")
    assert result == Posted(post_id="5", evidence=Evidence.ANSWER, note=TEXT_DIFFERS)


def test_what_x_says_is_one_line_of_its_nearest_words_and_of_no_great_length() -> None:
    assert answer(400, TOO_LONG).problem == "Your Tweet text is too long."
    assert answer(403, problem("Two\nlines")).problem == "Two lines"
    assert answer(403, problem()).problem == "A title"
    assert answer(403, HTML).problem == "HTTP 403"
    assert answer(400, {"errors": "odd", "detail": 7}).problem == "HTTP 400"
    assert len(answer(403, problem("long " * 900)).problem) == 500


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("1772456400", datetime(2026, 3, 2, 13, tzinfo=UTC)),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("9" * 10, None),
        ("9" * 5000, None),
    ],
)
def test_a_limit_says_when_it_resets_where_that_is_a_moment(written: str, moment: datetime | None) -> None:
    limited = wall_of(answer(429, HTML, {"x-rate-limit-reset": written}))
    assert isinstance(limited, RateLimited)
    assert limited.resets_at == moment


def test_a_wall_that_needs_a_person_says_what_to_do() -> None:
    for met, words in (
        (wall_of(answer(401, HTML)), "xbot login"),
        (wall_of(answer(402, NO_CREDITS)), "developer console"),
        (wall_of(answer(403, SUSPENDED)), "in a browser of your own"),
        (wall_of(answer(403, AUTOMATED)), "in a browser of your own"),
    ):
        assert met is not None
        assert met.needs_person
        assert words in str(met)
