"""The private figures of own posts over time, over the official API."""

import pytest

from xbot_pipelines_tests.practice.api.developer import Developer, developer, invalid
from xbot_pipelines_tests.practice_site import Json, Practice, people

DAY = {"start_time": "2026-03-02T00:00:00Z", "end_time": "2026-03-04T00:00:00Z"}


@pytest.fixture
def own(practice: Practice, app: Developer) -> str:
    """A post of a Monday's noon, a day and a half ago."""
    practice.ask("POST", "clock", {"now": "2026-03-02T12:00:00+00:00", "running": False})
    post = app.post("Three small things that help with sleep")
    practice.advance(hours=36)
    app.tokens = developer(practice).tokens
    return post


def told(app: Developer, own: str, **parameters: str) -> Json:
    (post,) = app.get("tweets/analytics", ids=own, **DAY, **parameters)["data"]
    assert post["id"] == own
    return dict(post)


def test_the_figures_of_all_hours_and_days_are_those_of_the_whole(practice: Practice, app: Developer, own: str) -> None:
    whole = told(app, own)
    (truth,) = practice.truth(ids=own)["posts"]
    assert whole["impressions"] == truth["counters"]["views"] > 0
    assert whole["user_profile_clicks"] == truth["private"]["profile_visits"]
    assert whole["timestamped_metrics"][0]["metrics"]["impressions"] == whole["impressions"]
    for granularity, buckets in (("daily", 2), ("hourly", 36)):
        series = told(app, own, granularity=granularity)["timestamped_metrics"]
        assert len(series) == buckets
        assert sum(bucket["metrics"]["impressions"] for bucket in series) == whole["impressions"]
    assert series[0]["timestamp"] == "2026-03-02T12:00:00.000Z"
    assert series[0]["metrics"]["impressions"] > series[-1]["metrics"]["impressions"]


def test_only_what_is_asked_for_is_told(app: Developer, own: str) -> None:
    whole = told(app, own, analytics__fields="id,likes,url_clicks,timestamped_metrics")
    assert set(whole) == {"id", "timestamped_metrics", "likes", "url_clicks"}


def test_others_posts_are_nobodys_business(practice: Practice, app: Developer, own: str) -> None:
    (others,) = practice.put({"author": people(practice)[0], "text": "Not ours"})
    body = app.get("tweets/analytics", ids=f"{own},{others},456", **DAY)
    assert [post["id"] for post in body["data"]] == [own]
    assert {error["resource_id"]: error["title"] for error in body["errors"]} == {
        others: "Authorization Error",
        "456": "Not Found Error",
    }
    assert "data" not in app.get("tweets/analytics", ids=others, **DAY)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"ids": "1"}, "The `start_time` query parameter can not be empty"),
        ({"ids": "1", **DAY, "granularity": "yearly"}, "[yearly] is not one of [hourly,daily,weekly,total]"),
        ({"ids": "1", **DAY, "end_time": "2026-03-01T00:00:00Z"}, "must be before `end_time`"),
        ({"ids": "1", **DAY, "analytics__fields": "mood"}, "[mood] is not one of"),
        ({"ids": "1", **DAY, "tweet__fields": "id"}, "The query parameter [tweet.fields] is not one of"),
    ],
)
def test_figures_that_cannot_be_asked_for_are_a_400(reader: Developer, parameters: dict[str, str], said: str) -> None:
    assert said in invalid(reader.request("GET", "tweets/analytics", **parameters))
