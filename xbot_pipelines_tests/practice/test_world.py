"""The world behind practice X: its statistics, its counters, its people."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from xbot_pipelines.practice import draws
from xbot_pipelines.practice.appeal import Appeal
from xbot_pipelines.practice.archive import Archive
from xbot_pipelines.practice.attention import ArrivalCurve, draw_curve
from xbot_pipelines.practice.posts import Post
from xbot_pipelines.practice.rules import ORIGINALS_A_DAY, REPLIES_A_DAY, Refusal
from xbot_pipelines.practice.traits import recognise
from xbot_pipelines.practice.wording import weight
from xbot_pipelines.practice.world import NewPost, World

TEXTS = (
    "Do you sleep with your phone in reach? Putting it in the kitchen was the mistake I stopped making.",
    "3 small walks a day:\n- after breakfast\n- after lunch\n- before bed",
    "Water first, coffee second.",
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive(tmp_path)
    yield archive
    archive.close()


@pytest.fixture
def world(archive: Archive) -> World:
    return World(archive, seed=7, handle="daily_vitals")


@pytest.fixture
def fixed_world(world: World) -> World:
    """A world at a fixed moment. What becomes of a post is drawn from its id, and that is a moment: always the same."""
    world.clock.freeze()
    world.clock.put(datetime(2026, 9, 2, 12, 0, tzinfo=UTC))
    return world


def history(world: World, size: int, *, every: timedelta = timedelta(hours=1)) -> list[Post]:
    account, now = world.accounts[0], world.clock.now()
    return world.put(
        [NewPost(account, f"{TEXTS[number % 3]} {number}", now - every * number, None) for number in range(size, 0, -1)]
    )


def published(world: World, text: str, in_reply_to: int | None = None) -> Post:
    outcome = world.publish(world.accounts[0], text, in_reply_to)
    assert isinstance(outcome, Post), outcome
    return outcome


def most_answered(world: World, posts: list[Post]) -> Post:
    return max(posts, key=lambda post: world.counters(post, world.clock.now()).replies)


# How attention arrives (Pfeffer et al., ICWSM 2023)


@pytest.fixture(scope="module")
def arrivals() -> list[np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """The ages of 300 views each of 3,000 posts."""
    generators = (draws.generator("test", number) for number in range(3000))
    return [draw_curve(chance).sample(chance, 300) for chance in generators]


def test_views_per_second_peak_about_72_seconds_after_posting(
    arrivals: list[np.ndarray[tuple[int], np.dtype[np.float64]]],
) -> None:
    edges = np.geomspace(12, 420, 25)
    seen, _ = np.histogram(np.concatenate(arrivals), edges)
    middle = np.log(np.sqrt(edges[1:] * edges[:-1]))
    # The logarithm of a lognormal density is a parabola over the logarithm of time: its vertex is the peak.
    curvature, slope, _ = np.polyfit(middle, np.log(seen / np.diff(edges)), 2)
    assert curvature < 0
    assert 55 < np.exp(-slope / (2 * curvature)) < 92


def test_half_of_the_views_have_come_after_about_80_minutes(
    arrivals: list[np.ndarray[tuple[int], np.dtype[np.float64]]],
) -> None:
    half_lives = [float(np.median(ages)) / 60 for ages in arrivals]
    assert 74 < np.median(half_lives) < 86
    assert np.percentile(half_lives, 90) > 2 * np.percentile(half_lives, 10)


def test_for_95_percent_of_the_posts_nothing_relevant_comes_after_a_day(
    arrivals: list[np.ndarray[tuple[int], np.dtype[np.float64]]],
) -> None:
    late = np.array([np.mean(ages > 86400) for ages in arrivals])
    assert 0.94 < np.mean(late < 0.005) < 0.995


def test_the_share_that_has_arrived_is_what_the_drawn_views_show() -> None:
    curve = ArrivalCurve(mu=8.6, horizon=30_000.0)
    ages = curve.sample(draws.generator("share"), 40_000)
    for age in (60.0, 3600.0, 20_000.0):
        assert curve.arrived(age) == pytest.approx(np.mean(ages <= age), abs=0.01)
    assert curve.arrived(0) == 0
    assert curve.arrived(1e9) == 1


def test_total_views_have_a_heavy_tail(fixed_world: World) -> None:
    views = np.array([fixed_world.counters(post, fixed_world.clock.now()).views for post in history(fixed_world, 1500)])
    assert 60 < np.median(views) < 500
    assert views.max() > 15 * np.median(views)
    assert views.mean() > 1.3 * np.median(views)


def test_engagement_rates_are_plausible(fixed_world: World) -> None:
    now = fixed_world.clock.now()
    counters = [fixed_world.counters(post, now) for post in history(fixed_world, 1500)]
    views = sum(one.views for one in counters)
    assert 0.01 < sum(one.likes for one in counters) / views < 0.04
    assert 0.001 < sum(one.reposts for one in counters) / views < 0.01
    assert 0.001 < sum(one.replies for one in counters) / views < 0.02
    assert 0.001 < sum(one.bookmarks for one in counters) / views < 0.02
    assert 0.005 < sum(one.profile_visits for one in counters) / views < 0.04
    assert 0 < sum(one.follows for one in counters) < sum(one.profile_visits for one in counters)
    assert sum(one.link_clicks for one in counters) == 0


# Counters


def test_counters_only_grow_and_each_act_follows_a_view(world: World) -> None:
    for post in history(world, 40):
        moments = [post.created_at + timedelta(seconds=2**step) for step in range(19)]
        readings = [world.counters(post, moment) for moment in moments]
        for earlier, later in pairwise(readings):
            assert all(getattr(earlier, name) <= getattr(later, name) for name in earlier.__slots__)
        for reading in readings:
            assert reading.likes <= reading.views
            assert reading.follows <= reading.profile_visits <= reading.views
        nothing = world.counters(post, post.created_at)
        assert all(getattr(nothing, name) == 0 for name in nothing.__slots__)


def test_counters_are_the_same_after_a_restart(tmp_path: Path) -> None:
    first_archive = Archive(tmp_path)
    first = World(first_archive, seed=7, handle="daily_vitals")
    posts = history(first, 60)
    at = first.clock.now()
    before = [first.counters(post, at) for post in posts]
    replies = [first.replies_to(post, at) for post in posts]
    followers = first.followers(first.accounts[0], at)
    first_archive.close()

    second_archive = Archive(tmp_path)
    second = World(second_archive, seed=7, handle="daily_vitals")
    assert [second.counters(post, at) for post in second.published()] == before
    assert [second.replies_to(post, at) for post in posts] == replies
    assert second.followers(second.accounts[0], at) == followers
    second_archive.close()


def test_two_seeds_are_two_worlds() -> None:
    traits = recognise(TEXTS[0])
    assert len({round(Appeal(seed).of_text(traits), 9) for seed in range(20)}) == 20


def test_a_deleted_post_stands_still(world: World) -> None:
    post = published(world, "Short walks count.")
    world.clock.advance(timedelta(minutes=30))
    world.delete(post.id)
    at_deletion = world.counters(post, world.clock.now())
    world.clock.advance(timedelta(hours=20))
    assert world.counters(post, world.clock.now()) == at_deletion
    assert world.visible(post.id, world.clock.now()) is None


def test_the_truth_about_1500_posts_and_a_page_of_20_come_fast(world: World) -> None:
    posts = history(world, 1500)
    now = world.clock.now()
    began = time.process_time()
    for post in posts:
        world.counters(post, now)
    assert time.process_time() - began < 1.5
    began = time.process_time()
    for post in posts[:20]:
        world.counters(post, now)
    assert time.process_time() - began < 0.02


# Taste


def test_what_a_text_says_and_when_it_is_posted_changes_how_many_see_it() -> None:
    appeal = Appeal(7)
    noon = datetime(2026, 9, 15, 12, tzinfo=UTC)
    reaches = [
        appeal.reach(recognise(text), noon, followers=2000, target_followers=None)
        for text in (*TEXTS, "I admit it: I skipped breakfast. https://example.com/why")
    ]
    assert max(reaches) > 1.25 * min(reaches)
    hours = [appeal.of_hour(noon.replace(hour=hour)) for hour in range(24)]
    assert max(hours) > 1.5 * min(hours)
    assert appeal.of_hour(noon) != appeal.of_hour(noon + timedelta(days=4))
    plain = recognise("Morning light helps.")
    assert appeal.reach(plain, noon, followers=4000, target_followers=None) > 1.5 * appeal.reach(
        plain, noon, followers=2000, target_followers=None
    )


def test_a_link_costs_reach() -> None:
    appeal = Appeal(7)
    without, with_link = recognise("Read this about sleep"), recognise("Read this about sleep example.com/a")
    assert appeal.of_text(with_link) < 0.8 * appeal.of_text(without)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TEXTS[0], {"subject": "sleep", "hook": "question", "question": True, "angle": "common mistake"}),
        (TEXTS[1], {"subject": "walking", "format": "short list", "hook": "number"}),
        (TEXTS[2], {"subject": "hydration", "format": "single sentence", "length": "short"}),
        ("I used to skip lunch. Last year I tried soup. It stuck.", {"hook": "confession", "format": "mini story"}),
        ("Rest is not laziness. It is training.", {"hook": "surprising contrast"}),
        ("", {"subject": "life", "format": "single sentence"}),
    ],
)
def test_a_reader_recognises_what_a_text_is(text: str, expected: dict[str, object]) -> None:
    traits = recognise(text)
    assert {name: getattr(traits, name) for name in expected} == expected


# Readers and followers


def test_readers_answer_in_the_conversation_and_keep_their_ids(world: World) -> None:
    posts = history(world, 300)
    now = world.clock.now()
    post = most_answered(world, posts)
    replies = world.replies_to(post, now)
    assert len(replies) == world.counters(post, now).replies > 2
    assert len({reply.id for reply in replies}) == len(replies)
    for reply in replies:
        assert reply.conversation_id == post.id
        assert not world.is_ours(reply.author_id)
        assert 0 < weight(reply.text) <= 280
        assert world.counters(reply, now).replies == 0
    assert any(world.counters(reply, now).views for reply in replies)


def test_a_readers_reply_is_found_by_its_id_in_a_fresh_process(tmp_path: Path) -> None:
    first_archive = Archive(tmp_path)
    first = World(first_archive, seed=7, handle="daily_vitals")
    posts = history(first, 100)
    reply = first.replies_to(most_answered(first, posts), first.clock.now())[0]
    first_archive.close()
    second_archive = Archive(tmp_path)
    assert World(second_archive, seed=7, handle="daily_vitals").find(reply.id) == reply
    second_archive.close()


def test_our_answer_to_a_reader_joins_the_conversation(world: World) -> None:
    post = most_answered(world, history(world, 200))
    reader_reply = world.replies_to(post, world.clock.now())[0]
    ours = published(world, "Thank you, that made my day.", reader_reply.id)
    assert ours.conversation_id == post.id
    assert world.replies_to(reader_reply, world.clock.now()) == [ours]
    assert world.counters(reader_reply, world.clock.now()).replies == 1


def test_a_deleted_reply_of_a_reader_no_longer_counts(world: World) -> None:
    post = most_answered(world, history(world, 200))
    before = world.counters(post, world.clock.now()).replies
    world.delete(world.replies_to(post, world.clock.now())[0].id)
    assert world.counters(post, world.clock.now()).replies == before - 1
    assert len(world.replies_to(post, world.clock.now())) == before - 1


def test_followers_grow_by_what_posts_win_and_come_and_go_otherwise(world: World) -> None:
    account = world.accounts[0]
    assert world.followers(account, world.clock.now()) == 2181
    history(world, 400)
    now = world.clock.now()
    won = sum(world.counters(post, now).follows for post in world.published())
    assert won > 50
    assert world.followers(account, now) == 2181 + won
    world.clock.advance(timedelta(days=60))
    later = world.clock.now()
    drift = (
        world.followers(account, later) - 2181 - sum(world.counters(post, later).follows for post in world.published())
    )
    assert drift != 0
    assert abs(drift) < 200
    a_day_apart = [world.followers(account, now + timedelta(days=day)) for day in range(60)]
    assert any(after < before for before, after in pairwise(a_day_apart))


def test_the_cast_is_large_distinct_and_has_valid_handles(world: World) -> None:
    readers = world.cast.readers
    assert len({one.handle.lower() for one in readers}) == len({one.id for one in readers}) == len(readers) >= 500
    assert all(len(one.handle) <= 15 and one.handle.replace("_", "").isalnum() for one in readers)


# Publishing


def test_ids_grow_strictly_even_while_the_clock_stands_still(world: World) -> None:
    world.clock.freeze()
    ids = [published(world, f"Number {number}").id for number in range(20)]
    assert ids == sorted(set(ids))
    assert len({post_id >> 22 for post_id in ids}) == 1


def test_the_daily_limits_count_a_rolling_day_and_each_kind_for_itself(world: World) -> None:
    world.clock.freeze()
    first = published(world, "Original 0")
    for number in range(1, ORIGINALS_A_DAY):
        published(world, f"Original {number}")
    refused = world.publish(world.accounts[0], "One too many", None)
    assert isinstance(refused, Refusal)
    assert refused.code == 344
    for number in range(REPLIES_A_DAY):
        published(world, f"Reply {number}", first.id)
    refused_reply = world.publish(world.accounts[0], "One reply too many", first.id)
    assert isinstance(refused_reply, Refusal)
    assert refused_reply.code == 344
    world.clock.advance(timedelta(hours=24))
    published(world, "A new day")


def test_a_seeded_history_does_not_use_up_the_day(world: World) -> None:
    history(world, ORIGINALS_A_DAY + 10, every=timedelta(minutes=5))
    published(world, "Still room")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 280, 280),
        ("日本語", 6),
        ("🧑\u200d🎄", 2),
        ("👩\u200d👩\u200d👧\u200d👦👍🏽", 4),
        ("wait…", 6),
        ("“curly” – dash", 14),
        ("see https://example.com/" + "x" * 90, 27),
        ("see example.com, now", 32),
        ("e\u0301", 1),
        ("1.5 hours a.m.", 14),
    ],
)
def test_a_text_weighs_what_x_says(text: str, expected: int) -> None:
    assert weight(text) == expected
