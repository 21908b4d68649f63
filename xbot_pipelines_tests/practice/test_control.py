"""The control API of practice X: truth, clock, histories, reset."""

from datetime import timedelta

import pytest

from xbot_pipelines_tests.practice_site import Practice


def test_truth_tells_all_of_our_posts_with_private_figures(practice: Practice) -> None:
    reader = practice.ask("GET", "people")[0]["handle"]
    (theirs,) = practice.put({"author": reader, "text": "Not ours"})
    visitor = practice.visitor()
    post = visitor.post("Ours")
    reply = visitor.post("Our reply", theirs)
    truth = practice.truth()
    assert [one["id"] for one in truth["posts"]] == [post, reply]
    assert truth["accounts"] == [{"handle": "daily_vitals", "id": visitor.id, "followers": 2181}]
    first = truth["posts"][0]
    assert set(first) == {
        "id", "author", "text", "created_at", "in_reply_to", "deleted_at", "hidden", "counters", "private",
        "expected",
    }  # fmt: skip
    assert set(first["counters"]) == {"views", "likes", "reposts", "replies", "quotes", "bookmarks"}
    assert set(first["private"]) == {"profile_visits", "detail_expands", "link_clicks", "follows", "engagements"}
    assert set(first["expected"]) == {"views", "engagements", "freshness"}
    assert first["expected"]["views"] > first["expected"]["engagements"] > 0
    assert truth["posts"][1]["in_reply_to"] == theirs
    assert practice.truth(ids=theirs)["posts"][0]["expected"] is None
    assert [one["id"] for one in practice.truth(author=reader)["posts"]] == [theirs]
    assert [one["id"] for one in practice.truth(ids=f"{theirs},{post}")["posts"]] == [theirs, post]
    assert {one["id"] for one in practice.truth(all="1")["posts"]} == {theirs, post, reply}


def test_truth_at_a_moment_is_what_was_then(practice: Practice) -> None:
    post = practice.visitor().post("Over time")
    posted = practice.now()
    practice.advance(hours=30)
    then = practice.truth(at=(posted + timedelta(hours=2)).isoformat())
    now = practice.truth()
    assert 0 < then["posts"][0]["counters"]["views"] < now["posts"][0]["counters"]["views"]
    assert practice.truth(at=(posted - timedelta(hours=1)).isoformat())["posts"] == []
    assert practice.truth(ids=post, at=(posted + timedelta(hours=2)).isoformat())["posts"] == then["posts"]


def test_the_clock_stands_advances_and_runs_on(practice: Practice) -> None:
    frozen = practice.ask("POST", "clock", {"running": False})
    assert frozen["running"] is False
    assert practice.ask("GET", "clock") == frozen
    began = practice.now()
    practice.ask("POST", "clock", {"advance_seconds": 3600})
    assert practice.now() - began == timedelta(hours=1)
    ahead = (began + timedelta(days=2)).isoformat()
    both = practice.ask("POST", "clock", {"now": ahead, "advance_seconds": 30, "running": True})
    assert both["running"] is True
    assert timedelta(0) <= practice.now() - began - timedelta(days=2, seconds=30) < timedelta(minutes=1)


def test_the_clock_is_not_set_before_an_existing_post(practice: Practice) -> None:
    practice.visitor().post("Now")
    before = (practice.now() - timedelta(hours=1)).isoformat()
    assert "newest post" in practice.refused("POST", "clock", {"now": before})
    assert "advance_seconds" in practice.refused("POST", "clock", {"advance_seconds": -1})


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"now": "2026-01-01T00:00:00"}, "time zone"),
        ({"now": "soon"}, "ISO"),
        ({"running": "yes"}, "running"),
        ({"advance_seconds": 1e300}, "advance_seconds"),
        ({"speed": 2}, "speed"),
        ([1], "object"),
    ],
)
def test_a_clock_setting_that_cannot_be_is_refused_with_a_sentence(
    practice: Practice, body: object, named: str
) -> None:
    before = practice.ask("POST", "clock", {"running": False})
    assert named in practice.refused("POST", "clock", body)
    assert practice.ask("GET", "clock") == before


def test_histories_can_be_put_for_anybody_up_to_now(practice: Practice) -> None:
    then = practice.now() - timedelta(days=3)
    first, second = practice.put(
        {"author": "@daily_vitals", "text": "Three days ago", "created_at": then.isoformat()},
        {"author": "daily_vitals", "text": "In the same moment", "created_at": then.isoformat()},
    )
    assert int(first) < int(second)
    posts = practice.truth()["posts"]
    assert [post["text"] for post in posts] == ["Three days ago", "In the same moment"]
    assert sum(post["counters"]["views"] for post in posts) > 0


@pytest.mark.parametrize(
    ("post", "named"),
    [
        ({"author": "nobody_at_all", "text": "x"}, "nobody_at_all"),
        ({"author": "daily_vitals", "text": ""}, "text"),
        ({"author": "daily_vitals", "text": "x", "created_at": "2999-01-01T00:00:00+00:00"}, "ahead"),
        ({"author": "daily_vitals", "text": "x", "in_reply_to": "123"}, "in_reply_to"),
        ({"author": "daily_vitals", "text": "x", "likes": 3}, "likes"),
        ("x", "object"),
    ],
)
def test_a_history_is_put_whole_or_not_at_all(practice: Practice, post: object, named: str) -> None:
    good = {"author": "daily_vitals", "text": "Fine"}
    assert named in practice.refused("POST", "posts", [good, post])
    assert practice.truth()["posts"] == []


def test_posts_can_be_deleted_by_anybodys_hand(practice: Practice) -> None:
    post = practice.visitor().post("Oops")
    practice.ask("DELETE", f"posts/{post}")
    assert practice.truth()["posts"][0]["deleted_at"] is not None
    assert "no post 1" in practice.refused("DELETE", "posts/1")


def test_counters_fall_from_the_moment_x_corrects_them_and_never_below_zero(practice: Practice) -> None:
    practice.ask("POST", "clock", {"now": "2026-03-02T12:00:00Z", "running": False})
    post = practice.visitor().post("Liked by some, and by some bots")
    practice.advance(hours=5)
    before = practice.truth()["posts"][0]
    practice.ask("POST", f"posts/{post}/counters", {"views": -5, "likes": -100_000, "profile_visits": 7})
    after = practice.truth()["posts"][0]
    assert after["counters"] == {**before["counters"], "views": before["counters"]["views"] - 5, "likes": 0}
    assert after["private"]["profile_visits"] == before["private"]["profile_visits"] + 7
    lost = before["counters"]["likes"]
    assert after["private"]["engagements"] == before["private"]["engagements"] - lost + 7
    earlier = (practice.now() - timedelta(seconds=1)).isoformat()
    assert practice.truth(at=earlier)["posts"][0]["counters"]["views"] > after["counters"]["views"]
    practice.ask("POST", f"posts/{post}/counters", {"views": -2})
    assert practice.truth()["posts"][0]["counters"]["views"] == after["counters"]["views"] - 2
    practice.advance(hours=19)
    assert practice.truth()["posts"][0]["counters"]["views"] > after["counters"]["views"]


@pytest.mark.parametrize(
    ("body", "named"), [({"hearts": -1}, "hearts"), ({"likes": "-1"}, "likes"), ({"likes": True}, "likes")]
)
def test_a_correction_that_cannot_be_is_refused_with_a_sentence(practice: Practice, body: object, named: str) -> None:
    post = practice.visitor().post("Steady")
    assert named in practice.refused("POST", f"posts/{post}/counters", body)


def test_truth_tells_which_posts_are_hidden_and_since_when(practice: Practice) -> None:
    practice.ask("POST", "clock", {"now": "2026-03-02T12:00:00Z", "running": False})
    post = practice.visitor().post("Limited for a while")
    moments = []
    for change in ("hide", "hide", "show", "show"):
        practice.advance(hours=1)
        practice.ask("POST", f"posts/{post}/{change}")
        moments.append(practice.now().isoformat())
    practice.advance(hours=1)
    assert [practice.truth(at=moment)["posts"][0]["hidden"] for moment in moments] == [True, True, False, False]
    assert practice.truth()["posts"][0]["hidden"] is False
    for change in ("hide", "show", "counters"):
        assert "no post 1" in practice.refused("POST", f"posts/1/{change}", {})


def test_a_reset_makes_a_fresh_world(practice: Practice) -> None:
    visitor = practice.visitor()
    visitor.post("Old")
    practice.fault(operation="*", kind="http_500_before")
    practice.advance(days=5)
    ready = practice.ask("POST", "reset")
    assert ready == {"ready": True, "seed": 7, "handles": ["daily_vitals"]}
    assert practice.truth()["posts"] == []
    assert practice.ask("GET", "faults") == []
    assert practice.ask("GET", "requests") == {"total": 0, "by_operation": {}, "by_page": {}}
    assert visitor.request("Viewer").status_code == 401
    practice.visitor().post("New")
    assert practice.ask("POST", "reset", {"seed": 8})["seed"] == 8


def test_requests_are_counted_by_operation_and_page(practice: Practice) -> None:
    visitor = practice.visitor()
    visitor.page_config("/home")
    for _ in range(3):
        visitor.call("Viewer")
    visitor.post("Counted")
    counted = practice.ask("GET", "requests")
    assert counted["by_operation"] == {"Viewer": 3, "CreateTweet": 1}
    assert counted["total"] == 4
    assert counted["by_page"] == {"home": 1, "profile": 1}


def test_only_accounts_of_ours_get_a_session(practice: Practice) -> None:
    reader = practice.ask("GET", "people")[0]["handle"]
    assert "reader" in practice.refused("POST", "session", {"handle": reader})
    assert "nobody" in practice.refused("POST", "session", {"handle": "xyz"})
    state = practice.storage_state()
    assert {cookie["name"] for cookie in state["cookies"]} == {"auth_token", "ct0", "twid", "lang"}
    assert {cookie["domain"] for cookie in state["cookies"]} == {"127.0.0.1"}


def test_a_body_that_is_no_json_is_a_sentence(practice: Practice) -> None:
    response = practice.control.post("/practice/clock", content=b"{")
    assert response.status_code == 400
    assert "JSON" in response.json()["error"]
