"""Readers of practice X tire of an author who says much the same: what it costs, and that it is fixed once."""

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from xbot_pipelines.practice.archive import Archive
from xbot_pipelines.practice.posts import Post, moment_of, snowflake
from xbot_pipelines.practice.prospects import typical
from xbot_pipelines.practice.repetition import Memory, freshness_of_all, memory_before, with_freshness
from xbot_pipelines.practice.traits import VALUES, Traits, recognise
from xbot_pipelines.practice.world import NewPost, World

NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SUBJECTS = VALUES["subject"][:12]
TEXTS = ("Sleep is worth a few minutes a day.", "Walking is worth a few minutes a day.", "2 words on stress. No more.")


def brief(**other: str) -> Traits:
    usual = {"subject": "sleep", "angle": "why it matters", "tone": "warm", "format": "short list", "hook": "number"}
    return typical(**{**usual, **other})


def freshness_of(texts: Sequence[Traits], *, every: timedelta) -> list[float]:
    return list(freshness_of_all((number * every.total_seconds(), text) for number, text in enumerate(texts)))


def rotated(size: int, formats: Sequence[str], hooks: Sequence[str]) -> list[Traits]:
    """Briefs in which a subject rests for six posts, as the product lets it."""
    chance, texts = random.Random(1), list[Traits]()
    for _ in range(size):
        resting = {text.subject for text in texts[-6:]}
        subject = chance.choice([name for name in SUBJECTS if name not in resting])
        texts.append(brief(subject=subject, format=chance.choice(formats), hook=chance.choice(hooks)))
    return texts


def post_of(text: str, at: datetime, *, author_id: int = 1, in_reply_to: int | None = None) -> Post:
    return Post(snowflake(at, author_id), author_id, text, at, in_reply_to, snowflake(at, author_id), 2000)


def test_rotating_subjects_every_half_hour_costs_little() -> None:
    freshness = freshness_of(rotated(480, VALUES["format"][:4], VALUES["hook"]), every=30 * MINUTE)
    assert np.mean(freshness) > 0.93
    assert min(freshness) > 0.85
    favourites = freshness_of(rotated(480, VALUES["format"][:2], VALUES["hook"][:2]), every=30 * MINUTE)
    assert 0.9 < np.mean(favourites) < np.mean(freshness)


def test_the_same_brief_thrice_in_a_row_costs_something_and_is_forgotten_overnight() -> None:
    first, second, third = freshness_of([brief()] * 3, every=30 * MINUTE)
    assert first == 1
    assert second < 0.9
    assert 0.6 < third < 0.8
    assert min(freshness_of([brief()] * 20, every=MINUTE)) >= np.exp(-1)
    assert freshness_of([brief()] * 3, every=timedelta(hours=7)) == [1, 1, 1]


@pytest.mark.parametrize("other", [{"subject": "walking"}, {"hook": "question"}, {"format": "mini story"}])
def test_what_is_said_otherwise_is_fresher_than_the_same_again(other: dict[str, str]) -> None:
    memory = Memory()
    memory.add(0, brief())
    same, otherwise, unlike = memory.freshness(
        1800, [brief(), brief(**other), brief(subject="focus", hook="confession", format="single sentence")]
    )
    assert same < otherwise < unlike == 1


def test_very_many_posts_within_an_hour_tire_readers_whatever_they_say() -> None:
    texts = rotated(20, VALUES["format"][:4], VALUES["hook"])
    assert freshness_of(texts, every=30 * MINUTE)[-1] > 0.9
    assert freshness_of(texts, every=4 * MINUTE)[-1] < 0.55


def test_only_originals_of_the_same_author_tire() -> None:
    others = [
        post_of(TEXTS[0], NOON - 30 * MINUTE, author_id=2),
        post_of(TEXTS[0], NOON - 20 * MINUTE, in_reply_to=99),
    ]
    alone = with_freshness([post_of(TEXTS[0], NOON), *others], lambda _: ())
    assert [post.freshness for post in alone] == [1, 1, 1]
    again = with_freshness([post_of(TEXTS[0], NOON)], lambda _: [post_of(TEXTS[0], NOON - 30 * MINUTE)])
    assert again[0].freshness < 0.9


def test_freshness_is_the_same_put_at_once_or_one_by_one_or_asked_before() -> None:
    posts = [post_of(TEXTS[number % 2], NOON + 17 * number * MINUTE) for number in range(40)]
    at_once = with_freshness(random.Random(1).sample(posts, len(posts)), lambda _: ())
    published: list[Post] = []

    def so_far(_: int) -> Sequence[Post]:
        return published

    for post in posts:
        asked = memory_before(post.created_at, published).freshness(post.created_at.timestamp(), [recognise(post.text)])
        published.extend(with_freshness([post], so_far))
        assert asked == [published[-1].freshness]
    assert sorted(at_once, key=lambda post: post.id) == published


def test_a_post_s_freshness_is_kept_whatever_is_published_after_it_or_put_before_it(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    world = World(archive, seed=7, handle="daily_vitals")
    now = world.clock.now()

    def put(*ages: int) -> list[Post]:
        return world.put([NewPost(world.accounts[0], TEXTS[0], now - age * MINUTE, None) for age in ages])

    first, second = put(300, 280)
    assert first.freshness == 1 > second.freshness
    before = [world.counters(post, now) for post in (first, second)]
    put(400, 310, 290, 20)
    assert [world.counters(post, now) for post in (first, second)] == before
    archive.close()

    archive = Archive(tmp_path)
    again = World(archive, seed=7, handle="daily_vitals")
    assert [again.find(post.id) for post in (first, second)] == [first, second]
    assert [again.counters(post, now) for post in (first, second)] == before
    archive.close()


def test_a_tired_audience_is_smaller(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    world = World(archive, seed=7, handle="daily_vitals")
    now = world.clock.now()
    (post,) = world.put([NewPost(world.accounts[0], TEXTS[0], now - timedelta(days=9), None)])
    tired = world.expected(replace(post, freshness=0.5))
    assert tired.views == pytest.approx(world.expected(post).views / 2)
    assert tired.engagements == pytest.approx(world.expected(post).engagements / 2)
    archive.close()


def test_a_post_looks_back_on_a_few_hours_and_not_on_a_history() -> None:
    start = moment_of(snowflake(NOON, 0))
    history = [post_of(TEXTS[number % 3], start + 7 * number * MINUTE) for number in range(20_000)]
    new = post_of(TEXTS[0], history[-1].created_at + MINUTE)
    took = []
    for _ in range(5):
        began = time.process_time()
        with_freshness([new], lambda _: history)
        took.append(time.process_time() - began)
    assert min(took) < 0.005
