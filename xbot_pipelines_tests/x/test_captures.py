"""The parser against real answers of X, where they are at hand: `../shared/captures`, beside the repository."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from xbot_pipelines.models import PostSnapshot
from xbot_pipelines.x.graphql import is_last_page, parse_cursor, parse_gone, parse_posts, parse_profile

CAPTURES = Path(__file__).parents[3] / "shared" / "captures"

pytestmark = pytest.mark.skipif(not CAPTURES.is_dir(), reason=f"no captures of real answers in {CAPTURES}")


def capture(name: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((CAPTURES / name).read_text(encoding="utf-8"))
    return answer


def objects_of(answer: dict[str, Any], *way: str) -> Iterator[dict[str, Any]]:
    """The post objects of a capture, by the one shape that it has: no list of places, no other generation."""
    for key in ("data", *way):
        answer = answer[key]
    [entries] = [one["entries"] for one in answer["instructions"] if one["type"] == "TimelineAddEntries"]
    for entry in entries:
        content = entry["content"]
        for part in [content, *(item["item"] for item in content.get("items", []))]:
            if "tweet_results" in part.get("itemContent", {}):
                yield part["itemContent"]["tweet_results"]["result"]


def assert_same(snapshot: PostSnapshot, told: dict[str, Any]) -> None:
    legacy, user = told["legacy"], told["core"]["user_results"]["result"]
    text = told["note_tweet"]["note_tweet_results"]["result"]["text"] if "note_tweet" in told else legacy["full_text"]
    assert snapshot.id == told["rest_id"]
    assert snapshot.text == text
    assert f"{snapshot.created_at:%a %b %d %H:%M:%S +0000 %Y}" == legacy["created_at"]
    assert snapshot.views == int(told["views"]["count"])
    assert (snapshot.likes, snapshot.reposts) == (legacy["favorite_count"], legacy["retweet_count"])
    assert (snapshot.replies, snapshot.quotes) == (legacy["reply_count"], legacy["quote_count"])
    assert (snapshot.bookmarks, snapshot.lang) == (legacy["bookmark_count"], legacy["lang"])
    assert snapshot.conversation_id == legacy["conversation_id_str"]
    assert snapshot.in_reply_to_id == legacy.get("in_reply_to_status_id_str")
    assert (snapshot.author.id, snapshot.author.handle) == (user["rest_id"], user["core"]["screen_name"])
    assert snapshot.replies_allowed is True
    assert snapshot.author.followers == user["relationship_counts"]["followers"]
    quoted = told.get("quoted_status_result")
    if quoted is None:
        assert snapshot.quoted is None
    else:
        assert snapshot.quoted is not None
        assert_same(snapshot.quoted, quoted["result"])


def test_a_conversation_gives_its_37_posts_as_told() -> None:
    answer = capture("raw_tweet_details.json")
    told = list(objects_of(answer, "threaded_conversation_with_injections_v2"))
    posts = parse_posts(answer)
    assert len(posts) == len(told) == 37
    for snapshot, one in zip(posts, told, strict=True):
        assert_same(snapshot, one)
    assert parse_gone(answer) == []
    assert not is_last_page(answer)
    assert parse_cursor(answer)


def test_the_first_post_of_the_conversation_is_what_a_person_reads_in_the_capture() -> None:
    first, *_, reply = parse_posts(capture("raw_tweet_details.json"))[:7]
    assert first.id == "1649191520250245121"
    assert (first.author.handle, first.author.followers) == ("XDevelopers", 695_696)
    assert first.created_at == datetime(2023, 4, 20, 23, 21, 13, tzinfo=UTC)
    assert (first.views, first.likes, first.reposts) == (979_440, 426, 202)
    assert (first.replies, first.quotes, first.bookmarks) == (93, 118, 73)
    assert reply.text == "@TwitterDev This is terrible!"
    assert reply.visible_text == "This is terrible!"


def test_a_search_gives_its_20_posts_as_told_five_of_them_with_a_quoted_one() -> None:
    answer = capture("raw_search.json")
    told = list(objects_of(answer, "search_by_raw_query", "search_timeline", "timeline"))
    posts = parse_posts(answer)
    assert len(posts) == len(told) == 20
    for snapshot, one in zip(posts, told, strict=True):
        assert_same(snapshot, one)
    assert sum(post.quoted is not None for post in posts) == 5
    assert not is_last_page(answer)


def test_what_a_reader_sees_of_the_captured_posts_has_no_link_that_x_made() -> None:
    for name in ("raw_search.json", "raw_tweet_details.json"):
        for post in parse_posts(capture(name)):
            assert "https://t.co/" not in post.visible_text
            assert "&amp;" not in post.visible_text
            assert post.visible_text == post.visible_text.strip()


def test_a_profile_is_read_as_told() -> None:
    profile = parse_profile(capture("raw_user_by_login.json"))
    assert (profile.id, profile.handle, profile.name) == ("2244994945", "XDevelopers", "Developers")
    assert (profile.followers, profile.following, profile.posts) == (695_695, 762, 4_319)
    assert profile.created_at == datetime(2013, 12, 14, 4, 35, 55, tzinfo=UTC)
    assert (profile.protected, profile.verified) == (False, True)
