"""F11, for every payload there can be: what cannot be read is an UnreadableAnswer, and nothing else is ever raised."""

import contextlib
import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from xbot_pipelines.x.graphql import (
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
    added,
    conversation_page,
    created,
    cursor,
    home_page,
    mention,
    mentions_page,
    module,
    old_profile_page,
    post,
    posts_by_id,
    profile_page,
    refused,
    row,
    search_page,
    who_to_follow,
    wrapped,
)

QUOTING = {**post("5", user=USER_LEGACY), "quoted_status_result": {"result": post("6", user=USER_BARE)}}
LIMITED = wrapped(post("10", legacy={"limited_actions": "limited_replies"}), "Reply", "Like")
LONG = {**post("7"), "note_tweet": {"note_tweet_results": {"result": {"text": "Long.", "entity_set": {"urls": []}}}}}
INSTRUCTIONS = [
    *added(row("1", socialContext={"contextType": "Pin"}), module("conversationthread", "2", "3"), who_to_follow()),
    {"type": "TimelinePinEntry", "entry": row("4")},
    {"type": "TimelineReplaceEntry", "entry_id_to_replace": "tweet-1", "entry": cursor("Bottom", "b")},
]
GOOD = [
    profile_page(INSTRUCTIONS),
    old_profile_page(INSTRUCTIONS),
    conversation_page(INSTRUCTIONS),
    search_page(INSTRUCTIONS),
    home_page(INSTRUCTIONS),
    mentions_page(added(mention("1"), mention("2", promotedMetadata={}), cursor("Bottom", "b"))),
    posts_by_id(QUOTING, LONG, LIMITED, {}),
    created(LONG),
    refused("Denied. (226)", 226, "AuthorizationError"),
    {"data": {"user": {"result": USER_2026}}},
    {"data": {"viewer": {"user_results": {"result": USER_LEGACY}}}},
]
READERS = [
    parse_posts,
    parse_gone,
    parse_profile,
    parse_created_post,
    parse_cursor,
    is_last_page,
    parse_errors,
    count_promoted,
]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.just("9" * 5000),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
splices = st.sampled_from(
    [post("8"), QUOTING, LIMITED, USER_BARE, USER_LEGACY, INSTRUCTIONS, row("9"), cursor("Top", "t"), GOOD[0]]
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a payload with every key in it."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


@st.composite
def mutilated(draw: st.DrawFn) -> Any:
    """A good payload in which a few fields were dropped or set to something else."""
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


def read_in_every_way(payload: Any) -> None:
    for read in READERS:
        with contextlib.suppress(UnreadableAnswer):
            read(payload)


@settings(max_examples=400, deadline=None)
@given(mutilated())
def test_a_mutilated_answer_is_read_or_is_an_unreadable_answer(payload: Any) -> None:
    read_in_every_way(payload)


@settings(max_examples=100, deadline=None)
@given(json_values)
def test_anything_at_all_is_an_unreadable_answer(payload: Any) -> None:
    read_in_every_way(payload)


@settings(max_examples=200, deadline=None)
@given(mutilated())
def test_a_counter_is_never_made_up(payload: Any) -> None:
    """Every counter that comes out stood in the payload as it is: none becomes 0 on the way."""
    said = {str(container[key]) for container, key in places(payload) if not isinstance(container[key], dict | list)}
    try:
        posts = parse_posts(payload)
    except UnreadableAnswer:
        return
    for snapshot in posts:
        for counter in (
            snapshot.views,
            snapshot.likes,
            snapshot.replies,
            snapshot.bookmarks,
            snapshot.author.followers,
        ):
            assert counter is None or str(counter) in {text.lstrip("0") or "0" for text in said}
