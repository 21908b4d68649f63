"""Planning against the practice model, through the real OpenAI client."""

import random
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.content.writer import Writer, WritingFailed
from xbot_pipelines.models import ModelUsage, Result
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import spending
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.planning import KEEP_AHEAD, PlanSummary, plan
from xbot_pipelines.x.text import fits
from xbot_pipelines_tests.conftest import NOON


@pytest.fixture
def writer(settings: Settings) -> Writer:
    """The practice model."""
    return Writer(model=settings.model, api_key=settings.openai_api_key, base_url=settings.openai_base_url)


@pytest.fixture
def clock() -> ManualClock:
    """Planning reads nothing from X: its clock needs no site beside it."""
    return ManualClock(NOON)


def planned(
    database: AccountDatabase, settings: Settings, writer: Writer, clock: ManualClock, by: Provenance, seed: int = 7
) -> PlanSummary:
    return plan(database, settings.profile, writer, clock=clock, by=by, random_source=random.Random(seed))


def test_a_plan_is_a_queued_post_about_one_of_our_subjects(
    database: AccountDatabase, settings: Settings, writer: Writer, clock: ManualClock, by: Provenance
) -> None:
    summary = planned(database, settings, writer, clock, by)
    assert summary.result == Result.DONE
    assert summary.scheduled_at == clock.now()
    with database.transaction() as connection:
        row = connection.execute(text("SELECT * FROM content_metadata")).one()
    assert row.status == "queued"
    assert row.topic in settings.profile.subjects
    assert row.format in settings.profile.formats
    assert fits(row.text)
    assert row.prompt_tokens > 0
    assert row.cost_usd > 0
    assert row.prompt_version


def test_plans_are_spread_evenly_and_stop_when_enough_wait(
    database: AccountDatabase, settings: Settings, writer: Writer, clock: ManualClock, by: Provenance
) -> None:
    summaries = [planned(database, settings, writer, clock, by, seed) for seed in range(KEEP_AHEAD + 1)]
    *done, last = summaries
    half_hour = timedelta(minutes=30)
    assert [summary.scheduled_at for summary in done] == [NOON + number * half_hour for number in range(KEEP_AHEAD)]
    assert (last.result, last.reason) == (Result.NOTHING_TO_DO, f"{KEEP_AHEAD} posts wait already")


def test_texts_do_not_repeat(
    database: AccountDatabase, settings: Settings, writer: Writer, clock: ManualClock, by: Provenance
) -> None:
    written = []
    for seed in range(KEEP_AHEAD):
        summary = planned(database, settings, writer, clock, by, seed)
        assert summary.draft is not None
        written.append(summary.draft.text)
    assert len(set(written)) == KEEP_AHEAD


def test_a_spent_budget_is_a_state_of_its_own(
    database: AccountDatabase, settings: Settings, writer: Writer, clock: ManualClock, by: Provenance
) -> None:
    usage = ModelUsage(model="m", prompt_tokens=1, completion_tokens=1, latency_seconds=1)
    budget = settings.profile.model.daily_budget_usd
    spending.record_call(database, usage, purpose="post", cost_usd=budget, now=clock.now(), by=by)
    summary = planned(database, settings, writer, clock, by)
    assert summary.result == Result.BLOCKED
    assert summary.reason is not None
    assert "budget" in summary.reason
    clock.advance(timedelta(days=1))
    assert planned(database, settings, writer, clock, by).result == Result.DONE


def test_a_provider_that_is_away_is_one_clear_sentence_and_nothing_is_queued(
    database: AccountDatabase, settings: Settings, clock: ManualClock, by: Provenance
) -> None:
    nowhere = Writer(model="any", api_key=SecretStr("planted-secret"), base_url="http://127.0.0.1:9/v1")
    with pytest.raises(WritingFailed, match=r"the model any at http://127\.0\.0\.1:9/v1/ failed") as failure:
        planned(database, settings, nowhere, clock, by)
    assert "planted-secret" not in str(failure.value)
    with database.transaction() as connection:
        assert connection.scalar(text("SELECT count(*) FROM content_metadata")) == 0


def test_a_missing_key_says_which_variable_to_set(
    database: AccountDatabase, settings: Settings, clock: ManualClock, by: Provenance
) -> None:
    with pytest.raises(WritingFailed, match="OPENAI_API_KEY is not set"):
        planned(database, settings, Writer(model="any", api_key=None, base_url=None), clock, by)
