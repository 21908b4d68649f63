"""Followers: the curve, the counts at checkpoints, and who won whom beside what the practice world knows."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Counters, Reading, ReadingSource, Result
from xbot_pipelines.practice.server import running
from xbot_pipelines.store import readings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.followers import FollowerSnapshot
from xbot_pipelines.systems.followers import attribute, count_at, gain_over, sync_followers
from xbot_pipelines.x.text import post_time
from xbot_pipelines_tests.practice_site import Practice, client_of
from xbot_pipelines_tests.store.given import posted, read, reading

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POST, SECOND = "1900000000000000100", "1900000000000000101"


@pytest.fixture
def clock() -> ManualClock:
    """Followers are read from nowhere: their clock needs no site beside it."""
    return ManualClock(NOON)


def counted(database: AccountDatabase, *counts: tuple[float, int]) -> None:
    """Puts follower counts into the tables, at hours after noon."""
    for hours, followers in counts:
        readings.add_follower_snapshot(database, followers=followers, observed_at=NOON + hours * HOUR, run_id="run-1")


def curve(*counts: tuple[float, int]) -> list[FollowerSnapshot]:
    return [FollowerSnapshot(NOON + hours * HOUR, followers) for hours, followers in counts]


def tracked(database: AccountDatabase) -> list[dict[str, Any]]:
    with database.transaction() as connection:
        rows = connection.execute(
            text(
                "SELECT * FROM post_follower_tracking JOIN posted_decisions USING (account, decision_id) "
                "ORDER BY posted_at, checkpoint_hours"
            )
        )
        return [dict(row) for row in rows.mappings()]


def test_the_curve_says_where_we_are_and_how_we_came_there(database: AccountDatabase, clock: ManualClock) -> None:
    counted(database, (0, 100), (7 * 24, 130), (13 * 24, 160), (13 * 24 + 20, 170), (14 * 24, 175))
    clock.advance(14 * DAY + HOUR)
    summary = sync_followers(database, clock=clock)
    assert summary.result == Result.DONE
    assert summary.latest == (NOON + 14 * DAY, 175)
    assert summary.gains_over_days == ((1, 15), (7, 45), (28, None))
    assert summary.longest_gap == 7 * DAY
    assert len(summary.curve) == 5


def test_f22_no_count_at_all_is_said_and_is_not_a_curve_of_zeros(database: AccountDatabase, clock: ManualClock) -> None:
    summary = sync_followers(database, clock=clock)
    assert (summary.result, summary.latest) == (Result.NOTHING_TO_DO, None)
    assert summary.reason == "no page has shown our followers in the last 30 days"


def test_one_count_is_no_gap_and_no_gain(database: AccountDatabase, clock: ManualClock) -> None:
    counted(database, (0, 100))
    summary = sync_followers(database, clock=clock)
    assert summary.longest_gap is None
    assert [gained for _, gained in summary.gains_over_days] == [None, None, None]


@pytest.mark.parametrize(("hours_before", "gained"), [(24, 7), (26.3, 7), (21.7, 7), (26.5, None), (21, None)])
def test_a_gain_needs_a_count_near_where_it_begins(hours_before: float, gained: int | None) -> None:
    assert gain_over(curve((-hours_before, 100), (0, 107)), DAY) == gained


@pytest.mark.parametrize(
    ("hours", "counts", "expected"),
    [
        (0, [(-1.5, 10), (-1, 11), (0.1, 12)], 11),
        (0, [(-1, 11), (0, 12), (0.1, 13)], 12),
        (0, [(-3, 10), (0.5, 12)], 12),
        (0, [(-3, 10), (2.5, 12)], None),
        (2, [(1.9, 10), (2, 11), (2.1, 12)], 11),
        (2, [(1.9, 10), (4, 12)], 12),
        (2, [(1.9, 10), (4.1, 12)], None),
        (24, [(1.9, 10)], None),
        (0, [], None),
    ],
)
def test_the_count_of_a_checkpoint_is_the_first_since_and_of_publishing_the_last_before(
    hours: int, counts: list[tuple[float, int]], expected: int | None
) -> None:
    found = count_at(curve(*counts), NOON, hours)
    assert (None if found is None else found.followers) == expected


def test_each_checkpoint_that_was_passed_gets_a_row_with_what_was_won_until_then(
    database: AccountDatabase, clock: ManualClock
) -> None:
    posted(database, POST, at=NOON)
    read(database, *(reading(POST, NOON + hours * HOUR, Counters(views=20 * hours)) for hours in (1, 2, 25)))
    counted(database, (-0.5, 1000), (2.25, 1010), (24.5, 1030))
    clock.advance(25 * HOUR)

    summary = attribute(database, clock=clock)

    assert (summary.result, summary.unknown) == (Result.DONE, 0)
    rows = tracked(database)
    assert [(row["checkpoint_hours"], row["followers"]) for row in rows] == [(0, 1000), (2, 1010), (24, 1030)]
    assert [row["observed_at"] - NOON for row in rows] == [-0.5 * HOUR, 2.25 * HOUR, 24.5 * HOUR]
    assert [row["attributed"] for row in rows] == pytest.approx([0, 10, 30], abs=0.5)
    assert all(row["attributed_low"] <= row["attributed"] <= row["attributed_high"] for row in rows)


def test_an_attribution_that_is_run_again_gives_the_same(database: AccountDatabase, clock: ManualClock) -> None:
    posted(database, POST, at=NOON)
    posted(database, SECOND, at=NOON + HOUR)
    read(database, *(reading(tweet_id, NOON + 3 * HOUR, Counters(views=50)) for tweet_id in (POST, SECOND)))
    counted(database, (0, 1000), (1, 1004), (3, 1010))
    clock.advance(4 * HOUR)
    attribute(database, clock=clock)
    once = tracked(database)
    clock.advance(HOUR)
    attribute(database, clock=clock)
    assert len(once) == 4
    assert tracked(database) == once


def test_f09_where_the_views_are_not_known_the_count_is_kept_and_what_was_won_is_unknown(
    database: AccountDatabase, clock: ManualClock
) -> None:
    posted(database, POST, at=NOON)
    counted(database, (-0.5, 1000), (2.25, 1010))
    clock.advance(3 * HOUR)
    summary = attribute(database, clock=clock)
    assert summary.unknown == 1
    assert [(row["followers"], row["attributed"], row["attributed_high"]) for row in tracked(database)] == [
        (1000, 0, 0),
        (1010, None, None),
    ]


def test_an_old_post_takes_its_part_but_is_not_written_again(database: AccountDatabase, clock: ManualClock) -> None:
    posted(database, POST, at=NOON)
    posted(database, SECOND, at=NOON + 6 * DAY)
    now = NOON + 8 * DAY + HOUR
    read(
        database,
        reading(POST, NOON + 6 * DAY - HOUR, Counters(views=4900)),
        reading(POST, NOON + 7 * DAY, Counters(views=5000)),
        reading(SECOND, now, Counters(views=300)),
    )
    counted(database, (-0.5, 990), (6 * 24 - 1, 1000), (8 * 24, 1030))
    clock.advance(now - NOON)
    summary = attribute(database, clock=clock)
    assert {row["tweet_id"] for row in tracked(database)} == {SECOND}
    assert [post.tweet_id for post in summary.posts] == [SECOND]
    [won] = [row.attributed for row in summary.tracked if row.checkpoint_hours == 48]
    assert won is not None
    assert won == pytest.approx(30 * 300 / 400, abs=0.5)


def test_the_oldest_post_of_the_eight_days_has_its_count_from_before_it_was_published(
    database: AccountDatabase, clock: ManualClock
) -> None:
    posted(database, POST, at=NOON)
    read(database, reading(POST, NOON + 2 * HOUR, Counters(views=300)))
    counted(database, (-1.5, 1000), (2, 1012))
    clock.advance(8 * DAY - HOUR)
    summary = attribute(database, clock=clock)
    assert [(row.checkpoint_hours, row.followers) for row in summary.tracked] == [(0, 1000), (2, 1012)]
    assert summary.unknown == 0


def test_nothing_published_and_nothing_counted_are_said(database: AccountDatabase, clock: ManualClock) -> None:
    summary = attribute(database, clock=clock)
    assert (summary.result, summary.reason) == (
        Result.NOTHING_TO_DO,
        "nothing of ours was published in the last 8 days",
    )
    posted(database, POST, at=NOON - HOUR)
    summary = attribute(database, clock=clock)
    assert (summary.result, len(summary.posts)) == (Result.NOTHING_TO_DO, 1)
    assert summary.reason is not None
    assert "no page has shown our followers" in summary.reason
    assert tracked(database) == []


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    """A practice X whose account appeared a week before noon, so that its drift does not hang on the real time.

    The readers of this seed like its subjects: sixty posts win two dozen followers, and there is something to divide.
    """
    folder = tmp_path / "practice"
    with running(folder, seed=6, handle="somebody_else") as server, client_of(server.url) as control:
        before = {"now": (NOON - 7 * DAY).isoformat(), "running": False}
        assert control.post("/practice/clock", json=before).status_code == 200
    with running(folder, seed=6) as server, client_of(server.url) as control:
        yield Practice(server.url, control)


def test_what_posts_won_in_the_practice_world_lies_between_the_bounds(
    database: AccountDatabase, practice: Practice, clock: ManualClock
) -> None:
    """Sixty posts of two days and a half, looked at every half hour; nothing is told but counters and followers."""
    practice.ask("POST", "clock", {"now": NOON.isoformat()})
    began = NOON - 60 * HOUR
    published = practice.put(
        *(
            {
                "author": practice.handle,
                "text": f"{_OPENINGS[number % 4]} {_SUBJECTS[number % 5]}, take {number}.",
                "created_at": (began + number * HOUR).isoformat(),
            }
            for number in range(60)
        )
    )
    for tweet_id in published:
        posted(database, tweet_id, at=post_time(tweet_id))
    followers_then: dict[datetime, Mapping[str, int]] = {}
    for step in range(-2, 60 * 2 + 1):
        moment = began + step * HOUR / 2
        truth = practice.truth(at=moment.isoformat(), author=practice.handle)
        followers_then[moment] = {post["id"]: post["private"]["follows"] for post in truth["posts"]}
        [followers] = [one["followers"] for one in truth["accounts"] if one["handle"] == practice.handle]
        readings.add_follower_snapshot(database, followers=followers, observed_at=moment, run_id=None)
        readings.add_readings(
            database,
            [Reading(tweet_id=post["id"], observed_at=moment, **post["counters"]) for post in truth["posts"]],
            source=ReadingSource.METRICS_SCRAPER,
            run_id=None,
        )

    summary = attribute(database, clock=clock)

    rows = tracked(database)
    assert summary.result == Result.DONE
    assert len(rows) == 60 + 59 + 37 + 13
    won = [followers_then[row["observed_at"]].get(row["tweet_id"], 0) for row in rows]
    within = [row["attributed_low"] <= truth <= row["attributed_high"] for row, truth in zip(rows, won, strict=True)]
    assert sum(within) >= 0.95 * len(rows)
    of_a_day = [(truth, row) for row, truth in zip(rows, won, strict=True) if row["checkpoint_hours"] == 24]
    in_all = sum(truth for truth, _ in of_a_day)
    assert sum(row["attributed"] for _, row in of_a_day) == pytest.approx(in_all, rel=0.25)
    most, its_row = max(of_a_day, key=lambda one: one[0])
    assert most >= its_row["attributed_low"] > 0, "that the best post has won somebody is sure"
    assert its_row["attributed"] > 2 * in_all / len(of_a_day)


_OPENINGS = ("Why", "Stop", "Try", "My routine:")
_SUBJECTS = ("sleep", "walking", "stress", "water", "sunlight")
