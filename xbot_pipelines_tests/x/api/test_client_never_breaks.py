"""F11, for whatever a server can answer: the client reads it, or raises a wall, and asks no more than it has to."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import PostSnapshot
from xbot_pipelines.x.api.client import ApiClient
from xbot_pipelines.x.client import Posted, Refused, Unknown, all_of
from xbot_pipelines.x.walls import LayoutChanged, Unreachable, Wall
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.x.api.answering import Said, Server, client_of, open_server, said
from xbot_pipelines_tests.x.api.invented import ADA, in_older_names, not_found, page, post
from xbot_pipelines_tests.x.api_way import Tally
from xbot_pipelines_tests.x.test_graphql_never_breaks import places

SINCE = NOON - timedelta(days=1)
LONG = post("7", note_post={"text": "Long.", "entities": {"urls": [], "mentions": [{"username": "ben"}]}})
QUOTING = post("5", referenced_posts=[{"type": "quoted", "id": "4"}], entities={"mentions": [{"username": "ada"}]})
HOURS = {"data": [{"id": "5", "timestamped_metrics": [{"timestamp": "2026-03-02T10:00:00Z", "metrics": {"likes": 1}}]}]}
GOOD = [
    page(QUOTING, LONG, along=(post("4"),)),
    in_older_names(page(QUOTING, LONG, along=(post("4"),))),
    page(post("5", display_text_range=[0, 3], non_public_metrics={"url_link_clicks": 1}), errors=[not_found("8")]),
    {"data": ADA},
    {"data": {"id": "5", "text": "A short walk.", "edit_history_post_ids": ["5"]}},
    {"title": "Forbidden", "detail": "No.", "type": "about:blank", "status": 403},
    {"errors": [{"message": "Bad.", "parameters": {"ids": ["x"]}}], "title": "Invalid Request"},
    HOURS,
]
QUESTIONS: list[Callable[[ApiClient], object]] = [
    lambda x: x.whoami(),
    lambda x: x.own_posts(SINCE),
    lambda x: list(x.search("from:ada_walks")),
    lambda x: list(x.mentions()),
    lambda x: x.post("5"),
    lambda x: list(x.posts(["5", "8"])),
    lambda x: x.conversation("5"),
    lambda x: x.post_analytics("5"),
    lambda x: x.hours(["5"], since=SINCE, until=NOON),
    lambda x: x.profile("ada_walks"),
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
statuses = st.sampled_from([200, 200, 200, 200, 201, 204, 302, 400, 402, 403, 404, 429, 500])
headers = st.dictionaries(
    st.sampled_from(
        ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset", "location", "content-type", "x-else"]
    ),
    st.sampled_from(["0", "15", "1772000000", "9" * 10, "9" * 400, "-1", "", "http://[", "é", "text/x; charset=idna"]),
)
splices = st.sampled_from([post("8"), QUOTING, ADA, [post("9")], "2026-03-02T11:00:00Z", "0001-01-01T00:00:00+14:00"])


@st.composite
def mutilated(draw: st.DrawFn) -> Any:
    """A good answer in which a few fields were dropped or set to something else."""
    payload = copy.deepcopy(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 4))):
        there = list(places(payload))
        if not there:
            break
        container, key = there[draw(st.integers(0, len(there) - 1))]
        if isinstance(container, dict) and draw(st.booleans()):
            del container[key]
        else:
            container[key] = copy.deepcopy(draw(json_values | splices))
    return payload


bodies = (
    mutilated().map(lambda payload: json.dumps(payload).encode())
    | json_values.map(lambda payload: json.dumps(payload).encode())
    | st.binary(max_size=40)
)
answers = st.builds(Said, status=statuses, body=bodies, headers=headers)


class Careless(Tally):
    """A meter that lets nobody wait for a limit, as long as it could be written down."""

    def note_limit(self, endpoint: str, *, limit: int, remaining: int, resets_at: datetime) -> None:
        assert endpoint
        assert resets_at.tzinfo
        assert all(0 <= number < 2**31 for number in (limit, remaining))


@pytest.fixture(scope="module")
def lasting() -> Iterator[tuple[Server, ApiClient]]:
    """One server and its client for all that is drawn: to open new ones takes longer than to ask."""
    with open_server() as server, client_of(server, ManualClock(NOON), meter=Careless()) as client:
        yield server, client


@settings(max_examples=300, deadline=None)
@given(st.lists(answers, min_size=1, max_size=3), st.sampled_from(QUESTIONS))
def test_whatever_a_server_answers_is_read_or_is_a_wall(
    lasting: tuple[Server, ApiClient], drawn: list[Said], question: Callable[[ApiClient], object]
) -> None:
    server, client = lasting
    server.says(*drawn)
    with suppress(Wall):
        question(client)


@settings(max_examples=150, deadline=None)
@given(answers)
def test_whatever_a_server_answers_to_a_new_post_is_one_of_three_results(
    lasting: tuple[Server, ApiClient], drawn: Said
) -> None:
    server, client = lasting
    server.says(drawn)
    before = len(server.asked)
    result = client.publish("A short walk.", reply_to=None, before_click=lambda: None)
    assert isinstance(result, Posted | Refused | Unknown)
    assert len(server.asked) == before + 1, "it is submitted once"
    if isinstance(result, Posted):
        assert json.loads(drawn.body)["data"]["id"] == result.post_id
        assert drawn.status in {200, 201}
    if isinstance(result, Refused):
        assert 400 <= drawn.status < 500


@settings(max_examples=150, deadline=None)
@given(mutilated())
def test_a_counter_is_never_made_up(lasting: tuple[Server, ApiClient], payload: Any) -> None:
    server, client = lasting
    server.says(said(payload))
    told = [container[key] for container, key in places(payload)]
    stood = {int(value) for value in told if type(value) is int or re.fullmatch(r"[0-9]{1,18}", str(value))}
    with suppress(Wall):
        for one in client.posts(["5"]):
            if isinstance(one, PostSnapshot):
                counters = {one.views, one.likes, one.reposts, one.replies, one.quotes, one.bookmarks}
                assert counters - {None} <= stood


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><title>Just a moment...</title></html>", b"[]", b"[" * 100_000, b"\xff\xfe", b'{"data":'],
    ids=["empty", "html", "list", "deep", "no text", "half"],
)
def test_a_body_that_is_no_json_object_is_a_wall_that_says_so(client: ApiClient, server: Server, body: bytes) -> None:
    server.says(Said(body=body))
    with pytest.raises(LayoutChanged, match="a JSON object is missing on the answer to GET /2/users/me"):
        client.whoami()


def test_an_answer_that_points_elsewhere_is_not_followed_and_is_no_answer(client: ApiClient, server: Server) -> None:
    for where in ("/2/elsewhere", "http://[", "é"):
        server.says(Said(302, json.dumps({"data": ADA}).encode(), {"location": where}))
        with pytest.raises(LayoutChanged, match="302"):
            client.whoami()
    assert {asked.path for asked in server.asked} == {"/2/users/me"}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_takes_no_token_to_another_origin(client: ApiClient, server: Server, status: int) -> None:
    with open_server() as other:
        server.says(Said(status, b"", {"location": f"{other.url}/2/users/me"}))
        with pytest.raises(LayoutChanged, match=str(status)):
            client.whoami()
        client.publish("A short walk.", reply_to=None, before_click=lambda: None)
        assert other.asked == []


def test_a_connection_that_breaks_in_the_middle_of_an_answer_is_no_answer(client: ApiClient, server: Server) -> None:
    whole = json.dumps({"data": ADA}).encode()
    server.says(Said(body=whole[:30], promised=len(whole)))
    with pytest.raises(Unreachable, match="the connection broke"):
        client.whoami()
    assert isinstance(client.publish("A short walk.", reply_to=None, before_click=lambda: None), Unknown)


def test_a_page_that_is_followed_by_itself_ends_the_reading(client: ApiClient, server: Server) -> None:
    first = said(page(post("9"), meta={"result_count": 1, "next_token": "b"}))
    second = said(page(post("8"), meta={"result_count": 1, "next_token": "c"}))
    third = said(page(post("7"), meta={"result_count": 1, "next_token": "b"}))
    server.says(first, second, third, second)
    with pytest.raises(LayoutChanged, match="the last page is missing"):
        client.own_posts(SINCE)
    assert [asked.query.get("pagination_token") for asked in server.asked] == [None, "b", "c"]


def test_pages_without_an_end_come_to_one(client: ApiClient, server: Server) -> None:
    numbers = iter(range(10_000))
    server.answer = lambda _: said({"meta": {"result_count": 0, "next_token": f"t{next(numbers)}"}})
    with pytest.raises(LayoutChanged, match="the last page is missing"):
        all_of([client.mentions()])
    assert len(server.asked) == 1_000


def test_posts_that_answer_each_other_in_a_circle_come_to_an_end(client: ApiClient, server: Server) -> None:
    upwards = {"5": "4", "4": "6", "6": "5"}

    def looked_up(post_id: str) -> Said:
        answered = {"type": "replied_to", "id": upwards[post_id]}
        return said(page(post(post_id, referenced_posts=[answered])))

    server.answer = lambda asked: (
        said({"meta": {"result_count": 0}}) if "search" in asked.path else looked_up(asked.query["ids"])
    )
    assert [one.id for one in client.conversation("5").above] == ["4"]
    assert len(server.asked) < 20
