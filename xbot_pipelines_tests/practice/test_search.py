"""SearchTimeline over HTTP: what is found, in which order, and the pages it comes in."""

from datetime import timedelta
from typing import Any

import pytest

from xbot_pipelines_tests.practice_site import Practice, Visitor

Json = dict[str, Any]


@pytest.fixture
def practice(practice: Practice) -> Practice:
    """Practice X at a fixed moment: what becomes of a post is drawn from its id, and that is a moment."""
    practice.ask("POST", "clock", {"now": "2026-03-02T12:00:00Z", "running": False})
    return practice


@pytest.fixture
def visitor(practice: Practice) -> Visitor:
    return practice.visitor()


def history(practice: Practice, size: int, text: str = "Note {} on quokkas", *, author: str | None = None) -> list[str]:
    """Posts a quarter of an hour apart up to now, oldest first."""
    now = practice.now()
    return practice.put(
        *(
            {
                "author": author or practice.handle,
                "text": text.format(number),
                "created_at": (now - timedelta(minutes=15) * (size - number)).isoformat(),
            }
            for number in range(size)
        )
    )


def quiet_reader(practice: Practice) -> str:
    """A reader who says nothing by himself."""
    people = practice.ask("GET", "people")
    return str(next(one["handle"] for one in people if not one["speaks"]))


def instructions(body: Json) -> list[Json]:
    return list(body["data"]["search_by_raw_query"]["search_timeline"]["timeline"]["instructions"])


def entries(body: Json) -> list[Json]:
    added = [entry for one in instructions(body) for entry in one.get("entries", [])]
    return added + [one["entry"] for one in instructions(body) if "entry" in one]


def found(body: Json) -> list[str]:
    """The ids of the posts of a page, the promoted one left out."""
    return [entry["entryId"].removeprefix("tweet-") for entry in entries(body) if entry["entryId"].startswith("tweet-")]


def cursor(body: Json, kind: str = "Bottom") -> str:
    return next(str(entry["content"]["value"]) for entry in entries(body) if entry["content"].get("cursorType") == kind)


def search(visitor: Visitor, query: str, product: str = "Latest", **more: str) -> Json:
    return visitor.call("SearchTimeline", rawQuery=query, count=20, querySource="typed_query", product=product, **more)


def test_latest_comes_newest_first_in_pages_of_twenty_until_a_page_of_cursors(
    practice: Practice, visitor: Visitor
) -> None:
    ids = history(practice, 47)
    history(practice, 5, "Nothing of that kind {}")
    pages = [search(visitor, "quokkas")]
    while found(pages[-1]):
        pages.append(search(visitor, "quokkas", cursor=cursor(pages[-1])))
    assert [len(found(page)) for page in pages] == [20, 20, 7, 0]
    assert [post for page in pages for post in found(page)] == ids[::-1]
    assert cursor(search(visitor, "quokkas", cursor=cursor(pages[-1]))) == cursor(pages[-1])


def test_the_first_page_has_its_cursors_among_the_entries_and_later_ones_replace_them(
    practice: Practice, visitor: Visitor
) -> None:
    history(practice, 25)
    first = search(visitor, "quokkas")
    assert [one["type"] for one in instructions(first)] == ["TimelineAddEntries"]
    names = [entry["entryId"] for entry in entries(first)]
    assert names[-2:] == ["cursor-top-9223372036854775807", "cursor-bottom-0"]
    (ad,) = (entry for entry in entries(first) if entry["entryId"].startswith("promoted-tweet-"))
    assert "promotedMetadata" in ad["content"]["itemContent"]
    second = search(visitor, "quokkas", cursor=cursor(first))
    add, *replaced = instructions(second)
    assert {entry["entryId"].split("-")[0] for entry in add["entries"]} == {"tweet"}
    assert [(one["type"], one["entry_id_to_replace"], one["entry"]["entryId"]) for one in replaced] == [
        ("TimelineReplaceEntry", name, name) for name in names[-2:]
    ]
    assert cursor(second) != cursor(first)


def test_pages_do_not_shift_when_a_new_post_arrives(practice: Practice, visitor: Visitor) -> None:
    ids = history(practice, 30)
    first = search(visitor, "quokkas")
    newest = visitor.post("More about quokkas")
    assert found(search(visitor, "quokkas", cursor=cursor(first))) == ids[9::-1]
    assert found(search(visitor, "quokkas", cursor=cursor(first, "Top"))) == [newest]


def test_top_comes_by_likes_and_reposts_over_all_its_pages(practice: Practice, visitor: Visitor) -> None:
    history(practice, 45)
    pages = [search(visitor, "quokkas", "Top")]
    while found(pages[-1]):
        pages.append(search(visitor, "quokkas", "Top", cursor=cursor(pages[-1])))
    truth = practice.truth()["posts"]
    ranks = {one["id"]: (one["counters"]["likes"] + one["counters"]["reposts"], int(one["id"])) for one in truth}
    assert [post for page in pages for post in found(page)] == sorted(ranks, key=ranks.__getitem__, reverse=True)
    assert len({rank for rank, _ in ranks.values()}) > 3


def test_an_authors_posts_of_a_time_are_found_replies_among_them(practice: Practice, visitor: Visitor) -> None:
    reader = quiet_reader(practice)
    theirs = history(practice, 4, "Their note {}", author=reader)
    ours = history(practice, 6)
    reply = visitor.post("Agreed.", theirs[-1])
    begin = int((practice.now() - timedelta(minutes=45)).timestamp())
    end = int((practice.now() - timedelta(minutes=15)).timestamp())
    within = f"from:{practice.handle} since_time:{begin}"
    assert found(search(visitor, within)) == [reply, *ours[:2:-1]]
    assert found(search(visitor, f"{within} until_time:{end}")) == ours[4:2:-1]
    assert found(search(visitor, f"{within} filter:replies")) == [reply]
    assert found(search(visitor, f"to:{reader}")) == [reply]
    assert found(search(visitor, f"from:{reader} -filter:replies")) == theirs[::-1]
    assert found(search(visitor, "from:nobody_at_all")) == []


def test_what_was_deleted_or_hidden_is_not_found(practice: Practice, visitor: Visitor) -> None:
    kept, deleted, hidden = history(practice, 3)
    practice.ask("DELETE", f"posts/{deleted}")
    practice.ask("POST", f"posts/{hidden}/hide")
    for product in ("Latest", "Top"):
        assert found(search(visitor, "quokkas", product)) == [kept]
    practice.ask("POST", f"posts/{hidden}/show")
    assert found(search(visitor, "quokkas")) == [hidden, kept]


def test_a_search_that_finds_nothing_answers_two_cursors(visitor: Visitor) -> None:
    assert [entry["entryId"] for entry in entries(search(visitor, "quokkas"))] == [
        "cursor-top-9223372036854775807",
        "cursor-bottom-0",
    ]


def test_search_is_for_sessions_and_has_a_limit_of_fifty(practice: Practice, visitor: Visitor) -> None:
    response = visitor.request("SearchTimeline", rawQuery="sleep", product="Latest")
    assert response.headers["x-rate-limit-limit"] == "50"
    assert practice.guest().request("SearchTimeline", rawQuery="sleep", product="Latest").status_code == 401


@pytest.mark.parametrize(
    "variables", [{}, {"rawQuery": 3}, {"rawQuery": "a" * 600}, {"rawQuery": "a", "product": "Best"}]
)
def test_nonsense_in_the_variables_of_a_search_is_400(visitor: Visitor, variables: Json) -> None:
    assert visitor.request("SearchTimeline", **variables).status_code == 400


def test_faults_strike_searches_and_the_views_of_figures(practice: Practice, visitor: Visitor) -> None:
    for operation in ("SearchTimeline", "TweetActivityQuery", "HomeTimeline"):
        practice.fault(operation=operation, kind="http_429")
        assert visitor.request(operation, rawQuery="a", restId="1").status_code == 429
    for page, address in (("search", "/search?q=a"), ("analytics", "/daily_vitals/status/1/analytics")):
        practice.fault(operation=page, kind="locked")
        assert visitor.http.get(address).headers["location"] == "/account/access?wall=locked"
    visitor.page_config("/search?q=a")
    counted = practice.ask("GET", "requests")
    assert counted["by_operation"] == {"SearchTimeline": 1, "TweetActivityQuery": 1, "HomeTimeline": 1}
    assert counted["by_page"]["search"] == 1


# Home


def test_home_shows_what_was_posted_and_whom_we_follow_newest_first_and_says_when_it_ends(
    practice: Practice, visitor: Visitor
) -> None:
    reader = quiet_reader(practice)
    theirs = history(practice, 12, "Their note {}", author=reader)
    ours = history(practice, 12)
    visitor.post("An answer is not on home.", theirs[0])

    def home(**more: str) -> tuple[list[str], list[Json]]:
        timeline = visitor.call("HomeTimeline", count=20, **more)["data"]["home"]["home_timeline_urt"]["instructions"]
        listed = [entry for one in timeline for entry in one.get("entries", [])]
        names = [entry["entryId"].split("-") for entry in listed]
        return [name[1] for name in names if name[0] == "tweet"], timeline

    shown, timeline = home()
    while "TimelineTerminateTimeline" not in [one["type"] for one in timeline]:
        bottom = timeline[-1]["entries"][-1]["content"]["value"]
        page, timeline = home(cursor=bottom)
        shown += page
    assert shown == sorted(shown, key=int, reverse=True)
    assert [post for post in shown if post in {*theirs, *ours}] == sorted([*theirs, *ours], key=int, reverse=True)
    followed = {int(post) for post in shown} - {int(post) for post in (*theirs, *ours)}
    assert 300 < len(followed) < 6000
    assert timeline[-1] == {"direction": "Bottom", "type": "TimelineTerminateTimeline"}
