"""What the tables of readings, and all that counts, refuse, whatever code writes to them."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import (
    COUNTERS,
    PRIVATE_COUNTERS,
    discovered_accounts,
    follower_snapshots,
    learned_arms,
    llm_calls,
    outcomes,
    post_follower_tracking,
    post_velocity_tracking,
    reply_opportunities,
    tweet_metrics,
)
from xbot_pipelines_tests.store.rows import NOON, Row, checkpoint, followers_then, measured, opportunity, refuse, write


@pytest.mark.parametrize("counter", [*COUNTERS, *PRIVATE_COUNTERS])
@pytest.mark.usefixtures("post_id")
def test_f09_a_counter_below_zero_is_refused_and_an_unknown_one_stays_unknown(
    database: AccountDatabase, counter: str
) -> None:
    refuse(database, tweet_metrics, measured(**{counter: -1}), because="ck_tweet_metrics_counters_not_negative")

    write(database, tweet_metrics, measured(**{counter: 0}))
    with database.transaction() as connection:
        kept = connection.execute(sa.select(tweet_metrics)).mappings().one()
    assert {name: kept[name] for name in (*COUNTERS, *PRIVATE_COUNTERS)} == {
        name: 0 if name == counter else None for name in (*COUNTERS, *PRIVATE_COUNTERS)
    }


def test_f09_nothing_else_that_is_counted_is_below_zero(database: AccountDatabase, post_id: UUID) -> None:
    refuse(
        database,
        post_velocity_tracking,
        checkpoint(post_id, views=-1),
        because="ck_post_velocity_tracking_counters_not_negative",
    )
    refuse(
        database,
        post_follower_tracking,
        followers_then(post_id, followers=-1),
        because="ck_post_follower_tracking_counters_not_negative",
    )
    refuse(
        database,
        reply_opportunities,
        opportunity(author_followers=-1),
        because="ck_reply_opportunities_counters_not_negative",
    )
    refuse(
        database,
        follower_snapshots,
        {"account": "practice", "observed_at": NOON, "followers": -1},
        because="ck_follower_snapshots_counters_not_negative",
    )
    refuse(
        database,
        discovered_accounts,
        {"account": "practice", "handle": "ada", "discovered_at": NOON, "followers": -1},
        because="ck_discovered_accounts_counters_not_negative",
    )
    refuse(
        database,
        llm_calls,
        {
            "account": "practice",
            "purpose": "draft",
            "model": "m",
            "prompt_tokens": -1,
            "completion_tokens": 0,
            "latency_seconds": 1.0,
            "called_at": NOON,
        },
        because="ck_llm_calls_counters_not_negative",
    )
    refuse(
        database,
        learned_arms,
        {
            "account": "practice",
            "dimension": "tone",
            "value": "warm",
            "mean": 0.0,
            "variance": -0.1,
            "pulls": 1.0,
            "evidence_at": NOON,
            "updated_at": NOON,
        },
        because="ck_learned_arms_belief_is_possible",
    )


@pytest.mark.usefixtures("post_id")
def test_f09_a_reading_says_where_it_came_from(database: AccountDatabase) -> None:
    refuse(database, tweet_metrics, measured(source="random"), because="ck_tweet_metrics_source_known")
    with pytest.raises(IntegrityError, match='null value in column "source"'):
        write(database, tweet_metrics, measured(source=None))


@pytest.mark.usefixtures("post_id")
@pytest.mark.parametrize("changes", [{"collected_at": NOON}, {"source": "backfill"}])
def test_f09_an_outcome_that_was_collected_says_where_from(database: AccountDatabase, changes: Row) -> None:
    with (
        pytest.raises(IntegrityError, match="ck_outcomes_a_collected_outcome_has_a_source"),
        database.transaction() as connection,
    ):
        connection.execute(outcomes.update().values(changes))


@pytest.mark.usefixtures("post_id")
def test_f08_a_reading_is_never_changed(database: AccountDatabase) -> None:
    write(database, tweet_metrics, measured(views=10))

    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as connection:
        connection.execute(tweet_metrics.update().values(views=11))

    with database.transaction() as connection:
        assert connection.scalar(sa.select(tweet_metrics.c.views)) == 10


@pytest.mark.usefixtures("post_id")
def test_f08_a_post_has_one_reading_at_a_moment(database: AccountDatabase) -> None:
    write(database, tweet_metrics, measured(views=10))

    refuse(database, tweet_metrics, measured(views=11), because="uq_tweet_metrics_tweet_id_observed_at")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"status": "missed"}, "missed_has_no_reading"),
        ({"observed_at": None}, "missed_has_no_reading"),
        ({"status": "early"}, "status_known"),
        ({"checkpoint_hours": 0}, "checkpoint_hours_positive"),
    ],
)
def test_a_checkpoint_is_read_or_missed_and_nothing_else(
    database: AccountDatabase, post_id: UUID, changes: Row, rule: str
) -> None:
    refuse(
        database,
        post_velocity_tracking,
        checkpoint(post_id, **changes),
        because=f"ck_post_velocity_tracking_{rule}",
    )


def test_a_checkpoint_of_a_post_is_kept_once(database: AccountDatabase, post_id: UUID) -> None:
    write(database, post_velocity_tracking, checkpoint(post_id))
    write(database, post_velocity_tracking, checkpoint(post_id, checkpoint_hours=12))
    write(database, post_follower_tracking, followers_then(post_id))

    refuse(database, post_velocity_tracking, checkpoint(post_id), because="pk_post_velocity_tracking")
    refuse(database, post_follower_tracking, followers_then(post_id), because="pk_post_follower_tracking")
