"""What becomes of the rows of a page: cursors that are put in the place of others, and rows of a kind that is new."""

import pytest

from xbot_pipelines.x.graphql import UnreadableAnswer, is_last_page, parse_cursor, parse_posts
from xbot_pipelines_tests.x.invented import (
    Json,
    added,
    conversation_page,
    cursor,
    entry,
    item,
    mention,
    mentions_page,
    module,
    post,
    profile_page,
    row,
    search_page,
    who_to_follow,
)


def replaced(direction: str, value: str) -> Json:
    """How X gives the cursors of every page of a search but the first."""
    entry_id = f"cursor-{direction.lower()}-0"
    return {
        "type": "TimelineReplaceEntry",
        "entry_id_to_replace": entry_id,
        "entry": {**cursor(direction, value), "entryId": entry_id},
    }


def test_a_later_page_of_a_search_has_its_cursors_in_the_place_of_the_last_ones() -> None:
    entries = {"type": "TimelineAddEntries", "entries": [row("2"), row("1")]}
    for instructions in (
        [entries, replaced("Top", "newer"), replaced("Bottom", "older")],
        [replaced("Bottom", "older"), replaced("Top", "newer"), entries],
    ):
        page = search_page(instructions)
        assert [found.id for found in parse_posts(page)] == ["2", "1"]
        assert (parse_cursor(page), parse_cursor(page, "Top")) == ("older", "newer")
        assert not is_last_page(page)


@pytest.mark.parametrize("entries", [[], [{"type": "TimelineAddEntries", "entries": []}]])
def test_the_last_page_of_a_search_has_nothing_but_cursors_in_the_place_of_others(entries: list[Json]) -> None:
    page = search_page([*entries, replaced("Top", "newer"), replaced("Bottom", "older")])
    assert parse_posts(page) == []
    assert is_last_page(page)


@pytest.mark.parametrize(
    "instructions",
    [
        [],
        [{"type": "TimelineClearCache"}],
        [{"type": "TimelineClearCache"}, {"type": "TimelineAddRows", "rows": [row("1")]}],
    ],
)
def test_f11_a_timeline_without_an_instruction_that_we_know_is_an_error_and_not_an_empty_page(
    instructions: list[Json],
) -> None:
    for read in (parse_posts, is_last_page):
        with pytest.raises(UnreadableAnswer) as raised:
            read(profile_page(instructions))
        assert raised.value.missing == "an instruction that we know"
        kinds = ", ".join(one["type"] for one in instructions) or "none"
        assert raised.value.where == f"the timeline, which has {kinds}"


RENAMED_ITEM = entry("post-1", {"itemType": "TimelinePost", "post_results": {"result": post("1")}})
RENAMED_ROW = {"entryId": "post-2", "content": {"entryType": "TimelinePostRow", "post": post("2")}}


@pytest.mark.parametrize("strange", [RENAMED_ITEM, RENAMED_ROW, {"entryId": "post-3", "content": {}}])
def test_f11_a_page_with_nothing_but_rows_of_a_new_kind_is_an_error_that_names_them(strange: Json) -> None:
    page = profile_page(added(strange, cursor("Top", "a"), cursor("Bottom", "b")))
    for read in (parse_posts, is_last_page):
        with pytest.raises(UnreadableAnswer, match=f"a row with a post is missing in .*{strange['entryId']}"):
            read(page)


def test_f11_mentions_told_as_notices_without_their_posts_are_an_error_and_not_nobody() -> None:
    """The tab "All" tells of posts in this way. Should "Mentions" ever do so, we must not find that nobody wrote."""
    notice = entry("notification-1", {"itemType": "TimelineNotification", "template": {"target_objects": []}})
    with pytest.raises(UnreadableAnswer, match=r"a row with a post is missing in .*notification-1"):
        parse_posts(mentions_page(added(notice, cursor("Bottom", "b"))))
    assert [found.id for found in parse_posts(mentions_page(added(notice, mention("1"))))] == ["1"]


def test_f11_a_post_that_cannot_be_read_is_an_error_that_says_the_way_to_it() -> None:
    broken = post("2", legacy={"reply_count": "many"})
    with pytest.raises(UnreadableAnswer) as raised:
        parse_posts(search_page(added(cursor("Top", "t"), entry("tweet-2", item(broken)))))
    timeline = "answer.data.search_by_raw_query.search_timeline.timeline.instructions[1]"
    way = f"{timeline}.entries[1].content.itemContent.tweet_results.result, post 2"
    assert (raised.value.missing, raised.value.where) == ("legacy.reply_count as a count (found str)", way)


def test_a_row_of_a_new_kind_among_posts_is_passed_over() -> None:
    page = profile_page(added(row("1"), RENAMED_ITEM, cursor("Bottom", "b")))
    assert [found.id for found in parse_posts(page)] == ["1"]


def test_rows_that_hold_no_posts_make_an_empty_page_and_no_error() -> None:
    promoted = entry("promoted-tweet-1-abc", item(post("1"), promotedMetadata={}))
    nothing_found = entry("messageprompt-1", {"itemType": "TimelineMessagePrompt"})
    empty_module = {**module("who-to-follow", "1"), "content": {"entryType": "TimelineTimelineModule", "items": []}}
    for rows in ([promoted], [nothing_found], [empty_module], [who_to_follow()], []):
        page = conversation_page(added(*rows, cursor("Bottom", "b")))
        assert parse_posts(page) == []
        assert is_last_page(page)


def test_f07_a_pinned_a_promoted_and_an_answered_post_do_not_give_their_counters_to_ours() -> None:
    """The old system took the first article of the page: 20,000 views went to the wrong post."""

    def with_views(post_id: str, views: str, **legacy: str) -> Json:
        return {**post(post_id, legacy=legacy), "views": {"count": views, "state": "EnabledWithCount"}}

    answered = module("profile-conversation", "30", "40")
    answered["content"]["items"][0]["item"]["itemContent"] = item(with_views("30", "20000"))
    answered["content"]["items"][1]["item"]["itemContent"] = item(with_views("40", "7", in_reply_to_status_id_str="30"))
    page = profile_page(
        [
            *added(entry("promoted-tweet-9-a", item(with_views("9", "1000000"), promotedMetadata={})), answered),
            {"type": "TimelinePinEntry", "entry": entry("tweet-20", item(with_views("20", "50000")))},
        ]
    )
    assert [(found.id, found.views) for found in parse_posts(page)] == [("20", 50000), ("30", 20000), ("40", 7)]
