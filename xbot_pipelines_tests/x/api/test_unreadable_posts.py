"""R1 with the API: a post that cannot be read is reported, and takes nothing from the posts beside it."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from xbot_pipelines.models import HiddenPost, PostSnapshot
from xbot_pipelines.x.api.objects import ApiObjects
from xbot_pipelines.x.client import Missing
from xbot_pipelines.x.shapes import UnreadableAnswer, UnreadableRow
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.x.api.invented import ADA, in_older_names, not_found, page, post
from xbot_pipelines_tests.x.test_unreadable_rows import mutations

Json = dict[str, Any]

BEN: Json = {"id": "9002", "username": "ben"}
BROKEN = post(
    "5",
    author_id="9002",
    referenced_posts=[{"type": "quoted", "id": "4"}],
    entities={"urls": [{"url": "https://t.co/a", "expanded_url": "https://example.org/a"}], "mentions": []},
    display_text_range=[0, 13],
    note_post={"text": "Long.", "entities": {"mentions": [{"username": "ben"}]}},
)
WHOLE = page(post("9"), BROKEN, post("3"), along=(post("4"),), users=(ADA, BEN))


def read(payload: Json) -> ApiObjects:
    return ApiObjects(payload=payload, handle="daily_vitals", where="the answer", seen_at=NOON)


@pytest.mark.parametrize(
    "part_of",
    [
        lambda answer: answer["data"][1],
        lambda answer: answer["includes"]["users"][1],
        lambda answer: next(inner for key, inner in answer["includes"].items() if key != "users"),
    ],
)
@pytest.mark.parametrize("generation", [lambda answer: answer, in_older_names])
def test_whatever_is_wrong_with_one_post_or_its_author_all_others_are_read(
    part_of: Callable[[Json], Any], generation: Callable[[Json], Json]
) -> None:
    answer = json.loads(json.dumps(generation(WHOLE)))
    others = [one for one in read(answer).posts() if one.id != "5"]
    for what in mutations(answer, part_of(answer)):
        objects = read(answer)
        assert [one for one in objects.posts() if one.id in {"9", "3"}] == others, what
        assert [one for one in objects.found() if isinstance(one, PostSnapshot) and one.id in {"9", "3"}] == others
        assert {"9", "3"} <= objects.post_ids()


def test_a_post_whose_author_has_no_handle_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        objects = read(page(post("9"), post("5", author_id="9002"), users=(ADA, {"id": "9002", "name": "Ben"})))
        assert [one.id for one in objects.posts()] == ["9"]
    [row] = objects.unreadable()
    assert (row.row_id, row.missing, row.post_id, row.author_id) == ("data[1]", "the handle", "5", "9002")
    assert "data[1]" in caplog.text
    assert "the handle is missing" in caplog.text


def test_f11_an_answer_in_which_no_post_can_be_read_is_an_error() -> None:
    broken = page(post("5", created_at=None), post("6", created_at=None))
    for question in (read(broken).posts, read(broken).found):
        with pytest.raises(UnreadableAnswer, match="created_at is missing"):
            question()


def test_an_unreadable_post_is_not_a_missing_one() -> None:
    found = read(page({**post("5"), "text": None}, errors=[not_found("8"), "broken", {"resource_type": 5}])).found()
    assert [type(one) for one in found] == [UnreadableRow, Missing]


def test_an_unreadable_quoted_post_takes_nothing_from_the_post_that_quotes_it() -> None:
    quoting = post("5", referenced_posts=[{"type": "quoted", "id": "4"}])
    [one] = read(page(quoting, along=({"id": "4", "author_id": ADA["id"]},))).posts()
    assert (one.id, one.quoted) == ("5", None)


@pytest.mark.parametrize("kind", ["retweeted", "reposted"])
def test_a_repost_is_one_whether_or_not_the_other_post_is_shown(kind: str) -> None:
    repost = post("5", "RT @ben: A walk.", referenced_posts=[{"type": kind, "id": "4"}])
    [hidden] = read(page(repost)).posts()
    [shown] = read(page(repost, along=(post("4"),))).posts()
    assert isinstance(hidden.reposted, HiddenPost)
    assert isinstance(shown.reposted, PostSnapshot)
