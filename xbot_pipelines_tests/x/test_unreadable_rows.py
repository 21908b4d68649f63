"""R1: a row that cannot be read is reported, and takes nothing from the rows beside it."""

import copy
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from xbot_pipelines.x.graphql import (
    UnreadableAnswer,
    is_last_page,
    parse_cursor,
    parse_gone,
    parse_posts,
    parse_unreadable,
)
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
    posts_by_id,
    profile_page,
    row,
    search_page,
    wrapped,
)

SHARED = Path(__file__).parents[3] / "shared"
CAPTURES, CASES = SHARED / "captures", SHARED / "cases" / "x"
QUOTING = {**post("5"), "quoted_status_result": {"result": wrapped(post("6"), "Reply")}}
LONG = {**post("5"), "note_tweet": {"note_tweet_results": {"result": {"text": "Long.", "entity_set": {"urls": []}}}}}
WRONG: tuple[Any, ...] = (None, "wrong", 5, True, [], {}, [None], {"result": None})
DELETED: Any = object()


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a value with every key in it."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


def entries_of(page: Json) -> list[Any]:
    """The rows of a plain page, wherever it keeps them."""
    [rows] = [inner[key] for inner, key in places(page) if key == "entries"]
    found: list[Any] = rows
    return found


def mutations(page: Json, part: Any) -> Iterator[str]:
    """Break each place of one part of a page in each way, one after the other; the page is whole again at the end."""
    for container, key in places(part):
        before = container[key]
        for value in (*WRONG, DELETED) if isinstance(container, dict) else WRONG:
            if value is DELETED:
                del container[key]
            else:
                container[key] = copy.deepcopy(value)
            yield f"{key} = {'nothing' if value is DELETED else value!r}"
            # At its end again, which no reader may mind.
            container[key] = before
    assert page


def check_others(whole: Json, part_of: Callable[[Json], Any], touched: set[str]) -> int:
    """Check that every other row is read, whatever one part of a page is, and return in how many ways it was broken."""
    # Of its own, and with nothing in two places of it.
    page: Json = json.loads(json.dumps(whole))
    part = part_of(page)
    others = [one for one in parse_posts(page) if one.id not in touched]
    count = 0
    for count, what in enumerate(mutations(page, part), start=1):  # noqa: B007 - the last one is the count
        read = [one for one in parse_posts(page) if one.id not in touched and one in others]
        assert read == others, what
        parse_gone(page), is_last_page(page)
    return count


@pytest.mark.parametrize("broken", [post("5"), QUOTING, LONG, wrapped(post("5"), "Reply")])
@pytest.mark.parametrize("page_of", [profile_page, search_page, conversation_page, mentions_page])
def test_whatever_is_wrong_with_one_row_all_others_are_read(
    page_of: Callable[[list[Json]], Json], broken: Json
) -> None:
    rows = [row("9"), entry("tweet-5", item(copy.deepcopy(broken))), module("conversationthread", "3", "2")]
    page = page_of(added(*rows, cursor("Bottom", "b")))
    assert check_others(page, lambda page: entries_of(page)[1], {"5"}) > 200


def test_whatever_is_wrong_with_one_row_of_a_module_the_others_are_read() -> None:
    thread = module("conversationthread", "3", "2", "1")
    page = conversation_page(added(row("9"), thread, cursor("Bottom", "b")))
    assert check_others(page, lambda page: entries_of(page)[1]["content"]["items"][1], {"2"}) > 200


def test_whatever_is_wrong_with_one_of_several_posts_by_their_ids_the_others_are_read() -> None:
    page = posts_by_id(post("1"), post("2"), post("3"))
    assert check_others(page, lambda page: page["data"]["tweetResult"][1], {"2"}) > 200


def test_a_row_that_is_no_object_at_all_takes_nothing_from_the_others() -> None:
    for strange in WRONG:
        page = search_page(added(row("9"), strange, row("8"), cursor("Bottom", "b")))
        assert [one.id for one in parse_posts(page)] == ["9", "8"]
        assert len(parse_unreadable(page)) == 1
        page = search_page([strange, *added(row("9"), cursor("Bottom", "b"))])
        assert [one.id for one in parse_posts(page)] == ["9"]


def test_an_unreadable_row_is_logged_with_its_id_and_what_is_missing(caplog: pytest.LogCaptureFixture) -> None:
    nameless = post("5")
    nameless["core"]["user_results"]["result"] = {"__typename": "User", "rest_id": "9002", "core": {"name": "Bo"}}
    page = search_page(added(row("9"), entry("tweet-5", item(nameless))))
    with caplog.at_level(logging.WARNING):
        assert [one.id for one in parse_posts(page)] == ["9"]
    [record] = caplog.records
    assert "tweet-5" in record.getMessage()
    assert "the handle is missing" in record.getMessage()
    [unreadable] = parse_unreadable(page)
    assert (unreadable.row_id, unreadable.missing, unreadable.post_id) == ("tweet-5", "the handle", "5")
    assert (unreadable.handle, unreadable.author_id, unreadable.text) == (None, "9002", "A short walk.")


def test_f11_a_page_on_which_no_row_can_be_read_is_an_error_that_says_what_is_missing() -> None:
    rows = [entry(f"tweet-{number}", item(post(str(number), legacy={"full_text": None}))) for number in (1, 2)]
    with pytest.raises(UnreadableAnswer) as raised:
        parse_posts(search_page(added(*rows, cursor("Bottom", "b"))))
    assert raised.value.missing == "the text"


def test_f22_a_page_whose_cursor_may_be_the_unreadable_row_has_no_end() -> None:
    broken = {**cursor("Bottom", "b"), "entryId": None}
    with pytest.raises(UnreadableAnswer):
        parse_cursor(search_page(added(row("1"), broken)))
    with pytest.raises(UnreadableAnswer, match="the cursor's value"):
        parse_cursor(search_page(added(row("1"), cursor("Bottom", None))))  # type: ignore[arg-type]
    unreadable = entry("tweet-2", {"itemType": "TimelineTweet"})
    assert parse_cursor(search_page(added(row("1"), unreadable, cursor("Bottom", "b")))) == "b"
    assert not is_last_page(search_page(added(unreadable, cursor("Bottom", "b"))))


def test_words_and_author_of_a_mention_are_told_though_the_row_cannot_be_read() -> None:
    broken = mention("5")
    broken["content"]["itemContent"]["tweet_results"]["result"]["legacy"]["reply_count"] = "many"
    [unreadable] = parse_unreadable(mentions_page(added(mention("1"), broken)))
    assert (unreadable.handle, unreadable.author_id, unreadable.text) == ("ada_walks", "9001", "A short walk.")


@pytest.mark.skipif(not CAPTURES.is_dir(), reason=f"no captures of real answers in {CAPTURES}")
@pytest.mark.parametrize("name", ["raw_search.json", "raw_tweet_details.json"])
def test_whatever_is_wrong_with_one_row_of_a_real_page_all_others_are_read(name: str) -> None:
    """One row of a real page, broken in every place in every way."""
    page = json.loads((CAPTURES / name).read_text(encoding="utf-8"))
    # A handful of rows: to read a whole page for each of some thousand ways takes minutes, and proves no more.
    del entries_of(page)[3:]
    touched = {one.id for one in parse_posts(page) if f'"rest_id": "{one.id}"' in json.dumps(entries_of(page)[1])}
    assert 1 <= len(touched) < len(parse_posts(page))
    assert check_others(page, lambda page: entries_of(page)[1], touched) > 1000


@pytest.mark.skipif(not CASES.is_dir(), reason=f"no cases in {CASES}")
def test_the_cases_of_other_projects_reports() -> None:
    def case(name: str) -> Json:
        answer: Json = json.loads((CASES / name).read_text(encoding="utf-8"))
        return answer

    search = case("07a_search_one_author_without_handle.json")
    [unreadable] = parse_unreadable(search)
    assert unreadable.missing == "the handle"
    assert len(parse_posts(search)) == 2
    ours, other = parse_posts(case("07c_own_post_quotes_stub.json"))
    assert (ours.id, ours.quoted, other.id) == ("200", None, "199")
    repost, other = parse_posts(case("07d_repost_of_suspended_counts_as_ours.json"))
    assert repost.reposted is not None
    assert other.reposted is None
