"""Which posts of a conversation's page answer the post that the page is about, and which ones it answers."""

import pytest

from xbot_pipelines.x.conversations import above, answers_to
from xbot_pipelines.x.graphql import GonePost, parse_posts
from xbot_pipelines_tests.x.invented import post, posts_by_id


def over(post_id: str, answers: dict[str, str | None]) -> list[str]:
    """The ids that stand above a post on a page on which each post answers another one, or nobody."""
    page = posts_by_id(*(post(one, legacy={"in_reply_to_status_id_str": other}) for one, other in answers.items()))
    posts = parse_posts(page)
    [focal] = [one for one in posts if one.id == post_id]
    return [found.id for found in above(focal, posts)]


def answering(post_id: str, answers: dict[str, str | None], gone: tuple[GonePost, ...] = ()) -> list[str]:
    """The ids that come out for a page on which each post answers another one, or nobody."""
    page = posts_by_id(*(post(one, legacy={"in_reply_to_status_id_str": other}) for one, other in answers.items()))
    return [found.id for found in answers_to(post_id, parse_posts(page), gone)]


def test_what_answers_the_post_or_one_of_its_answers_comes_oldest_first_whatever_the_order_of_the_page() -> None:
    assert answering("10", {"10": None, "13": "12", "12": "10", "11": "10"}) == ["11", "12", "13"]


def test_the_post_itself_and_what_stands_above_it_are_left_out() -> None:
    assert answering("10", {"8": None, "9": "8", "10": "9", "11": "10"}) == ["11"]


def test_posts_that_x_puts_below_a_conversation_from_elsewhere_are_left_out() -> None:
    assert answering("10", {"10": None, "11": "10", "20": None, "21": "20"}) == ["11"]


def test_an_answer_to_an_answer_that_is_gone_still_counts() -> None:
    assert answering("10", {"10": None, "12": "11"}, (GonePost("11", "Deleted."),)) == ["12"]


def test_an_answer_to_a_gone_post_above_is_not_one_to_this_post() -> None:
    assert answering("10", {"10": "9", "12": "9"}, (GonePost("9", "Deleted."), GonePost(None, "Gone."))) == []


def test_above_a_post_stands_what_it_answers_and_what_that_answers_oldest_first_whatever_the_order_of_the_page() -> (
    None
):
    assert over("10", {"9": "7", "10": "9", "5": None, "7": "5"}) == ["5", "7", "9"]


def test_what_begins_a_conversation_has_nothing_above_it() -> None:
    assert over("10", {"10": None, "11": "10", "9": None}) == []


def test_what_others_wrote_beside_or_below_does_not_stand_above() -> None:
    assert over("10", {"5": None, "6": "5", "7": "5", "10": "7", "8": "6", "11": "10"}) == ["5", "7"]


def test_a_post_that_is_gone_ends_the_way_up() -> None:
    assert over("10", {"5": None, "9": "7", "10": "9"}) == ["9"]
    assert over("10", {"5": None, "10": "9"}) == []


@pytest.mark.parametrize(
    ("page", "expected"),
    [({"10": "10"}, []), ({"10": "9", "9": "10"}, ["9"]), ({"10": "11", "11": None}, [])],
)
def test_a_page_that_says_what_cannot_be_leads_round_in_no_circle(
    page: dict[str, str | None], expected: list[str]
) -> None:
    assert over("10", page) == expected
