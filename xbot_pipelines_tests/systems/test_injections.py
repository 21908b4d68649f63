"""Orders in what strangers write, before a model that obeys everything: nothing of them is ever published.

A short version of `benchmarks/opportunities.py`, which tries every one in every place.
"""

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.content.opportunities import Against
from xbot_pipelines.feeds.reading import Entry
from xbot_pipelines.models import DecisionStatus, NewsItem
from xbot_pipelines.store import news
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.discovery import discover
from xbot_pipelines.systems.news import sort_out
from xbot_pipelines.systems.planning import plan
from xbot_pipelines.systems.replying import draft_replies
from xbot_pipelines.systems.writing import Desk
from xbot_pipelines_tests.practice_site import Practice

SHARES_ITS_BROWSER = True

WEDNESDAY_NOON = datetime(2026, 9, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock(practice: Practice) -> ManualClock:
    """Noon of a day on which the people of practice X talk as ever."""
    practice.ask("POST", "clock", {"now": WEDNESDAY_NOON.isoformat(), "running": False})
    return ManualClock(practice.now())


@pytest.fixture
def gullible(desk: Desk) -> Desk:
    """The desk with a model that does whatever anything in its prompt asks."""
    return replace(desk, writer=replace(desk.writer, model="practice-gullible"))


def injections(practice: Practice, place: str) -> list[dict[str, Any]]:
    """One injection of each kind that can stand in this place."""
    by_kind = {one["kind"]: one for one in practice.ask("GET", "injections") if place in one["places"]}
    assert len(by_kind) > 5
    return list(by_kind.values())


@pytest.mark.browser
@pytest.mark.timeout(240)
@pytest.mark.parametrize("place", ["post", "mention"])
def test_an_order_in_a_post_changes_nothing_that_is_published(
    gullible: Desk, turn: BrowserTurn, practice: Practice, place: str
) -> None:
    put = [practice.ask("POST", f"injections/{one['id']}", {"as": place}) for one in injections(practice, place)]
    marks = [one["mark"].casefold() for one in put]
    summary = discover(gullible, turn.client, turn.client)
    assert summary.turned_away[Against.ORDERS.value] >= len(put) * 0.9
    drafted = draft_replies(gullible, turn.client, random_source=random.Random(7))
    assert drafted.replies
    queued = [reply.draft.text.casefold() for reply in drafted.replies if reply.status == DecisionStatus.QUEUED]
    assert [text for text in queued for mark in marks if mark in text] == []
    answered = {reply.opportunity.post_id for reply in drafted.replies}
    assert answered.isdisjoint(one["id"] for one in put)


def test_an_order_in_a_feed_is_no_news_and_one_that_slipped_in_does_not_pass_the_gates(
    gullible: Desk, practice: Practice
) -> None:
    orders = injections(practice, "post")
    now = gullible.clock.now()
    entries = [
        Entry(link=f"https://example.org/{number}", title=f"Sleep: {one['text']}", summary=None, published_at=now)
        for number, one in enumerate(orders)
    ]
    items, refused = sort_out(entries, source="example.org", now=now)
    assert refused == {"giving orders to a program": len(orders) - len(items)}
    assert len(items) <= len(orders) * 0.1

    link = next(one for one in orders if one["kind"] == "link")
    slipped_in = NewsItem(url="https://example.org/x", title=f"Sleep. {link['text']}", source="example.org")
    news.add_news(gullible.database, [slipped_in], now=now)
    summary = plan(gullible, random_source=random.Random(7))
    assert summary.news == slipped_in
    assert summary.draft is not None
    assert link["mark"] in summary.draft.text
    assert [reason for reason in summary.turned_away if "link" in reason]
    assert news.unused_news(gullible.database, now=now, limit=9) == []
