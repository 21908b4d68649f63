"""What X would charge for what practice X served over its official API."""

from pathlib import Path

import httpx2
import pytest

from xbot_pipelines.practice.server import running
from xbot_pipelines_tests.practice.api.developer import Developer, developer
from xbot_pipelines_tests.practice_site import Json, Practice, client_of, people


def charged(practice: Practice) -> dict[str, tuple[int, float]]:
    """Everything that was charged on the one day of a test."""
    bill = practice.ask("GET", "api/bill")
    (day,) = bill["days"].values()
    assert bill["total_usd"] == round(sum(line["usd"] for line in day.values()), 6)
    return {title: (line["count"], line["usd"]) for title, line in day.items()}


def at_noon(practice: Practice) -> Developer:
    """A program in a world whose day does not end during the test."""
    practice.ask("POST", "clock", {"now": "2026-11-28T12:00:00+00:00", "running": False})
    return developer(practice)


def test_nothing_served_costs_nothing(practice: Practice) -> None:
    assert practice.ask("GET", "api/bill") == {"total_usd": 0, "days": {}}


def test_a_post_costs_more_with_a_link_and_less_when_it_was_called_for(practice: Practice) -> None:
    app = at_noon(practice)
    calls = practice.put(*({"author": people(practice)[0], "text": f"{n}: hey @daily_vitals"} for n in range(2)))
    own = app.post("Hello")
    app.post("More at https://example.com")
    app.post("Thank you", calls[0])
    app.post("See example.com", calls[1])
    app.post("A thread of our own", own)
    assert app.create("Hello").status_code == 403
    assert charged(practice) == {
        "posts created": (2, 0.03),
        "posts with a link created": (2, 0.4),
        "summoned replies created": (1, 0.01),
    }


def test_own_lists_are_cheap_and_everything_counts_once_a_day(practice: Practice) -> None:
    app = at_noon(practice)
    me = app.get("users/me")["data"]["id"]
    author = people(practice)[0]
    ids = practice.put(*({"author": practice.handle, "text": f"Note {n}"} for n in range(4)))
    (others,) = practice.put({"author": author, "text": "Not ours"})
    for _ in range(2):
        app.get(f"users/{me}/tweets", expansions="author_id")
        app.get("tweets", ids=",".join([ids[0], others, "456"]))
        app.get(f"users/by/username/{author}")
        app.get("users/me")
    expected = {"owned posts read": (4, 0.004), "posts read": (2, 0.01), "users read": (2, 0.02)}
    assert charged(practice) == expected
    practice.advance(hours=12)
    developer(practice).get(f"tweets/{others}")
    days: Json = practice.ask("GET", "api/bill")["days"]
    assert list(days) == ["2026-11-28", "2026-11-29"]
    assert days["2026-11-29"] == {"posts read": {"count": 1, "usd": 0.005}}


def test_others_lists_cost_as_any_post_and_so_does_analytics(practice: Practice) -> None:
    app = at_noon(practice)
    author = people(practice)[0]
    (others,) = practice.put({"author": author, "text": "Not ours"})
    own = app.post("Ours")
    user = app.get(f"users/by/username/{author}")["data"]["id"]
    assert others in [post["id"] for post in app.get(f"users/{user}/tweets", max_results=5)["data"]]
    app.get("tweets/analytics", ids=own, start_time="2026-11-28T00:00:00Z", end_time="2026-11-29T00:00:00Z")
    lines = charged(practice)
    assert set(lines) == {"posts created", "users read", "posts read", "analytics read"}
    assert lines["analytics read"] == (1, 0.005)


def test_what_was_not_served_is_not_charged_and_what_was_lost_on_the_way_is(practice: Practice) -> None:
    app = at_noon(practice)
    for kind in ("http_500_before", "http_500_after", "http_503", "http_429"):
        practice.fault(operation="getUsersMe", kind=kind)
        assert app.request("GET", "users/me").status_code >= 400
    assert practice.ask("GET", "api/bill")["total_usd"] == 0
    practice.fault(operation="getUsersMe", kind="answer_lost")
    with pytest.raises(httpx2.RemoteProtocolError):
        app.request("GET", "users/me")
    assert charged(practice) == {"users read": (1, 0.01)}


def test_the_bill_survives_a_restart_and_ends_with_the_world(tmp_path: Path) -> None:
    with running(tmp_path) as server, client_of(server.url) as control:
        at_noon(Practice(server.url, control)).post("Hello")
    with running(tmp_path) as server, client_of(server.url) as control:
        practice = Practice(server.url, control)
        assert charged(practice) == {"posts created": (1, 0.015)}
        practice.ask("POST", "reset")
        assert practice.ask("GET", "api/bill")["total_usd"] == 0
