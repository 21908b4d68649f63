"""What is exported: rows as they lie in the tables, of one account, of one range of time, at one moment."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import InternalError

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Counters
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.exports import ExportedTable, Published, columns_of, open_snapshot
from xbot_pipelines.store.schema import (
    COUNTERS,
    PRIVATE_COUNTERS,
    content_metadata,
    outcomes,
    post_velocity_tracking,
    tweet_metrics,
)
from xbot_pipelines_tests.store.given import BY, FULL, TWEET_ID, posted, read, reading
from xbot_pipelines_tests.store.rows import checkpoint, measured, write

HOUR = timedelta(hours=1)
EVER = Published()


def exported(
    database: AccountDatabase, table: ExportedTable, published: Published = EVER, *, size: int = 1_000
) -> list[dict[str, Any]]:
    """All rows of a table, in the order in which they are exported."""
    names = list(columns_of(table))
    with open_snapshot(database, published) as snapshot:
        rows = [dict(zip(names, row, strict=True)) for chunk in snapshot.chunks(table, size=size) for row in chunk]
        assert snapshot.count(table) == len(rows)
    return rows


def observed(database: AccountDatabase, tweet_id: str, decision_id: UUID, at: datetime) -> None:
    """A reading of the post, and its checkpoint of two hours."""
    read(database, reading(tweet_id, at, FULL))
    row = checkpoint(decision_id, account=database.account, observed_at=at)
    write(database, post_velocity_tracking, row)


def test_a_post_is_exported_with_all_that_is_known_of_it(database: AccountDatabase, clock: ManualClock) -> None:
    decision_id = posted(database, TWEET_ID, at=clock.now())
    written = {
        "decision_type": "reply",
        "text": "Same here.",
        "topic": "sleep",
        "angle": "myth and fact",
        "tone": "warm",
        "format": "short list",
        "hook": "question",
        "quality_score": 0.75,
        "target_tweet_id": "1900000000000000001",
        "target_author": "ada",
        "target_text": "Who else sleeps badly?",
        "target_author_followers": 120,
        "model": "gpt-5-mini",
        "prompt_version": "3",
        "prompt_tokens": 700,
        "completion_tokens": 80,
        "cost_usd": 0.000335,
    }
    outcome = {
        **vars(FULL),
        "profile_visits": 7,
        "detail_expands": 8,
        "link_clicks": 0,
        "engagement_rate": 0.075,
        "followers_gained_low": 0.0,
        "followers_gained": 1.5,
        "followers_gained_high": 4.0,
        "collected_at": clock.now() + HOUR,
        "gone_at": clock.now() + 2 * HOUR,
        "source": "analytics",
    }
    with database.transaction() as connection:
        connection.execute(update(content_metadata).values(written))
        connection.execute(update(outcomes).values(outcome))

    assert exported(database, ExportedTable.POSTS) == [
        {
            "account": "practice",
            "decision_id": str(decision_id),
            "tweet_id": TWEET_ID,
            "scheduled_at": clock.now(),
            "posted_at": clock.now(),
            **written,
            "evidence": "answer",
            "run_id": "run-0",
            "version": BY.version,
            **outcome,
        }
    ]


def test_f09_what_is_not_known_of_a_post_is_none_and_its_outcome_may_not_be_there_at_all(
    database: AccountDatabase, clock: ManualClock
) -> None:
    posted(database, TWEET_ID, at=clock.now())
    [waiting] = exported(database, ExportedTable.POSTS)
    with database.transaction() as connection:
        connection.execute(outcomes.delete())
    [without] = exported(database, ExportedTable.POSTS)

    assert waiting == without
    assert {without[name] for name in (*COUNTERS, "engagement_rate", "collected_at", "cost_usd", "model")} == {None}


def test_a_reading_is_exported_with_its_decision_and_the_age_of_its_post(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = posted(database, TWEET_ID, at=clock.now())
    read(database, reading(TWEET_ID, clock.now() + 1.5 * HOUR, Counters(views=0, likes=None)))
    write(database, tweet_metrics, measured(observed_at=clock.now() + 48 * HOUR, gone_reason="deleted"))

    still_there, gone = exported(database, ExportedTable.READINGS)

    unknown = dict.fromkeys(name for name in (*COUNTERS, *PRIVATE_COUNTERS) if name != "views")
    assert still_there == {
        "decision_id": str(decision_id),
        "tweet_id": TWEET_ID,
        "observed_at": clock.now() + 1.5 * HOUR,
        "age_hours": 1.5,
        "views": 0,
        **unknown,
        "gone_reason": None,
        "source": "metrics_scraper",
        "run_id": "run-1",
    }
    assert (gone["age_hours"], gone["gone_reason"], gone["views"]) == (48.0, "deleted", None)


def test_a_checkpoint_is_exported_with_its_post_taken_or_missed(database: AccountDatabase, clock: ManualClock) -> None:
    decision_id = posted(database, TWEET_ID, at=clock.now())
    measures = {"age_seconds": 7260.0, "late_seconds": 60.0, "views_per_hour": 99.5, "likes_per_hour": 2.5}
    taken = {"observed_at": clock.now() + 2 * HOUR, "source": "hourly_analytics", **measures, **vars(FULL)}
    missed = {"status": "missed", "missed_reason": "it was gone", "observed_at": None, "source": None}
    write(database, post_velocity_tracking, checkpoint(decision_id, checkpoint_hours=12, **missed))
    write(database, post_velocity_tracking, checkpoint(decision_id, checkpoint_hours=2, **taken))

    of_the_post = {"decision_id": str(decision_id), "tweet_id": TWEET_ID, "posted_at": clock.now()}
    assert exported(database, ExportedTable.CHECKPOINTS) == [
        {**of_the_post, "checkpoint_hours": 2, "status": "on_time", "missed_reason": None, **taken},
        {**of_the_post, "checkpoint_hours": 12, **dict.fromkeys((*measures, *vars(FULL))), **missed},
    ]


@pytest.mark.parametrize("table", ExportedTable)
def test_the_range_goes_by_the_publishing_from_its_beginning_up_to_its_end(
    database: AccountDatabase, clock: ManualClock, table: ExportedTable
) -> None:
    since, until = clock.now(), clock.now() + HOUR
    just_before = timedelta(microseconds=1)
    for number, at in enumerate([since - just_before, since, until - just_before, until]):
        tweet_id = f"{TWEET_ID[:-1]}{number}"
        # Read at one moment, outside of the range: that is not what counts.
        observed(database, tweet_id, posted(database, tweet_id, at=at), until + 9 * HOUR)

    def endings(published: Published) -> str:
        return "".join(row["tweet_id"][-1] for row in exported(database, table, published))

    assert endings(Published(since=since, until=until)) == "12"
    assert endings(Published(since=since)) == "123"
    assert endings(Published(until=until)) == "012"
    assert endings(EVER) == "0123"


@pytest.mark.parametrize("table", ExportedTable)
def test_an_account_exports_its_own_rows_only(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock, table: ExportedTable
) -> None:
    observed(other, "1900000000000000999", posted(other, "1900000000000000999", at=clock.now()), clock.now())
    assert exported(database, table) == []
    observed(database, TWEET_ID, posted(database, TWEET_ID, at=clock.now()), clock.now())
    assert [row["tweet_id"] for row in exported(database, table)] == [TWEET_ID]


def test_readings_come_by_post_the_oldest_first_and_in_chunks_that_are_never_larger_than_asked(
    database: AccountDatabase, clock: ManualClock
) -> None:
    later, first = "1900000000000000101", "1900000000000000102"
    posted(database, first, at=clock.now())
    posted(database, later, at=clock.now() + HOUR)
    moments = [clock.now() + number * HOUR for number in range(5)]
    read(database, *(reading(tweet_id, at, FULL) for at in reversed(moments) for tweet_id in (later, first)))

    with open_snapshot(database, EVER) as snapshot:
        sizes = [len(chunk) for chunk in snapshot.chunks(ExportedTable.READINGS, size=4)]
    rows = exported(database, ExportedTable.READINGS, size=4)

    assert sizes == [4, 4, 2]
    assert [(row["tweet_id"], row["observed_at"]) for row in rows] == [
        *((first, at) for at in moments),
        *((later, at) for at in moments),
    ]


def test_what_is_written_meanwhile_is_in_none_of_the_tables_of_a_snapshot(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = posted(database, TWEET_ID, at=clock.now())

    with open_snapshot(database, EVER) as snapshot:
        assert snapshot.count(ExportedTable.POSTS) == 1
        observed(database, TWEET_ID, decision_id, clock.now() + HOUR)
        posted(database, "1900000000000000101", at=clock.now() + HOUR)
        assert [snapshot.count(table) for table in ExportedTable] == [1, 0, 0]

    assert [len(exported(database, table)) for table in ExportedTable] == [2, 1, 1]


def test_a_snapshot_can_write_nothing_and_who_comes_after_it_can(database: AccountDatabase, clock: ManualClock) -> None:
    with open_snapshot(database, EVER) as snapshot, pytest.raises(InternalError, match="read-only transaction"):
        snapshot._connection.execute(outcomes.delete())
    # The pool has one connection by now, so this is the same.
    posted(database, TWEET_ID, at=clock.now())
