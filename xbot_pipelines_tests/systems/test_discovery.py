"""Finding posts worth a reply on a practice X full of people, held against what the site knows of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.content.opportunities import Against
from xbot_pipelines.models import ModelUsage, Result
from xbot_pipelines.store import opportunities, people, spending
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.discovery import DiscoverySummary, discover
from xbot_pipelines.systems.writing import Desk
from xbot_pipelines.x.client import XClient
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.practice_site import people as readers
from xbot_pipelines_tests.systems.conftest import move_both

SHARES_ITS_BROWSER = True

WEDNESDAY_NOON = datetime(2026, 9, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock(practice: Practice) -> ManualClock:
    """Noon of a day on which the people of practice X talk as ever."""
    practice.ask("POST", "clock", {"now": WEDNESDAY_NOON.isoformat(), "running": False})
    return ManualClock(practice.now())


def truth_of(practice: Practice) -> dict[str, Any]:
    return {post["id"]: post for post in practice.ask("GET", "truth/opportunities")["posts"]}


def adds_up(summary: DiscoverySummary) -> bool:
    return summary.seen == len(summary.found) + sum(summary.turned_away.values())


@pytest.mark.browser
def test_f22_an_hour_has_ten_to_twenty_opportunities_that_are_right_and_the_filters_add_up(
    desk: Desk, turn: BrowserTurn, practice: Practice
) -> None:
    summary = discover(desk, turn.client, turn.client)
    truth = truth_of(practice)
    assert summary.result == Result.DONE
    assert 10 <= len(summary.found) <= 20
    assert adds_up(summary)
    assert summary.sentence.startswith(f"Found {len(summary.found)} opportunities in {summary.seen} posts (")

    strangers = [one for one in summary.found if not one.addressed_us]
    assert [truth[one.post_id] for one in strangers if not truth[one.post_id]["right"]] == []
    assert all(one.score == pytest.approx(sum(one.score_parts.values()), abs=1e-3) for one in summary.found)

    replies = desk.profile.replies
    followed = range(replies.least_followers, replies.most_followers + 1)
    right = {one for one, post in truth.items() if post["right"] and post["followers"] in followed}
    verdicts = opportunities.verdicts(desk.database, right)
    recognised = {one for one, reason in verdicts.items() if reason in {None, Against.BELOW_THE_BEST}}
    assert len(recognised) / len(right) > 0.75

    again = discover(desk, turn.client, turn.client)
    assert again.found == () or {one.post_id for one in again.found}.isdisjoint(one.post_id for one in summary.found)
    assert adds_up(again)
    assert again.turned_away[Against.KNOWN.value] > 50


@pytest.mark.browser
def test_f23_who_asks_to_be_left_alone_in_an_answer_to_us_is_and_the_page_of_mentions_tells(
    desk: Desk, turn: BrowserTurn, practice: Practice
) -> None:
    tired, friendly = readers(practice)[:2]
    before = desk.clock.now() - timedelta(hours=1)
    [ours] = practice.put({"author": practice.handle, "text": "A dark room helps.", "created_at": before.isoformat()})
    practice.put(
        {"author": tired, "text": "please stop replying to me", "in_reply_to": ours, "created_at": before.isoformat()},
        {"author": friendly, "text": "How dark is dark?", "in_reply_to": ours, "created_at": before.isoformat()},
    )
    summary = discover(desk, turn.client, turn.client)
    assert tired in summary.opted_out
    assert tired.lower() in people.left_alone(desk.database)
    first = summary.found[0] if summary.found[0].author.handle == friendly else None
    assert any(one.author.handle == friendly and one.addressed_us for one in summary.found), first
    assert all(one.author.handle != tired for one in summary.found)


@pytest.mark.browser
def test_people_are_met_by_what_they_write_by_answering_us_and_by_whom_they_talk_with(
    desk: Desk, turn: BrowserTurn, database: AccountDatabase, practice: Practice, clock: ManualClock
) -> None:
    discover(desk, turn.client, turn.client)
    # Within a quarter of an hour X would grant the second look no more searches for people.
    move_both(practice, clock, hours=1)
    discover(desk, turn.client, turn.client)
    with database.transaction() as connection:
        rows = connection.execute(text("SELECT source, count(*) FROM discovered_accounts GROUP BY source"))
        sources = {source: count for source, count in rows}  # noqa: C416 - rows are no pairs to `dict`
        facts = connection.execute(
            text("SELECT count(*) FILTER (WHERE followers IS NOT NULL), count(*) FROM discovered_accounts")
        ).one()
    assert sources["talks with somebody we know"] > 0
    assert sum(count for source, count in sources.items() if source.startswith("search for ")) > 20
    assert facts[0] > facts[1] / 2


@pytest.mark.browser
def test_a_budget_that_runs_out_before_the_judging_blocks_and_loses_nobody(
    desk: Desk, turn: BrowserTurn, database: AccountDatabase
) -> None:
    usage = ModelUsage(model="m", prompt_tokens=1, completion_tokens=1, latency_seconds=1)
    budget = desk.profile.model.daily_budget_usd

    def spend_meanwhile() -> XClient:
        spending.record_call(desk.database, usage, purpose="post", cost_usd=budget, now=desk.clock.now(), by=desk.by)
        return turn.client()

    summary = discover(desk, spend_meanwhile, spend_meanwhile)
    assert summary.result == Result.BLOCKED
    assert "budget" in (summary.reason or "")
    with database.transaction() as connection:
        assert connection.scalar(text("SELECT count(*) FROM reply_opportunities")) == 0


@pytest.mark.browser
def test_what_x_grants_no_more_searches_for_is_said_and_looked_at_next_time(
    desk: Desk, turn: BrowserTurn, practice: Practice, clock: ManualClock
) -> None:
    beside_us = practice.visitor()
    for _ in range(34):
        beside_us.call("SearchTimeline", rawQuery="sleep", count=20, product="Latest")
    cut_short = discover(desk, turn.client, turn.client)
    assert "X granted no more requests" in (cut_short.reason or "")
    assert cut_short.unread
    unseen = people.worth_a_look(desk.database, limit=1)
    assert unseen
    move_both(practice, clock, hours=1)
    assert discover(desk, turn.client, turn.client).unread == []
    assert people.worth_a_look(desk.database, limit=1) != unseen


def test_nothing_is_looked_at_once_the_budget_is_spent(desk: Desk) -> None:
    usage = ModelUsage(model="m", prompt_tokens=1, completion_tokens=1, latency_seconds=1)
    budget = desk.profile.model.daily_budget_usd
    spending.record_call(desk.database, usage, purpose="judging", cost_usd=budget, now=desk.clock.now(), by=desk.by)

    def not_asked() -> Any:
        pytest.fail("the browser was asked for")

    summary = discover(desk, not_asked, not_asked)
    assert summary.result == Result.BLOCKED
    assert "budget" in (summary.reason or "")
