"""Outcomes: derived from readings, and from nothing else."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import delete, insert, select

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Counters, Reading, ReadingSource
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.outcomes import PostOutcome, outcomes_between, rebuild_outcomes
from xbot_pipelines.store.schema import COUNTERS, PRIVATE_COUNTERS, outcomes, post_follower_tracking, posted_decisions
from xbot_pipelines_tests.store.given import FULL, gone, posted, read, reading

POST = "1900000000000000100"

OTHER_POST = "1900000000000000101"

HOUR = timedelta(hours=1)

EVER = {"since": datetime(2000, 1, 1, tzinfo=UTC), "until": datetime(2100, 1, 1, tzinfo=UTC)}


def outcome(database: AccountDatabase, tweet_id: str = POST) -> dict[str, Any]:
    """The outcome of one post, as it lies in the table."""
    with database.transaction() as connection:
        found = connection.execute(
            select(outcomes)
            .join(posted_decisions, posted_decisions.c.decision_id == outcomes.c.decision_id)
            .where(posted_decisions.c.tweet_id == tweet_id)
        )
        return dict(found.mappings().one())


def test_f08_an_outcome_is_what_the_latest_reading_says(database: AccountDatabase, clock: ManualClock) -> None:
    posted(database, POST, at=clock.now())
    latest, older = clock.now() + 2 * HOUR, clock.now() + HOUR
    read(database, reading(POST, latest, FULL), source=ReadingSource.DATA_COLLECTION)
    # A reading that arrives later may be older: a backfill, or a run that waited.
    read(database, reading(POST, older, Counters(views=150, likes=9)), source=ReadingSource.VELOCITY_TRACKER)
    read(database, reading(POST, clock.now(), Counters(views=999)), source=ReadingSource.BACKFILL)

    assert rebuild_outcomes(database, **EVER) == 1

    found = outcome(database)
    assert {name: found[name] for name in COUNTERS} == vars(FULL)
    assert found["engagement_rate"] == pytest.approx(15 / 200)
    assert (found["collected_at"], found["source"]) == (latest, "data_collection")


def test_f09_a_counter_that_the_latest_reading_does_not_know_is_the_latest_that_is_known(
    database: AccountDatabase, clock: ManualClock
) -> None:
    posted(database, POST, at=clock.now())
    read(
        database,
        reading(POST, clock.now() + HOUR, FULL),
        reading(POST, clock.now() + 2 * HOUR, Counters(views=300, likes=0)),
        reading(POST, clock.now() + 3 * HOUR, Counters()),
    )

    rebuild_outcomes(database, **EVER)

    found = outcome(database)
    assert {name: found[name] for name in COUNTERS} == {**vars(FULL), "views": 300, "likes": 0}
    assert found["engagement_rate"] == pytest.approx(10 / 300)
    assert found["collected_at"] == clock.now() + 3 * HOUR


@pytest.mark.parametrize("unknown", COUNTERS)
def test_f09_the_engagement_rate_is_unknown_where_one_of_its_parts_is(
    database: AccountDatabase, clock: ManualClock, unknown: str
) -> None:
    posted(database, POST, at=clock.now())
    read(database, reading(POST, clock.now(), Counters(**{**vars(FULL), unknown: None})))

    rebuild_outcomes(database, **EVER)

    found = outcome(database)
    assert found[unknown] is None
    assert found["engagement_rate"] is None


def test_f09_the_engagement_rate_of_what_nobody_saw_is_unknown_and_of_what_nobody_liked_is_zero(
    database: AccountDatabase, clock: ManualClock
) -> None:
    nobody = Counters(views=0, likes=0, reposts=0, replies=0, quotes=0, bookmarks=0)
    posted(database, POST, at=clock.now())
    posted(database, OTHER_POST, at=clock.now() + HOUR)
    read(
        database,
        reading(POST, clock.now(), nobody),
        reading(OTHER_POST, clock.now(), Counters(**{**vars(nobody), "views": 10})),
    )

    rebuild_outcomes(database, **EVER)

    assert (outcome(database)["views"], outcome(database)["engagement_rate"]) == (0, None)
    assert outcome(database, OTHER_POST)["engagement_rate"] == 0.0


def test_f09_where_nothing_was_read_the_outcome_stays_unknown(database: AccountDatabase, clock: ManualClock) -> None:
    posted(database, POST, at=clock.now())
    posted(database, OTHER_POST, at=clock.now() + HOUR)
    read(database, reading(OTHER_POST, clock.now(), FULL))

    assert rebuild_outcomes(database, **EVER) == 1

    assert outcome(database)["collected_at"] is None
    assert {outcome(database)[name] for name in (*COUNTERS, *PRIVATE_COUNTERS, "engagement_rate", "source")} == {None}
    assert outcome(database, OTHER_POST)["views"] == 200


def test_only_the_posts_of_the_time_are_rebuilt(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    since, until = clock.now(), clock.now() + HOUR
    theirs = "1900000000000000105"
    posts = {
        "1900000000000000101": since - timedelta(microseconds=1),
        "1900000000000000102": since,
        "1900000000000000103": until - timedelta(microseconds=1),
        "1900000000000000104": until,
    }
    for tweet_id, posted_at in posts.items():
        posted(database, tweet_id, at=posted_at)
        read(database, reading(tweet_id, until, FULL))
    posted(other, theirs, at=since)
    read(other, reading(theirs, until, FULL))

    assert rebuild_outcomes(database, since=since, until=until) == 2

    rebuilt = [tweet_id for tweet_id in (*posts, theirs) if outcome(database, tweet_id)["views"] is not None]
    assert rebuilt == ["1900000000000000102", "1900000000000000103"]


def test_the_followers_that_a_post_won_are_the_last_that_are_known(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = posted(database, POST, at=clock.now())
    with database.transaction() as connection:
        for hours, won in ((2, 1.0), (24, 3.5), (48, None)):
            connection.execute(
                insert(post_follower_tracking).values(
                    decision_id=decision_id,
                    checkpoint_hours=hours,
                    account=database.account,
                    observed_at=clock.now(),
                    followers=100,
                    attributed_low=0,
                    attributed=won,
                    attributed_high=9,
                )
            )
    rebuild_outcomes(database, **EVER)
    found = outcome(database)
    assert [found[f"followers_gained{end}"] for end in ("_low", "", "_high")] == [0, 3.5, 9]


def test_f09_a_post_that_is_gone_keeps_what_was_counted_and_is_never_zero(
    database: AccountDatabase, clock: ManualClock
) -> None:
    start = clock.now()
    posted(database, POST, at=start)
    posted(database, OTHER_POST, at=start + timedelta(seconds=1))
    read(database, reading(POST, start + HOUR, FULL))
    for tweet_id in (POST, OTHER_POST):
        for hours in (2, 3):
            gone(database, tweet_id, start + hours * HOUR)
    rebuild_outcomes(database, **EVER)

    seen, never_seen = outcome(database), outcome(database, OTHER_POST)
    assert (seen["views"], seen["collected_at"], seen["gone_at"]) == (FULL.views, start + HOUR, start + 2 * HOUR)
    assert (never_seen["views"], never_seen["collected_at"], never_seen["gone_at"]) == (None, None, start + 2 * HOUR)


def test_a_post_that_comes_back_is_gone_no_more(database: AccountDatabase, clock: ManualClock) -> None:
    posted(database, POST, at=clock.now())
    gone(database, POST, clock.now() + HOUR)
    read(database, reading(POST, clock.now() + 2 * HOUR, FULL))
    rebuild_outcomes(database, **EVER)
    assert (outcome(database)["gone_at"], outcome(database)["views"]) == (None, FULL.views)


def test_an_outcome_that_was_deleted_is_there_again_also_where_nothing_was_read(
    database: AccountDatabase, clock: ManualClock
) -> None:
    posted(database, POST, at=clock.now())
    with database.transaction() as connection:
        connection.execute(delete(outcomes))
    assert rebuild_outcomes(database, **EVER) == 0
    assert outcome(database)["collected_at"] is None


def test_the_outcomes_of_a_time_are_answered_oldest_first_the_unknown_ones_too(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    since, until = clock.now(), clock.now() + HOUR
    posted(database, OTHER_POST, at=since + timedelta(minutes=30), began_at=since)
    posted(database, POST, at=since)
    posted(database, "1900000000000000102", at=until)
    posted(other, "1900000000000000103", at=since)
    read(database, reading(POST, until, FULL))
    rebuild_outcomes(database, **EVER)

    assert outcomes_between(database, since=since, until=until) == [
        PostOutcome(tweet_id=POST, posted_at=since, collected_at=until, gone_at=None, **vars(FULL)),
        PostOutcome(tweet_id=OTHER_POST, posted_at=since + timedelta(minutes=30), collected_at=None, gone_at=None),
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_f08_outcomes_are_the_same_however_often_and_from_whatever_they_are_rebuilt(
    database: AccountDatabase, clock: ManualClock, seed: int
) -> None:
    readings = _random_readings(random.Random(seed), clock.now())
    for number, tweet_id in enumerate(sorted({taken.tweet_id for taken in readings})):
        posted(database, tweet_id, at=clock.now() + number * timedelta(seconds=1))
    read(database, *readings)

    rebuild_outcomes(database, **EVER)
    first = _outcomes(database)
    rebuild_outcomes(database, **EVER)
    again = _outcomes(database)
    with database.transaction() as connection:
        connection.execute(delete(outcomes))
    rebuild_outcomes(database, **EVER)
    from_nothing = _outcomes(database)

    pd.testing.assert_frame_equal(first, _by_pandas(readings), check_exact=False)
    pd.testing.assert_frame_equal(again, first)
    pd.testing.assert_frame_equal(from_nothing, first)


def _random_readings(random_source: random.Random, start: datetime) -> list[Reading]:
    """Readings of thirty posts in no order, a third of the counters unknown, zero views among them."""
    readings = [
        reading(
            f"19000000000000002{post:02}",
            start + timedelta(seconds=random_source.randrange(86_400), microseconds=number),
            Counters(**{name: random_source.choice([None, 0, random_source.randrange(9_999)]) for name in COUNTERS}),
        )
        for post in range(30)
        for number in range(random_source.randint(1, 6))
    ]
    random_source.shuffle(readings)
    return readings


def _by_pandas(readings: list[Reading]) -> pd.DataFrame:
    """The outcomes that these readings come to, computed in another way."""
    frame = pd.DataFrame([vars(taken) for taken in readings]).sort_values("observed_at")
    # `last` skips what is not known, which is what a latest known value is.
    latest = frame.groupby("tweet_id")[list(COUNTERS)].last().astype("Float64")
    seen = latest["views"].where(latest["views"] > 0)
    parts = latest[[name for name in COUNTERS if name != "views"]]
    latest["engagement_rate"] = parts.sum(axis=1, skipna=False) / seen
    return latest.sort_index()


def _outcomes(database: AccountDatabase) -> pd.DataFrame:
    columns = ["tweet_id", *COUNTERS, "engagement_rate"]
    with database.transaction() as connection:
        rows = connection.execute(
            select(posted_decisions.c.tweet_id, *(outcomes.c[name] for name in columns[1:])).join(
                posted_decisions, posted_decisions.c.decision_id == outcomes.c.decision_id
            )
        )
        frame = pd.DataFrame([tuple(row) for row in rows], columns=columns)
    return frame.set_index("tweet_id").astype("Float64").sort_index()
