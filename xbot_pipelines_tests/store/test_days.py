"""What the tables have of a day: of its time and of its account, and nothing else."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from xbot_pipelines.models import Counters, DecisionStatus, DecisionType
from xbot_pipelines.store import days
from xbot_pipelines.store.alerts import close_alert, raise_alert
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.days import DayAlert, ModelUse, OpportunityTally, Received
from xbot_pipelines.store.opportunities import Judged, add_reply, keep
from xbot_pipelines_tests.lived import Life
from xbot_pipelines_tests.store.given import BY, claimed, gone, reply, single
from xbot_pipelines_tests.store.reviewing import found
from xbot_pipelines_tests.store.rows import NOON
from xbot_pipelines_tests.store.steps import confirm, doubt, refuse
from xbot_pipelines_tests.store.test_promises import YEARS, by_hand

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SINCE = NOON
UNTIL = NOON + DAY
SPAN = {"since": SINCE, "until": UNTIL}


def test_the_first_moment_of_an_account_is_that_of_its_first_row_of_any_kind(
    database: AccountDatabase, other: AccountDatabase
) -> None:
    Life(other).counts_followers(NOON - 99 * DAY, 10)
    assert days.history_began(database) is None

    life = Life(database)
    life.publishes("Walk.", NOON)
    assert days.history_began(database) == NOON - 30 * MINUTE, "it was written half an hour before"
    life.asks_the_model(NOON - HOUR, cost_usd=None)
    assert days.history_began(database) == NOON - HOUR
    keep(database, [Judged(opportunity=found(1, found_at=NOON - 2 * HOUR), source="search")], now=NOON)
    assert days.history_began(database) == NOON - 2 * HOUR
    life.counts_followers(NOON - 3 * HOUR, 10)
    assert days.history_began(database) == NOON - 3 * HOUR


def test_posts_are_those_of_the_span_with_what_they_have_come_to(database: AccountDatabase) -> None:
    life = Life(database)
    life.publishes("The evening before.", SINCE - SECOND)
    first = life.publishes("At its first moment.", SINCE)
    answer = life.publishes("Same here.", SINCE + HOUR, to="ada", their_text="Who else sleeps badly?")
    last = life.publishes("In its last second.", UNTIL - SECOND)
    life.publishes("The next day.", UNTIL)
    life.reads(first, SINCE + HOUR, Counters(views=200, likes=5, reposts=4, replies=3, quotes=2, bookmarks=1))
    life.reads(answer, SINCE + 2 * HOUR, Counters(likes=0))
    gone(database, answer.tweet_id, SINCE + 3 * HOUR)
    life.takes_stock(UNTIL + DAY)

    posts = days.posts_published(database, **SPAN)

    assert [post.tweet_id for post in posts] == [first.tweet_id, answer.tweet_id, last.tweet_id]
    assert [post.kind for post in posts] == [DecisionType.SINGLE, DecisionType.REPLY, DecisionType.SINGLE]
    assert (posts[0].views, posts[0].engagement_rate, posts[0].gone_at) == (200, 15 / 200, None)
    assert (posts[1].target_author, posts[1].target_text) == ("ada", "Who else sleeps badly?")
    assert (posts[1].views, posts[1].likes, posts[1].engagement_rate) == (None, 0, None), "F09: unknown is not zero"
    assert posts[1].gone_at == SINCE + 3 * HOUR
    assert (posts[2].views, posts[2].collected_at) == (None, None)


def test_a_decision_is_told_by_its_last_step_in_the_span_and_by_where_it_stands_now(database: AccountDatabase) -> None:
    doubted = claimed(database, single("Doubtful."), at=SINCE + HOUR)
    doubt(database, doubted, SINCE + 2 * HOUR)
    refused = claimed(database, single("Refused."), at=SINCE + 3 * HOUR)
    refuse(database, refused, SINCE + 3 * HOUR)
    turned_away = single("Turned away.")
    Life(database).writes(turned_away, at=SINCE - SECOND, status=DecisionStatus.REJECTED, reason="the day before")
    Life(database).writes(turned_away, at=SINCE, status=DecisionStatus.REJECTED, reason="too long")
    confirm(database, doubted, UNTIL + HOUR)

    moved = days.decisions_moved(database, **SPAN)

    assert [(one.text, one.status, one.status_now) for one in moved] == [
        ("Turned away.", DecisionStatus.REJECTED, DecisionStatus.REJECTED),
        ("Doubtful.", DecisionStatus.UNCONFIRMED, DecisionStatus.POSTED),
        ("Refused.", DecisionStatus.REFUSED, DecisionStatus.REFUSED),
    ]
    assert [one.reason for one in moved] == ["too long", "no answer", "X refused it: duplicate (187)"]
    assert [one.is_new for one in moved] == [True, True, True]
    [later] = days.decisions_moved(database, since=UNTIL, until=UNTIL + DAY)
    assert (later.text, later.status, later.is_new) == ("Doubtful.", DecisionStatus.POSTED, False)


def test_replies_are_counted_all_and_shown_the_newest_of_them(database: AccountDatabase) -> None:
    life = Life(database)
    post = life.publishes("What helps you sleep?", SINCE - HOUR)
    life.receives(post, SINCE - SECOND, author="early", text="The day before.")
    for minute, author in enumerate(["ada", "bob", "ada"]):
        life.receives(post, SINCE + minute * MINUTE, author=author, text=f"Number {minute}.")
    life.receives(post, UNTIL, author="late", text="The day after.")

    received = days.replies_received(database, **SPAN, most=2)

    assert (received.count, received.authors) == (3, 2)
    assert [(one.author, one.text) for one in received.newest] == [("bob", "Number 1."), ("ada", "Number 2.")]
    assert received.newest[0].our_text == "What helps you sleep?"
    assert days.replies_received(database, since=UNTIL + DAY, until=UNTIL + 2 * DAY, most=2) == Received(
        count=0, authors=0, newest=[]
    )


def test_what_was_judged_is_counted_by_what_became_of_it(database: AccountDatabase) -> None:
    def judged(number: int, at: datetime, turned_away: str | None = None) -> Judged:
        return Judged(
            opportunity=found(number, handle=f"h{number}", found_at=at, expires_at=at + DAY),
            source="search",
            turned_away=turned_away,
        )

    some = [judged(1, SINCE), judged(2, SINCE), judged(3, SINCE, "off topic"), judged(4, SINCE, "spam")]
    some += [judged(5, SINCE, "off topic"), judged(6, SINCE - SECOND), judged(7, UNTIL)]
    keep(database, some, now=SINCE)
    add_reply(
        database,
        some[1].opportunity,
        reply("No."),
        status=DecisionStatus.REJECTED,
        day_began=SINCE,
        now=SINCE,
        by=BY,
        reason="it is rude",
    )

    tally = days.opportunities_judged(database, **SPAN, most_reasons=1)

    assert tally == OpportunityTally(judged=5, turned_away=3, answered=0, reasons=[("off topic", 2)])
    assert tally.found == 2, "one whose reply was turned away was worth one"


def test_f09_what_the_model_cost_is_told_apart_from_what_is_not_known(database: AccountDatabase) -> None:
    life = Life(database)
    for cost, purpose in ((0.01, "post"), (0.02, "judging"), (None, "judging"), (None, "reply")):
        life.asks_the_model(SINCE, cost_usd=cost, purpose=purpose)
    life.asks_the_model(SINCE - SECOND, cost_usd=7)
    life.asks_the_model(UNTIL, cost_usd=7)

    assert days.model_use(database, **SPAN) == [
        ModelUse(purpose="judging", calls=2, calls_of_unknown_cost=1, tokens=2000, cost_usd=0.02),
        ModelUse(purpose="post", calls=1, calls_of_unknown_cost=0, tokens=1000, cost_usd=0.01),
        ModelUse(purpose="reply", calls=1, calls_of_unknown_cost=1, tokens=1000, cost_usd=0),
    ]


@pytest.mark.parametrize(
    ("opened_at", "closed_at", "is_told"),
    [
        (SINCE - HOUR, None, True),
        (SINCE - HOUR, SINCE - SECOND, False),
        (SINCE - HOUR, SINCE + HOUR, True),
        (SINCE + HOUR, UNTIL + HOUR, True),
        (UNTIL, None, False),
    ],
)
def test_an_alert_is_told_of_each_day_in_which_it_was_open(
    database: AccountDatabase, opened_at: datetime, closed_at: datetime | None, is_told: bool
) -> None:
    with database.transaction() as connection:
        raise_alert(connection, database.account, cause="paused", sentence="Look here.", now=opened_at)
        if closed_at is not None:
            close_alert(connection, database.account, cause="paused", now=closed_at)
    expected = [DayAlert(sentence="Look here.", opened_at=opened_at, closed_at=closed_at)]
    assert days.alerts_open(database, **SPAN) == (expected if is_told else [])


def test_posts_at_a_checkpoint_are_those_that_were_read_at_it(database: AccountDatabase) -> None:
    life = Life(database)
    read_at_it = life.publishes("Read.", SINCE)
    life.reads(read_at_it, SINCE + DAY, Counters(views=12))
    too_late = life.publishes("Late.", SINCE + HOUR)
    life.reads(too_late, SINCE + 27 * HOUR, Counters(views=30))
    missed = life.publishes("Gone.", SINCE + 2 * HOUR)
    gone(database, missed.tweet_id, SINCE + 3 * HOUR)
    gone(database, missed.tweet_id, SINCE + 26 * HOUR)
    life.publishes("Never read.", SINCE + 3 * HOUR)
    life.takes_stock(SINCE + 2 * DAY)

    posts = days.posts_at_checkpoint(database, hours=24, **SPAN)

    assert [(post.text, post.status, post.views) for post in posts] == [("Read.", "on_time", 12), ("Late.", "late", 30)]
    assert posts[0].about == ("sleep", "warm")
    assert days.posts_at_checkpoint(database, hours=24, since=UNTIL, until=UNTIL + DAY) == []


QUESTIONS: dict[str, Callable[[AccountDatabase], object]] = {
    "published": lambda database: days.posts_published(database, **SPAN),
    "moved": lambda database: days.decisions_moved(database, **SPAN),
    "received": lambda database: days.replies_received(database, **SPAN, most=9).newest,
    "judged": lambda database: days.opportunities_judged(database, **SPAN, most_reasons=9).judged,
    "model": lambda database: days.model_use(database, **SPAN),
    "alerts": lambda database: days.alerts_open(database, **SPAN),
    "at a checkpoint": lambda database: days.posts_at_checkpoint(database, hours=2, **SPAN),
}


def test_nothing_is_answered_of_another_account(database: AccountDatabase, other: AccountDatabase) -> None:
    life = Life(other)
    post = life.publishes("Theirs.", SINCE)
    life.reads(post, SINCE + 2 * HOUR, Counters(views=1))
    life.receives(post, SINCE + HOUR, author="ada", text="To them.")
    life.asks_the_model(SINCE, cost_usd=1)
    keep(other, [Judged(opportunity=found(1, found_at=SINCE), source="search")], now=SINCE)
    with other.transaction() as connection:
        raise_alert(connection, other.account, cause="paused", sentence="Theirs.", now=SINCE)
    life.takes_stock(UNTIL)

    for what, question in QUESTIONS.items():
        assert question(other), what
        assert not question(database), what


DAYS_OF_YEARS = """
    INSERT INTO decision_events (account, decision_id, from_status, to_status, happened_at, actor, version)
    SELECT account, decision_id, NULL, 'queued', posted_at, 'test', '1' FROM posted_decisions;
    INSERT INTO received_replies
        (account, tweet_id, decision_id, author, text, posted_at, first_seen_at, last_seen_at)
    SELECT account, tweet_id, decision_id, 'ada', 'text', posted_at, posted_at, posted_at FROM posted_decisions;
    INSERT INTO reply_opportunities
        (account, tweet_id, author_handle, author_id, text, addressed_us, posted_at, found_at, expires_at, status)
    SELECT account, tweet_id, 'ada', '7', 'text', false, posted_at, posted_at, posted_at, 'expired'
    FROM posted_decisions;
    INSERT INTO llm_calls (account, purpose, model, prompt_tokens, completion_tokens, latency_seconds, called_at)
    SELECT account, 'post', 'm', 1, 1, 1, posted_at FROM posted_decisions;
    INSERT INTO alerts (account, cause, sentence, opened_at, closed_at)
    SELECT account, 'paused', 'text', posted_at, posted_at FROM posted_decisions;
    INSERT INTO follower_snapshots (account, observed_at, followers)
    SELECT account, posted_at, 1 FROM posted_decisions;
    ANALYZE
"""


def test_no_question_looks_through_the_years(database: AccountDatabase) -> None:
    by_hand(database, *YEARS.split(";"), now=UNTIL)
    by_hand(database, *DAYS_OF_YEARS.split(";"))
    asked: list[tuple[str, Any]] = []

    def remember(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", remember)
    for question in QUESTIONS.values():
        assert question(database)
    assert days.history_began(database) == UNTIL - 20_000 * HOUR
    event.remove(database.engine, "before_cursor_execute", remember)

    with database.transaction() as connection:
        for statement, parameters in asked:
            plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())
            assert "Seq Scan" not in plan, plan
