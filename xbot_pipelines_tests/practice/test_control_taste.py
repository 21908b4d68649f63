"""What practice X tells a person of its readers' taste: what choices could expect, and when readers change it."""

import random
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from xbot_pipelines.practice.archive import Archive
from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.posts import Post
from xbot_pipelines.practice.prose.assignment import read_assignment
from xbot_pipelines.practice.prose.writer import write
from xbot_pipelines.practice.prospects import prospects, typical
from xbot_pipelines.practice.tastes import Change, Tastes
from xbot_pipelines.practice.traits import VALUES
from xbot_pipelines.practice.world import NewPost, World
from xbot_pipelines_tests.practice_site import Practice

Json = dict[str, Any]

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CHOICE = {"subject": "sleep", "angle": "how to start", "tone": "warm", "format": "mini story", "hook": "question"}
ASKED = {
    "subject": [name for name in VALUES["subject"] if name not in {"habits", "mind", "life"}],
    "angle": [name for name in VALUES["angle"] if name != "observation"],
    "tone": list(VALUES["tone"]),
    "format": [name for name in VALUES["format"] if name != "paragraph"],
    "hook": list(VALUES["hook"]),
}
"""What the example account chooses from: 12 · 6 · 4 · 4 · 5 = 5,760 combinations."""


@pytest.fixture
def noon(practice: Practice) -> Practice:
    """Practice X at a fixed moment."""
    practice.ask("POST", "clock", {"now": NOON.isoformat(), "running": False})
    return practice


def drawn(chance: random.Random) -> dict[str, str]:
    return {dimension: chance.choice(values) for dimension, values in ASKED.items()}


def written(choice: dict[str, str], seed: int) -> str:
    brief = "\n".join(f"{name.capitalize()}: {value}" for name, value in choice.items())
    return write(read_assignment(brief), random.Random(seed)).text


# What could be expected


def test_the_best_and_the_mean_of_all_combinations_are_those_of_the_single_choices(noon: Practice) -> None:
    noon.put({"author": noon.handle, "text": written(CHOICE, 1), "created_at": (NOON - timedelta(hours=1)).isoformat()})
    told = noon.ask("POST", "expected", {"values": ASKED})
    few = {name: values[:2] for name, values in ASKED.items()}
    choices = [
        dict(zip(ASKED, values, strict=True))
        for values in [(a, b, c, d, e) for a in few["subject"] for b in few["angle"] for c in few["tone"]
                       for d in few["format"] for e in few["hook"]]
    ]  # fmt: skip
    both = noon.ask("POST", "expected", {"values": few, "choices": choices})
    assert [one["choice"] for one in both["choices"]] == choices
    assert both["best"] == max(both["choices"], key=lambda one: one["engagements"])
    assert both["best_rested"] == max(both["choices"], key=lambda one: one["rested"]["engagements"])
    for figure in ("views", "engagements", "freshness"):
        assert both["mean"][figure] == pytest.approx(statistics.mean(one[figure] for one in both["choices"]))
    assert told["best"]["engagements"] > both["best"]["engagements"] > both["mean"]["engagements"]
    assert told["best"] in noon.ask("POST", "expected", {"choices": [told["best"]["choice"]]})["choices"]
    assert (told["author"], told["followers"], told["at"]) == (noon.handle, 2181, NOON.isoformat())


def test_five_thousand_combinations_are_told_fast(noon: Practice) -> None:
    noon.put(
        *(
            {
                "author": noon.handle,
                "text": written(CHOICE, age),
                "created_at": (NOON - timedelta(minutes=age)).isoformat(),
            }
            for age in range(20, 320, 20)
        )
    )
    took = []
    for _ in range(3):
        began = time.process_time()  # of the server's thread, too
        noon.ask("POST", "expected", {"values": ASKED})
        took.append(time.process_time() - began)
    assert min(took) < 0.2


def test_what_was_said_lately_counts_and_what_it_would_be_without_is_told(noon: Practice) -> None:
    other = {**CHOICE, "subject": "walking", "format": "short list", "hook": "number"}

    def expected(minutes: int) -> list[Json]:
        at = (NOON + timedelta(minutes=minutes)).isoformat()
        told: list[Json] = noon.ask("POST", "expected", {"choices": [CHOICE, other], "at": at})["choices"]
        return told

    (before, _), _ = expected(0), noon.visitor().post(written(CHOICE, 1))
    (post,) = noon.truth()["posts"]
    # Asked in hindsight, what could have been expected at a post's own moment does not count that post.
    assert expected(0)[0] == before
    assert post["expected"]["freshness"] == 1
    same, otherwise = expected(30)
    assert before["freshness"] == otherwise["freshness"] == 1 > same["freshness"]
    for one in (same, otherwise):
        for figure in ("views", "engagements"):
            assert one[figure] == pytest.approx(one["freshness"] * one["rested"][figure])
    assert expected(30 + 7 * 60)[0]["freshness"] == 1
    reader = noon.ask("GET", "people")[0]
    theirs = noon.ask("POST", "expected", {"choices": [CHOICE], "author": reader["handle"]})
    assert (theirs["author"], theirs["followers"]) == (reader["handle"], reader["followers"])
    assert theirs["choices"][0]["freshness"] == 1


@pytest.mark.parametrize("seed", [3, 7])
def test_what_choices_could_expect_is_what_posts_written_for_them_do_on_average(tmp_path: Path, seed: int) -> None:
    archive = Archive(tmp_path)
    world = World(archive, seed=seed, handle="daily_vitals")
    (author,) = world.accounts
    chance, ratios = random.Random(seed), []
    choices = [drawn(chance) for _ in range(600)]
    told = prospects(world, author, NOON, [typical(**choice) for choice in choices])
    for number, (choice, views) in enumerate(zip(choices, told.views, strict=True)):
        post = Post(1, author.id, written(choice, number), NOON, None, 1, world.followers(author, NOON))
        ratios.append(world.expected(post).views / views)
    assert statistics.mean(ratios) == pytest.approx(1, abs=0.02)
    assert statistics.stdev(ratios) < 0.25
    archive.close()


def test_posts_come_to_what_they_could_expect_but_for_luck(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    world = World(archive, seed=7, handle="daily_vitals")
    world.clock.freeze()
    world.clock.put(NOON)
    chance, age = random.Random(1), timedelta(hours=1)
    posts = world.put(
        [
            NewPost(world.accounts[0], written(drawn(chance), number), NOON - number * age, None)
            for number in range(900, 60, -1)
        ]
    )
    expected, counters = [world.expected(post) for post in posts], [world.counters(post, NOON) for post in posts]
    # The median of a lognormal number whose mean is 1 and whose logarithm has a standard deviation of 0.7.
    luck = [came.views / told.views for told, came in zip(expected, counters, strict=True)]
    assert statistics.median(luck) == pytest.approx(0.78, abs=0.08)
    rates = [told.engagements / told.views for told in expected]
    acts = [one.likes + one.reposts + one.replies + one.quotes + one.bookmarks for one in counters]
    of_views = sum(rate * one.views for rate, one in zip(rates, counters, strict=True))
    assert sum(acts) == pytest.approx(of_views, rel=0.03)
    archive.close()


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "choices"),
        ({"choice": CHOICE}, "unknown field 'choice'"),
        ({"choices": []}, "list of 1 to"),
        ({"choices": [{**CHOICE, "subject": "cold showers"}]}, "unknown subject 'cold showers': readers know sleep"),
        ({"choices": [{**CHOICE, "hook": ["number"]}]}, "unknown hook"),
        ({"choices": [{"subject": "sleep"}]}, "subject, angle, tone, format, hook"),
        ({"values": {**ASKED, "tone": "warm"}}, "'tone'"),
        ({"values": {**ASKED, "tone": ["warm", "baroque"]}}, "unknown tone 'baroque': readers know playful"),
        ({"values": {"subject": ["sleep"]}}, "nothing else"),
        ({"choices": [CHOICE], "at": "soon"}, "ISO"),
        ({"choices": [CHOICE], "author": "nobody_at_all"}, "nobody_at_all"),
    ],
)
def test_choices_that_cannot_be_are_refused_with_a_sentence(practice: Practice, body: Json, named: str) -> None:
    assert named in practice.refused("POST", "expected", body)


# Readers who change their minds


def test_readers_change_their_minds_at_a_moment_and_not_before_it(noon: Practice) -> None:
    texts = [written({**CHOICE, "subject": subject}, 1) for subject in ASKED["subject"]]

    def put() -> list[float]:
        ids = noon.put(*({"author": noon.handle, "text": text} for text in texts))
        told = {post["id"]: post["expected"]["views"] for post in noon.truth()["posts"]}
        return [told[post_id] for post_id in ids]

    put()
    before = noon.truth()["posts"]
    changes_at = (NOON + timedelta(days=7)).isoformat()
    change = {"changes_at": changes_at, "dimensions": ["subject", "tone"]}
    assert noon.ask("POST", "taste", change) == noon.ask("GET", "taste") == {"changes": [change]}
    assert noon.truth()["posts"] == before

    def likes(moment: timedelta) -> list[float]:
        at = (NOON + timedelta(days=7) + moment).isoformat()
        choices = [{**CHOICE, "subject": subject} for subject in ASKED["subject"]]
        told = noon.ask("POST", "expected", {"choices": choices, "at": at})["choices"]
        return [one["rested"]["views"] for one in told]

    minute = timedelta(minutes=1)
    assert statistics.correlation(likes(-minute), likes(-2 * minute)) > 0.99
    assert statistics.correlation(likes(-minute), likes(minute)) < 0.9
    noon.advance(days=8)
    after = put()
    assert [one["expected"] for one in noon.truth()["posts"][: len(before)]] == [one["expected"] for one in before]
    assert statistics.correlation([one["expected"]["views"] for one in before], after) < 0.9
    noon.ask("POST", "reset")
    assert noon.ask("GET", "taste") == {"changes": []}


def test_a_change_of_taste_survives_a_restart_and_the_earliest_comes_first(tmp_path: Path) -> None:
    backstage = Backstage(tmp_path, seed=7, handle="daily_vitals")
    later, sooner = (Change(NOON + timedelta(days=days), ("hook",)) for days in (9, 2))
    for change in (later, sooner):
        backstage.world.tastes.change(change)
    backstage.close()
    archive = Archive(tmp_path)
    tastes = Tastes(archive, 7)
    assert tastes.changes == [sooner, later]
    assert [tastes.at(NOON + timedelta(days=days)).changed for days in (1, 3, 10)] == [(), ("hook",), ("hook", "hook")]
    archive.close()


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"dimensions": ["length"]}, "unknown dimension 'length': readers can change subject, angle"),
        ({"dimensions": []}, "list"),
        ({"dimensions": "subject"}, "list"),
        ({"dimensions": ["tone", "tone"]}, "each once"),
        ({"changes_at": (NOON - timedelta(days=1)).isoformat()}, "before the world's clock"),
        ({"changes_at": "tomorrow"}, "ISO"),
        ({"strength": 2}, "unknown field 'strength'"),
    ],
)
def test_a_change_of_taste_that_cannot_be_is_refused_with_a_sentence(noon: Practice, body: Json, named: str) -> None:
    assert named in noon.refused("POST", "taste", body)
    assert noon.ask("GET", "taste") == {"changes": []}
