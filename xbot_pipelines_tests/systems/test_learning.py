"""Learning from what lies in the tables: what counts as evidence, what does not, and what is written down of it."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.learning.arms import Dimension
from xbot_pipelines.learning.model import fit
from xbot_pipelines.models import Counters, Result
from xbot_pipelines.settings import AccountSettings, load_settings
from xbot_pipelines.store.arms import observations
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import COUNTERS
from xbot_pipelines.systems.learning import (
    LEAST_POSTS,
    beliefs_of,
    finished_hours,
    in_words,
    learn,
    trials_of,
    values_of,
    what_works,
    why_not_now,
)
from xbot_pipelines_tests.conftest import NOON, ROOT
from xbot_pipelines_tests.taught import FULL_DAY, Taught, teach, weeks_of_posts

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOOKS = ["number", "question", "confession"]


@pytest.fixture
def clock() -> ManualClock:
    """Learning reads nothing from X: its clock needs no site beside it."""
    return ManualClock(NOON)


@pytest.fixture
def profile() -> AccountSettings:
    """The example account's, which lives in Vienna."""
    return load_settings({"XBOT_ACCOUNTS": str(ROOT / "accounts")}).profile


def rows(database: AccountDatabase) -> dict[tuple[str, str], Any]:
    with database.transaction() as connection:
        return {(row.dimension, row.value): row for row in connection.execute(text("SELECT * FROM learned_arms"))}


def test_what_works_is_written_down_and_said_in_a_sentence(
    database: AccountDatabase, profile: AccountSettings, clock: ManualClock
) -> None:
    posts = weeks_of_posts(clock.now(), best=("hook", HOOKS))
    teach(database, posts)
    summary = learn(database, profile, clock=clock)

    assert (summary.result, summary.reason) == (Result.DONE, None)
    assert (summary.finished, summary.young, summary.unknown) == (len(posts), 0, 0)
    written = rows(database)
    assert set(written) == {(dimension.value, value) for dimension, of in values_of(profile).items() for value in of}
    best = written["hook", "number"]
    assert best.mean > 0.7
    assert best.variance < 0.1
    assert best.pulls == pytest.approx(len(posts) / 3, rel=0.2)
    assert best.evidence_at == summary.evidence_at == posts[0].posted_at + DAY + timedelta(seconds=20)
    assert summary.works is not None
    assert summary.works.startswith("What works most surely is the hook 'number': ")
    assert " times the account's usual, between " in summary.works


def test_the_same_evidence_is_not_learned_from_twice_and_new_evidence_is(
    database: AccountDatabase, profile: AccountSettings, clock: ManualClock
) -> None:
    teach(database, weeks_of_posts(clock.now()))
    assert why_not_now(database, profile, now=clock.now()) is None
    assert learn(database, profile, clock=clock).result == Result.DONE
    clock.advance(HOUR)
    again = learn(database, profile, clock=clock)
    assert again.result == Result.NOTHING_TO_DO
    assert again.reason == why_not_now(database, profile, now=clock.now())
    assert again.reason == "no checkpoint of ours was read since 2026-03-01 12:00 UTC"

    teach(database, [Taught(posted_at=clock.now() - 3 * HOUR, counted={2: FULL_DAY})])
    summary = learn(database, profile, clock=clock)
    assert (summary.result, summary.young) == (Result.DONE, 1)


def test_a_value_that_was_added_or_taken_out_is_new_enough(
    database: AccountDatabase, profile: AccountSettings, clock: ManualClock
) -> None:
    teach(database, weeks_of_posts(clock.now()))
    learn(database, profile, clock=clock)
    changed = profile.model_copy(update={"tones": (*profile.tones[1:], "stern")})
    assert why_not_now(database, changed, now=clock.now()) is None
    assert learn(database, changed, clock=clock).result == Result.DONE
    tones = {value for dimension, value in rows(database) if dimension == "tone"}
    assert tones == set(changed.tones)


def test_few_outcomes_are_too_few_to_write_beliefs_down(
    database: AccountDatabase, profile: AccountSettings, clock: ManualClock
) -> None:
    teach(database, weeks_of_posts(clock.now())[: LEAST_POSTS - 1])
    summary = learn(database, profile, clock=clock)
    assert summary.result == Result.NOTHING_TO_DO
    assert summary.reason == "too few outcomes yet: 9 posts have passed their day, and 10 are needed"
    assert rows(database) == {}


@pytest.mark.parametrize("unknown", COUNTERS)
def test_f09_a_post_with_an_unknown_counter_teaches_nothing(
    database: AccountDatabase, profile: AccountSettings, clock: ManualClock, unknown: str
) -> None:
    counters = replace(FULL_DAY, **{unknown: None})
    teach(database, [Taught(posted_at=clock.now() - 3 * DAY - n * HOUR, counted={24: counters}) for n in range(12)])
    summary = learn(database, profile, clock=clock)
    assert summary.result == Result.NOTHING_TO_DO
    assert (summary.finished, summary.unknown) == (0, 12)
    assert summary.reason is not None
    assert summary.reason.endswith("of 12 more something is not known")
    assert rows(database) == {}


def test_f09_a_post_from_a_time_of_which_no_follower_count_is_known_teaches_nothing(
    database: AccountDatabase, profile: AccountSettings, clock: ManualClock
) -> None:
    teach(database, weeks_of_posts(clock.now()), followers=None)
    summary = learn(database, profile, clock=clock)
    assert (summary.result, summary.finished) == (Result.NOTHING_TO_DO, 0)


def test_f09_nothing_is_learned_from_the_posts_of_another_account(
    database: AccountDatabase, profile: AccountSettings, clock: ManualClock
) -> None:
    real = AccountDatabase(database.engine, "real")
    teach(real, weeks_of_posts(clock.now()))
    assert learn(database, profile, clock=clock).result == Result.NOTHING_TO_DO
    assert learn(real, profile, clock=clock).result == Result.DONE
    assert beliefs_of(database, profile, now=clock.now()).arm(Dimension.HOOK, "number").pulls == 0


Read = Mapping[int, Counters]


def figures(
    database: AccountDatabase, profile: AccountSettings, clock: ManualClock, counted: Read, **late: float
) -> list[tuple[int, int, int]]:
    """The figures that a trial has of one post with these checkpoints."""
    posted_at = clock.now() - 3 * DAY
    teach(database, [Taught(posted_at=posted_at, counted=counted, late=timedelta(**late or {"seconds": 20}))])
    observed = observations(database, since=posted_at, until=clock.now())
    return [(one.hours, one.views, one.engagements) for trial in trials_of(observed, profile) for one in trial.figures]


def test_a_post_is_known_by_its_checkpoints_up_to_a_day(
    database: AccountDatabase, profile: AccountSettings, clock: ManualClock
) -> None:
    counted = {2: replace(FULL_DAY, views=400), 12: replace(FULL_DAY, likes=None), 24: FULL_DAY, 48: FULL_DAY}
    assert figures(database, profile, clock, counted) == [(2, 400, 30), (24, 1000, 30)]


def test_an_early_checkpoint_that_was_read_late_says_nothing_and_the_last_one_still_does(
    database: AccountDatabase, profile: AccountSettings, clock: ManualClock
) -> None:
    assert figures(database, profile, clock, {2: FULL_DAY, 24: FULL_DAY}, hours=9) == [(24, 1000, 30)]


@pytest.mark.parametrize(("checkpoints", "finished"), [((2, 12, 24), 24), ((6, 48, 72), 48), ((1, 2), 2), ((24,), 24)])
def test_a_post_is_finished_at_the_first_checkpoint_after_a_day(checkpoints: tuple[int, ...], finished: int) -> None:
    assert finished_hours(checkpoints) == finished


def test_f27_the_hour_and_the_day_of_a_post_are_the_accounts_own(
    database: AccountDatabase, profile: AccountSettings
) -> None:
    posted_at = datetime(2026, 2, 20, 23, 30, tzinfo=UTC)
    teach(database, [Taught(posted_at=posted_at)])
    [trial] = trials_of(observations(database, since=posted_at, until=NOON), profile)
    assert trial.values[Dimension.HOUR] == "00"
    assert trial.day.isoformat() == "2026-02-21"


def test_before_anything_is_sure_that_is_said(profile: AccountSettings) -> None:
    believed = fit([], values_of(profile), now=NOON).arms
    assert what_works(believed).startswith("Nothing is sure yet; the most promising is the subject 'sleep': ")
    assert in_words(believed[0]).startswith("1.0 times the account's usual, between 0.")


def test_what_is_believed_can_be_drawn_from_before_anything_is_written_down(
    database: AccountDatabase, profile: AccountSettings, clock: ManualClock
) -> None:
    teach(database, weeks_of_posts(clock.now(), best=("hook", HOOKS))[:6])
    choice = beliefs_of(database, profile, now=clock.now()).draw(random.Random(7), values_of(profile))
    assert choice.value(Dimension.HOOK) in profile.hooks
    assert rows(database) == {}
