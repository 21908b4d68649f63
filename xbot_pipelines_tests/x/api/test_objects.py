"""What the posts, the people and the figures of the official API mean, in both generations of names."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from xbot_pipelines.models import PostSnapshot, PrivateCounters, Reading
from xbot_pipelines.x.api.objects import ApiObjects
from xbot_pipelines.x.client import Missing
from xbot_pipelines.x.shapes import UnreadableAnswer
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.x.api.invented import ADA, AUTHOR_ID, in_older_names, not_found, page, post

Json = dict[str, Any]

BEN: Json = {"id": "9002", "username": "ben"}


@pytest.fixture(params=[lambda answer: answer, in_older_names], ids=["posts", "tweets"])
def generation(request: pytest.FixtureRequest) -> Callable[[Json], Json]:
    """Writes an answer in the names of one generation."""
    written: Callable[[Json], Json] = request.param
    return written


def read(payload: Json) -> ApiObjects:
    return ApiObjects(payload=payload, handle="daily_vitals", where="the answer", seen_at=NOON)


def only(payload: Json) -> PostSnapshot:
    [snapshot] = read(payload).posts()
    return snapshot


def test_a_post_is_read_whole_in_either_generation_of_names(generation: Callable[[Json], Json]) -> None:
    seen = only(generation(page(post("5"))))
    assert (seen.id, seen.text, seen.visible_text, seen.lang) == ("5", "A short walk.", "A short walk.", "en")
    assert (seen.views, seen.likes, seen.reposts, seen.replies, seen.quotes, seen.bookmarks) == (70, 6, 5, 4, 3, 2)
    assert (seen.created_at, seen.observed_at) == (NOON - timedelta(hours=1), NOON)
    assert (seen.conversation_id, seen.replies_allowed, seen.private, seen.quoted) == ("5", True, None, None)
    assert (seen.author.handle, seen.author.followers, seen.author.following, seen.author.posts) == (
        "ada_walks",
        1500,
        80,
        321,
    )
    assert (seen.author.bio, seen.author.protected, seen.author.verified) == ("Walks.", False, False)


def test_a_counter_that_is_not_told_is_unknown_and_not_zero() -> None:
    seen = only(page(post("5", public_metrics={"like_count": 0, "retweet_count": 3, "bookmark_count": None})))
    assert (seen.likes, seen.reposts) == (0, 3)
    assert {seen.views, seen.replies, seen.quotes, seen.bookmarks} == {None}
    assert only(page(post("5", public_metrics=None))).likes is None


def test_an_author_who_did_not_come_along_is_one_error_that_names_them() -> None:
    with pytest.raises(
        UnreadableAnswer, match=f"user {AUTHOR_ID} among those that came along is missing in the answer"
    ):
        only(page(post("5"), users=(BEN,)))
    with pytest.raises(UnreadableAnswer, match=f"user {AUTHOR_ID}"):
        only({"data": [post("5")]})


@pytest.mark.parametrize("lacking", ["id", "author_id", "text", "created_at"])
def test_a_post_that_lacks_what_every_post_has_is_unreadable_and_says_which_and_where(lacking: str) -> None:
    broken = {name: value for name, value in post("5").items() if name != lacking}
    with pytest.raises(UnreadableAnswer, match=r"data\[0\]" if lacking == "id" else r"data\[0\], post 5"):
        only(page(broken))


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "2026-03-02T11:00:00", "soon", 1772449200])
def test_a_moment_that_is_none_is_unreadable(moment: str | int) -> None:
    with pytest.raises(UnreadableAnswer, match="created_at as a time"):
        only(page(post("5", created_at=moment)))


def test_a_long_post_is_read_to_its_end_with_the_names_in_all_of_it(generation: Callable[[Json], Json]) -> None:
    whole = "Long & longer. " * 30 + "Ask @ben. https://t.co/b"
    note = {
        "text": whole.replace("&", "&amp;"),
        "entities": {
            "urls": [{"url": "https://t.co/b", "expanded_url": "https://example.org/b"}],
            "mentions": [{"username": "ben", "start": 454, "end": 458}],
        },
    }
    seen = only(generation(page(post("5", "Long &amp; longer…", note_post=note, display_text_range=[0, 14]))))
    assert seen.text == note["text"]
    assert seen.visible_text == whole.replace("https://t.co/b", "https://example.org/b")
    assert seen.mentions == ("ben",)


@pytest.mark.parametrize(
    ("text", "fields", "visible"),
    [
        (
            "Read https://t.co/a, please",
            {"expanded_url": "https://example.org/a"},
            "Read https://example.org/a, please",
        ),
        ("Read https://t.co/a", {}, "Read https://t.co/a"),
        ("Look https://t.co/a", {"media_key": "3_1", "expanded_url": "https://x.com/p/1"}, "Look"),
        ("https://t.co/a is it", {"media_key": "3_1", "expanded_url": "https://x.com/p/1"}, "https://x.com/p/1 is it"),
        ("1 &lt; 2 &amp;amp; 3", {}, "1 < 2 &amp; 3"),
        ("🧑‍🎄 walks", {}, "🧑‍🎄 walks"),
    ],
)
def test_a_reader_sees_links_as_they_were_written_no_links_of_media_and_no_entities(
    text: str, fields: Json, visible: str
) -> None:
    entities = {"urls": [{"url": "https://t.co/a", **fields}]}
    seen = only(page(post("5", text, entities=entities)))
    assert (seen.text, seen.visible_text) == (text, visible)


@pytest.mark.parametrize(
    ("text", "shown", "is_reply", "visible"),
    [
        ("@ben @ada_walks 🚶 yes", None, True, "🚶 yes"),
        ("@ben @ada_walks 🚶 yes", [16, 21], True, "🚶 yes"),
        ("@ben @ada_walks yes", [5, 19], True, "@ada_walks yes"),
        ("@ben yes", None, False, "@ben yes"),
        ("yes, @ben", None, True, "yes, @ben"),
        ("🧑‍🎄🧑‍🎄 ho", [7, 9], False, "ho"),
    ],
)
def test_the_mentions_in_front_of_a_reply_are_not_seen_whether_or_not_x_says_where_it_begins(
    text: str, shown: list[int] | None, is_reply: bool, visible: str
) -> None:
    answered = {"referenced_posts": [{"type": "replied_to", "id": "4"}]} if is_reply else {}
    seen = only(page(post("5", text, display_text_range=shown, **answered)))
    assert (seen.text, seen.visible_text) == (text, visible)


def test_what_a_post_answers_and_quotes_is_told_with_who_wrote_it(generation: Callable[[Json], Json]) -> None:
    references = [{"type": "replied_to", "id": "3"}, {"type": "quoted", "id": "4"}]
    asked = post("5", referenced_posts=references, in_reply_to_user_id="9002")
    quoted = post("4", "Quoted.", author_id="9002", referenced_posts=[{"type": "quoted", "id": "5"}])
    seen = only(generation(page(asked, along=(quoted,), users=(ADA, BEN))))
    assert (seen.in_reply_to_id, seen.in_reply_to_handle) == ("3", "ben")
    assert seen.quoted is not None
    assert (seen.quoted.visible_text, seen.quoted.author.handle, seen.quoted.quoted) == ("Quoted.", "ben", None)


def test_a_quoted_post_whose_author_did_not_come_along_takes_nothing_from_who_quotes_it() -> None:
    asked = post("5", referenced_posts=[{"type": "quoted", "id": "4"}])
    seen = only(page(asked, along=(post("4", author_id="9003"),)))
    assert (seen.id, seen.quoted) == ("5", None)


def test_a_name_that_x_does_not_tell_takes_nothing_from_the_others() -> None:
    named = {"mentions": [{"start": 0, "end": 4}, {"username": None, "start": 5, "end": 9}, {"username": "ben"}]}
    assert only(page(post("5", entities=named))).mentions == ("ben",)


@pytest.mark.parametrize(
    ("settings", "named", "allowed"),
    [
        ("everyone", (), True),
        ("mentionedUsers", ("Daily_Vitals",), True),
        ("mentionedUsers", ("ben",), False),
        ("following", ("daily_vitals",), None),
        ("a_new_word", (), None),
        (None, (), None),
    ],
)
def test_whether_we_may_answer_is_told_where_x_tells_it(
    settings: str | None, named: tuple[str, ...], allowed: bool | None
) -> None:
    entities = {"mentions": [{"username": name} for name in named]}
    assert only(page(post("5", reply_settings=settings, entities=entities))).replies_allowed is allowed


@pytest.mark.parametrize(
    ("fields", "private"),
    [
        ({}, None),
        (
            {"non_public_metrics": {"user_profile_clicks": 2, "url_link_clicks": 0, "impression_count": 9}},
            PrivateCounters(profile_visits=2, link_clicks=0),
        ),
        ({"organic_metrics": {"user_profile_clicks": 3}}, PrivateCounters(profile_visits=3)),
        ({"non_public_metrics": {"impression_count": 9}}, None),
    ],
)
def test_private_figures_are_those_that_x_tells_the_author(fields: Json, private: PrivateCounters | None) -> None:
    assert only(page(post("5", **fields))).private == private


@pytest.mark.parametrize(
    "payload", [{"data": []}, {"meta": {"result_count": 0}}, {"data": None, "meta": {"result_count": 0}}]
)
def test_a_page_that_says_that_it_has_no_posts_has_none(payload: Json) -> None:
    assert read(payload).posts() == []
    assert read(payload).post_ids() == frozenset()


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"meta": {}},
        {"meta": {"result_count": 3}},
        {"errors": [not_found("5")]},
        {"errors": [{"title": "Internal"}]},
    ],
)
def test_f02_a_page_without_posts_that_does_not_say_that_there_are_none_is_unreadable(payload: Json) -> None:
    with pytest.raises(UnreadableAnswer, match="result_count"):
        read(payload).posts()


def test_a_post_of_which_an_error_says_that_it_is_not_there_is_missing_with_xs_reason(
    generation: Callable[[Json], Json],
) -> None:
    answer = generation(page(post("5"), errors=[not_found("8"), not_found("9", detail=None, title=None)]))
    found = read(answer).found()
    assert [one.id for one in found if isinstance(one, PostSnapshot)] == ["5"]
    assert [one for one in found if isinstance(one, Missing)] == [
        Missing(post_id="8", reason="Could not find post with ids: [8]."),
        Missing(post_id="9", reason="X does not say why"),
    ]
    assert read({"errors": [not_found("8")]}).found() == [found[1]]


@pytest.mark.parametrize(
    "error",
    [
        {"type": "…/field-unauthorized", "field": "non_public_metrics", "resource_type": "post", "resource_id": "5"},
        {"type": "…/field-hydration-failure", "resource_type": "post", "resource_id": "5"},
        {"type": "…/resource-not-found", "resource_type": "user", "resource_id": "5"},
        {"type": "…/internal-error", "title": "Internal"},
    ],
)
def test_an_error_about_something_else_makes_no_post_a_missing_one(error: Json) -> None:
    assert [one for one in read(page(post("5"), errors=[error])).found() if isinstance(one, Missing)] == []


def test_an_answer_about_posts_by_their_ids_that_says_nothing_is_unreadable() -> None:
    silent: list[Json] = [{}, {"errors": []}, {"meta": {"result_count": 0}}]
    for payload in silent:
        with pytest.raises(UnreadableAnswer, match="data or errors"):
            read(payload).found()


def test_all_posts_of_an_answer_are_counted_those_that_came_along_too(generation: Callable[[Json], Json]) -> None:
    assert read(generation(page(post("5"), post("6"), along=(post("4"), post("5"))))).post_ids() == {"4", "5", "6"}


def test_an_account_is_read_or_is_not_there() -> None:
    ada = read({"data": ADA}).profile()
    assert ada is not None
    assert (ada.id, ada.handle, ada.posts) == (AUTHOR_ID, "ada_walks", 321)
    assert read({"errors": [not_found("ada", resource_type="user")]}).profile() is None


@pytest.mark.parametrize("payload", [{}, {"errors": [{"title": "Internal"}]}, {"data": {"id": "1", "username": ""}}])
def test_an_answer_about_an_account_that_is_neither_is_unreadable(payload: Json) -> None:
    with pytest.raises(UnreadableAnswer):
        read(payload).profile()


def hour(beginning: str, **metrics: int | None) -> Json:
    return {"timestamp": f"2026-03-02T{beginning}:00.000Z", "metrics": metrics}


def told(*hours: Json) -> list[Reading]:
    return list(read({"data": [{"id": "5", "timestamped_metrics": list(hours)}]}).hours())


def test_hours_are_summed_up_in_their_order_to_what_had_come_together_when_each_was_over() -> None:
    readings = told(
        hour("08:00", likes=2, retweets=1), hour("07:00", likes=1, retweets=0), hour("11:00", likes=4, retweets=0)
    )
    assert [(one.tweet_id, one.observed_at, one.likes, one.reposts) for one in readings] == [
        ("5", NOON - timedelta(hours=4), 1, 0),
        ("5", NOON - timedelta(hours=3), 3, 1),
        ("5", NOON, 7, 1),
    ]


def test_a_counter_that_one_hour_does_not_tell_is_unknown_from_there_on_and_the_others_are_not() -> None:
    readings = told(hour("07:00", likes=1, replies=2), hour("08:00", replies=3), hour("09:00", likes=5, replies=0))
    assert [(one.likes, one.replies, one.views) for one in readings] == [(1, 2, None), (None, 5, None), (None, 5, None)]


def test_each_post_is_summed_up_by_itself_and_one_without_hours_or_unknown_to_x_has_no_reading() -> None:
    payload = {
        "data": [
            {"id": "5", "timestamped_metrics": [hour("07:00", impressions=1, quote_tweets=0)]},
            {"id": "6", "timestamped_metrics": [hour("07:00", impressions=9, quote_posts=2, reposts=1)]},
            {"id": "7"},
        ],
        "errors": [not_found("8")],
    }
    readings = list(read(payload).hours())
    assert [(one.tweet_id, one.views, one.quotes, one.reposts) for one in readings] == [
        ("5", 1, 0, None),
        ("6", 9, 2, 1),
    ]
    assert list(read({"errors": [not_found("8")]}).hours()) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"metrics": {}},
        {"timestamp": "2026-03-02T07:00:00Z"},
        {"timestamp": "soon", "metrics": {}},
        {"timestamp": "9999-12-31T23:00:00Z", "metrics": {}},
    ],
)
def test_an_hour_without_a_beginning_an_end_or_figures_is_unreadable(broken: Json) -> None:
    with pytest.raises(UnreadableAnswer, match=r"hour|timestamp"):
        told(broken)
