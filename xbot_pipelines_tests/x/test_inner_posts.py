"""R2: posts inside a post that X does not show: a quoted one is unknown, a repost stays a repost."""

from typing import Any

import pytest

from xbot_pipelines.models import HiddenPost
from xbot_pipelines_tests.x.invented import Json, post
from xbot_pipelines_tests.x.test_objects import read

STUB = {"__typename": "Tweet", "rest_id": "101"}
NOT_SHOWN = [
    {},
    {"result": {}},
    {"result": None},
    {"result": STUB},
    {"result": {"__typename": "TweetTombstone", "tombstone": {"text": {"text": "Suspended."}}}},
    {"result": {"__typename": "TweetUnavailable", "reason": "Suspended"}},
    {"result": {"__typename": "TweetWithVisibilityResults"}},
    {"result": post("101", user={"__typename": "UserUnavailable", "reason": "Suspended"})},
    {"result": post("101", legacy={"created_at": None})},
    "gone",
    [],
]


@pytest.mark.parametrize("inner", NOT_SHOWN)
def test_a_post_whose_quoted_post_cannot_be_read_is_read(inner: Any) -> None:
    snapshot = read({**post("1"), "quoted_status_result": inner})
    assert (snapshot.id, snapshot.quoted, snapshot.reposted) == ("1", None, None)


@pytest.mark.parametrize("inner", NOT_SHOWN)
def test_a_repost_of_a_post_that_is_not_shown_is_a_repost(inner: Any) -> None:
    snapshot = read(post("1", text="RT @bo: A walk.", legacy={"retweeted_status_result": inner}))
    assert isinstance(snapshot.reposted, HiddenPost)
    assert isinstance(read({**post("1"), "retweeted_status_result": inner}).reposted, HiddenPost)


def test_a_repost_without_the_reposted_post_is_told_by_its_mark() -> None:
    marks: list[tuple[str, Json]] = [
        ("RT @bo: A walk.", {"retweeted_status_result": None}),
        ("A walk.", {"retweeted_status_id_str": "101"}),
    ]
    for text, mark in marks:
        assert isinstance(read(post("1", text=text, legacy=mark)).reposted, HiddenPost)
    for text, mark in [("RT @bo: by hand", {}), ("A walk.", {"retweeted_status_result": None})]:
        assert read(post("1", text=text, legacy=mark)).reposted is None
