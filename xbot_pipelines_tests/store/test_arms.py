"""What learning reads of our posts, and the beliefs that it writes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import CheckpointStatus, Counters
from xbot_pipelines.store.arms import (
    BRIEFED,
    LearnedArm,
    Observation,
    evidence,
    learned,
    observations,
    replace_arms,
)
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.readings import add_follower_snapshot
from xbot_pipelines.store.schema import learned_arms
from xbot_pipelines_tests.taught import BRIEF, FULL_DAY, Taught, teach

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def observed(database: AccountDatabase, clock: ManualClock) -> list[Observation]:
    return list(observations(database, since=clock.now() - 120 * DAY, until=clock.now()))


def test_a_post_is_observed_with_what_was_chosen_and_what_was_counted_at_each_checkpoint(
    database: AccountDatabase, clock: ManualClock
) -> None:
    early = Counters(views=500, likes=9)
    posted_at = clock.now() - 2 * DAY
    [decision_id] = teach(database, [Taught(posted_at=posted_at, counted={2: early, 24: FULL_DAY})])
    two_hours, a_day = observed(database, clock)
    assert two_hours == Observation(
        decision_id=decision_id,
        posted_at=posted_at,
        chosen=BRIEF,
        about_news=False,
        followers=1000,
        hours=2,
        status=CheckpointStatus.ON_TIME,
        observed_at=posted_at + 2 * HOUR + timedelta(seconds=20),
        **vars(early),
    )
    assert (a_day.hours, a_day.views, a_day.bookmarks) == (24, 1000, 1)


def test_replies_strangers_and_posts_of_which_the_brief_is_not_known_are_not_observed(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    began = clock.now() - 3 * DAY
    teach(other, [Taught(posted_at=began)])
    teach(
        database,
        [
            Taught(posted_at=began + HOUR, answers="1900000000000000001"),
            *(Taught(posted_at=began + (2 + n) * HOUR, chosen={column: None}) for n, column in enumerate(BRIEFED)),
            Taught(posted_at=clock.now() - 121 * DAY),
            Taught(posted_at=began + 10 * HOUR, counted={}),
        ],
    )
    assert observed(database, clock) == []
    assert evidence(database, since=began, until=clock.now(), finished_hours=24).latest_at is None


@pytest.mark.parametrize(
    ("counts", "followers"),
    [
        ({-3: 100, -1: 110, 1: 120}, 110),
        ({-30: 100, 5: 120, 9: 130}, 120),
        ({0: 100}, 100),
        ({-25: 100, 25: 120}, None),
        ({}, None),
    ],
)
def test_followers_are_those_of_the_last_count_before_or_the_first_after_it_within_a_day(
    database: AccountDatabase, clock: ManualClock, counts: Mapping[int, int], followers: int | None
) -> None:
    posted_at = clock.now() - 3 * DAY
    teach(database, [Taught(posted_at=posted_at)], followers=None)
    for hours, count in counts.items():
        add_follower_snapshot(database, followers=count, observed_at=posted_at + hours * HOUR, run_id=None)
    [one] = observed(database, clock)
    assert one.followers == followers


def test_evidence_is_how_many_posts_are_finished_and_when_the_last_checkpoint_was_read(
    database: AccountDatabase, clock: ManualClock
) -> None:
    began = clock.now() - 3 * DAY
    young = Taught(posted_at=began + 60 * HOUR, counted={2: FULL_DAY})
    teach(database, [*(Taught(posted_at=began + n * HOUR) for n in range(3)), young])
    there = evidence(database, since=began, until=clock.now(), finished_hours=24)
    assert there.finished == 3
    assert there.latest_at == began + 62 * HOUR + timedelta(seconds=20)


def arm(dimension: str, value: str, mean: float = 0.1) -> LearnedArm:
    return LearnedArm(dimension=dimension, value=value, mean=mean, variance=0.04, pulls=12.5)


def rows(database: AccountDatabase) -> list[dict[str, Any]]:
    with database.transaction() as connection:
        found = connection.execute(select(learned_arms).order_by(learned_arms.c.dimension, learned_arms.c.value))
        return [dict(row) for row in found.mappings()]


def test_beliefs_replace_all_that_was_believed_before_and_only_our_own(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    first = clock.now()
    replace_arms(other, [arm("tone", "warm", 0.9), arm("tone", "theirs", 0.7)], evidence_at=first, now=first)
    replace_arms(database, [arm("tone", "warm"), arm("tone", "plain")], evidence_at=first, now=first)
    later = clock.advance(HOUR)
    replace_arms(database, [arm("tone", "warm", 0.3), arm("tone", "stern")], evidence_at=later, now=later)

    ours = [row for row in rows(database) if row["account"] == database.account]
    assert [(row["value"], row["mean"], row["updated_at"]) for row in ours] == [
        ("stern", 0.1, later),
        ("warm", 0.3, later),
    ]
    assert [row["mean"] for row in rows(database) if row["account"] == other.account] == [0.7, 0.9]
    assert learned(database).arms == {("tone", "warm"), ("tone", "stern")}
    assert learned(database).evidence_at == later


def test_before_anything_was_learned_there_are_no_beliefs_and_no_evidence(database: AccountDatabase) -> None:
    assert learned(database).arms == frozenset()
    assert learned(database).evidence_at is None
