"""The world behind practice X: its statistics, its counters, its people."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import emoji
import numpy as np
import pytest

from xbot_pipelines.practice import draws, streams
from xbot_pipelines.practice.appeal import Appeal
from xbot_pipelines.practice.archive import Archive
from xbot_pipelines.practice.attention import ArrivalCurve, draw_curve
from xbot_pipelines.practice.operations import OPERATIONS, Call
from xbot_pipelines.practice.posts import Post
from xbot_pipelines.practice.rules import ORIGINALS_A_DAY, REPLIES_A_DAY, Refusal
from xbot_pipelines.practice.traits import recognise
from xbot_pipelines.practice.wording import emoji_places, weight
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
    traits, noon = recognise(TEXTS[0]), datetime(2026, 9, 15, 12, tzinfo=UTC)
    assert len({round(Appeal(seed).of_text(traits, noon), 9) for seed in range(20)}) == 20


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


def cpu_seconds(work: Callable[[], object], *, best_of: int = 5) -> float:
    took = []
    for _ in range(best_of):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return min(took)


def test_a_history_of_1500_is_put_fast_and_its_first_page_needs_no_wait(world: World) -> None:
    assert cpu_seconds(lambda: history(world, 1500, every=timedelta(minutes=29)), best_of=1) < 3
    account = world.accounts[0]
    call = Call(world, world.clock.now(), account, {"userId": str(account.id)})
    first = cpu_seconds(lambda: OPERATIONS["UserOriginalsTimeline"].answer(call), best_of=1)
    assert first < 0.2
    assert cpu_seconds(lambda: OPERATIONS["UserOriginalsTimeline"].answer(call)) < 0.02


def test_a_page_costs_the_same_however_many_posts_there_are(world: World) -> None:
    call = Call(world, world.clock.now(), world.accounts[0], {"rawQuery": "walks", "product": "Latest"})

    def page() -> float:
        return cpu_seconds(lambda: [OPERATIONS[name].answer(call) for name in ("HomeTimeline", "SearchTimeline")])

    author = world.cast.readers[0]
    newest = call.at - timedelta(minutes=1)
    world.put([NewPost(author, f"On walks {number}", newest - timedelta(seconds=number), None) for number in range(40)])
    few = page()
    older = newest - timedelta(hours=1)
    world.put(
        [NewPost(author, f"On naps {number}", older - timedelta(seconds=number), None) for number in range(20_000)]
    )
    assert page() < 3 * few + 0.005


def test_posts_put_in_any_order_are_told_in_the_order_of_their_time(fixed_world: World) -> None:
    account, now = fixed_world.accounts[0], fixed_world.clock.now()
    ages = (5, 1, 9, 3)
    for age in ages:
        fixed_world.put([NewPost(account, f"{age} hours ago", now - timedelta(hours=age), None)])
    assert [post.text[0] for post in fixed_world.published()] == ["9", "5", "3", "1"]
    middle = now - timedelta(hours=4)
    assert [post.text[0] for post in streams.profile(fixed_world, account, middle)] == ["5", "9"]
    assert fixed_world.post_count(account, middle) == 2
    newest = next(streams.profile(fixed_world, account, now))
    assert [post.text[0] for post in streams.profile(fixed_world, account, now, below=newest.id)] == ["3", "5", "9"]
    fixed_world.delete(newest.id)
    assert fixed_world.post_count(account, now) == 3


def test_a_reader_is_shown_with_what_he_published_and_what_he_answered(fixed_world: World) -> None:
    now = fixed_world.clock.now()
    replies = fixed_world.replies_to(most_answered(fixed_world, history(fixed_world, 200)), now)
    reader = fixed_world.person(replies[0].author_id)
    fixed_world.put([NewPost(reader, "A post of my own", now, None)])
    shown = list(streams.profile(fixed_world, reader, now))
    assert shown[0].text == "A post of my own"
    assert replies[0] in shown
    assert [post.id for post in shown] == sorted((post.id for post in shown), reverse=True)


def test_a_readers_answers_are_known_to_a_world_that_nobody_asked_for_them(archive: Archive) -> None:
    def fresh_world() -> World:
        return World(archive, seed=7, handle="daily_vitals")

    def an_answer(posts: list[Post]) -> Post:
        asked = fresh_world()
        return asked.replies_to(most_answered(asked, posts), asked.clock.now())[0]

    world = fresh_world()
    for _ in range(2):
        answer = an_answer(history(world, 150))
        assert answer in list(streams.profile(world, world.person(answer.author_id), world.clock.now()))


# What is done to posts by hand


def test_what_was_done_to_posts_is_the_same_after_a_restart(tmp_path: Path) -> None:
    first_archive = Archive(tmp_path)
    first = World(first_archive, seed=7, handle="daily_vitals")
    corrected, hidden, deleted = history(first, 3, every=timedelta(hours=9))
    moments = [first.clock.now()]
    first.fates.correct(corrected.id, moments[0], {"views": -4, "likes": 2})
    first.fates.hide(hidden.id, moments[0])
    first.delete(deleted.id)
    first.clock.advance(timedelta(hours=1))
    first.fates.show(hidden.id, first.clock.now())
    moments.append(first.clock.now())

    def seen(world: World) -> list[object]:
        return [
            (world.counters(post, at), world.visible(post.id, at), world.followers(world.accounts[0], at))
            for post in (corrected, hidden, deleted)
            for at in moments
        ]

    before = seen(first)
    first_archive.close()
    second_archive = Archive(tmp_path)
    assert seen(World(second_archive, seed=7, handle="daily_vitals")) == before
    second_archive.close()


def test_a_world_of_the_first_format_is_taken_over(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    post = published(World(archive, seed=7, handle="daily_vitals"), "From before")
    archive.close()
    with closing(sqlite3.connect(tmp_path / "practice.sqlite")) as old:
        old.executescript(
            "DROP TABLE hiding; DROP TABLE correction; DROP TABLE charge; ALTER TABLE post DROP COLUMN freshness; "
            "PRAGMA user_version=1"
        )
    archive = Archive(tmp_path)
    world = World(archive, seed=7, handle="daily_vitals")
    world.fates.hide(post.id, world.clock.now())
    assert world.find(post.id) == post
    assert world.visible(post.id, world.clock.now()) is None
    archive.close()


def test_a_world_of_a_later_format_is_left_alone(tmp_path: Path) -> None:
    Archive(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "practice.sqlite")) as later:
        later.execute("PRAGMA user_version=99")
    with pytest.raises(RuntimeError, match="format 99"):
        Archive(tmp_path)


# What a text is


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
    assert won > 20
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


def test_every_emoji_is_found_in_its_place_among_other_characters() -> None:
    for known in emoji.EMOJI_DATA:
        assert emoji_places(f"a“1 {known} #b") == ((4, 4 + len(known)),), known
