"""What is read out of one post object: its text, its counters, the posts inside it; and what is never guessed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from xbot_pipelines.models import PostSnapshot
from xbot_pipelines.x.graphql import UnreadableAnswer, parse_posts, parse_unreadable
from xbot_pipelines_tests.x.invented import (
    Json,
    added,
    entry,
    home_page,
    item,
    post,
    posts_by_id,
    profile_page,
    wrapped,
)

MISSING: Any = object()


def read(result: Json) -> PostSnapshot:
    [snapshot] = parse_posts(posts_by_id(result))
    return snapshot


def changed(result: Json, path: str, value: object) -> Json:
    """The same post with one field set to something else, or dropped."""
    *steps, last = path.split(".")
    place = result
    for step in steps:
        place[step] = dict(place[step])
        place = place[step]
    if value is MISSING:
        del place[last]
    else:
        place[last] = value
    return result


def test_a_post_is_read_with_its_time_and_every_counter() -> None:
    snapshot = read(post("42", legacy={"in_reply_to_status_id_str": "41", "in_reply_to_screen_name": "bo"}))
    assert (snapshot.id, snapshot.author.handle, snapshot.lang) == ("42", "ada_walks", "en")
    assert snapshot.created_at == datetime(2026, 9, 14, 20, 58, 57, tzinfo=UTC)
    assert (snapshot.views, snapshot.likes, snapshot.reposts) == (70, 6, 5)
    assert (snapshot.replies, snapshot.quotes, snapshot.bookmarks) == (4, 3, 2)
    assert (snapshot.conversation_id, snapshot.in_reply_to_id, snapshot.in_reply_to_handle) == ("42", "41", "bo")


@pytest.mark.parametrize("value", [None, MISSING])
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("views", "views"),
        ("views.count", "views"),
        ("legacy.favorite_count", "likes"),
        ("legacy.retweet_count", "reposts"),
        ("legacy.reply_count", "replies"),
        ("legacy.quote_count", "quotes"),
        ("legacy.bookmark_count", "bookmarks"),
    ],
)
def test_f09_a_counter_that_is_not_there_is_unknown_and_not_zero(path: str, field: str, value: object) -> None:
    assert getattr(read(changed(post("1"), path, value)), field) is None


def test_f09_the_views_of_a_new_post_are_unknown_and_not_zero() -> None:
    assert read(changed(post("1"), "views", {"state": "Enabled"})).views is None


@pytest.mark.parametrize("value", ["many", -1, 1.5, True, [], {}, "1.3K", 10**18, "9" * 5000])
@pytest.mark.parametrize("path", ["views.count", "legacy.favorite_count", "legacy.bookmark_count"])
def test_f11_a_counter_of_a_wrong_type_is_an_error_that_names_it_and_the_post(path: str, value: object) -> None:
    with pytest.raises(UnreadableAnswer) as raised:
        read(changed(post("77"), path, value))
    assert path in raised.value.missing
    assert "post 77" in raised.value.where


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("legacy.full_text", "the text"),
        ("legacy.created_at", "the time"),
        ("core", "the author"),
        ("core.user_results", "the author"),
        ("core.user_results.result.core", "the handle"),
    ],
)
def test_f11_a_post_without_what_a_post_must_have_is_an_error_that_names_it(path: str, missing: str) -> None:
    for value in (None, MISSING):
        with pytest.raises(UnreadableAnswer) as raised:
            read(changed(post("77"), path, value))
        assert raised.value.missing == missing
        assert "post 77" in raised.value.where


def test_f11_a_post_without_an_id_is_an_error() -> None:
    nameless = post("77", legacy={"id_str": None})
    with pytest.raises(UnreadableAnswer, match="the post's id is missing"):
        read(changed(nameless, "rest_id", None))


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"data": None},
        {"data": {}},
        {"data": {"timeline_of_tomorrow": {"instructions": []}}},
        {"data": {"user": {"result": {"__typename": "User"}}}},
        profile_page([{"type": "TimelineAddEntries", "rows": []}]),
        profile_page(added({"entryId": "tweet-1", "content": {"entryType": "TimelineTimelineItem", "cell": {}}})),
        profile_page(added(entry("tweet-1", {"itemType": "TimelineTweet", "post_results": {}}))),
        profile_page(added(entry("tweet-1", {"itemType": "TimelineTweet", "tweet_results": {"post": {}}}))),
        home_page(added({"content": {}})),
    ],
)
def test_f11_an_answer_with_its_places_renamed_is_an_error_and_not_an_empty_page(payload: Json) -> None:
    with pytest.raises(UnreadableAnswer):
        parse_posts(payload)


def test_the_error_for_an_unknown_answer_says_what_was_in_it_and_what_x_said() -> None:
    payload = {"data": {"bookmarks": {}}, "errors": [{"code": 29, "message": "Timeout: Unspecified"}]}
    with pytest.raises(UnreadableAnswer, match=r"has bookmarks \(X's errors: Timeout: Unspecified\)"):
        parse_posts(payload)


def test_a_visibility_wrapper_is_taken_off_at_every_depth() -> None:
    quoting = {**post("2"), "quoted_status_result": {"result": wrapped(post("3"))}}
    reposting = post("1", legacy={"retweeted_status_result": {"result": wrapped(quoting)}})
    snapshot = read(wrapped(reposting))
    assert snapshot.id == "1"
    assert isinstance(snapshot.reposted, PostSnapshot)
    assert snapshot.reposted.id == "2"
    assert snapshot.reposted.quoted is not None
    assert snapshot.reposted.quoted.id == "3"


@pytest.mark.parametrize(
    ("result", "allowed"),
    [
        (post("1"), True),
        (wrapped(post("1")), True),
        (wrapped(post("1"), "Like", "Retweet"), True),
        (wrapped(post("1"), "Like", "Reply"), False),
        (wrapped(post("1", legacy={"limited_actions": "stale_tweet"}), "EditTweet"), True),
        (wrapped(post("1", legacy={"limited_actions": "stale_tweet"}), "Reply"), False),
        (post("1", legacy={"limited_actions": "limited_replies"}), False),
        (post("1", legacy={"limited_actions": "blocked_viewer"}), False),
        (wrapped(post("1", legacy={"limited_actions": "limited_replies"})), False),
        ({**wrapped(post("1")), "limitedActionResults": {"limitedActions": [{"action": "Reply"}]}}, False),
        ({**post("1"), "limitedActionResults": {"limited_actions": [{"action": "Reply"}]}}, False),
        ({**post("1"), **post("1", legacy={"limited_actions": "limited_replies"})["legacy"], "legacy": None}, False),
    ],
)
def test_a_post_may_be_answered_unless_x_denies_it_to_us(result: Json, allowed: bool) -> None:
    assert read(result).replies_allowed is allowed


def test_who_else_may_answer_says_nothing_about_us() -> None:
    """X leaves the post as it is for those whom its author mentioned or follows, and we may be one of them."""
    assert read(post("1", legacy={"conversation_control": {"policy": "ByInvitation"}})).replies_allowed is True


@pytest.mark.parametrize(
    "result",
    [
        post("1", legacy={"limited_actions": "limit_of_tomorrow"}),
        {**wrapped(post("1")), "limitedActionResults": {"limited_actions": [{"verb": "Reply"}]}},
        {**wrapped(post("1", legacy={"limited_actions": "non_compliant"})), "limitedActionResults": {}},
    ],
)
def test_whether_a_post_may_be_answered_is_unknown_where_x_denies_something_and_does_not_say_what(result: Json) -> None:
    assert read(result).replies_allowed is None


@pytest.mark.parametrize("limits", ["Reply", {"limited_actions": "Reply"}, {"limited_actions": [{"action": 1}]}])
def test_f11_a_limit_of_a_wrong_type_is_an_error_that_names_the_post(limits: object) -> None:
    with pytest.raises(UnreadableAnswer) as raised:
        read({**wrapped(post("77")), "limitedActionResults": limits})
    assert "post 77" in raised.value.where


def test_each_post_inside_a_post_has_its_own_say_about_who_answers() -> None:
    quoting = {**post("2"), "quoted_status_result": {"result": wrapped(post("3"), "Reply")}}
    snapshot = read(wrapped(post("1", legacy={"retweeted_status_result": {"result": wrapped(quoting, "Like")}})))
    assert isinstance(snapshot.reposted, PostSnapshot)
    assert snapshot.reposted.quoted is not None
    told = (snapshot.replies_allowed, snapshot.reposted.replies_allowed, snapshot.reposted.quoted.replies_allowed)
    assert told == (True, True, False)


@pytest.mark.parametrize("inner", [{}, {"result": {"__typename": "TweetTombstone", "tombstone": {}}}, {"result": None}])
def test_a_quoted_post_that_is_gone_leaves_the_quoting_post_whole(inner: Json) -> None:
    snapshot = read({**post("1"), "quoted_status_result": inner})
    assert (snapshot.id, snapshot.quoted) == ("1", None)


def test_posts_nested_without_end_are_read_to_the_depth_that_x_shows() -> None:
    result = post("1")
    for _ in range(400):
        result = {**post("1"), "quoted_status_result": {"result": result}}
    inner, depth = read(result).quoted, 0
    while inner is not None:
        inner, depth = inner.quoted, depth + 1
    assert depth == 3


def test_the_long_form_is_the_text_where_there_is_one_and_the_short_one_never_stands_in_for_it() -> None:
    long = {"note_tweet_results": {"result": {"text": "The whole long text &amp; more.", "entity_set": {}}}}
    snapshot = read({**post("1", text="The whole https://t.co/abc"), "note_tweet": long})
    assert snapshot.text == "The whole long text &amp; more."
    assert snapshot.visible_text == "The whole long text & more."
    with pytest.raises(UnreadableAnswer, match="the long text"):
        read({**post("1"), "note_tweet": {"is_expandable": True}})


def test_the_mentions_in_front_of_a_long_reply_are_not_what_a_reader_sees() -> None:
    short = "@bo @cy The whole"
    for text in ("@bo @cy The whole long text.", "The whole long text."):
        long = {"note_tweet_results": {"result": {"text": text}}}
        result = post("1", text=short, legacy={"display_text_range": [8, len(short)]})
        assert read({**result, "note_tweet": long}).visible_text == "The whole long text."


def test_a_reader_sees_no_leading_mentions_no_media_links_and_links_as_they_were_written() -> None:
    text = "@bo 🧑‍🎄 1 &lt; 2 &amp;lt; see https://t.co/aaa and https://t.co/zzz https://t.co/mmm"
    snapshot = read(
        post(
            "1",
            text=text,
            legacy={
                "display_text_range": [4, len(text) - len(" https://t.co/mmm")],
                "entities": {
                    "urls": [{"url": "https://t.co/aaa", "expanded_url": "https://example.org/a?b=1&amp;c"}],
                    "media": [{"url": "https://t.co/mmm"}],
                },
            },
        )
    )
    assert snapshot.text == text
    assert snapshot.visible_text == "🧑‍🎄 1 < 2 &lt; see https://example.org/a?b=1&amp;c and https://t.co/zzz"


def test_a_media_link_at_the_end_is_dropped_where_the_range_does_not_drop_it() -> None:
    text = "Look https://t.co/mmm"
    media = {"entities": {"media": [{"url": "https://t.co/mmm"}, {"url": "https://t.co/mmm"}]}}
    assert read(post("1", text=text, legacy=media)).visible_text == "Look"


@pytest.mark.parametrize("value", ["0,5", [3, 1], [-1, 4], [0], 5])
def test_a_visible_range_that_is_none_is_an_error(value: object) -> None:
    with pytest.raises(UnreadableAnswer, match="display_text_range"):
        read(changed(post("1"), "legacy.display_text_range", value))


def test_a_post_without_legacy_is_read_from_its_top_level() -> None:
    result = post("1")
    flat = {**result, **result["legacy"], "legacy": None}
    assert read(flat) == read(result)


def test_the_row_of_a_post_says_where_it_lies_when_it_cannot_be_read() -> None:
    broken = post("8", legacy={"created_at": "yesterday"})
    page = profile_page(added(entry("tweet-7", item(post("7"))), entry("tweet-8", item(broken))))
    assert [one.id for one in parse_posts(page)] == ["7"]
    [row] = parse_unreadable(page)
    assert "instructions[1].entries[1]" in row.where
    assert (row.row_id, row.post_id, row.handle, row.text) == ("tweet-8", "8", "ada_walks", "A short walk.")


@pytest.mark.parametrize(("path", "value"), [("rest_id", 77), ("legacy.favorite_count", "6"), ("views.count", 70)])
def test_a_number_is_read_whether_x_writes_it_as_a_number_or_in_digits(path: str, value: object) -> None:
    assert read(changed(post("77"), path, value)) == read(post("77"))
