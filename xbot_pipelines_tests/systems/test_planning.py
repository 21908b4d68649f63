"""Planning against the practice model, through the real OpenAI client."""

import random
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.content.prompts.posts import WrittenPost
from xbot_pipelines.content.prompts.prompt import Prompt
from xbot_pipelines.content.writer import Writer, WritingFailed
from xbot_pipelines.models import ModelUsage, NewsItem, Result
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import spending
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.news import add_news, mark_used
from xbot_pipelines.systems.planning import KEEP_AHEAD, PlanSummary, plan
from xbot_pipelines.systems.writing import Desk
from xbot_pipelines.x.text import fits
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.taught import teach, weeks_of_posts


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
    desk = Desk(database=database, profile=settings.profile, writer=writer, clock=clock, by=by)
    return plan(desk, random_source=random.Random(seed))


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


def test_a_plan_says_of_everything_that_was_chosen_why(
    database: AccountDatabase, settings: Settings, writer: Writer, clock: ManualClock, by: Provenance
) -> None:
    planned(database, settings, writer, clock, by)
    with database.transaction() as connection:
        row = connection.execute(text("SELECT * FROM content_metadata")).one()
    because = row.chosen_because
    assert because.pop("expected") == 1.0
    assert {name: why["value"] for name, why in because.items()} == {
        "subject": row.topic,
        "angle": row.angle,
        "tone": row.tone,
        "format": row.format,
        "hook": row.hook,
        "hour": f"{clock.now().astimezone(settings.profile.timezone):%H}",
    }
    assert all(why["drawn"] > 0 and why["why"] for why in because.values())
    assert because["hour"]["why"] == "it was given"


def test_what_the_accounts_own_posts_have_taught_is_what_is_planned(
    database: AccountDatabase, settings: Settings, writer: Writer, clock: ManualClock, by: Provenance
) -> None:
    hooks = ["number", *(hook for hook in settings.profile.hooks if hook != "number")]
    teach(database, weeks_of_posts(clock.now(), best=("hook", hooks)))
    summaries = [planned(database, settings, writer, clock, by, seed) for seed in range(KEEP_AHEAD)]
    drafts = [summary.draft for summary in summaries if summary.draft is not None]
    assert [draft.hook for draft in drafts] == ["number"] * KEEP_AHEAD
    because = drafts[0].chosen_because
    assert because is not None
    assert because["hook"]["why"] == "it is believed to be the best"
    assert because["hook"]["expected"] > 2


def test_a_subject_is_not_repeated_too_soon_however_well_it_works(
    database: AccountDatabase, settings: Settings, writer: Writer, clock: ManualClock, by: Provenance
) -> None:
    subjects = settings.profile.subjects
    teach(database, weeks_of_posts(clock.now(), best=("topic", subjects)))
    written = [planned(database, settings, writer, clock, by, seed).draft for seed in range(KEEP_AHEAD)]
    assert len({draft.topic for draft in written if draft}) == KEEP_AHEAD


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


def test_a_post_in_three_is_about_news_that_names_a_subject_and_says_so_in_its_row(
    database: AccountDatabase, settings: Settings, writer: Writer, clock: ManualClock, by: Provenance
) -> None:
    offered = [
        NewsItem(url=f"https://example.org/{number}", title=title, source="example.org", published_at=clock.now())
        for number, title in enumerate(["A park opens", "Sleep and memory", "Walking to work halves the bill"])
    ]
    add_news(database, offered, now=clock.now())
    written = [planned(database, settings, writer, clock, by, seed) for seed in range(4)]
    assert [summary.result for summary in written] == [Result.DONE] * 4
    about = [summary.news.url if summary.news else None for summary in written]
    assert [url is not None for url in about] == [True, False, False, True]
    assert set(about) == {None, offered[1].url, offered[2].url}
    with database.transaction() as connection:
        rows = connection.execute(
            text("SELECT news_url, topic, chosen_because FROM content_metadata ORDER BY scheduled_at")
        ).all()
    assert [row.news_url for row in rows] == about
    assert {row.topic for row in rows if row.news_url} == {"sleep", "walking"}
    reasons = [row.chosen_because["subject"]["why"] for row in rows]
    assert [reason == "it was given" for reason in reasons] == [url is not None for url in about]


def test_news_that_another_run_takes_meanwhile_is_not_used_twice(
    database: AccountDatabase, settings: Settings, writer: Writer, clock: ManualClock, by: Provenance
) -> None:
    item = NewsItem(url="https://example.org/1", title="Sleep and memory", source="example.org")
    add_news(database, [item], now=clock.now())

    class Slow(Writer):
        """While it writes, another run uses the news."""

        def write(self, prompt: Prompt, shape: type[Any]) -> Any:
            if shape is not WrittenPost:
                return writer.write(prompt, shape)
            with database.transaction() as connection:
                mark_used(connection, database.account, item.url, now=clock.now())
            return writer.write(prompt, shape)

    slow = Slow(model=writer.model, api_key=writer.api_key, base_url=writer.base_url)
    summary = planned(database, settings, slow, clock, by)
    assert summary.result == Result.BLOCKED
    assert "another run was faster" in (summary.reason or "")
    with database.transaction() as connection:
        assert connection.scalar(text("SELECT count(*) FROM content_metadata")) == 0
