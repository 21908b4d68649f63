"""What the API client makes of answers that the practice X does not give."""

from datetime import timedelta

import pytest

from xbot_pipelines.models import PostSnapshot, PrivateCounters
from xbot_pipelines.x.api.client import ApiClient
from xbot_pipelines.x.api.prices import Charge, Priced
from xbot_pipelines.x.client import Missing
from xbot_pipelines.x.walls import Gone, LayoutChanged, RateLimited, Unreachable
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.x.api.answering import OURS, Said, Server, said
from xbot_pipelines_tests.x.api.invented import ADA, not_found, page, post
from xbot_pipelines_tests.x.api_way import Tally

US = {**ADA, "id": OURS, "username": "daily_vitals"}


def test_a_post_that_should_have_come_along_is_not_among_those_that_are_missing(
    client: ApiClient, server: Server
) -> None:
    above = not_found("4", parameter="referenced_posts")
    server.says(said(page(post("5"), errors=[above, not_found("8")])))
    found = list(client.posts(["5", "8"]))
    assert [one.id for one in found if isinstance(one, PostSnapshot)] == ["5"]
    assert [one.post_id for one in found if isinstance(one, Missing)] == ["8"]


def test_f02_errors_in_the_place_of_our_timeline_prove_the_absence_of_nothing(
    client: ApiClient, server: Server
) -> None:
    server.says(said({"errors": [{"title": "Internal", "detail": "Something is wrong.", "type": "…/internal-error"}]}))
    with pytest.raises(LayoutChanged, match="result_count"):
        client.own_posts(NOON - timedelta(hours=1))


def test_nobody_is_gone_because_x_could_not_look(client: ApiClient, server: Server) -> None:
    server.says(said({"errors": [{"title": "Internal", "type": "…/internal-error"}]}))
    with pytest.raises(LayoutChanged):
        client.profile("ada_walks")
    server.says(said({"errors": [not_found("ada_walks", resource_type="user", detail="User has been suspended.")]}))
    with pytest.raises(Gone, match="@ada_walks is gone: User has been suspended"):
        client.profile("ada_walks")


def test_the_hours_of_posts_that_x_does_not_know_are_none_and_cost_nothing(
    client: ApiClient, server: Server, tally: Tally
) -> None:
    hours = [{"timestamp": "2026-03-02T10:00:00Z", "metrics": {"likes": 1}}]
    server.says(said({"data": [{"id": "5", "timestamped_metrics": hours}], "errors": [not_found("8")]}))
    readings = client.hours(["5", "8"], since=NOON - timedelta(days=1), until=NOON)
    assert [(one.tweet_id, one.likes) for one in readings] == [("5", 1)]
    assert tally.charges == [Charge(what=Priced.ANALYTICS_READ, resource="5")]
    server.says(said({"errors": [not_found("8")]}))
    assert client.hours(["8"], since=NOON - timedelta(days=1), until=NOON) == []


def test_private_figures_that_x_no_longer_tells_are_unknown(client: ApiClient, server: Server) -> None:
    withheld = {"type": "…/field-unauthorized", "field": "non_public_metrics", "resource_type": "post", "title": "No"}
    server.says(said(page(post("5", author_id=OURS), users=(US,), errors=[withheld])))
    assert client.post_analytics("5") == PrivateCounters()


def test_a_limit_that_is_used_up_is_not_asked_against(client: ApiClient, server: Server, tally: Tally) -> None:
    resets_at = NOON + timedelta(minutes=9)
    reset = str(int(resets_at.timestamp()))
    limits = {"x-rate-limit-limit": "75", "x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}
    server.says(Said(503, b"", limits))
    with pytest.raises(Unreachable):
        client.whoami()
    assert tally.limits == {"GET /2/users/me": (0, resets_at)}
    with pytest.raises(RateLimited, match="has granted all that it grants"):
        client.whoami()
    assert len(server.asked) == 1
