"""What the tables promise: each question finds what breaks its promise, of this account and of its time, and no more.

Some of it no function of the store and no constraint would let happen. There the rows are changed by hand, and the
constraint is taken out of the test's own database first: the questions are there for the day on which one fails.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import CheckpointStatus, Counters, PrivateCounters
from xbot_pipelines.store.checkpoints import Checkpoint, due_checkpoints, save_checkpoints
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.promises import (
    Broken,
    CheckpointTally,
    decisions_with_other_than_one_post,
    fallen_counters,
    implausible_readings,
    posts_without_outcome,
    stuck,
    tally_checkpoints,
)
from xbot_pipelines.store.publishing import mark_submitted
from xbot_pipelines.store.readings import add_private_figures
from xbot_pipelines_tests.store.given import claimed, gone, posted, queued, read, reading, single
from xbot_pipelines_tests.store.rows import NOON
from xbot_pipelines_tests.store.steps import confirm, doubt

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
POST, SECOND, THIRD, THEIRS = (f"190000000000000010{number}" for number in range(4))

Ask = Callable[[AccountDatabase, datetime], Broken]
"""A question with the moment from which on it looks."""


def by_hand(database: AccountDatabase, *statements: str, **values: object) -> None:
    """Changes rows past every function of the store."""
    with database.transaction() as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def ids(broken: Broken, name: str = "tweet_id") -> list[object]:
    return sorted((row[name] for row in broken), key=str)


QUESTIONS: dict[str, Ask] = {
    "without an outcome": lambda database, since: posts_without_outcome(database, since=since),
    "not one post": lambda database, since: decisions_with_other_than_one_post(database, since=since),
    "stuck": lambda database, since: stuck(database, since=since, now=since + DAY, longer_than=30 * MINUTE),
    "implausible": lambda database, since: implausible_readings(database, since=since),
    "fallen": lambda database, since: fallen_counters(database, since=since),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_account_whose_posts_went_the_ordinary_way_breaks_no_promise(
    database: AccountDatabase, clock: ManualClock, question: str
) -> None:
    start = clock.now()
    queued(database, single(), at=start + 2 * DAY)
    posted(database, POST, at=start)
    posted(database, SECOND, at=start + HOUR)
    read(database, reading(POST, start + HOUR, Counters(views=10, likes=10)))
    read(database, reading(POST, start + 2 * HOUR, Counters(views=10, likes=10, replies=40)))
    gone(database, SECOND, start + 2 * HOUR)
    assert QUESTIONS[question](database, start - HOUR) == []


def test_f10_a_post_without_an_outcome_is_found_by_its_id(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    start = clock.now()
    posted(database, POST, at=start)
    posted(database, SECOND, at=start + HOUR)
    posted(database, THIRD, at=start + 2 * HOUR)
    posted(other, THEIRS, at=start + HOUR)
    # They hang on the post, so only a hand can take them away.
    by_hand(
        database,
        "DELETE FROM outcomes USING posted_decisions AS posted "
        "WHERE posted.decision_id = outcomes.decision_id AND tweet_id <> :kept",
        kept=THIRD,
    )
    assert posts_without_outcome(database, since=start) == [
        {"tweet_id": POST, "posted_at": start},
        {"tweet_id": SECOND, "posted_at": start + HOUR},
    ]
    assert ids(posts_without_outcome(database, since=start + HOUR)) == [SECOND]
    assert ids(posts_without_outcome(other, since=start)) == [THEIRS]


def test_f24_a_post_whose_decision_is_not_posted_is_found_with_where_the_decision_stands(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    start = clock.now()
    decision_id = posted(database, POST, at=start)
    posted(database, SECOND, at=start + HOUR)
    posted(other, THEIRS, at=start)
    by_hand(database, "UPDATE content_metadata SET status = 'queued' WHERE decision_id = :id", id=decision_id)
    assert decisions_with_other_than_one_post(database, since=start) == [
        {"decision_id": decision_id, "status": "queued", "tweet_id": POST, "posted_at": start}
    ]
    assert decisions_with_other_than_one_post(database, since=start + HOUR) == []
    assert decisions_with_other_than_one_post(other, since=start) == []


def test_f24_a_decision_that_is_posted_without_a_post_is_found(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    start = clock.now()
    lost = queued(database, single(), at=start)
    queued(database, single(), at=start)
    theirs = queued(other, single(), at=start)
    for decision_id in (lost, theirs):
        by_hand(database, "UPDATE content_metadata SET status = 'posted' WHERE decision_id = :id", id=decision_id)
    [row] = decisions_with_other_than_one_post(database, since=start)
    assert (row["decision_id"], row["status"], row["tweet_id"]) == (lost, "posted", None)
    assert decisions_with_other_than_one_post(database, since=start + MINUTE) == []
    assert ids(decisions_with_other_than_one_post(other, since=start), "decision_id") == [theirs]


def test_f03_a_decision_that_was_posted_twice_is_found_with_both_of_its_posts(
    database: AccountDatabase, clock: ManualClock
) -> None:
    start = clock.now()
    decision_id = posted(database, POST, at=start)
    posted(database, SECOND, at=start + HOUR)
    by_hand(
        database,
        "ALTER TABLE posted_decisions DROP CONSTRAINT pk_posted_decisions CASCADE",
        "ALTER TABLE posted_decisions DROP CONSTRAINT uq_posted_decisions_account_decision_id CASCADE",
        "ALTER TABLE posted_decisions DROP CONSTRAINT uq_posted_decisions_attempt_id",
        "INSERT INTO posted_decisions (decision_id, account, tweet_id, posted_at, evidence, attempt_id, version) "
        "SELECT decision_id, account, '1900000000000000109', posted_at, evidence, attempt_id, version "
        f"FROM posted_decisions WHERE tweet_id = '{POST}'",
    )
    broken = decisions_with_other_than_one_post(database, since=start)
    assert ids(broken) == [POST, "1900000000000000109"]
    assert {row["decision_id"] for row in broken} == {decision_id}


def test_f19_an_attempt_that_no_run_has_settled_is_found_however_far_it_has_come(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    start = clock.now()
    intended = claimed(database, single("First."), at=start)
    submitted = claimed(database, single("Second."), at=start + MINUTE)
    mark_submitted(database, submitted, now=start + MINUTE)
    unknown = claimed(database, single("Third."), at=start + 2 * MINUTE)
    doubt(database, unknown, start + 2 * MINUTE)
    confirm(database, claimed(database, single("Fourth."), at=start + 3 * MINUTE), start + 3 * MINUTE)
    claimed(other, single("Theirs."), at=start)

    def found(now: datetime, since: datetime = start) -> list[tuple[object, object]]:
        broken = stuck(database, since=since, now=now, longer_than=30 * MINUTE)
        return [(row["decision_id"], row["state"]) for row in sorted(broken, key=lambda row: str(row["since"]))]

    all_of_them = [
        (intended.decision_id, "intended"),
        (submitted.decision_id, "submitted"),
        (unknown.decision_id, "unknown"),
    ]
    assert found(start + 30 * MINUTE) == []
    assert found(start + 31 * MINUTE) == all_of_them[:1]
    assert found(start + 40 * MINUTE) == all_of_them
    assert found(start + 40 * MINUTE, since=start + 2 * MINUTE) == all_of_them[2:]


def test_f19_a_decision_that_is_posting_without_an_open_attempt_is_found_and_one_with_it_only_once(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    start = clock.now()
    on_its_way = claimed(database, single("First."), at=start)
    left = queued(database, single("Second."), at=start + MINUTE, written_at=start)
    theirs = queued(other, single("Theirs."), at=start + MINUTE, written_at=start)
    for decision_id in (left, theirs):
        by_hand(database, "UPDATE content_metadata SET status = 'posting' WHERE decision_id = :id", id=decision_id)

    def found(since: datetime, now: datetime = start + HOUR) -> set[object]:
        return {row["decision_id"] for row in stuck(database, since=since, now=now, longer_than=30 * MINUTE)}

    assert len(stuck(database, since=start, now=start + HOUR, longer_than=30 * MINUTE)) == 2
    assert found(start) == {on_its_way.decision_id, left}
    assert found(start + MINUTE) == {left}
    assert found(start + 2 * MINUTE) == set()
    assert found(start, now=start + 30 * MINUTE) == set()


@pytest.mark.parametrize("counter", ["likes", "reposts", "quotes", "bookmarks"])
def test_a_reading_in_which_more_readers_acted_than_saw_the_post_is_found(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock, counter: str
) -> None:
    start = clock.now()
    posted(database, POST, at=start)
    posted(other, THEIRS, at=start)
    too_many = Counters(views=9, **{counter: 10})
    read(database, reading(POST, start + HOUR, too_many))
    read(database, reading(POST, start + 2 * HOUR, Counters(views=10, **{counter: 10})))
    read(other, reading(THEIRS, start + HOUR, too_many))
    assert [row["observed_at"] for row in implausible_readings(database, since=start)] == [start + HOUR]
    assert implausible_readings(database, since=start + HOUR + MINUTE) == []


def test_f09_what_is_not_known_is_not_implausible(database: AccountDatabase, clock: ManualClock) -> None:
    posted(database, POST, at=clock.now())
    read(database, reading(POST, clock.now() + HOUR, Counters(likes=10)))
    read(database, reading(POST, clock.now() + 2 * HOUR, Counters(views=0)))
    assert implausible_readings(database, since=clock.now()) == []


@pytest.mark.parametrize("counter", ["views", "likes", "reposts", "replies"])
def test_a_counter_that_fell_is_found_with_how_much(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock, counter: str
) -> None:
    start = clock.now()
    posted(database, POST, at=start)
    posted(database, SECOND, at=start + HOUR)
    posted(other, THEIRS, at=start)
    for whose, tweet_id in ((database, POST), (other, THEIRS)):
        for hours, count in ((1, 20), (2, 17), (3, 30)):
            read(whose, reading(tweet_id, start + hours * HOUR, Counters(**{counter: count})))
    # Another post that counts less is another post.
    read(database, reading(SECOND, start + 2 * HOUR, Counters(**{counter: 1})))
    [fallen] = fallen_counters(database, since=start)
    assert (fallen["tweet_id"], fallen["observed_at"], fallen[counter]) == (POST, start + 2 * HOUR, -3)
    assert fallen_counters(database, since=start + 3 * HOUR) == []


def test_a_counter_that_fell_since_a_reading_of_days_ago_is_found(
    database: AccountDatabase, clock: ManualClock
) -> None:
    """Older posts are read once a day, and less: the reading before lies beyond the time that is looked back."""
    start = clock.now()
    posted(database, POST, at=start)
    read(database, reading(POST, start + HOUR, Counters(views=20)))
    read(database, reading(POST, start + 4 * DAY, Counters(views=15)))
    assert [row["views"] for row in fallen_counters(database, since=start + 3 * DAY)] == [-5]


def test_neither_private_figures_nor_a_look_that_found_nothing_make_a_counter_fall_or_hide_that_it_did(
    database: AccountDatabase, clock: ManualClock
) -> None:
    start = clock.now()
    posted(database, POST, at=start)
    read(database, reading(POST, start + HOUR, Counters(views=20)))
    private = PrivateCounters(profile_visits=1)
    add_private_figures(database, POST, private, observed_at=start + 2 * HOUR, run_id="run-1")
    gone(database, POST, start + 3 * HOUR)
    assert fallen_counters(database, since=start) == []
    read(database, reading(POST, start + 4 * HOUR, Counters(views=19)))
    assert [row["views"] for row in fallen_counters(database, since=start)] == [-1]


YEARS = """
    INSERT INTO content_metadata
        (decision_id, account, decision_type, text, status, scheduled_at, created_at, updated_at, target_tweet_id)
    SELECT gen_random_uuid(), 'practice', CASE age % 2 WHEN 0 THEN 'single' ELSE 'reply' END, 'text', 'posted',
           moment, moment, moment, CASE age % 2 WHEN 1 THEN '1' END
    FROM generate_series(1, 20000) AS age, LATERAL (SELECT :now - age * interval '1 hour' AS moment) AS written;
    INSERT INTO posting_attempts
        (id, account, decision_id, decision_type, state, began_at, tweet_id, evidence, version)
    SELECT gen_random_uuid(), account, decision_id, decision_type, 'confirmed', scheduled_at,
           190000000000000000 + row_number() OVER (), 'answer', '0'
    FROM content_metadata;
    INSERT INTO posted_decisions (decision_id, account, tweet_id, posted_at, evidence, attempt_id, version)
    SELECT decision_id, account, tweet_id, began_at, evidence, id, version FROM posting_attempts;
    INSERT INTO outcomes (decision_id, account) SELECT decision_id, account FROM posted_decisions;
    INSERT INTO tweet_metrics (account, tweet_id, observed_at, source, views, likes)
    SELECT account, tweet_id, posted_at + hours * interval '1 hour', 'metrics_scraper', 100 * hours, hours
    FROM posted_decisions, generate_series(1, 2) AS hours;
    INSERT INTO post_velocity_tracking (decision_id, account, checkpoint_hours, status, observed_at)
    SELECT decision_id, account, hours, 'on_time', posted_at FROM posted_decisions, unnest(ARRAY[2, 12, 24]) AS hours;
    ANALYZE
"""


def test_no_question_looks_through_the_years(database: AccountDatabase, clock: ManualClock) -> None:
    by_hand(database, *YEARS.split(";"), now=clock.now())
    asked: list[tuple[str, Any]] = []

    def remember(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", remember)
    for question in QUESTIONS.values():
        assert question(database, clock.now() - DAY) == []
    span = {"due_from": clock.now() - 7 * DAY, "due_until": clock.now()}
    assert tally_checkpoints(database, checkpoints_hours=(2, 12, 24), **span).on_time == 3 * 7 * 24
    event.remove(database.engine, "before_cursor_execute", remember)

    with database.transaction() as connection:
        for statement, parameters in asked:
            plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())
            assert "Seq Scan" not in plan, plan


def test_no_more_than_twenty_rows_are_answered(database: AccountDatabase, clock: ManualClock) -> None:
    posted(database, POST, at=clock.now())
    for minute in range(25):
        read(database, reading(POST, clock.now() + minute * MINUTE, Counters(views=1, likes=2)))
    assert len(implausible_readings(database, since=clock.now())) == 20


def end(database: AccountDatabase, tweet_id: str, hours: int, status: CheckpointStatus) -> None:
    """Records one checkpoint of a post, ended so."""
    later = NOON + 99 * DAY
    due = due_checkpoints(database, now=later, since=NOON - 99 * DAY, until=later)
    [checkpoint] = [one for one in due if (one.post.tweet_id, one.hours) == (tweet_id, hours)]
    missed = status == CheckpointStatus.MISSED
    row = Checkpoint(
        post=checkpoint.post,
        hours=hours,
        status=status,
        missed_reason="gone" if missed else None,
        observed_at=None if missed else checkpoint.due_at,
    )
    save_checkpoints(database, [row])


def test_checkpoints_are_counted_by_what_became_of_them(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    start = clock.now()
    for tweet_id in (POST, SECOND, THIRD):
        posted(database, tweet_id, at=start)
    posted(other, THEIRS, at=start)
    end(database, POST, 2, CheckpointStatus.ON_TIME)
    end(database, SECOND, 2, CheckpointStatus.LATE)
    end(database, THIRD, 2, CheckpointStatus.MISSED)
    end(database, POST, 12, CheckpointStatus.ON_TIME)

    def tally(database: AccountDatabase, *hours: int) -> CheckpointTally:
        return tally_checkpoints(database, due_from=start, due_until=start + 13 * HOUR, checkpoints_hours=hours)

    assert tally(database, 2, 12, 24) == CheckpointTally(on_time=2, late=1, missed=1, owed=2)
    assert tally(database, 2) == CheckpointTally(on_time=1, late=1, missed=1, owed=0)
    assert tally(other, 2, 12, 24) == CheckpointTally(on_time=0, late=0, missed=0, owed=2)


@pytest.mark.parametrize(
    ("due_from", "due_until", "owed"), [(24, 25, 1), (23, 24, 0), (24.01, 30, 0), (2, 24, 2), (0, 99, 3)]
)
def test_only_what_fell_due_in_the_time_is_counted(
    database: AccountDatabase, clock: ManualClock, due_from: float, due_until: float, owed: int
) -> None:
    start = clock.now()
    posted(database, POST, at=start)
    tally = tally_checkpoints(
        database,
        due_from=start + timedelta(hours=due_from),
        due_until=start + timedelta(hours=due_until),
        checkpoints_hours=(2, 12, 24),
    )
    assert tally == CheckpointTally(on_time=0, late=0, missed=0, owed=owed)


def test_f09_the_share_that_was_read_is_of_what_could_be_read_and_unknown_where_there_was_nothing() -> None:
    assert CheckpointTally(on_time=6, late=2, missed=99, owed=2).rate == 0.8
    assert CheckpointTally(on_time=0, late=0, missed=0, owed=3).rate == 0
    assert CheckpointTally(on_time=0, late=0, missed=5, owed=0).rate is None
