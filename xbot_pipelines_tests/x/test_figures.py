"""How the private figures of a post are read, in the shapes in which X was seen to answer them."""

from typing import Any

import pytest

from xbot_pipelines.models import PrivateCounters
from xbot_pipelines.x.figures import parse_private_counters
from xbot_pipelines.x.objects import Gone
from xbot_pipelines.x.shapes import UnreadableAnswer
from xbot_pipelines_tests.x.invented import Json, refused


def row(kind: str, *value: float | str | None) -> Json:
    return {"metric_type": kind, **({"metric_value": value[0]} if value else {})}


def answer(metrics: object, *, name: str = "datapoints_grid", **fields: Any) -> Json:
    return of({"__typename": "Tweet", name: metrics, **fields})


def of(result: Json) -> Json:
    return {"data": {"tweet_result_by_rest_id": {"result": result}}}


METRICS = [
    row("Impressions", 900.0),
    row("Engagements", 17),
    row("DetailExpands", 9.0),
    row("ProfileVisits", 4),
    row("LinkClicks", 2),
]
FIGURES = PrivateCounters(profile_visits=4, detail_expands=9, link_clicks=2)


@pytest.mark.parametrize("name", ["datapoints_grid", "organic_metrics_total", "metrics"])
def test_the_figures_are_read_under_every_name_of_their_list(name: str) -> None:
    assert parse_private_counters(answer(METRICS, name=name), "7") == FIGURES


def test_a_post_in_its_visibility_wrapper_is_unwrapped() -> None:
    wrapped = of({"__typename": "TweetWithVisibilityResults", "tweet": {"datapoints_grid": METRICS}})
    assert parse_private_counters(wrapped, "7") == FIGURES


@pytest.mark.parametrize("zero", [[row("ProfileVisits")], [row("ProfileVisits", None)], [row("ProfileVisits", 0)], []])
def test_a_zero_is_a_row_without_a_value_or_no_row_beside_others(zero: list[Json]) -> None:
    figures = parse_private_counters(answer([row("Impressions", 3), *zero]), "7")
    assert figures == PrivateCounters(profile_visits=0, detail_expands=0, link_clicks=0)


def test_f09_an_empty_list_tells_nothing_and_is_not_zero() -> None:
    assert parse_private_counters(answer([]), "7") == PrivateCounters()


@pytest.mark.parametrize(
    "payload", [of({"__typename": "Tweet", "rest_id": "7"}), answer(None), answer(METRICS, name="grid")]
)
def test_f11_figures_without_their_list_are_an_error_that_names_the_list_and_the_post(payload: Json) -> None:
    with pytest.raises(UnreadableAnswer) as raised:
        parse_private_counters(payload, "7")
    assert "datapoints_grid" in raised.value.missing
    assert raised.value.where == "answer.data.tweet_result_by_rest_id.result (post 7)"


@pytest.mark.parametrize(
    "metric", [{"metric_value": 3}, row("ProfileVisits", "many"), row("LinkClicks", 1.5), row("DetailExpands", -1)]
)
def test_f11_a_row_that_cannot_be_read_is_an_error_that_says_which(metric: Json) -> None:
    with pytest.raises(UnreadableAnswer) as raised:
        parse_private_counters(answer([row("Impressions", 3), metric]), "7")
    assert "datapoints_grid[1]" in raised.value.where


@pytest.mark.parametrize(
    "payload", [{}, {"data": {}}, {"data": {"post": {}}}, refused("No. (37)", 37, "AuthorizationError")]
)
def test_f11_an_answer_about_no_post_at_all_is_an_error(payload: Json) -> None:
    with pytest.raises(UnreadableAnswer, match="the figures of a post is missing"):
        parse_private_counters(payload, "7")


def test_f07_figures_of_another_post_are_not_taken() -> None:
    assert parse_private_counters(answer(METRICS, rest_id="7"), "7") == FIGURES
    with pytest.raises(UnreadableAnswer, match=r"post 7 is missing in .* which is of post 8"):
        parse_private_counters(answer(METRICS, rest_id="8"), "7")


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"data": {"tweet_result_by_rest_id": {}}}, "no longer there"),
        (of({"__typename": "TweetUnavailable", "reason": "Suspended"}), "Suspended"),
        (refused("_Missing: No status found with that ID. (144)", 144, "GenericError"), "_Missing: No status found"),
        (refused("Sorry, you are not authorized to see this status.", 179, "AuthorizationError"), "Sorry, you are not"),
    ],
)
def test_a_post_that_is_gone_has_no_figures(payload: Json, reason: str) -> None:
    gone = parse_private_counters(payload, "7")
    assert isinstance(gone, Gone)
    assert gone.reason.startswith(reason)
