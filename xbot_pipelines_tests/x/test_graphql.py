"""Which posts, profiles, cursors and errors are read out of an answer, whatever its operation and generation."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from xbot_pipelines.models import ProfileSnapshot
from xbot_pipelines.x.graphql import (
    AccountUnavailable,
    AnswerError,
    GonePost,
    UnreadableAnswer,
    count_promoted,
    is_last_page,
    parse_created_post,
    parse_cursor,
    parse_errors,
    parse_gone,
    parse_posts,
    parse_profile,
)
from xbot_pipelines_tests.x.invented import (
    USER_2026,
    USER_BARE,
    USER_LEGACY,
    Json,
    added,
    conversation_page,
    created,
    cursor,
    entry,
    home_page,
    item,
    mention,
    mentions_page,
    module,
    module_item,
    old_profile_page,
    post,
    posts_by_id,
    profile_page,
    refused,
    row,
    search_page,
    who_to_follow,
)

PAGES = [profile_page, old_profile_page, conversation_page, search_page, home_page, mentions_page]
TOMBSTONE = {"__typename": "TweetTombstone", "tombstone": {"text": {"text": "This Post is unavailable."}}}


def ids(payload: Json) -> list[str]:
    return [snapshot.id for snapshot in parse_posts(payload)]


@pytest.mark.parametrize("page", PAGES)
def test_every_operation_gives_its_posts_in_page_order(page: Callable[[list[Json]], Json]) -> None:
    rows = [row("3"), module("profile-conversation", "2", "5"), row("1"), cursor("Bottom", "next")]
    assert ids(page(added(*rows))) == ["3", "2", "5", "1"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_cursors_only_is_an_understood_answer_without_posts_and_the_last(
    page: Callable[[list[Json]], Json],
) -> None:
    payload = page(added(cursor("Top", "a"), cursor("Bottom", "b")))
    assert parse_posts(payload) == []
    assert is_last_page(payload)
    assert parse_cursor(payload) == "b"


def test_an_account_without_posts_is_an_understood_answer_although_it_shows_people() -> None:
    payload = profile_page(added(who_to_follow(), cursor("Top", "a"), cursor("Bottom", "b")))
    assert parse_posts(payload) == []
    assert is_last_page(payload)


def test_posts_asked_for_by_id_come_alone_or_as_a_list() -> None:
    assert ids({"data": {"tweetResult": {"result": post("7")}}}) == ["7"]
    assert ids(posts_by_id(post("7"), {}, post("8"))) == ["7", "8"]


@pytest.mark.parametrize("operation", ["create_tweet", "notetweet_create"])
def test_the_answer_to_publishing_gives_the_new_post(operation: str) -> None:
    payload = created(post("7"), by=operation)
    new = parse_created_post(payload)
    assert new is not None
    assert new.id == "7"
    assert ids(payload) == ["7"]


def test_a_post_that_appears_twice_is_listed_once_and_the_pinned_one_comes_first() -> None:
    instructions = [*added(row("1"), row("2"), row("3")), {"type": "TimelinePinEntry", "entry": row("2")}]
    posts = parse_posts(profile_page(instructions))
    assert [(post.id, post.is_pinned) for post in posts] == [("2", True), ("1", False), ("3", False)]


def test_a_post_is_pinned_where_its_own_row_says_so() -> None:
    payload = profile_page(added(row("1", socialContext={"contextType": "Pin"}), row("2")))
    assert [post.is_pinned for post in parse_posts(payload)] == [True, False]


def test_promoted_posts_are_left_out_and_counted_by_either_mark_and_a_tracking_mark_alone_is_none() -> None:
    in_module = module("conversationthread", "4", "5")
    in_module["content"]["items"][1]["entryId"] = "conversationthread-1-promoted-tweet-5"
    payload = search_page(
        added(
            row("1", promotedMetadata={"advertiser_results": {}}),
            entry("promoted-tweet-2-abc", item(post("2"))),
            row("3", placementTracking={}),
            in_module,
            {**module("conversationthread", "6"), "entryId": "promoted-tweet-6-abc"},
        )
    )
    assert ids(payload) == ["3", "4"]
    assert count_promoted(payload) == 4


def test_people_whom_somebody_pays_for_are_no_promoted_posts() -> None:
    people = who_to_follow()
    people["content"]["items"][0]["item"]["itemContent"]["promotedMetadata"] = {"advertiser_results": {}}
    assert count_promoted(profile_page(added(row("1"), people))) == 0


def test_f11_promoted_posts_are_not_counted_on_a_page_that_cannot_be_read() -> None:
    with pytest.raises(UnreadableAnswer):
        count_promoted({"data": {"timeline_of_tomorrow": {"instructions": []}}})


def test_the_mentions_are_read_between_the_instructions_that_only_they_have() -> None:
    """X tells its page there which rows are new: instructions that bring no rows."""
    payload = mentions_page(
        [
            *added(mention("3"), mention("2", promotedMetadata={}), mention("1"), cursor("Bottom", "next")),
            {"type": "TimelineClearEntriesUnreadState"},
            {"type": "TimelineMarkEntriesUnreadGreaterThanSortIndex", "sort_index": "1"},
        ]
    )
    assert ids(payload) == ["3", "1"]
    assert (parse_cursor(payload), count_promoted(payload), is_last_page(payload)) == ("next", 1, False)


def test_a_replaced_row_and_the_posts_added_to_a_module_are_read_as_the_page_shows_them() -> None:
    instructions = [
        *added(row("1"), row("2"), cursor("Bottom", "old")),
        {"type": "TimelineReplaceEntry", "entry_id_to_replace": "tweet-1", "entry": row("9")},
        {
            "type": "TimelineReplaceEntry",
            "entry_id_to_replace": "cursor-bottom-1",
            "entry": cursor("Bottom", "new"),
        },
        {"type": "TimelineAddToModule", "moduleItems": [module_item("conversationthread", "5")]},
    ]
    assert ids(conversation_page(instructions)) == ["9", "2", "5"]
    assert parse_cursor(conversation_page(instructions)) == "new"


def test_the_last_cursor_counts_inside_an_item_as_well_and_only_in_its_own_direction() -> None:
    content = {"itemType": "TimelineTimelineCursor", "cursorType": "Bottom", "value": "deep"}
    payload = conversation_page(added(cursor("Bottom", "first"), row("1"), entry("cursor-bottom-9", content)))
    assert parse_cursor(payload) == "deep"
    assert parse_cursor(payload, "Top") is None


@pytest.mark.parametrize(("direction", "ends"), [("Bottom", True), ("TopAndBottom", True), ("Top", False)])
def test_only_a_timeline_that_terminates_at_its_bottom_ends_there(direction: str, ends: bool) -> None:
    instructions = [
        *added(row("1"), cursor("Bottom", "b")),
        {"type": "TimelineTerminateTimeline", "direction": direction},
    ]
    assert is_last_page(profile_page(instructions)) is ends


def test_a_page_of_nothing_but_posts_that_are_gone_is_not_the_last() -> None:
    assert not is_last_page(profile_page(added(entry("tweet-1", item({})), cursor("Bottom", "b"))))


def test_posts_that_are_gone_are_no_posts_and_are_told_with_their_reason() -> None:
    unavailable = {"__typename": "TweetUnavailable", "reason": "Suspended"}
    of_gone_author = post("5", user={"__typename": "UserUnavailable", "reason": "Suspended"})
    payload = conversation_page(
        added(
            entry("tweet-1", item(TOMBSTONE)),
            entry("tweet-2", item({"__typename": "TweetTombstone", "tombstone": {}})),
            entry("tweet-3", item(unavailable)),
            entry("tweet-4", item({})),
            entry("tweet-5", item(of_gone_author)),
            entry("tombstone-6", {"itemType": "TimelineTombstone", "tombstoneInfo": {"text": "Deleted."}}),
            row("7"),
        )
    )
    assert ids(payload) == ["7"]
    assert parse_gone(payload) == [
        GonePost("1", "This Post is unavailable."),
        GonePost("2", "unavailable"),
        GonePost("3", "Suspended"),
        GonePost("4", "no longer there"),
        GonePost("5", "its author is unavailable: Suspended"),
        GonePost("6", "Deleted."),
    ]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("_Missing: No status found with that ID. (144)", 144),
        ("Sorry, you are not authorized to see this status.", 179),
    ],
)
def test_x_saying_that_it_shows_no_such_post_is_an_understood_answer(message: str, code: int) -> None:
    payload = refused(message, code, "GenericError")
    assert parse_posts(payload) == []
    assert parse_gone(payload) == [GonePost(None, message)]


ADA = ProfileSnapshot(
    id="9001",
    handle="ada_walks",
    name="Ada",
    bio="Walks.",
    created_at=datetime(2015, 1, 6, 8, 0, tzinfo=UTC),
    followers=1500,
    following=80,
    posts=321,
    protected=False,
    verified=False,
)


@pytest.mark.parametrize("user", [USER_2026, USER_LEGACY, USER_BARE], ids=["2026", "legacy", "bare"])
def test_every_generation_of_the_user_object_reads_the_same(user: Json) -> None:
    assert parse_profile({"data": {"user": {"result": user}}}) == ADA
    assert parse_profile({"data": {"viewer": {"user_results": {"result": user}}}}) == ADA
    assert parse_posts(posts_by_id(post("1", user=user)))[0].author == ADA


def test_what_a_user_object_does_not_say_is_unknown_and_not_zero() -> None:
    bare = {"rest_id": "9001", "core": {"screen_name": "ada_walks"}}
    profile = parse_profile({"data": {"user": {"result": bare}}})
    assert profile == ProfileSnapshot(id="9001", handle="ada_walks")


def test_an_account_that_is_not_to_be_seen_is_told_with_its_reason() -> None:
    payload = {"data": {"user": {"result": {"__typename": "UserUnavailable", "reason": "Suspended"}}}}
    for read in (parse_profile, parse_posts):
        with pytest.raises(AccountUnavailable, match="Suspended") as raised:
            read(payload)
        assert raised.value.reason == "Suspended"


def test_a_post_withheld_in_silence_is_none_and_a_refused_one_is_not_mistaken_for_it() -> None:
    """None means unknown and never retried; a refusal is known (F02)."""
    assert parse_created_post(created({})) is None
    refusal = refused("Authorization: This looks automated. (226)", 226, "AuthorizationError")
    for payload in (refusal, {**refusal, **created({})}):
        with pytest.raises(UnreadableAnswer, match="226"):
            parse_created_post(payload)


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        (refused("Denied. (226)", 226, "AuthorizationError"), AnswerError(226, "AuthorizationError", "Denied. (226)")),
        (
            {"errors": [{"message": "m", "extensions": {"name": "N", "code": 29}}]},
            AnswerError(29, "N", "m"),
        ),
        (
            {"errors": [{"code": 187, "message": "Status is a duplicate."}]},
            AnswerError(187, None, "Status is a duplicate."),
        ),
        ({"errors": [{"message": "Authorization: no. (344)"}]}, AnswerError(344, None, "Authorization: no. (344)")),
        ({"error": "Not authorized."}, AnswerError(None, None, "Not authorized.")),
        ({"errors": [3]}, AnswerError(None, None, "X gave an error without a message")),
    ],
)
def test_errors_are_read_in_every_shape(payload: dict[str, Any], error: AnswerError) -> None:
    assert parse_errors(payload) == [error]


def test_usable_data_beside_errors_is_kept() -> None:
    payload = {**posts_by_id(post("1")), "errors": [{"code": 29, "message": "Timeout: Unspecified"}]}
    assert ids(payload) == ["1"]
    assert [error.code for error in parse_errors(payload)] == [29]
    assert parse_errors(posts_by_id(post("1"))) == []
