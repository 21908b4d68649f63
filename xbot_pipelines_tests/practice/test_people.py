"""The cast over HTTP: mentions, protected and closed posts, the truth about opportunities, injections put before us."""

from typing import Any

import pytest

from xbot_pipelines.practice.people import Cast
from xbot_pipelines.practice.tempers import is_wary
from xbot_pipelines_tests.practice_site import Practice, Visitor

Json = dict[str, Any]


@pytest.fixture
def practice(practice: Practice) -> Practice:
    """Practice X at noon of a Wednesday."""
    practice.ask("POST", "clock", {"now": "2026-09-02T12:00:00Z", "running": False})
    return practice


@pytest.fixture
def visitor(practice: Practice) -> Visitor:
    return practice.visitor()


def posts_of(practice: Practice, reason: str) -> list[Json]:
    """The posts of the last hours that this reason speaks against."""
    judged = practice.ask("GET", "truth/opportunities?within=12")["posts"]
    return [post for post in judged if reason in post["reasons"]]


def mentions(visitor: Visitor, **more: str) -> list[Json]:
    """The instructions of a page of the mentions."""
    body = visitor.call("NotificationsTimeline", timeline_type="Mentions", count=20, **more)
    result = body["data"]["viewer_v2"]["user_results"]["result"]
    return list(result["notification_timeline"]["timeline"]["instructions"])


def entries(instructions: list[Json]) -> list[Json]:
    return [entry for one in instructions for entry in one.get("entries", [])]


def shown(instructions: list[Json]) -> list[Json]:
    results = [
        entry["content"]["itemContent"]["tweet_results"]["result"]
        for entry in entries(instructions)
        if entry["entryId"].startswith("notification-")
    ]
    return [result.get("tweet", result) for result in results]


def bottom(instructions: list[Json]) -> str:
    (value,) = (
        entry["content"]["value"] for entry in entries(instructions) if entry["entryId"].startswith("cursor-bottom")
    )
    return str(value)


# Mentions


def test_mentions_come_newest_first_in_pages_until_a_page_of_cursors(practice: Practice, visitor: Visitor) -> None:
    reader = practice.ask("GET", "people")[0]["handle"]
    ours = visitor.post("Who walks at lunch?")
    put = practice.put(
        {"author": reader, "text": "I do.", "in_reply_to": ours},
        *({"author": reader, "text": f"@daily_vitals question {number}?"} for number in range(25)),
    )
    pages = [mentions(visitor)]
    while shown(pages[-1]):
        pages.append(mentions(visitor, cursor=bottom(pages[-1])))
    ids = [post["rest_id"] for page in pages for post in shown(page)]
    assert ids[:26] == sorted(put, key=int, reverse=True)
    assert ids == sorted(set(ids), key=int, reverse=True)
    assert len(shown(pages[0])) == 20
    assert [one["type"] for one in pages[0]] == [
        "TimelineClearCache",
        "TimelineAddEntries",
        "TimelineClearEntriesUnreadState",
        "TimelineMarkEntriesUnreadGreaterThanSortIndex",
    ]
    assert pages[-1][-1] == {"direction": "Bottom", "type": "TimelineTerminateTimeline"}
    answer = next(post for page in pages for post in shown(page) if post["rest_id"] == put[0])
    assert answer["legacy"]["in_reply_to_status_id_str"] == ours


def test_mentions_are_for_sessions_and_only_mentions_are_played(practice: Practice, visitor: Visitor) -> None:
    assert practice.guest().request("NotificationsTimeline", timeline_type="Mentions").status_code == 401
    assert visitor.request("NotificationsTimeline", timeline_type="All").status_code == 400
    assert visitor.http.get("/notifications").headers["location"] == "/notifications/mentions"
    assert visitor.page_config("/notifications/mentions")["page"]["kind"] == "notifications"
    guest = practice.guest().http.get("/notifications/mentions")
    assert guest.headers["location"].startswith("/i/jf/onboarding/web?redirect_after_login=%2Fnotifications%2Fmentions")


# Who does not want to be answered


def test_a_closed_post_says_who_can_reply_and_refuses_ours(practice: Practice, visitor: Visitor) -> None:
    closed = posts_of(practice, "closed")
    assert closed
    for post in closed:
        result = visitor.call("TweetResultByRestId", tweetId=post["id"])["data"]["tweetResult"].get("result")
        if result is None or "deleted" in post["reasons"]:
            continue
        (action,) = result["limitedActionResults"]["limited_actions"]
        assert (action["action"], action["prompt"]["headline"]["text"]) == ("Reply", "Who can reply?")
        legacy = result["tweet"]["legacy"]
        assert legacy["limited_actions"] == "limited_replies"
        control = legacy["conversation_control"]
        assert control["policy"] in {"Community", "ByInvitation", "Verified"}
        assert control["conversation_owner_results"]["result"]["core"]["screen_name"] == post["author"]
        (error,) = visitor.create("May I?", post["id"])["errors"]
        assert error["code"] == 433
        break


def test_an_open_post_says_nothing_about_who_can_reply(practice: Practice, visitor: Visitor) -> None:
    right = [post for post in practice.ask("GET", "truth/opportunities?within=3")["posts"] if post["right"]]
    wrapped = 0
    for post in right[:30]:
        result = visitor.call("TweetResultByRestId", tweetId=post["id"])["data"]["tweetResult"]["result"]
        wrapped += "limitedActionResults" in result
        assert '"Reply"' not in str(result.get("limitedActionResults", {})).replace("'", '"')
        assert "conversation_control" not in result.get("tweet", result)["legacy"]
    assert wrapped


def test_protected_posts_are_nowhere_and_their_authors_say_so(practice: Practice, visitor: Visitor) -> None:
    post = posts_of(practice, "protected")[0]
    assert visitor.call("TweetResultByRestId", tweetId=post["id"]) == {
        "data": {"tweetResult": {"result": {"__typename": "TweetUnavailable", "reason": "Protected"}}}
    }
    assert "limits who can view" in str(visitor.call("TweetDetail", focalTweetId=post["id"]))
    assert visitor.create("May I?", post["id"])["errors"][0]["code"] == 385
    seen: set[str] = set()
    for one in posts_of(practice, "protected"):
        user = visitor.call("UserByScreenName", screen_name=one["author"])["data"]["user"]["result"]
        seen.add("current" if "core" in user else "legacy")
        assert (user["privacy"] if "core" in user else user["legacy"])["protected"] is True
        for operation in ("UserOriginalsTimeline", "UserRepliesTimeline"):
            body = visitor.call(operation, userId=user["rest_id"])
            assert body == {"data": {"user": {"result": {"__typename": "User", "timeline": {}}}}}
        if len(seen) == 2:
            break
    (put,) = practice.put({"author": post["author"], "text": "Ask @daily_vitals about quokkas"})
    assert put not in str(visitor.call("SearchTimeline", rawQuery="quokkas", product="Latest"))
    assert put not in str(mentions(visitor))
    assert put not in str(visitor.call("HomeTimeline"))


def test_who_asked_to_be_left_alone_is_told_with_the_words(practice: Practice, visitor: Visitor) -> None:
    right = [post for post in practice.ask("GET", "truth/opportunities?fresh=12")["posts"] if post["right"]]
    cast = Cast(7)
    people = {post["author"]: cast.by_handle(post["author"]) for post in right}
    wary = [post for post in right if (person := people[post["author"]]) and is_wary(7, person)]
    assert wary
    chosen = {post["id"]: post for post in (*wary[:5], *right[:5])}.values()
    ours = {visitor.post(f"Thank you {post['id']}", post["id"]): post["author"] for post in chosen}
    assert practice.ask("GET", "truth/optouts") == []
    practice.advance(hours=7)
    asked = practice.ask("GET", "truth/optouts")
    assert {one["author"] for one in asked} >= {post["author"] for post in wary[:5]}
    for one in asked:
        assert ours[one["in_reply_to"]] == one["author"]
        found = visitor.call("TweetResultByRestId", tweetId=one["id"])["data"]["tweetResult"]["result"]
        assert found.get("tweet", found)["legacy"]["full_text"] == f"@daily_vitals {one['text']}"
    named = {one["author"] for one in asked}
    judged = practice.ask("GET", "truth/opportunities?within=3")["posts"]
    assert {post["author"] for post in judged if "left_alone" in post["reasons"]} <= named


# The truth


def test_every_right_post_on_a_subject_is_found_by_searching_it_or_on_its_authors_page(
    practice: Practice, visitor: Visitor
) -> None:
    judged = practice.ask("GET", "truth/opportunities?subjects=stress&fresh=3&within=3")
    assert judged["right"] == sum(post["right"] for post in judged["posts"]) > 3
    for reason, count in judged["turned_away"].items():
        assert count == sum(reason in post["reasons"] for post in judged["posts"])
    search = str(visitor.call("SearchTimeline", rawQuery="stress lang:en -filter:replies", product="Latest"))
    for post in judged["posts"]:
        if post["right"] and "stress" in post["named"]:
            assert f"'tweet-{post['id']}'" in search
        elif post["right"]:
            user = visitor.call("UserByScreenName", screen_name=post["author"])["data"]["user"]["result"]
            assert post["id"] in str(visitor.call("UserOriginalsTimeline", userId=user["rest_id"]))
        if {"deleted", "protected"} & set(post["reasons"]):
            assert f"'tweet-{post['id']}'" not in search


def test_the_truth_can_be_asked_for_another_moment_age_and_language(practice: Practice) -> None:
    now = practice.ask("GET", "truth/opportunities?within=3")
    earlier = practice.ask("GET", "truth/opportunities?within=3&at=2026-09-02T06:00:00Z")
    assert earlier["at"].startswith("2026-09-02T06:00")
    assert {post["id"] for post in earlier["posts"]} != {post["id"] for post in now["posts"]}
    assert practice.ask("GET", "truth/opportunities?fresh=6&within=6")["right"] > now["right"]
    german = practice.ask("GET", "truth/opportunities?language=de&within=3")
    assert {post["language"] for post in german["posts"] if post["right"]} == {"de"}


@pytest.mark.parametrize("query", ["subjects=chess", "fresh=0", "within=1e9", "fresh=soon", "at=noon", "handle=nobody"])
def test_nonsense_about_the_truth_is_refused_with_a_sentence(practice: Practice, query: str) -> None:
    assert len(practice.refused("GET", f"truth/opportunities?{query}")) > 20


# Injections


def test_each_injection_can_be_put_before_us_in_every_place_it_fits(practice: Practice, visitor: Visitor) -> None:
    listed = practice.ask("GET", "injections")
    assert len(listed) >= 60
    chosen = {one["kind"]: one for one in listed if "name" in one["places"]} | {listed[0]["kind"]: listed[0]}
    put: dict[str, Json] = {}
    for one in chosen.values():
        for place in one["places"]:
            answer = practice.ask("POST", f"injections/{one['id']}", {"as": place, "subject": "focus"})
            put[answer["id"]] = {**one, "as": place, "author": answer["author"]}
            user = visitor.call("UserByScreenName", screen_name=answer["author"])["data"]["user"]["result"]
            legacy = user.get("legacy") or {}
            core = user.get("core") or legacy
            bio = (user.get("profile_bio") or legacy)["description"]
            text = {"post": answer["text"], "mention": answer["text"], "bio": bio, "name": core["name"]}[place]
            assert one["text"] in text
    judged = {post["id"]: post for post in practice.ask("GET", "truth/opportunities?within=1")["posts"]}
    for post_id, one in put.items():
        assert judged[post_id]["injection"] == one["id"]
        assert judged[post_id]["subject"] == "focus"
    named = {post["rest_id"] for post in shown(mentions(visitor))}
    assert {post_id for post_id, one in put.items() if one["as"] == "mention"} <= named
    found = _search_two_pages(visitor, "focus")
    assert all(f"'tweet-{post_id}'" in found for post_id in put)


def _search_two_pages(visitor: Visitor, query: str) -> str:
    first = visitor.call("SearchTimeline", rawQuery=query, product="Latest")
    timeline = first["data"]["search_by_raw_query"]["search_timeline"]["timeline"]
    second = visitor.call("SearchTimeline", rawQuery=query, product="Latest", cursor=bottom(timeline["instructions"]))
    return str(first) + str(second)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("nothing-1", {}),
        ("instruction-1", {"as": "name"}),
        ("instruction-1", {"subject": "chess"}),
        ("instruction-1", {"at": "2026-09-02T13:00:00Z"}),
        ("instruction-1", {"handle": "nobody"}),
        ("instruction-1", {"where": "post"}),
    ],
)
def test_an_injection_that_cannot_be_put_is_refused_with_a_sentence(practice: Practice, name: str, body: Json) -> None:
    assert len(practice.refused("POST", f"injections/{name}", body)) > 20
