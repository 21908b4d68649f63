"""Lists of posts over the official API, page by page: own posts, mentions, search."""

from datetime import timedelta

import pytest

from xbot_pipelines.practice.people import Cast
from xbot_pipelines_tests.practice.api.developer import Developer, invalid
from xbot_pipelines_tests.practice_site import Json, Practice, people


def history(practice: Practice, size: int) -> list[str]:
    """Posts of our account, a quarter of an hour apart, oldest first."""
    now = practice.now()
    return practice.put(
        *(
            {
                "author": practice.handle,
                "text": f"Small note number {number}",
                "created_at": (now - timedelta(minutes=15) * (size - number)).isoformat(),
            }
            for number in range(size)
        )
    )


def ids(body: Json) -> list[str]:
    return [post["id"] for post in body.get("data", [])]


def test_a_thousand_own_posts_are_read_in_ten_requests(practice: Practice, app: Developer, own_id: str) -> None:
    posts = history(practice, 1000)
    read: list[str] = []
    token: Json = {}
    requests = 0
    while requests == 0 or token:
        body = app.get(f"users/{own_id}/tweets", max_results=100, **token)
        read += ids(body)
        requests += 1
        next_token = body["meta"].get("next_token")
        token = {} if next_token is None else {"pagination_token": next_token}
    assert read == posts[::-1]
    assert requests == 10
    assert (body["meta"]["newest_id"], body["meta"]["oldest_id"]) == (posts[99], posts[0])
    assert practice.ask("GET", "requests")["by_operation"]["getUsersPosts"] == 10


def test_a_page_does_not_shift_and_the_way_back_leads_to_its_neighbour(
    practice: Practice, app: Developer, own_id: str
) -> None:
    posts = history(practice, 30)
    path = f"users/{own_id}/tweets"
    first = app.get(path)
    assert (len(first["data"]), "previous_token" in first["meta"]) == (10, False)
    app.post("Just now")
    second = app.get(path, pagination_token=first["meta"]["next_token"])
    assert ids(second) == posts[19:9:-1]
    third = app.get(path, pagination_token=second["meta"]["next_token"])
    assert "next_token" not in third["meta"]
    back = app.get(path, pagination_token=third["meta"]["previous_token"])
    assert ids(back) == ids(second)
    assert ids(app.get(path, pagination_token=back["meta"]["next_token"])) == ids(third)


def test_times_ids_and_kinds_narrow_a_list(practice: Practice, app: Developer, own_id: str) -> None:
    practice.ask("POST", "clock", {"now": "2026-03-02T12:00:00+00:00", "running": False})
    posts = history(practice, 20)
    reply = app.post("A thread", posts[0])
    path = f"users/{own_id}/tweets"
    assert ids(app.get(path, max_results=5)) == [reply, *posts[:-5:-1]]
    assert ids(app.get(path, max_results=5, exclude="replies,retweets")) == posts[:-6:-1]
    assert ids(app.get(path, since_id=posts[14], until_id=posts[18])) == posts[17:14:-1]
    made = {
        post["id"]: post["created_at"] for post in app.get(path, max_results=50, tweet__fields="created_at")["data"]
    }
    assert ids(app.get(path, start_time=made[posts[3]], end_time=made[posts[6]])) == posts[5:2:-1]


def test_an_empty_list_has_no_data(app: Developer, own_id: str) -> None:
    assert app.get(f"users/{own_id}/tweets") == {"meta": {"result_count": 0}}
    nobody = app.get("users/1/tweets")
    assert nobody["errors"][0]["detail"] == "Could not find user with id: [1]."
    protected = Cast(7).protected[0]
    hidden = app.get(f"users/{protected.id}/tweets")
    assert (set(hidden), hidden["errors"][0]["title"]) == ({"errors"}, "Authorization Error")


def test_mentions_are_what_the_site_shows_as_such(practice: Practice, app: Developer, own_id: str) -> None:
    reader = people(practice)[0]
    own = app.post("Naps are fine")
    naming, answering = practice.put(
        {"author": reader, "text": "What would @daily_vitals say?"},
        {"author": reader, "text": "How long?", "in_reply_to": own},
    )
    body = app.get(f"users/{own_id}/mentions", expansions="author_id", max_results=100)
    assert ids(body)[:2] == [answering, naming]
    assert own not in ids(body)
    assert body["data"][0]["text"] == "@daily_vitals How long?"
    assert reader in [user["username"] for user in body["includes"]["users"]]


def test_a_search_knows_the_sites_operators_and_its_own(practice: Practice, app: Developer) -> None:
    reader = people(practice)[0]
    plain, linking = practice.put(
        {"author": reader, "text": "zebrafish and sleep"},
        {"author": reader, "text": "zebrafish at https://example.com/fish"},
    )
    (answer,) = practice.put({"author": practice.handle, "text": "zebrafish again", "in_reply_to": plain})

    def found(query: str) -> list[str]:
        return ids(app.get("tweets/search/recent", query=query))

    assert found("zebrafish") == [answer, linking, plain]
    assert found("zebrafish -is:retweet") == [answer, linking, plain]
    assert found("zebrafish is:reply") == [answer]
    assert found("zebrafish -is:reply -has:links lang:en") == [plain]
    assert found("zebrafish has:links") == [linking]
    assert found(f"from:{reader} (zebrafish OR sleep)")[:2] == [linking, plain]
    assert found("is:retweet") == []
    assert found(f"zebrafish -conversation_id:{plain}") == [linking]


def test_a_conversation_is_found_with_the_replies_of_readers(practice: Practice, app: Developer) -> None:
    # At this moment the seed lets readers answer.
    practice.ask("POST", "clock", {"now": "2026-03-02T12:00:00+00:00", "running": False})
    own = app.post("What helps you to fall asleep?")
    practice.advance(minutes=100)
    first = {post["id"] for post in practice.truth(all="1")["posts"] if post["in_reply_to"] == own}
    assert first
    replies = {*first, *practice.put({"author": practice.handle, "text": "Me too", "in_reply_to": min(first)})}
    body = app.get("tweets/search/recent", query=f"conversation_id:{own}", max_results=100)
    assert set(ids(body)) == {own, *replies}
    assert ids(body)[-1] == own
    answers = app.get("tweets/search/recent", query=f"conversation_id:{own} is:reply", max_results=100)
    assert set(ids(answers)) == replies


def test_a_search_goes_back_seven_days_page_by_page(practice: Practice, app: Developer) -> None:
    now = practice.now()
    posts = practice.put(
        *(
            {
                "author": practice.handle,
                "text": f"zebrafish {number}",
                "created_at": (now - timedelta(hours=8) * (30 - number)).isoformat(),
            }
            for number in range(30)
        )
    )
    within = posts[-20:]
    first = app.get("tweets/search/recent", query="zebrafish", max_results=10)
    second = app.get("tweets/search/recent", query="zebrafish", next_token=first["meta"]["next_token"])
    assert ids(first) + ids(second) == within[::-1]
    assert "next_token" not in second["meta"]
    back = app.get("tweets/search/recent", query="zebrafish", pagination_token=second["meta"]["previous_token"])
    assert ids(back) == ids(first)


@pytest.mark.parametrize(
    ("path", "parameters", "said"),
    [
        ("tweets/search/recent", {}, "The `query` query parameter can not be empty"),
        ("tweets/search/recent", {"query": "x" * 513}, "at most 512 characters"),
        ("tweets/search/recent", {"query": "x", "max_results": "5"}, "[5] is not between 10 and 100"),
        ("tweets/search/recent", {"query": "x", "next_token": "b26"}, "[b26] is not a valid token"),
        ("tweets/search/recent", {"query": "x", "start_time": "2020-01-01T00:00:00Z"}, "must be on or after"),
        ("tweets/search/recent", {"query": "x", "end_time": "2099-01-01T00:00:00Z"}, "a minimum of 10 seconds prior"),
        ("users/{me}/tweets", {"max_results": "4"}, "[4] is not between 5 and 100"),
        ("users/{me}/tweets", {"exclude": "likes"}, "value [likes] is not one of [replies,retweets]"),
        ("users/{me}/tweets", {"start_time": "yesterday"}, "value [yesterday] is not a valid"),
        ("users/{me}/tweets", {"start_time": "2026-02-31T00:00:00Z"}, "is not a valid"),
        ("users/{me}/mentions", {"exclude": "replies"}, "The query parameter [exclude] is not one of"),
    ],
)
def test_a_list_that_cannot_be_asked_for_is_a_400(
    app: Developer, path: str, parameters: dict[str, str], said: str
) -> None:
    me = str(app.get("users/me")["data"]["id"])
    assert said in invalid(app.request("GET", path.replace("{me}", me), **parameters))


@pytest.mark.parametrize("path", ["users/{me}/tweets", "users/{me}/mentions", "tweets/search/recent"])
@pytest.mark.parametrize(("age", "taken"), [(30, True), (5, False), (-60, False)])
def test_start_younger_than_ten_seconds_is_refused(
    practice: Practice, app: Developer, own_id: str, path: str, age: int, taken: bool
) -> None:
    """X does so in every list that takes a start."""
    start = (practice.now() - timedelta(seconds=age)).strftime("%Y-%m-%dT%H:%M:%SZ")
    asked = {"start_time": start, **({"query": "x"} if "search" in path else {})}
    answer = app.request("GET", path.replace("{me}", own_id), **asked)
    assert (answer.status_code == 200) is taken
