"""The one door of an account that reaches X by its API: once, within its budget, and without a browser.

What X's answers mean is tried in `x`; here is what the tables make of them.
"""

import json
from datetime import timedelta
from decimal import Decimal

import dagster as dg
import psutil
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import DecisionStatus, DecisionType, Draft, Opportunity, ProfileSnapshot, Target
from xbot_pipelines.orchestration.due import QUESTIONS
from xbot_pipelines.orchestration.passing import PassedOver
from xbot_pipelines.settings import ApiSettings, Settings
from xbot_pipelines.store import account, opportunities, x_charges
from xbot_pipelines.store.alerts import PUBLISHING_STOPPED, open_alerts
from xbot_pipelines.store.claiming import Blocked
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.lease import LeaseTaken, hold_lease
from xbot_pipelines.store.opportunities import Judged
from xbot_pipelines.systems import by_hand
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.budget import Purpose
from xbot_pipelines.systems.posting import SettleSummary
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.x.client import TEXT_DIFFERS, Posted, PublishResult, Refused, Unknown
from xbot_pipelines_tests.practice_site import Practice, people
from xbot_pipelines_tests.systems.conftest import move_both
from xbot_pipelines_tests.systems.door import TEXT, Door

BY_THE_API = True


def spent(door: Door) -> dict[str, Decimal]:
    """What X has charged today, by kind."""
    today = door.clock.now().date()
    kinds = x_charges.charged_by_kind(door.database, since=today, until=today + timedelta(days=1))
    return {what: charged.usd for what, charged in kinds.items()}


def test_what_is_posted_is_in_the_tables_as_it_is_on_x_with_its_price_and_without_a_browser(
    door: Door, practice: Practice
) -> None:
    decision_id = door.queue()
    assert door.settle() == SettleSummary()
    assert isinstance(door.publish_and_record(), Posted)
    [post] = practice.truth()["posts"]
    row = door.row("SELECT * FROM posted_decisions")
    assert (post["text"], post["id"], row["decision_id"]) == (TEXT, row["tweet_id"], decision_id)
    assert row["evidence"] == "answer"
    assert spent(door) == {"post": Decimal("0.015"), "user_read": Decimal("0.010")}
    assert door.turn.spent_usd == Decimal("0.025")
    assert practice.ask("GET", "api/bill")["total_usd"] == pytest.approx(0.025)
    names = {child.name() for child in psutil.Process().children(recursive=True)}
    assert not [name for name in names if "chrom" in name]


def test_f02_f03_a_post_whose_answer_is_lost_is_found_on_the_timeline_and_not_sent_again(
    door: Door, practice: Practice
) -> None:
    decision_id = door.queue()
    practice.fault(operation="createPosts", kind="answer_lost", count=1)
    assert isinstance(door.publish_and_record(), Posted)
    assert door.row("SELECT evidence FROM posted_decisions") == {"evidence": "timeline"}
    assert door.status(decision_id) == "posted"
    assert len(practice.truth()["posts"]) == 1


@pytest.mark.parametrize("kind", ["connection_reset", "http_503"])
def test_f02_f05_a_post_that_never_arrived_is_absent_once_x_had_the_time_to_show_it_and_sent_again(
    door: Door, practice: Practice, kind: str
) -> None:
    decision_id = door.queue()
    practice.fault(operation="createPosts", kind=kind, count=1)
    assert isinstance(door.publish_and_record(), Unknown)
    assert door.status(decision_id) == "unconfirmed"
    assert door.settle() == SettleSummary(still_unknown=1)
    move_both(practice, door.clock, minutes=3)
    assert door.settle() == SettleSummary(absent=1)
    assert door.status(decision_id) == "queued"
    move_both(practice, door.clock, minutes=10)
    assert isinstance(door.publish_and_record(), Posted)
    assert len(practice.truth()["posts"]) == 1


def test_f03_f19_a_crash_between_the_post_and_its_record_is_settled_by_the_next_run(
    door: Door, practice: Practice
) -> None:
    decision_id = door.queue()
    door.publish(door.claimed())
    assert door.settle() == SettleSummary(found=1)
    assert door.status(decision_id) == "posted"
    assert len(practice.truth()["posts"]) == 1


def test_a_reply_that_x_does_not_take_is_refused_and_one_to_who_named_us_is_sent(
    door: Door, practice: Practice
) -> None:
    ann, ben, *_ = people(practice)
    texts = {ann: f"And you, @{practice.handle}?", ben: "I talk to nobody."}
    ids = practice.put(*({"author": author, "text": text} for author, text in texts.items()))
    to_ann, to_ben = (
        door.queue(f"Reply number {number}.", Target(post_id=post_id, author_handle=author, text=text))
        for number, (post_id, (author, text)) in enumerate(zip(ids, texts.items(), strict=True))
    )
    assert isinstance(door.publish_and_record(), Posted)
    move_both(practice, door.clock, minutes=6)
    refused = door.publish_and_record()
    assert isinstance(refused, Refused)
    assert (door.status(to_ann), door.status(to_ben)) == ("posted", "refused")


def test_a_reply_that_a_person_sends_by_hand_is_found_and_bound_to_its_draft(
    door: Door, settings: Settings, practice: Practice
) -> None:
    """In other words than drafted, beside a post of ours that nobody drafted."""
    ben = people(practice)[1]
    [target] = practice.put({"author": ben, "text": "I sleep badly and talk to nobody."})
    now = door.clock.now()
    opportunity = Opportunity(
        post_id=target,
        author=ProfileSnapshot(id="1", handle=ben),
        text="I sleep badly and talk to nobody.",
        subject="sleep",
        addressed_us=False,
        posted_at=now,
        found_at=now,
        expires_at=now + timedelta(hours=3),
        score=1.0,
        score_parts={"worth": 1.0},
    )
    opportunities.keep(door.database, [Judged(opportunity=opportunity, source="search")], now=now)
    assert by_hand.is_for_a_person(settings.profile, addressed_us=opportunity.addressed_us)
    decision_id = opportunities.add_reply(
        door.database,
        opportunity,
        Draft(decision_type=DecisionType.REPLY, text="A dark room helped me.", target=opportunity.target),
        status=DecisionStatus.NEEDS_REVIEW,
        day_began=now,
        now=now,
        by=door.by,
    )
    assert door.settle() == SettleSummary()
    assert isinstance(QUESTIONS["posting"](settings, door.database, now), dg.RunRequest)
    person = practice.visitor()
    person.post("Something else of mine.")
    sent = person.post("A dark room has helped me a lot.", in_reply_to=target)

    assert door.settle() == SettleSummary(sent_by_hand=1)

    assert door.status(decision_id) == "posted"
    assert door.row("SELECT tweet_id, evidence FROM posted_decisions") == {"tweet_id": sent, "evidence": "timeline"}
    kept = door.row("SELECT text FROM content_metadata WHERE decision_type = 'reply'")
    assert kept == {"text": "A dark room has helped me a lot."}
    assert door.row("SELECT status FROM reply_opportunities") == {"status": "answered"}
    assert door.row("SELECT count(*) AS owed FROM owed_checkpoints") == {"owed": 3}
    assert door.settle() == SettleSummary()
    assert isinstance(QUESTIONS["posting"](settings, door.database, now), PassedOver)


def test_a_rate_limit_is_kept_and_waited_for_in_the_database(door: Door, practice: Practice) -> None:
    decision_id = door.queue()
    practice.fault(operation="createPosts", kind="http_429", count=1)
    assert isinstance(door.publish_and_record(), Refused)
    assert door.status(decision_id) == "queued"
    limit = door.row("SELECT remaining, resets_at FROM x_rate_limits WHERE endpoint = 'POST /2/tweets'")
    assert limit["remaining"] == 0
    assert account.state_of(door.database).wait_until == limit["resets_at"]


def test_f20_a_login_that_has_ended_pauses_the_account_and_keeps_the_decision(door: Door, practice: Practice) -> None:
    decision_id = door.queue()
    practice.ask("POST", "api/expire", {"refresh": True})
    assert isinstance(door.publish_and_record(), Refused)
    assert door.status(decision_id) == "queued"
    assert "xbot login" in (account.state_of(door.database).paused_reason or "")
    assert practice.truth()["posts"] == []


def test_a_budget_that_is_spent_stops_others_first_and_publishing_last(
    door: Door, settings: Settings, database: AccountDatabase, clock: ManualClock, practice: Practice
) -> None:
    poor = settings.profile.model_copy(update={"api": ApiSettings(monthly_budget_usd=0.02)})
    settings = settings.model_copy(update={"profile": poor})
    decision_id = door.queue()
    with BrowserTurn(settings, database, clock, by=Provenance(actor="test")) as turn:
        # Who we are has cost a cent: half of the budget.
        turn.client(Purpose.PUBLISH)
        with pytest.raises(Standstill, match="reading other people's posts"):
            list(turn.client(Purpose.OTHERS).search("sleep"))
        turn.client(Purpose.OWN).own_posts(clock.now())
        poor_door = Door(database, settings, turn, clock, door.by)
        assert isinstance(poor_door.publish_and_record(), Posted)
        with pytest.raises(Standstill, match="reading our own posts"):
            turn.client(Purpose.OWN).own_posts(clock.now())
        move_both(practice, clock, minutes=40)
        second = door.queue("There is no money left for this one.")
        refused = poor_door.publish_and_record()
        assert isinstance(refused, Refused)
        assert isinstance(refused.wall, Standstill)
    assert (door.status(decision_id), door.status(second)) == ("posted", "queued")
    assert len(practice.truth()["posts"]) == 1


def test_f01_nothing_is_asked_of_x_without_the_lease(
    door: Door, database: AccountDatabase, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xbot_pipelines.systems.browser_turn.WAIT_FOR_THE_LEASE", timedelta(0))
    door.queue()
    with hold_lease(database, wait=timedelta(0)), pytest.raises(LeaseTaken):
        door.publish(door.claimed())
    assert practice.ask("GET", "requests")["by_operation"] == {}


ALTERED = TEXT.replace("first", "&lt;first&gt;")


def test_post_with_altered_text_is_posted_by_its_id_and_never_sent_again(door: Door, practice: Practice) -> None:
    decision_id = door.queue()
    practice.fault(operation="createPosts", kind="altered_text", text=ALTERED, count=1)
    result = door.publish_and_record()
    assert isinstance(result, Posted)
    assert result.note == TEXT_DIFFERS
    move_both(practice, door.clock, hours=1)
    door.settle()
    assert door.status(decision_id) == "posted"
    assert len(practice.truth()["posts"]) == 1


def test_post_with_altered_text_and_lost_answer_is_found_not_resent(door: Door, practice: Practice) -> None:
    decision_id = door.queue()
    practice.fault(operation="createPosts", kind="altered_text", text=TEXT.replace("whole ", ""), count=1)
    attempt = door.claimed()
    assert isinstance(door.publish(attempt), Posted)
    # What a crash leaves behind: the click was made, and what became of it was not written down.
    move_both(practice, door.clock, minutes=3)
    assert door.settle().found == 1
    assert door.status(decision_id) == "posted"
    assert len(practice.truth()["posts"]) == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"title": "Not Found", "status": 404}),
        (403, {"title": "Forbidden", "detail": "Forbidden", "status": 403}),
        (403, {"errors": [{"code": 453, "message": "You currently have access to a subset of endpoints"}]}),
        (410, {"title": "Gone", "status": 410}),
    ],
    ids=["no such address", "forbidden", "access level", "gone"],
)
def test_what_concerns_the_app_stops_publishing_once_and_reading_goes_on(
    door: Door, practice: Practice, status: int, body: dict[str, object]
) -> None:
    first, second = door.queue(), door.queue("Another one about water and coffee, in other words.")
    practice.fault(operation="createPosts", kind="answer", status=status, body=json.dumps(body), count=1)
    assert isinstance(door.publish_and_record(), Refused)
    blocked = door.claim()
    assert isinstance(blocked, Blocked)
    assert "publishing is stopped since" in blocked.reason
    assert {door.status(first), door.status(second)} == {"queued"}
    assert [alert.cause for alert in open_alerts(door.database)] == [PUBLISHING_STOPPED]
    assert account.state_of(door.database).standstill(door.clock.now()) is None, "reading goes on"
    assert account.resume(door.database, now=door.clock.now())
    assert open_alerts(door.database) == []
    assert isinstance(door.publish_and_record(), Posted)


def refused(door: Door, text: str) -> PublishResult:
    door.queue(text)
    return door.publish_and_record()


def test_three_refusals_for_the_same_cause_stop_publishing(door: Door, practice: Practice) -> None:
    practice.fault(operation="createPosts", kind="error_code", code=324, count=4)
    for number in range(3):
        assert isinstance(refused(door, f"Post number {number} about water"), Refused)
    assert isinstance(door.claim(), Blocked)
    [alert] = open_alerts(door.database)
    assert "3 in a row ended the same way" in alert.sentence
    account.resume(door.database, now=door.clock.now())
    assert isinstance(refused(door, "Post number 4 about water"), Refused)
    assert open_alerts(door.database) == [], "what a person has looked at does not count again"
