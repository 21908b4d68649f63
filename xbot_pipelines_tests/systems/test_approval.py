"""What waits for a person: the decision as a table, and from a draft to X on a practice X."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import DecisionStatus, DecisionType, Draft, NewsItem, Result
from xbot_pipelines.settings import Approval, Settings
from xbot_pipelines.store.claiming import NothingDue
from xbot_pipelines.store.database import Provenance
from xbot_pipelines.store.decisions import Queue, expire_overdue
from xbot_pipelines.store.news import add_news
from xbot_pipelines.store.waiting import WaitingDraft, waiting
from xbot_pipelines.systems import queue
from xbot_pipelines.systems.approval import initial_status, needs_approval
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.planning import KEEP_AHEAD, PlanSummary, plan, why_not_now
from xbot_pipelines.systems.replying import draft_replies
from xbot_pipelines.systems.writing import Desk
from xbot_pipelines.x.client import Posted
from xbot_pipelines_tests.practice_site import Practice, people
from xbot_pipelines_tests.systems.conftest import move_both
from xbot_pipelines_tests.systems.door import Door
from xbot_pipelines_tests.systems.test_replying import put

SHARES_ITS_BROWSER = True

POST, REPLY = DecisionType.SINGLE, DecisionType.REPLY
ADA = Provenance(actor="person:ada")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("approval", "kind", "uses_outside_text", "waits"),
    [
        ("everyone", POST, False, True),
        ("everyone", POST, True, True),
        ("everyone", REPLY, True, True),
        ("replies", POST, False, False),
        ("replies", POST, True, True),
        ("replies", REPLY, True, True),
        ("nobody", POST, False, False),
        ("nobody", POST, True, False),
        ("nobody", REPLY, True, False),
    ],
)
def test_what_waits_for_a_person(approval: Approval, kind: DecisionType, uses_outside_text: bool, waits: bool) -> None:
    reason = needs_approval(kind, approval, uses_outside_text=uses_outside_text)
    assert (reason is not None) is waits


@pytest.mark.parametrize("approval", ["everyone", "replies", "nobody"])
@pytest.mark.parametrize("kind", DecisionType)
def test_a_reason_of_its_own_makes_a_draft_wait_whatever_is_set(approval: Approval, kind: DecisionType) -> None:
    because = "the judge could not be asked"
    draft = Draft(decision_type=kind, text="Sleep first.")
    assert needs_approval(kind, approval, uses_outside_text=False, because=because) == because
    assert initial_status(draft, approval, objections=[], because=because) == (DecisionStatus.NEEDS_REVIEW, because)


def test_where_a_draft_stands_follows_from_the_gates_and_from_who_approves() -> None:
    post = Draft(decision_type=POST, text="Sleep first.")
    news = replace(post, news_url="https://example.org/1")
    reply = Draft(decision_type=REPLY, text="Same here.")
    assert initial_status(post, "replies", objections=[]) == (DecisionStatus.QUEUED, None)
    assert initial_status(reply, "nobody", objections=[]) == (DecisionStatus.QUEUED, None)
    assert initial_status(news, "replies", objections=[])[0] == DecisionStatus.NEEDS_REVIEW
    assert initial_status(reply, "replies", objections=[])[0] == DecisionStatus.NEEDS_REVIEW
    assert initial_status(reply, "everyone", objections=["too long", "too loud"], because="by hand") == (
        DecisionStatus.REJECTED,
        "too long; too loud",
    )


def approving(desk: Desk, approval: Approval) -> Desk:
    """The desk of an account with this `publishing.approval`."""
    publishing = desk.profile.publishing.model_copy(update={"approval": approval})
    return replace(desk, profile=desk.profile.model_copy(update={"publishing": publishing}))


def planned(desk: Desk, seed: int = 7) -> PlanSummary:
    return plan(desk, random_source=random.Random(seed))


def waits(desk: Desk) -> list[WaitingDraft]:
    return list(waiting(desk.database, now=desk.clock.now()))


def approve(desk: Desk, settings: Settings, draft: WaitingDraft) -> None:
    queue.approve(desk.database, settings, draft, clock=desk.clock, by=ADA)


@pytest.mark.browser
def test_a_planned_post_is_published_once_it_is_approved_and_once_alone(
    desk: Desk, door: Door, settings: Settings, practice: Practice, clock: ManualClock
) -> None:
    summary = planned(approving(desk, "everyone"))
    assert (summary.result, summary.awaits) == (Result.DONE, "every post waits for your approval")
    door.settle()
    assert door.claim() == NothingDue()
    [draft] = waits(desk)
    assert draft.scheduled_at == clock.now()
    before = len(practice.truth()["posts"])

    approve(desk, settings, draft)

    assert isinstance(door.publish_and_record(), Posted)
    assert door.claim() == NothingDue()
    new = practice.truth()["posts"][before:]
    assert [(post["author"], post["text"]) for post in new] == [(practice.handle, draft.text)]
    assert waits(desk) == []


@pytest.mark.browser
@pytest.mark.parametrize("addressed_us", [False, True])
def test_a_reply_waits_also_for_an_author_who_addressed_us_first(
    desk: Desk,
    door: Door,
    turn: BrowserTurn,
    settings: Settings,
    practice: Practice,
    clock: ManualClock,
    addressed_us: bool,
) -> None:
    [post_id] = put(practice, desk.database, clock, people(practice)[0], addressed_us=addressed_us)
    [reply] = draft_replies(approving(desk, "replies"), turn.client, random_source=random.Random(7)).replies
    assert (reply.status, reply.reason) == (DecisionStatus.NEEDS_REVIEW, "every reply waits for your approval")
    assert door.claim() == NothingDue()
    [draft] = waits(desk)
    approve(desk, settings, draft)
    assert isinstance(door.publish_and_record(), Posted)
    assert [post["text"] for post in practice.truth()["posts"] if post["in_reply_to"] == post_id] == [draft.text]


def test_a_post_made_from_news_waits_where_replies_do_and_others_do_not(
    desk: Desk, settings: Settings, clock: ManualClock
) -> None:
    item = NewsItem(url="https://example.org/1", title="Sleep and memory", source="example.org")
    add_news(desk.database, [item], now=clock.now())
    careful = approving(desk, "replies")
    about_news, other = planned(careful), planned(careful, seed=8)
    assert about_news.news == item
    assert about_news.awaits == "it uses text from outside, and such posts wait for your approval"
    assert (other.news, other.awaits) == (None, None)
    [draft] = waits(desk)
    assert (draft.decision_id, draft.news) == (about_news.decision_id, item)
    assert draft.expires_at == draft.scheduled_at + 6 * HOUR
    approve(desk, settings, draft)
    assert waits(desk) == []


def test_no_more_is_planned_than_a_person_is_to_look_at(desk: Desk, settings: Settings, clock: ManualClock) -> None:
    careful = approving(desk, "everyone")
    for seed in range(KEEP_AHEAD):
        assert planned(careful, seed).waiting == seed + 1
    enough = planned(careful)
    assert enough.result == Result.NOTHING_TO_DO
    assert enough.reason == "4 posts wait already, 4 of them for your approval: `xbot review`"
    approve(desk, settings, waits(desk)[0])
    assert planned(careful).reason == "4 posts wait already, 3 of them for your approval: `xbot review`"
    # What nobody approves expires by itself, also where nothing is due that posting would settle for.
    clock.advance(waits(desk)[0].scheduled_at + 24 * HOUR - clock.now())
    assert planned(careful).result == Result.DONE
    with desk.database.transaction() as connection:
        expired = connection.scalars(
            text("SELECT reason FROM decision_events WHERE to_status = 'expired' ORDER BY id")
        ).all()
    assert expired == ["waited past its time", "nobody approved it in time"]


def test_planning_goes_on_until_enough_waits_approved_or_not() -> None:
    assert why_not_now(Queue(waiting=0, unapproved=KEEP_AHEAD - 1, due=0, last_slot=None)) is None
    assert why_not_now(Queue(waiting=KEEP_AHEAD, unapproved=0, due=0, last_slot=None)) == "4 posts wait already"


@pytest.mark.browser
def test_a_post_that_is_approved_late_goes_out_at_the_next_free_slot(
    desk: Desk, door: Door, settings: Settings, practice: Practice, clock: ManualClock
) -> None:
    planned(approving(desk, "everyone"))
    [draft] = waits(desk)
    now = move_both(practice, clock, minutes=50)
    assert expire_overdue(desk.database, now=now, by=desk.by) == 0
    slot = queue.approve(desk.database, settings, draft, clock=clock, by=ADA)
    assert now <= slot <= now + HOUR / 2
    if slot > now:
        assert door.claim() == NothingDue()
        move_both(practice, clock, seconds=(slot - now).total_seconds())
    assert isinstance(door.publish_and_record(), Posted)


def test_a_text_that_a_person_wrote_passes_the_gates_or_stays_unapproved(
    desk: Desk, settings: Settings, clock: ManualClock
) -> None:
    planned(approving(desk, "everyone"))
    [draft] = waits(desk)
    with pytest.raises(queue.NotSendable, match="the new text cannot be sent: it holds a link"):
        queue.approve(desk.database, settings, draft, text="Read https://example.com", clock=clock, by=ADA)
    with pytest.raises(queue.NotSendable, match="it mentions @bob"):
        queue.approve(desk.database, settings, draft, text="Ask @bob", clock=clock, by=ADA)
    assert waits(desk) == [draft]
    queue.approve(desk.database, settings, draft, text="Rest is part of the work.", clock=clock, by=ADA)
    assert waits(desk) == []
