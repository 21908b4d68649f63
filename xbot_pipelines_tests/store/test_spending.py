"""What the language model has cost."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import ModelUsage
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.schema import llm_calls
from xbot_pipelines.store.spending import record_call, spent_since

USAGE = ModelUsage(model="practice-1", prompt_tokens=321, completion_tokens=45, latency_seconds=1.25)


def spend(database: AccountDatabase, cost_usd: float | None, at: datetime) -> None:
    """One call of the model."""
    by = Provenance(actor="plan", run_id="run-1")
    record_call(database, USAGE, purpose="draft", cost_usd=cost_usd, now=at, by=by)


def test_a_call_is_written_down_with_what_it_used(database: AccountDatabase, clock: ManualClock) -> None:
    spend(database, 0.000123, clock.now())

    with database.transaction() as connection:
        row = connection.execute(select(llm_calls)).one()
    assert (row.account, row.purpose, row.model) == ("practice", "draft", "practice-1")
    assert (row.prompt_tokens, row.completion_tokens, row.latency_seconds) == (321, 45, 1.25)
    assert (float(row.cost_usd), row.called_at, row.run_id) == (0.000123, clock.now(), "run-1")


def test_what_was_spent_is_the_sum_of_the_calls_since_then(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    since = clock.now()
    spend(database, 5.0, since - timedelta(microseconds=1))
    spend(database, 0.1, since)
    spend(database, 0.2, since + timedelta(hours=30))
    spend(other, 7.0, since)

    assert spent_since(database, since) == pytest.approx(0.3)


def test_where_nothing_was_called_nothing_was_spent(database: AccountDatabase, clock: ManualClock) -> None:
    assert spent_since(database, clock.now()) == 0.0


def test_f09_a_call_of_unknown_price_is_kept_as_unknown_and_does_not_hide_the_others(
    database: AccountDatabase, clock: ManualClock
) -> None:
    spend(database, None, clock.now())
    assert spent_since(database, clock.now()) == 0.0

    spend(database, 0.2, clock.now())
    assert spent_since(database, clock.now()) == pytest.approx(0.2)
    with database.transaction() as connection:
        costs = connection.scalars(select(llm_calls.c.cost_usd).order_by(llm_calls.c.id)).all()
    assert costs[0] is None


def test_a_hundred_cheap_calls_add_up_to_the_micro_dollar(database: AccountDatabase, clock: ManualClock) -> None:
    for _ in range(100):
        spend(database, 0.000001, clock.now())

    assert spent_since(database, clock.now()) == pytest.approx(0.0001)
