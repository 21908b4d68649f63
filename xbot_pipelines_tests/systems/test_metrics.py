"""Readings from our own timeline, compared with what the practice site knows."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Evidence, ReadingSource, Result
from xbot_pipelines.settings import AccountSettings, Settings
from xbot_pipelines.store import claiming, publishing, readings
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.metrics import ReadingSummary, read_own_posts
from xbot_pipelines.x.text import post_time
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.systems.conftest import move_both
from xbot_pipelines_tests.systems.test_posting import Door

pytestmark = pytest.mark.browser


@pytest.fixture
def door(database: AccountDatabase, settings: Settings, turn: BrowserTurn, clock: ManualClock, by: Provenance) -> Door:
    """What puts posts into the tables."""
    return Door(database, settings, turn, clock, by)


def known(door: Door, text: str, tweet_id: str) -> None:
    """Puts a post that is on the site into the tables as published by us."""
    door.queue(text)
    attempt = claiming.claim_next(door.database, generous(door.settings), now=door.clock.now(), by=door.by)
    assert not isinstance(attempt, claiming.NothingDue | claiming.Blocked)
    publishing.record_posted(
        door.database,
        attempt,
        tweet_id=tweet_id,
        posted_at=post_time(tweet_id),
        evidence=Evidence.TIMELINE,
        now=door.clock.now(),
        by=door.by,
    )


def generous(settings: Settings) -> AccountSettings:
    caps = settings.profile.caps.model_copy(
        update={"posts_per_hour": 999, "posts_per_day": 999, "minimum_gap_minutes": 0}
    )
    return settings.profile.model_copy(update={"caps": caps})


def read(door: Door) -> ReadingSummary:
    now = door.clock.now()
    return read_own_posts(
        door.database,
        door.turn.client,
        since=now - timedelta(days=2),
        until=now,
        source=ReadingSource.METRICS_SCRAPER,
        run_id="run-1",
    )


def test_every_counter_that_is_read_is_the_sites_own(door: Door, practice: Practice) -> None:
    now = door.clock.now()
    texts = [f"Post number {number}" for number in range(3)]
    ids = practice.put(
        *(
            {
                "author": practice.handle,
                "text": text,
                "created_at": (now - timedelta(hours=3 + number)).isoformat(),
            }
            for number, text in enumerate(texts)
        )
    )
    for text_, tweet_id in zip(texts, ids, strict=True):
        known(door, text_, tweet_id)
    summary = read(door)
    assert (summary.result, summary.new_readings, summary.missing, summary.strangers) == (Result.DONE, 3, (), ())
    truth = {post["id"]: post["counters"] for post in practice.truth()["posts"]}
    for _, reading in summary.read:
        told = truth[reading.tweet_id]
        assert {name: getattr(reading, name) for name in told} == told
    assert summary.followers == practice.truth()["accounts"][0]["followers"]


def test_f09_a_view_count_that_x_does_not_show_yet_is_unknown_and_not_zero(door: Door) -> None:
    door.queue()
    door.publish_and_record()
    door.clock.advance(timedelta(seconds=1))
    [(_, reading)] = read(door).read
    assert reading.views is None
    now = door.clock.now()
    readings.rebuild_outcomes(door.database, since=now - timedelta(days=1), until=now)
    assert door.row("SELECT views, likes, engagement_rate FROM outcomes") == {
        "views": None,
        "likes": 0,
        "engagement_rate": None,
    }


def test_a_post_that_is_deleted_is_missing_and_gets_no_reading(door: Door, practice: Practice) -> None:
    door.queue()
    door.publish_and_record()
    [post] = practice.truth()["posts"]
    practice.ask("DELETE", f"posts/{post['id']}")
    move_both(practice, door.clock, hours=2)
    summary = read(door)
    assert [missing.tweet_id for missing in summary.missing] == [post["id"]]
    assert summary.new_readings == 0


def test_f24_a_post_that_no_table_knows_is_named(door: Door, practice: Practice) -> None:
    door.queue()
    door.publish_and_record()
    [stranger] = practice.put({"author": practice.handle, "text": "Somebody else wrote this in our name"})
    move_both(practice, door.clock, hours=1)
    assert [post.id for post in read(door).strangers] == [stranger]


def test_nothing_published_opens_no_browser(door: Door, practice: Practice) -> None:
    assert read(door).result == Result.NOTHING_TO_DO
    assert practice.ask("GET", "requests")["total"] == 0


def test_f08_readings_are_kept_and_the_outcome_is_the_latest_that_is_known(door: Door, practice: Practice) -> None:
    door.queue()
    door.publish_and_record()
    for hours in (1, 5):
        move_both(practice, door.clock, hours=hours)
        read(door)
    now = door.clock.now()
    readings.rebuild_outcomes(door.database, since=now - timedelta(days=1), until=now)
    [post] = practice.truth()["posts"]
    assert door.row("SELECT count(*) AS count FROM tweet_metrics") == {"count": 2}
    assert door.row("SELECT views FROM outcomes")["views"] == post["counters"]["views"]
    with door.database.transaction() as connection:
        views = connection.scalars(text("SELECT views FROM tweet_metrics ORDER BY observed_at")).all()
    assert views == sorted(views)
