"""The GraphQL operations of practice X, asked over HTTP as the front end asks them."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from xbot_pipelines_tests.practice_site import Practice, Visitor

Json = dict[str, Any]

CAPTURES = Path(__file__).parents[3] / "shared" / "captures"


@pytest.fixture
def visitor(practice: Practice) -> Visitor:
    return practice.visitor()


def instructions(body: Json) -> list[Json]:
    data = body["data"]
    if "user" in data:
        return list(data["user"]["result"]["timeline"]["timeline"]["instructions"])
    return list(data["threaded_conversation_with_injections_v2"]["instructions"])


def entries(body: Json) -> list[Json]:
    return [entry for instruction in instructions(body) for entry in instruction.get("entries", [])]


def kinds(body: Json) -> list[str]:
    return [instruction["type"] for instruction in instructions(body)]


def prefixes(body: Json) -> list[str]:
    return [entry["entryId"].rstrip("0123456789").rstrip("-") for entry in entries(body)]


def cursor(body: Json, kind: str = "Bottom") -> str:
    found = [entry["content"]["value"] for entry in entries(body) if entry["content"].get("cursorType") == kind]
    return str(found[0])


def tweets(found: Any) -> Iterator[Json]:
    """Every Tweet object in an answer, unwrapped, in its order; promoted ones left out."""
    if isinstance(found, dict):
        if "promotedMetadata" in found:
            return
        if "legacy" in found and "full_text" in (found["legacy"] or {}):
            yield found
        for value in found.values():
            yield from tweets(value)
    elif isinstance(found, list):
        for value in found:
            yield from tweets(value)


def users(found: Any) -> Iterator[Json]:
    if isinstance(found, dict):
        if found.get("__typename") == "User" and "rest_id" in found:
            yield found
        for value in found.values():
            yield from users(value)
    elif isinstance(found, list):
        for value in found:
            yield from users(value)


def code(body: Json) -> int:
    assert body["data"] == {}
    (error,) = body["errors"]
    assert error["extensions"]["code"] == error["code"]
    return int(error["code"])


def seeded_history(practice: Practice, size: int, **minutes_apart: float) -> list[str]:
    """Originals of our account, oldest first."""
    apart = timedelta(**minutes_apart) if minutes_apart else timedelta(minutes=17)
    now = practice.now()
    return practice.put(
        *(
            {
                "author": practice.handle,
                "text": f"Small note number {number} on sleep?",
                "created_at": (now - apart * (size - number)).isoformat(),
            }
            for number in range(size)
        )
    )


# Timelines


def test_an_account_without_posts_answers_whom_to_follow_and_two_cursors(visitor: Visitor) -> None:
    originals = visitor.call("UserOriginalsTimeline", userId=visitor.id, count=20)
    assert prefixes(originals) == ["who-to-follow", "cursor-top", "cursor-bottom"]
    replies = visitor.call("UserRepliesTimeline", userId=visitor.id, count=20)
    assert prefixes(replies) == ["cursor-top", "cursor-bottom"]


def test_originals_come_in_pages_of_twenty_until_a_page_of_cursors_only(practice: Practice, visitor: Visitor) -> None:
    ids = seeded_history(practice, 53)
    pages, at = [], None
    while True:
        body = visitor.call("UserOriginalsTimeline", userId=visitor.id, count=20, **({"cursor": at} if at else {}))
        pages.append([tweet["rest_id"] for tweet in tweets(body)])
        at = cursor(body)
        if not pages[-1]:
            break
    assert [len(page) for page in pages] == [20, 20, 13, 0]
    assert [post for page in pages for post in page] == ids[::-1]
    assert kinds(body) == ["TimelineAddEntries", "TimelineTerminateTimeline"]
    again = visitor.call("UserOriginalsTimeline", userId=visitor.id, cursor=at)
    assert cursor(again) == at


def test_a_page_does_not_shift_when_a_new_post_arrives(practice: Practice, visitor: Visitor) -> None:
    ids = seeded_history(practice, 30)
    first = visitor.call("UserOriginalsTimeline", userId=visitor.id)
    newest = visitor.post("Just now")
    second = visitor.call("UserOriginalsTimeline", userId=visitor.id, cursor=cursor(first))
    assert [tweet["rest_id"] for tweet in tweets(second)] == ids[9::-1]
    above = visitor.call("UserOriginalsTimeline", userId=visitor.id, cursor=cursor(first, "Top"))
    assert [tweet["rest_id"] for tweet in tweets(above)] == [newest]


def test_the_first_page_carries_an_ad_suggestions_and_the_pinned_post(practice: Practice, visitor: Visitor) -> None:
    seeded_history(practice, 25)
    (pinned,) = practice.put({"author": practice.handle, "text": "Hello, I am new here", "pinned": True})
    first = visitor.call("UserOriginalsTimeline", userId=visitor.id)
    assert kinds(first) == ["TimelineClearCache", "TimelineAddEntries", "TimelinePinEntry"]
    (ad,) = (entry for entry in entries(first) if entry["entryId"].startswith("promoted-tweet-"))
    assert "promotedMetadata" in ad["content"]["itemContent"]
    assert "who-to-follow" in prefixes(first)
    pin = instructions(first)[2]["entry"]["content"]["itemContent"]
    assert pin["socialContext"]["contextType"] == "Pin"
    assert next(tweets(pin))["rest_id"] == pinned
    second = visitor.call("UserOriginalsTimeline", userId=visitor.id, cursor=cursor(first))
    assert set(prefixes(second)) == {"tweet", "cursor-top", "cursor-bottom"}


def test_sort_indexes_fall_from_the_top_cursor_to_the_bottom_cursor(practice: Practice, visitor: Visitor) -> None:
    seeded_history(practice, 5)
    listed = entries(visitor.call("UserOriginalsTimeline", userId=visitor.id))
    indexes = {entry["entryId"]: int(entry["sortIndex"]) for entry in listed}
    others = [index for entry_id, index in indexes.items() if not entry_id.startswith("cursor")]
    assert others == sorted(others, reverse=True)
    assert max(indexes, key=indexes.__getitem__).startswith("cursor-top")
    assert min(indexes, key=indexes.__getitem__).startswith("cursor-bottom")


def test_replies_come_in_a_module_with_the_post_they_answer_and_nowhere_else(
    practice: Practice, visitor: Visitor
) -> None:
    reader = practice.ask("GET", "people")[0]["handle"]
    (target,) = practice.put({"author": reader, "text": "What do you do against afternoon slumps?"})
    reply = visitor.post("Ten minutes outside.", target)
    body = visitor.call("UserRepliesTimeline", userId=visitor.id)
    module = entries(body)[0]
    assert module["entryId"].startswith("profile-conversation-")
    assert module["content"]["displayType"] == "VerticalConversation"
    assert [tweet["rest_id"] for tweet in tweets(module)] == [target, reply]
    for item in module["content"]["items"]:
        assert item["entryId"].startswith(f"{module['entryId']}-tweet-")
    originals = visitor.call("UserOriginalsTimeline", userId=visitor.id)
    assert reply not in {tweet["rest_id"] for tweet in tweets(originals)}


def test_a_reply_whose_target_was_deleted_stands_alone(visitor: Visitor) -> None:
    original = visitor.post("First part")
    reply = visitor.post("Second part", original)
    visitor.call("DeleteTweet", tweet_id=original)
    body = visitor.call("UserRepliesTimeline", userId=visitor.id)
    assert [tweet["rest_id"] for tweet in tweets(entries(body)[0])] == [reply]
    detail = visitor.call("TweetDetail", focalTweetId=reply)
    tombstone = entries(detail)[0]["content"]["itemContent"]["tweet_results"]["result"]
    assert tombstone["__typename"] == "TweetTombstone"
    assert tombstone["tombstone"]["text"]["text"].startswith("This Post was deleted by the Post author.")


def test_a_conversation_shows_parents_the_focal_post_and_all_replies_over_its_pages(
    practice: Practice, visitor: Visitor
) -> None:
    reader = practice.ask("GET", "people")[0]["handle"]
    root = visitor.post("How do you wind down?")
    answers = [visitor.post(f"Idea {number}", root) for number in range(24)]
    practice.put({"author": reader, "text": "The third one!", "in_reply_to": answers[2]})
    body = visitor.call("TweetDetail", focalTweetId=root)
    assert kinds(body)[0] == "TimelineClearCache"
    assert entries(body)[0]["entryId"] == f"tweet-{root}"
    threads = [entry for entry in entries(body) if entry["entryId"].startswith("conversationthread-")]
    assert len(threads) == 20
    assert len(threads[2]["content"]["items"]) == 2
    rest = visitor.call("TweetDetail", focalTweetId=root, cursor=cursor(body))
    assert prefixes(rest) == ["conversationthread"] * 4
    shown = [entry["entryId"].split("-")[1] for entry in [*threads, *entries(rest)]]
    assert shown == answers
    inner = visitor.call("TweetDetail", focalTweetId=answers[2])
    assert [entry["entryId"] for entry in entries(inner)][:2] == [f"tweet-{root}", f"tweet-{answers[2]}"]


def test_readers_answer_and_their_replies_are_posts_of_their_own(practice: Practice, visitor: Visitor) -> None:
    seeded_history(practice, 80, hours=1)
    post = max(practice.truth()["posts"], key=lambda one: one["counters"]["replies"])
    body = visitor.call("TweetDetail", focalTweetId=post["id"])
    threads = [entry for entry in entries(body) if entry["entryId"].startswith("conversationthread-")]
    assert len(threads) == post["counters"]["replies"] > 0
    reply = next(tweets(threads[0]))
    assert reply["legacy"]["full_text"].startswith("@daily_vitals ")
    assert reply["legacy"]["in_reply_to_status_id_str"] == post["id"]
    alone = visitor.call("TweetResultByRestId", tweetId=reply["rest_id"])
    assert next(tweets(alone))["legacy"]["full_text"] == reply["legacy"]["full_text"]
    everybody = {one["id"] for one in practice.truth(all="1")["posts"]}
    assert reply["rest_id"] in everybody


def test_a_deleted_post_is_gone_everywhere(practice: Practice, visitor: Visitor) -> None:
    seeded_history(practice, 3)
    post = visitor.post("Soon gone")
    assert visitor.call("DeleteTweet", tweet_id=post) == {"data": {"delete_tweet": {"tweet_results": {}}}}
    timeline = visitor.call("UserOriginalsTimeline", userId=visitor.id)
    assert post not in {tweet["rest_id"] for tweet in tweets(timeline)}
    assert visitor.call("TweetResultByRestId", tweetId=post) == {"data": {"tweetResult": {}}}
    assert code(visitor.call("TweetDetail", focalTweetId=post)) == 144
    assert code(visitor.call("DeleteTweet", tweet_id=post)) == 144


def test_nobody_deletes_the_post_of_somebody_else(practice: Practice, visitor: Visitor) -> None:
    reader = practice.ask("GET", "people")[0]["handle"]
    (post,) = practice.put({"author": reader, "text": "Mine"})
    assert code(visitor.call("DeleteTweet", tweet_id=post)) == 183


# Shapes


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="no real captures beside this checkout (../shared/captures)")
def test_tweets_and_users_have_the_keys_of_real_captures(practice: Practice, visitor: Visitor) -> None:
    seeded_history(practice, 12, hours=1)
    real = [json.loads((CAPTURES / f"raw_{name}.json").read_text()) for name in ("search", "tweet_details")]
    ours = visitor.call("UserOriginalsTimeline", userId=visitor.id)

    def keys(found: list[Json]) -> tuple[set[str], set[str]]:
        """The keys that all of them have, and those that any of them has."""
        return set.intersection(*map(set, found)), set.union(*map(set, found))

    for name in (None, "legacy", "edit_control"):
        in_all, in_any = keys([tweet if name is None else tweet[name] for tweet in tweets(real)])
        for tweet in tweets(ours):
            mine = set(tweet if name is None else tweet[name])
            assert in_all - {"__typename"} <= mine <= in_any
    in_all, in_any = keys(list(users(real)))
    current = [user for user in users(ours) if "legacy" not in user]
    assert current
    for user in current:
        assert in_all <= set(user) <= in_any
        assert set(user["relationship_counts"]) == {"followers", "following"}
        assert set(user["core"]) == {"created_at", "name", "screen_name"}


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="no real captures beside this checkout (../shared/captures)")
def test_conversations_are_built_like_a_real_one(visitor: Visitor) -> None:
    real = json.loads((CAPTURES / "raw_tweet_details.json").read_text())
    root = visitor.post("Who walks at lunch?")
    for number in range(22):
        visitor.post(f"Answer {number}", root)
    ours = visitor.call("TweetDetail", focalTweetId=root)
    assert kinds(ours) == kinds(real)
    for prefix in ("tweet", "conversationthread", "cursor-bottom"):
        mine = next(entry for entry in entries(ours) if entry["entryId"].startswith(prefix))
        theirs = next(entry for entry in entries(real) if entry["entryId"].startswith(prefix))
        assert set(mine) == set(theirs)
        assert set(mine["content"]) == set(theirs["content"])
        if prefix == "tweet":
            assert set(mine["content"]["itemContent"]) == set(theirs["content"]["itemContent"])


def test_users_come_in_every_generation_and_always_in_the_same_one(practice: Practice, visitor: Visitor) -> None:
    seen: dict[str, set[str]] = {}
    for person in practice.ask("GET", "people"):
        body = visitor.call("UserByScreenName", screen_name=person["handle"])
        user = body["data"]["user"]["result"]
        assert visitor.call("UserByScreenName", screen_name=person["handle"].upper()) == body
        legacy = user.get("legacy")
        if "core" not in user:
            seen.setdefault("legacy alone", set()).add(person["handle"])
            assert (legacy["screen_name"], legacy["followers_count"]) == (person["handle"], person["followers"])
            continue
        assert user["core"]["screen_name"] == person["handle"]
        assert user["relationship_counts"]["followers"] == person["followers"]
        shape = "none" if "legacy" not in user else "null" if legacy is None else "both"
        seen.setdefault(shape, set()).add(person["handle"])
        if len(seen) == 4:
            break
    assert set(seen) == {"legacy alone", "none", "null", "both"}


def test_the_viewer_is_answered_in_the_oldest_generation(visitor: Visitor) -> None:
    user = visitor.call("Viewer")["data"]["viewer"]["user_results"]["result"]
    assert user["legacy"]["screen_name"] == visitor.handle
    assert user["legacy"]["followers_count"] == 2181
    assert "core" not in user


def test_an_unknown_handle_and_an_unknown_user_answer_nothing(visitor: Visitor) -> None:
    assert visitor.call("UserByScreenName", screen_name="nobody_at_all") == {"data": {}}
    assert visitor.call("UserOriginalsTimeline", userId="1") == {"data": {"user": {}}}


def test_views_have_no_count_while_a_post_is_new_and_are_a_text_later(practice: Practice, visitor: Visitor) -> None:
    post = visitor.post("Counting starts later")
    assert next(tweets(visitor.call("TweetResultByRestId", tweetId=post)))["views"] == {"state": "Enabled"}
    practice.advance(hours=30)
    views = next(tweets(visitor.call("TweetResultByRestId", tweetId=post)))["views"]
    assert views["state"] == "EnabledWithCount"
    (truth,) = practice.truth(ids=post)["posts"]
    assert views["count"] == str(truth["counters"]["views"])


def test_the_counters_of_an_answer_are_those_of_the_truth(practice: Practice, visitor: Visitor) -> None:
    seeded_history(practice, 10, hours=2)
    practice.ask("POST", "clock", {"running": False})
    truth = {post["id"]: post["counters"] for post in practice.truth()["posts"]}
    for tweet in tweets(visitor.call("UserOriginalsTimeline", userId=visitor.id)):
        legacy, counters = tweet["legacy"], truth[tweet["rest_id"]]
        assert tweet["views"].get("count", "0") == str(counters["views"])
        assert legacy["favorite_count"] == counters["likes"]
        assert legacy["retweet_count"] == counters["reposts"]
        assert legacy["reply_count"] == counters["replies"]
        assert legacy["quote_count"] == counters["quotes"]
        assert legacy["bookmark_count"] == counters["bookmarks"]


def test_some_posts_come_wrapped_with_their_visibility(practice: Practice) -> None:
    # Which ones is drawn from their ids, and ids are moments: a fixed moment gives the same posts every time.
    practice.ask("POST", "clock", {"now": "2026-03-02T12:00:00Z", "running": False})
    visitor = practice.visitor()
    seeded_history(practice, 60)
    found = [entry["content"]["itemContent"]["tweet_results"]["result"]["__typename"]
             for page in ({}, {"cursor": cursor(visitor.call("UserOriginalsTimeline", userId=visitor.id))})
             for entry in entries(visitor.call("UserOriginalsTimeline", userId=visitor.id, **page))
             if entry["entryId"].startswith("tweet-")]  # fmt: skip
    assert set(found) == {"Tweet", "TweetWithVisibilityResults"}


def test_a_long_post_is_folded_and_whole_in_its_note(practice: Practice, visitor: Visitor) -> None:
    text = "Rest & recover. " * 40 + "https://example.com/rest"
    (post,) = practice.put({"author": practice.handle, "text": text})
    tweet = next(tweets(visitor.call("TweetResultByRestId", tweetId=post)))
    note = tweet["note_tweet"]["note_tweet_results"]["result"]
    assert note["text"].startswith("Rest & recover. Rest & recover.")
    assert len(note["text"]) > 600
    assert note["entity_set"]["urls"][0]["expanded_url"] == "https://example.com/rest"
    assert tweet["legacy"]["full_text"].startswith("Rest &amp; recover.")
    assert len(tweet["legacy"]["full_text"]) < 400


def test_full_text_is_escaped_shortened_and_its_entities_point_at_it(practice: Practice, visitor: Visitor) -> None:
    reader = practice.ask("GET", "people")[0]
    text = f"Salt & pepper <3 https://example.com/a?b=1&c=2, #gut @{reader['handle']} @nobody_at_all 🧂"
    tweet = next(tweets(visitor.create(text)))
    legacy = tweet["legacy"]
    full_text, entities = legacy["full_text"], legacy["entities"]
    (url,) = entities["urls"]
    assert full_text.startswith(f"Salt &amp; pepper &lt;3 {url['url']}, #gut")
    assert url["expanded_url"] == "https://example.com/a?b=1&c=2"
    assert len(url["url"]) == 23
    (tag,), (mention,) = entities["hashtags"], entities["user_mentions"]
    marked = [(url, url["url"]), (tag, "#gut"), (mention, f"@{reader['handle']}")]
    for entity, expected in marked:
        start, end = entity["indices"]
        assert full_text[start:end] == expected
    assert mention["id_str"] == reader["id"]
    assert legacy["display_text_range"] == [0, len(full_text)]
    assert practice.truth()["posts"][-1]["text"] == text


def test_a_reply_begins_with_the_automatic_mention_and_shows_the_rest(practice: Practice, visitor: Visitor) -> None:
    reader = practice.ask("GET", "people")[0]["handle"]
    (target,) = practice.put({"author": reader, "text": "Any tips for early mornings?"})
    post = visitor.post("Light first, phone later.", target)
    legacy = next(tweets(visitor.call("TweetResultByRestId", tweetId=post)))["legacy"]
    start, end = legacy["display_text_range"]
    assert legacy["full_text"] == f"@{reader} Light first, phone later."
    assert legacy["full_text"][start:end] == "Light first, phone later."
    assert legacy["in_reply_to_screen_name"] == reader
    assert legacy["conversation_id_str"] == target
    thread = visitor.post("And water.", post)
    own = next(tweet for tweet in tweets(visitor.call("TweetResultByRestId", tweetId=thread)))
    assert own["legacy"]["full_text"] == "And water."


# CreateTweet


def test_a_new_post_is_answered_with_its_id_and_no_count(visitor: Visitor) -> None:
    tweet = visitor.create("Good morning")["data"]["create_tweet"]["tweet_results"]["result"]
    assert tweet["rest_id"] == tweet["legacy"]["id_str"]
    assert tweet["views"] == {"state": "Enabled"}
    assert tweet["core"]["user_results"]["result"]["rest_id"] == visitor.id


@pytest.mark.parametrize("text", ["a\n\nb", " 🧑\u200d🎄 #tag @name ", "e\u0301 & <b>", "日本語", '"quotes" \\ back'])
def test_the_text_is_stored_exactly_as_it_was_sent(practice: Practice, visitor: Visitor, text: str) -> None:
    visitor.post(text)
    assert practice.truth()["posts"][-1]["text"] == text


def test_the_same_text_is_refused_for_a_day_unless_it_was_deleted(practice: Practice, visitor: Visitor) -> None:
    first = visitor.post("Drink water")
    assert code(visitor.create("Drink water")) == 187
    visitor.call("DeleteTweet", tweet_id=first)
    visitor.post("Drink water")
    assert code(visitor.create("Drink water")) == 187
    practice.advance(hours=24)
    visitor.post("Drink water")


def test_too_long_empty_and_illustrated_posts_are_refused(visitor: Visitor) -> None:
    visitor.post("é" * 279 + "!")
    assert code(visitor.create("a" * 281)) == 186
    assert code(visitor.create("日" * 141)) == 186
    assert code(visitor.create("  \n ")) == 170
    media = {"media_entities": [{"media_id": "1"}], "possibly_sensitive": False}
    assert code(visitor.call("CreateTweet", tweet_text="Look", media=media)) == 324


def test_a_reply_to_a_missing_post_is_refused(visitor: Visitor) -> None:
    gone = visitor.post("Gone soon")
    visitor.call("DeleteTweet", tweet_id=gone)
    for target in (gone, "12345", "no-id", "²", "9" * 40):
        assert code(visitor.create("Hello?", target)) == 385


def test_the_daily_limit_is_refused_with_its_code(practice: Practice, visitor: Visitor) -> None:
    for number in range(50):
        visitor.post(f"Post {number}")
    refused = visitor.create("One more")
    assert code(refused) == 344
    assert "daily limit" in refused["errors"][0]["message"]
    practice.advance(hours=24)
    visitor.post("A new day")


# The door


def test_without_a_session_only_public_operations_answer(practice: Practice, visitor: Visitor) -> None:
    post = visitor.post("For everybody")
    guest = practice.guest()
    assert guest.call("UserByScreenName", screen_name=practice.handle)["data"]["user"]
    assert next(tweets(guest.call("TweetResultByRestId", tweetId=post)))["rest_id"] == post
    author = str(practice.truth()["accounts"][0]["id"])
    assert post in [tweet["rest_id"] for tweet in tweets(guest.call("UserOriginalsTimeline", userId=author))]
    for operation in ("Viewer", "UserRepliesTimeline", "TweetDetail", "CreateTweet"):
        response = guest.request(operation, userId="1", focalTweetId=post, tweet_text="x")
        assert (response.status_code, response.json()["errors"][0]["code"]) == (401, 32)


def test_a_dead_session_is_401_everywhere(practice: Practice, visitor: Visitor) -> None:
    assert visitor.id
    practice.fault(operation="*", kind="logged_out")
    for operation in ("Viewer", "UserByScreenName"):
        response = visitor.request(operation, screen_name=practice.handle)
        assert (response.status_code, response.json()["errors"][0]["code"]) == (401, 32)


def test_a_csrf_header_that_does_not_match_is_403(visitor: Visitor) -> None:
    address = f"/i/api/graphql/{visitor.query_ids['Viewer']}/Viewer"
    for headers in ({}, {"x-csrf-token": "wrong"}, {"x-csrf-token": ""}):
        response = visitor.http.get(address, headers=headers)
        assert (response.status_code, response.json()["errors"][0]["code"]) == (403, 353)


def test_ct0_is_reissued_now_and_then_and_the_old_one_holds_for_what_is_under_way(
    practice: Practice, visitor: Visitor
) -> None:
    old = visitor.http.cookies["ct0"]
    assert "set-cookie" not in visitor.request("Viewer").headers
    practice.advance(hours=7)
    assert "ct0=" in visitor.request("Viewer").headers["set-cookie"]
    assert visitor.http.cookies["ct0"] != old
    address = f"/i/api/graphql/{visitor.query_ids['Viewer']}/Viewer"
    assert visitor.http.get(address, headers={"x-csrf-token": old}).status_code == 200
    assert visitor.request("Viewer").status_code == 200


def test_an_unknown_query_id_or_operation_is_404(visitor: Visitor) -> None:
    assert visitor.http.get("/i/api/graphql/AAAAAAAAAAAAAAAAAAAAAA/Viewer").status_code == 404
    assert visitor.http.get(f"/i/api/graphql/{visitor.query_ids['Viewer']}/TweetDetail").status_code == 404
    assert visitor.http.get(f"/i/api/graphql/{visitor.query_ids['Viewer']}/Nonsense").status_code == 404


def test_queries_are_taken_by_post_and_mutations_by_nothing_else(visitor: Visitor) -> None:
    headers = {"x-csrf-token": visitor.http.cookies["ct0"]}
    viewer = visitor.http.post(
        f"/i/api/graphql/{visitor.query_ids['Viewer']}/Viewer", json={"variables": {}}, headers=headers
    )
    assert viewer.json()["data"]["viewer"]
    create = f"/i/api/graphql/{visitor.query_ids['CreateTweet']}/CreateTweet"
    assert visitor.http.get(create, headers=headers).status_code == 405


@pytest.mark.parametrize(
    ("operation", "variables"),
    [
        ("UserOriginalsTimeline", {"userId": "abc"}),
        ("UserOriginalsTimeline", {"userId": "1959192467731384266", "cursor": "nonsense"}),
        ("TweetDetail", {}),
    ],
)
def test_nonsense_in_the_variables_is_400(visitor: Visitor, operation: str, variables: Json) -> None:
    response = visitor.request(operation, **variables)
    assert response.status_code == 400
    assert response.json()["errors"][0]["message"]


def test_rate_limits_are_told_in_headers_enforced_and_end_with_their_window(
    practice: Practice, visitor: Visitor
) -> None:
    user_id = visitor.id
    practice.ask("POST", "clock", {"running": False})
    first = visitor.request("UserRepliesTimeline", userId=user_id)
    assert first.headers["x-rate-limit-limit"] == "50"
    assert first.headers["x-rate-limit-remaining"] == "49"
    assert int(first.headers["x-rate-limit-reset"]) == int(practice.now().timestamp()) + 900
    for _ in range(49):
        visitor.call("UserRepliesTimeline", userId=user_id)
    refused = visitor.request("UserRepliesTimeline", userId=user_id)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (429, 88)
    assert refused.headers["x-rate-limit-remaining"] == "0"
    assert visitor.request("UserOriginalsTimeline", userId=user_id).status_code == 200
    practice.advance(minutes=15)
    assert visitor.request("UserRepliesTimeline", userId=user_id).status_code == 200


def test_rate_limits_can_be_forgiven(practice: Practice, visitor: Visitor) -> None:
    user_id = visitor.id
    while visitor.request("UserRepliesTimeline", userId=user_id).status_code == 200:
        pass
    practice.ask("DELETE", "limits")
    forgiven = visitor.request("UserRepliesTimeline", userId=user_id)
    assert (forgiven.status_code, forgiven.headers["x-rate-limit-remaining"]) == (200, "49")
