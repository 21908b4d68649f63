"""The private figures of a post, and posts that X hides: what the operations answer."""

from datetime import timedelta
from typing import Any

import pytest

from xbot_pipelines_tests.practice_site import Practice, Visitor

Json = dict[str, Any]

ASKED = ["DetailExpands", "Engagements", "Follows", "Impressions", "LinkClicks", "ProfileVisits"]


@pytest.fixture
def practice(practice: Practice) -> Practice:
    """Practice X at a fixed moment: what becomes of a post is drawn from its id, and that is a moment."""
    practice.ask("POST", "clock", {"now": "2026-03-02T12:00:00Z", "running": False})
    return practice


@pytest.fixture
def visitor(practice: Practice) -> Visitor:
    return practice.visitor()


def history(practice: Practice, size: int) -> list[str]:
    now = practice.now()
    texts = ("Read on: https://example.com/sleep {}", "Note {} on sleep")
    return practice.put(
        *(
            {
                "author": practice.handle,
                "text": texts[number % 2].format(number),
                "created_at": (now - timedelta(hours=size - number)).isoformat(),
            }
            for number in range(size)
        )
    )


def grid(body: Json) -> dict[str, float]:
    result = body["data"]["tweet_result_by_rest_id"]["result"]
    metrics = result.get("tweet", result)["datapoints_grid"]
    return {one["metric_type"]: one["metric_value"] for one in metrics}


def refused(body: Json) -> int:
    assert body["data"] == {}
    (error,) = body["errors"]
    return int(error["code"])


def test_figures_are_the_truth_and_zeros_are_left_out(practice: Practice, visitor: Visitor) -> None:
    history(practice, 30)
    posts = practice.truth()["posts"]
    for post in posts:
        private = post["private"]
        expected = {
            "DetailExpands": private["detail_expands"],
            "Engagements": private["engagements"],
            "Follows": private["follows"],
            "Impressions": post["counters"]["views"],
            "LinkClicks": private["link_clicks"],
            "ProfileVisits": private["profile_visits"],
        }
        answered = grid(visitor.call("TweetActivityQuery", restId=post["id"], requested_organic_metrics=ASKED))
        assert answered == {name: value for name, value in expected.items() if value}
    assert {"link_clicks", "follows"} <= {name for post in posts for name, value in post["private"].items() if value}
    assert not any(post["private"]["link_clicks"] for post in posts if "https" not in post["text"])


def test_engagements_are_everything_but_views_and_follows(practice: Practice) -> None:
    history(practice, 20)
    for post in practice.truth()["posts"]:
        counters, private = post["counters"], post["private"]
        acts = sum(counters.values()) - counters["views"] + sum(private.values())
        assert private["engagements"] == acts - private["engagements"] - private["follows"]


def test_only_the_metrics_that_are_asked_for_are_answered(practice: Practice, visitor: Visitor) -> None:
    history(practice, 12)
    # What nobody did is left out: the post that most was done with has both figures.
    post = max(practice.truth()["posts"], key=lambda one: one["private"]["engagements"])["id"]
    some = visitor.call("TweetActivityQuery", restId=post, requested_organic_metrics=["Impressions"])
    assert set(grid(some)) == {"Impressions"}
    everything = visitor.call("TweetActivityQuery", restId=post)
    assert {"Impressions", "Engagements"} <= set(grid(everything))


def test_some_figures_come_wrapped_as_their_posts_do(practice: Practice, visitor: Visitor) -> None:
    kinds = {
        visitor.call("TweetActivityQuery", restId=post)["data"]["tweet_result_by_rest_id"]["result"]["__typename"]
        for post in history(practice, 40)
    }
    assert kinds == {"Tweet", "TweetWithVisibilityResults"}


def test_figures_are_for_the_author_of_a_post_that_is_there(practice: Practice, visitor: Visitor) -> None:
    reader = practice.ask("GET", "people")[0]["handle"]
    (theirs,) = practice.put({"author": reader, "text": "Mine"})
    gone = visitor.post("Soon gone")
    visitor.call("DeleteTweet", tweet_id=gone)
    hidden = visitor.post("Hidden")
    practice.ask("POST", f"posts/{hidden}/hide")
    assert refused(visitor.call("TweetActivityQuery", restId=theirs)) == 179
    for missing in (gone, hidden, "123"):
        assert refused(visitor.call("TweetActivityQuery", restId=missing)) == 144
    response = visitor.request("TweetActivityQuery", restId=gone)
    assert response.headers["x-rate-limit-limit"] == "500"
    assert practice.guest().request("TweetActivityQuery", restId=gone).status_code == 401


# Hidden posts


def test_a_hidden_post_is_unavailable_everywhere_until_it_is_shown_again(practice: Practice, visitor: Visitor) -> None:
    reader = practice.ask("GET", "people")[0]["handle"]
    (target,) = practice.put({"author": reader, "text": "Any tips?"})
    post = visitor.post("Veiled by X")
    visitor.post("And an answer to it", post)
    reply = visitor.post("Veiled, too", target)
    for one in (post, reply):
        practice.ask("POST", f"posts/{one}/hide")
    for operation in ("UserOriginalsTimeline", "UserRepliesTimeline"):
        body = str(visitor.call(operation, userId=visitor.id))
        assert "Veiled" not in body
    assert "Veiled" not in str(visitor.call("HomeTimeline"))
    assert "Veiled" not in str(visitor.call("TweetDetail", focalTweetId=target))
    alone = visitor.call("TweetResultByRestId", tweetId=post)
    assert alone == {"data": {"tweetResult": {"result": {"__typename": "TweetUnavailable"}}}}
    detail = visitor.call("TweetDetail", focalTweetId=post)
    instructions = detail["data"]["threaded_conversation_with_injections_v2"]["instructions"]
    (entry,) = instructions[1]["entries"]
    assert entry["entryId"] == f"tweet-{post}"
    tombstone = entry["content"]["itemContent"]["tweet_results"]["result"]
    assert (tombstone["__typename"], tombstone["tombstone"]["text"]["text"]) == (
        "TweetTombstone",
        "This Post is unavailable.",
    )
    practice.ask("POST", f"posts/{post}/show")
    assert "Veiled by X" in str(visitor.call("UserOriginalsTimeline", userId=visitor.id))
    assert "Veiled by X" in str(visitor.call("TweetDetail", focalTweetId=post))
    assert "Veiled, too" not in str(visitor.call("UserRepliesTimeline", userId=visitor.id))


def test_an_answer_under_a_hidden_post_shows_its_tombstone_above(practice: Practice, visitor: Visitor) -> None:
    root = visitor.post("First part")
    answer = visitor.post("Second part", root)
    practice.ask("POST", f"posts/{root}/hide")
    detail = visitor.call("TweetDetail", focalTweetId=answer)
    above = detail["data"]["threaded_conversation_with_injections_v2"]["instructions"][1]["entries"][0]
    assert above["content"]["itemContent"]["tweet_results"]["result"]["tombstone"]["text"]["text"] == (
        "This Post is unavailable."
    )
