"""The judge of `benchmarks/exactly_once.py`: what it calls twice, lost, stuck or sent again, and what it kills."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from benchmarks.crashing.grounds import API, BROWSER, GROUNDS, Ground
from benchmarks.crashing.plans import Plan, plans, short_plans
from benchmarks.crashing.steps import Step, Victim
from benchmarks.crashing.summary import Outcome
from benchmarks.crashing.verdict import (
    Decision,
    Findings,
    Kill,
    Post,
    Try,
    compare,
    seconds_to_next_claim,
    seconds_to_settle,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
POST = Post(id="7", text="Walk a little.", taken_at=NOON)
DECISION = Decision(id="a", text="Walk a little.", status="posted", tweet_id="7")
TRY = Try(
    decision_id="a",
    run_id="run",
    state="confirmed",
    began_at=NOON - timedelta(seconds=9),
    submitted_at=NOON - timedelta(seconds=1),
    settled_at=NOON + timedelta(seconds=4),
)


def test_the_short_run_knows_every_step_and_every_victim() -> None:
    assert len(short_plans(BROWSER)) >= 8
    assert {plan.step for plan in short_plans(BROWSER)} == set(Step)
    assert {plan.victim for plan in short_plans(BROWSER)} == set(Victim)


def test_the_short_run_of_the_api_knows_every_step_that_there_is_without_a_browser() -> None:
    assert {plan.step for plan in short_plans(API)} == set(Step) - {Step.TYPING}
    assert not {plan.victim for plan in short_plans(API)} & {Victim.CHROMIUM, Victim.DRIVER}


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=str)
def test_the_short_run_kills_who_is_there(ground: Ground) -> None:
    assert all(plan.victim in ground.victims[plan.step] for plan in short_plans(ground))


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=str)
def test_the_long_run_kills_every_victim_at_every_step_before_it_begins_again(ground: Ground) -> None:
    drawn = plans(ground, random.Random(1))
    cells = {(step, victim) for step, victims in ground.victims.items() for victim in victims}
    for _ in range(2):
        assert {(plan.step, plan.victim) for plan in islice(drawn, len(cells))} == cells


def test_books_that_agree_are_clean() -> None:
    assert compare([POST], [DECISION], [TRY]).count == 0


@pytest.mark.parametrize(
    ("posts", "decisions", "tries", "kind", "words"),
    [
        ([POST, replace(POST, id="8")], [DECISION], [TRY], "duplicates", "2 times"),
        ([POST, replace(POST, id="8")], [DECISION], [TRY], "lost", "no table knows it"),
        ([], [DECISION], [TRY], "lost", "which X does not have"),
        ([replace(POST, text="Sit.")], [DECISION], [TRY], "lost", "which X does not have"),
        ([], [replace(DECISION, status="queued", tweet_id=None)], [], "lost", "never published"),
        ([POST], [replace(DECISION, status="failed")], [TRY], "lost", "is failed, and its post is 7"),
        ([], [replace(DECISION, status="posting", tweet_id=None)], [], "stuck", "still posting"),
        ([POST], [DECISION], [replace(TRY, state="unknown")], "stuck", "unknown"),
        ([POST], [DECISION], [TRY, replace(TRY, submitted_at=NOON + timedelta(seconds=2))], "resent", "sent again"),
    ],
)
def test_whatever_disagrees_is_found(
    posts: list[Post], decisions: list[Decision], tries: list[Try], kind: str, words: str
) -> None:
    assert any(words in sentence for sentence in getattr(compare(posts, decisions, tries), kind))


def test_what_was_set_aside_by_rule_is_not_lost() -> None:
    aside = [replace(DECISION, id=status, status=status, tweet_id=None) for status in ("failed", "refused", "expired")]
    assert compare([], aside, []).count == 0


def test_the_time_to_settle_is_that_of_the_last_attempt_which_was_open_at_the_kill() -> None:
    kill = Kill(plan=Plan(step=Step.SUBMITTED, victim=Victim.WORKER), at=NOON, met=True)
    earlier = replace(TRY, settled_at=NOON - timedelta(seconds=1))
    later = replace(TRY, began_at=NOON + timedelta(seconds=3), settled_at=NOON + timedelta(seconds=99))
    assert seconds_to_settle(kill, [earlier, TRY, later]) == 4
    assert seconds_to_settle(kill, [earlier, later]) is None
    assert seconds_to_settle(kill, [replace(TRY, settled_at=None)]) == float("inf")
    assert seconds_to_next_claim(kill, [TRY, later]) == 3


def test_an_attempt_of_the_killed_run_is_not_charged_with_what_was_open_from_before() -> None:
    kill = Kill(plan=Plan(step=Step.SUBMITTED, victim=Victim.WORKER), at=NOON, met=True, runs=frozenset({"run"}))
    from_before = replace(TRY, run_id="another", settled_at=NOON + timedelta(seconds=99))
    assert seconds_to_settle(kill, [from_before, TRY]) == 4
    assert seconds_to_settle(kill, [from_before]) == 99


def test_a_run_of_dagster_that_never_ends_and_a_hand_that_is_needed_are_not_clean() -> None:
    clean = Outcome(
        kills=[], tries=[], findings=Findings(), hands=[], unfinished_runs=[], posts=0, decisions=0, seconds=1
    )
    assert clean.is_clean
    assert not replace(clean, hands=["the daemon does not beat"]).is_clean
    assert not replace(clean, unfinished_runs=["run 1 is still STARTED"]).is_clean
