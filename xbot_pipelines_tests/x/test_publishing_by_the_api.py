"""Publishing by the API: submitted once, and whatever X or the connection does then ends where it must."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.models import Evidence
from xbot_pipelines.x.api.client import ApiClient
from xbot_pipelines.x.api.credentials import TokenFile
from xbot_pipelines.x.api.prices import Charge, Priced
from xbot_pipelines.x.client import Posted, PublishResult, Refused, Unknown
from xbot_pipelines.x.walls import (
    Challenge,
    DailyLimit,
    LoggedOut,
    RateLimited,
    Suspended,
    Unreachable,
    Wall,
)
from xbot_pipelines_tests.practice_site import Practice, people
from xbot_pipelines_tests.x.api_way import Tally, four_keys, logged_in_to_the_api, saved_tokens, token_file

TEXT = "A walk after lunch & <nothing> else.\n\nTwelve minutes are enough. 🚶"


@pytest.fixture
def tally() -> Tally:
    return Tally()


@pytest.fixture
def file(practice: Practice, tmp_path: Path) -> TokenFile:
    file = token_file(tmp_path, practice.url)
    saved_tokens(practice, file)
    return file


@pytest.fixture
def client(practice: Practice, file: TokenFile, tally: Tally) -> Iterator[ApiClient]:
    with logged_in_to_the_api(practice, file, meter=tally, patience_seconds=1.0) as client:
        yield client


def publish(client: ApiClient, text: str = TEXT, *, reply_to: str | None = None) -> PublishResult:
    return client.publish(text, reply_to=reply_to, before_click=lambda: None)


def published(practice: Practice) -> list[str]:
    """The texts of our posts, as the site knows them."""
    return [post["text"] for post in practice.truth()["posts"]]


def test_a_post_is_posted_and_its_answer_proves_it(client: ApiClient, practice: Practice, tally: Tally) -> None:
    result = publish(client)
    assert isinstance(result, Posted)
    assert result.evidence == Evidence.ANSWER
    assert published(practice) == [TEXT]
    assert client.post(result.post_id).visible_text == TEXT
    assert Charge(what=Priced.POST, resource=result.post_id) in tally.charges


def test_what_is_raised_before_the_submission_keeps_it_from_being_submitted(
    client: ApiClient, practice: Practice
) -> None:
    def stop() -> None:
        raise RuntimeError("paused meanwhile")

    with pytest.raises(RuntimeError, match="paused"):
        client.publish(TEXT, reply_to=None, before_click=stop)
    assert published(practice) == []


def test_a_reply_is_taken_where_its_author_named_us_and_refused_where_not(
    client: ApiClient, practice: Practice, tally: Tally
) -> None:
    ann, ben, *_ = people(practice)
    named, not_named = practice.put(
        {"author": ann, "text": f"What do you think, @{practice.handle}?"},
        {"author": ben, "text": "I talk to nobody in particular."},
    )
    result = publish(client, "A glass of water first.", reply_to=named)
    assert isinstance(result, Posted)
    shown = client.post(result.post_id)
    assert (shown.in_reply_to_id, shown.in_reply_to_handle) == (named, ann)
    assert shown.visible_text == "A glass of water first."
    assert Charge(what=Priced.REPLY, resource=result.post_id) in tally.charges
    refused = publish(client, "And a short walk after it.", reply_to=not_named)
    assert isinstance(refused, Refused)
    assert (refused.code, refused.wall) == (403, None)
    assert "not been mentioned" in refused.message


def test_a_post_that_is_too_long_and_a_reply_to_a_deleted_one_are_refused(
    client: ApiClient, practice: Practice
) -> None:
    [target] = practice.put({"author": people(practice)[0], "text": f"@{practice.handle} gone in a moment"})
    practice.ask("DELETE", f"posts/{target}")
    for refused in (publish(client, "long " * 80), publish(client, "Too late for this one.", reply_to=target)):
        assert isinstance(refused, Refused)
        assert refused.wall is None
    assert published(practice) == []


def test_f03_a_text_that_x_has_already_is_looked_up_and_not_taken_for_refused(client: ApiClient) -> None:
    assert isinstance(publish(client), Posted)
    again = publish(client)
    assert isinstance(again, Unknown)
    assert "already" in again.reason


@pytest.mark.parametrize(
    ("fault", "wall"),
    [
        ({"kind": "http_429"}, RateLimited),
        ({"kind": "error_code", "code": 326}, Suspended),
        ({"kind": "error_code", "code": 64}, Suspended),
        ({"kind": "error_code", "code": 226}, Challenge),
    ],
    ids=str,
)
def test_a_wall_behind_the_submission_is_a_refusal_with_its_wall(
    client: ApiClient, practice: Practice, tally: Tally, fault: dict[str, object], wall: type[Wall]
) -> None:
    practice.fault(operation="createPosts", count=1, **fault)
    refused = publish(client)
    assert isinstance(refused, Refused)
    assert isinstance(refused.wall, wall)
    assert published(practice) == []
    assert not [charge for charge in tally.charges if charge.what == Priced.POST]


def test_f17_the_daily_limit_is_told_from_a_limit_of_requests(client: ApiClient, practice: Practice) -> None:
    for number in range(50):
        assert isinstance(publish(client, f"Post number {number} of one long day"), Posted)
    refused = publish(client, "One too many")
    assert isinstance(refused, Refused)
    assert isinstance(refused.wall, DailyLimit)
    assert len(published(practice)) == 50


@pytest.mark.parametrize(
    ("kind", "exists"),
    [
        ("http_503", False),
        ("http_500_before", False),
        ("http_500_after", True),
        ("connection_reset", False),
        ("answer_lost", True),
    ],
)
def test_f02_what_breaks_after_the_submission_is_unknown_and_found_on_the_timeline_if_it_is_there(
    client: ApiClient, practice: Practice, tally: Tally, kind: str, exists: bool
) -> None:
    practice.fault(operation="createPosts", kind=kind, count=1)
    assert isinstance(publish(client), Unknown)
    seen = [post.visible_text for post in client.own_posts(practice.now() - timedelta(minutes=5))]
    assert seen == ([TEXT] if exists else [])
    assert [charge.what for charge in tally.charges].count(Priced.POST) == 1, "X charges for what it may have taken"
    assert practice.ask("GET", "requests")["by_operation"]["createPosts"] == 1


def test_f02_an_answer_that_does_not_come_in_time_is_unknown(client: ApiClient, practice: Practice) -> None:
    practice.fault(operation="createPosts", kind="slow", seconds=3, count=1)
    assert isinstance(publish(client), Unknown)


def test_a_server_that_is_not_there_has_taken_nothing(client: ApiClient, practice: Practice) -> None:
    client.wire._sdk.base_url = "http://127.0.0.1:9"  # the port of `discard`, where nobody listens
    refused = publish(client)
    assert isinstance(refused, Refused)
    assert isinstance(refused.wall, Unreachable)
    assert published(practice) == []


def test_an_access_token_that_has_ended_is_renewed_and_the_post_submitted_once(
    client: ApiClient, practice: Practice, file: TokenFile
) -> None:
    before = file.load()
    practice.ask("POST", "api/expire", {})
    assert isinstance(publish(client), Posted)
    assert published(practice) == [TEXT]
    after = file.load()
    assert after.access_token != before.access_token
    assert after.refresh_token != before.refresh_token, "a refresh token is good for once"
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_a_token_that_ends_soon_is_renewed_before_anything_is_asked(
    practice: Practice, tmp_path: Path, tally: Tally
) -> None:
    file = token_file(tmp_path, practice.url)
    before = saved_tokens(practice, file, expires_in=60)
    with logged_in_to_the_api(practice, file, meter=tally) as client:
        assert isinstance(publish(client), Posted)
    assert file.load().access_token != before.access_token


def test_f20_a_login_that_has_ended_for_good_says_so_and_nothing_is_sent(client: ApiClient, practice: Practice) -> None:
    practice.ask("POST", "api/expire", {"refresh": True})
    with pytest.raises(LoggedOut, match="xbot login"):
        client.own_posts(practice.now() - timedelta(hours=1))
    with wall_or_refusal(LoggedOut):
        publish(client)
    assert published(practice) == []


@contextmanager
def wall_or_refusal(wall: type[Wall]) -> Iterator[None]:
    """A token may be known to have ended before the submission, or be refused at it."""
    with pytest.raises(wall):
        yield


def test_four_keys_sign_what_a_token_signs(practice: Practice, tally: Tally) -> None:
    keys = four_keys(practice)
    with logged_in_to_the_api(practice, keys, meter=tally) as client:
        result = publish(client)
        assert isinstance(result, Posted)
        assert [post.id for post in client.own_posts(practice.now() - timedelta(hours=1))] == [result.post_id]
        assert [post.id for page in client.search("from:daily_vitals after lunch") for post in page.posts] == [
            result.post_id
        ]
    wrong = replace(keys, access_token_secret="another")
    with pytest.raises(LoggedOut), logged_in_to_the_api(practice, wrong):
        pass


@pytest.mark.parametrize("taken", ["tweets", "posts"])
@pytest.mark.parametrize("signed", ["token", "keys"])
def test_a_server_of_either_generation_is_understood(
    practice: Practice, tmp_path: Path, tally: Tally, taken: str, signed: str
) -> None:
    file = token_file(tmp_path, practice.url)
    saved_tokens(practice, file)
    practice.ask("POST", "api/names", {"taken": taken})
    proof = file if signed == "token" else four_keys(practice)
    [target] = practice.put({"author": people(practice)[0], "text": f"Hello @{practice.handle}"})
    with logged_in_to_the_api(practice, proof, meter=tally) as client:
        result = publish(client, reply_to=target)
        assert isinstance(result, Posted)
        [seen] = client.own_posts(practice.now() - timedelta(hours=1))
        assert (seen.id, seen.in_reply_to_id, seen.visible_text) == (result.post_id, target, TEXT)
        assert None not in {seen.views, seen.likes, seen.reposts, seen.replies, seen.quotes, seen.bookmarks}
        assert seen.private is not None
        assert client.whoami().posts == 1
        assert target in [post.id for page in client.mentions() for post in page.posts]


def test_f28_no_token_is_in_what_goes_wrong_or_in_what_is_shown(
    practice: Practice, tmp_path: Path, tally: Tally
) -> None:
    file = token_file(tmp_path, practice.url)
    tokens = saved_tokens(practice, file)
    secrets = [tokens.access_token, tokens.refresh_token or "none"]
    with logged_in_to_the_api(practice, file, meter=tally, clock=SystemClock()) as client:
        practice.ask("POST", "api/expire", {"refresh": True})
        with pytest.raises(LoggedOut) as met:
            client.whoami()
    shown = [repr(tokens), repr(met.value), "".join(map(str, met.value.args)), repr(met.value.__cause__)]
    assert not [secret for secret in secrets for words in shown if secret in words]


@pytest.mark.parametrize(
    ("text", "reply_to", "usd"),
    [(TEXT, None, "0.015"), ("See https://example.org", None, "0.200"), (TEXT, "1900000000000000001", "0.010")],
)
def test_a_post_that_is_prepared_is_priced_and_x_is_not_asked_to_take_it(
    client: ApiClient, practice: Practice, tally: Tally, text: str, reply_to: str | None, usd: str
) -> None:
    paid = list(tally.charges)
    assert client.prepare(text, reply_to=reply_to).usd == Decimal(usd)
    assert published(practice) == []
    assert tally.charges == paid


def test_what_stops_a_post_before_it_is_submitted_stops_its_preparation_too(client: ApiClient, tally: Tally) -> None:
    tally.note_limit("POST /2/tweets", limit=100, remaining=0, resets_at=SystemClock().now() + timedelta(hours=1))
    with pytest.raises(RateLimited):
        client.prepare(TEXT, reply_to=None)
