"""Replies from an opportunity to X, on a practice X, with the practice model."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import DecisionStatus, ModelUsage, Opportunity, ProfileSnapshot, Result
from xbot_pipelines.store import opportunities, spending
from xbot_pipelines.store.alerts import open_alerts
from xbot_pipelines.store.claiming import NothingDue
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.opportunities import Judged
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.opting_out import heed_wishes, leave_alone
from xbot_pipelines.systems.replying import ReplySummary, draft_replies
from xbot_pipelines.systems.writing import MODEL_BUDGET, Desk
from xbot_pipelines.x.client import Posted, Refused
from xbot_pipelines_tests.practice_site import Practice, people
from xbot_pipelines_tests.systems.conftest import move_both
from xbot_pipelines_tests.systems.door import Door

SHARES_ITS_BROWSER = True

ASKED = "What do you do about sleep when you are wide awake at 4 am?"


def put(practice: Practice, database: AccountDatabase, clock: ManualClock, *authors: str, **changes: Any) -> list[str]:
    """Opportunities: posts of these people on practice X, and what discovery would have kept of them."""
    ids = practice.put(*({"author": author, "text": ASKED} for author in authors))
    found = [
        Opportunity(
            post_id=post_id,
            author=ProfileSnapshot(id=f"{number}", handle=author, name=author, followers=100),
            text=ASKED,
            subject="sleep",
            **{
                "addressed_us": False,
                "posted_at": clock.now(),
                "found_at": clock.now(),
                "expires_at": clock.now() + timedelta(hours=3),
                "score": 2.0 - number / 100,
                "score_parts": {"worth": 2.0 - number / 100},
                **changes,
            },
        )
        for number, (post_id, author) in enumerate(zip(ids, authors, strict=True))
    ]
    opportunities.keep(database, [Judged(opportunity=one, source="test") for one in found], now=clock.now())
    return ids


def draft(desk: Desk, turn: BrowserTurn, seed: int = 7) -> ReplySummary:
    return draft_replies(desk, turn.client, random_source=random.Random(seed))


def with_replies(desk: Desk, **changes: Any) -> Desk:
    """The desk of an account with other settings for replies."""
    replies = desk.profile.replies.model_copy(update=changes)
    return replace(desk, profile=desk.profile.model_copy(update={"replies": replies}))


def answers(practice: Practice, post_id: str) -> list[dict[str, Any]]:
    return [post for post in practice.truth()["posts"] if post["in_reply_to"] == post_id]


def not_asked() -> Any:
    pytest.fail("the browser was asked for")


@pytest.mark.browser
def test_the_best_opportunity_is_answered_through_the_one_door(
    desk: Desk, door: Door, turn: BrowserTurn, practice: Practice, clock: ManualClock
) -> None:
    first, second = people(practice)[:2]
    best, _ = put(practice, desk.database, clock, first, second)
    summary = draft(with_replies(desk, drafts_a_turn=1), turn)
    assert (summary.result, summary.still_open) == (Result.DONE, 1)
    [reply] = summary.replies
    assert (reply.opportunity.post_id, reply.status, reply.reason) == (best, DecisionStatus.QUEUED, None)
    row = door.row("SELECT * FROM content_metadata")
    assert (row["target_tweet_id"], row["target_author"], row["target_text"]) == (best, first, ASKED)
    assert (row["topic"], row["prompt_version"]) == ("sleep", "reply-2")
    assert row["expires_at"] == clock.now() + timedelta(hours=3)
    assert answers(practice, best) == []
    assert isinstance(door.publish_and_record(), Posted)
    [answer] = answers(practice, best)
    assert answer["text"] == reply.draft.text
    assert door.row(f"SELECT status FROM reply_opportunities WHERE tweet_id = '{best}'") == {"status": "answered"}
    assert door.row(f"SELECT last_replied_at FROM discovered_accounts WHERE handle = '{first.lower()}'") == {
        "last_replied_at": clock.now()
    }


@pytest.mark.browser
def test_f23_what_is_gone_or_says_something_else_is_set_aside_with_its_reason(
    desk: Desk, turn: BrowserTurn, practice: Practice, clock: ManualClock
) -> None:
    deleted, answered, fine = put(practice, desk.database, clock, *people(practice)[:3])
    [changed] = put(practice, desk.database, clock, people(practice)[3])
    with desk.database.transaction() as connection:
        connection.execute(
            text("UPDATE reply_opportunities SET text = 'It said this.' WHERE tweet_id = :id"), {"id": changed}
        )
    practice.ask("DELETE", f"posts/{deleted}")
    practice.put({"author": practice.handle, "text": "A dark room.", "in_reply_to": answered})
    summary = draft(desk, turn)
    assert [reply.opportunity.post_id for reply in summary.replies] == [fine]
    why = {opportunity.post_id: reason for opportunity, reason in summary.set_aside}
    assert "is gone" in why[deleted]
    assert why[answered] == "we have answered it"
    assert why[changed] == "it says something else by now"
    assert opportunities.open_opportunities(desk.database, now=clock.now()) == []


@pytest.mark.browser
def test_f23_four_runs_at_once_draft_one_reply_an_author_and_day(
    desk: Desk, turn: BrowserTurn, practice: Practice, clock: ManualClock
) -> None:
    ann, bob = people(practice)[:2]
    put(practice, desk.database, clock, ann, ann, ann, bob, bob)
    shown = {one.post_id: turn.client().conversation(one.post_id) for one in _open(desk, clock)}

    class Reader:
        """What the four see of X: the one browser has been there for them."""

        handle = practice.handle

        def conversation(self, post_id: str) -> Any:
            return shown[post_id]

    with ThreadPoolExecutor(4) as pool:
        runs = [
            pool.submit(draft_replies, desk, Reader, random_source=random.Random(seed))  # type: ignore[arg-type]  # reads only
            for seed in range(4)
        ]
        summaries = [run.result() for run in runs]
    written = [reply.opportunity.author.handle for summary in summaries for reply in summary.replies]
    assert sorted(written) == sorted([ann, bob])
    assert _open(desk, clock) == []


@pytest.mark.browser
@pytest.mark.parametrize("asked", ["told us on X", "told a person", "under another name"])
def test_f23_an_author_who_opts_out_between_approval_and_sending_is_not_answered(
    desk: Desk, door: Door, turn: BrowserTurn, practice: Practice, clock: ManualClock, asked: str
) -> None:
    author = people(practice)[0]
    [post_id] = put(practice, desk.database, clock, author)
    draft(desk, turn)
    attempt = door.claimed()
    now, by = clock.now(), desk.by
    if asked == "told us on X":
        wish = turn.client().post(practice.put({"author": author, "text": "please stop replying to me"})[0])
        assert heed_wishes(desk.database, [wish], now=now, by=by) == [author]
    elif asked == "told a person":
        leave_alone(desk.database, handle=author, user_id=None, words="by hand", now=now, by=by)
    else:
        same = turn.client().post(post_id).author.id
        leave_alone(desk.database, handle="another_name", user_id=same, words="stop", now=now, by=by)
    result = door.publish(attempt)
    assert result == Refused(code=None, message=f"@{author} asked to be left alone")
    door.record(attempt, result)
    assert answers(practice, post_id) == []
    assert door.row("SELECT status, status_reason FROM content_metadata") == {
        "status": "refused",
        "status_reason": f"refused: @{author} asked to be left alone",
    }
    move_both(practice, clock, minutes=30)
    assert door.claim() == NothingDue()


@pytest.mark.browser
def test_f23_what_waits_for_an_author_is_withdrawn_when_they_opt_out(
    desk: Desk, door: Door, turn: BrowserTurn, practice: Practice, clock: ManualClock
) -> None:
    author = people(practice)[0]
    put(practice, desk.database, clock, author)
    draft(desk, turn)
    leave_alone(desk.database, handle=author, user_id=None, words="by hand", now=clock.now(), by=desk.by)
    assert door.claim() == NothingDue()
    assert door.row("SELECT status FROM content_metadata") == {"status": "rejected"}


def test_a_spent_budget_is_a_state_of_its_own_told_once_and_over_the_next_day(
    desk: Desk, practice: Practice, clock: ManualClock
) -> None:
    put(practice, desk.database, clock, people(practice)[0])
    usage = ModelUsage(model="m", prompt_tokens=1, completion_tokens=1, latency_seconds=1)
    budget = desk.profile.model.daily_budget_usd
    spending.record_call(desk.database, usage, purpose="post", cost_usd=budget, now=clock.now(), by=desk.by)
    for _ in range(2):
        summary = draft_replies(desk, not_asked, random_source=random.Random(7))
        assert summary.result == Result.BLOCKED
        assert summary.reason is not None
        assert "today's model budget of $1.00 is spent" in summary.reason
    assert [alert.cause for alert in open_alerts(desk.database)] == [MODEL_BUDGET]
    move_both(practice, clock, days=1)
    desk.check_budget()
    assert open_alerts(desk.database) == []


def test_no_more_is_drafted_than_can_be_sent_while_it_is_fresh(
    desk: Desk, practice: Practice, clock: ManualClock
) -> None:
    put(practice, desk.database, clock, people(practice)[0])
    caps = desk.profile.caps.model_copy(update={"replies_per_hour": 0})
    full = replace(desk, profile=desk.profile.model_copy(update={"caps": caps}))
    summary = draft_replies(full, not_asked, random_source=random.Random(7))
    assert (summary.result, summary.reason) == (
        Result.NOTHING_TO_DO,
        "as many replies wait as can be sent in time",
    )


def _open(desk: Desk, clock: ManualClock) -> Any:
    return opportunities.open_opportunities(desk.database, now=clock.now())
