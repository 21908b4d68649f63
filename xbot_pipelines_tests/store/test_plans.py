"""How PostgreSQL goes about the questions that are asked every minute, after years of content."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event, text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Attempt, DecisionType
from xbot_pipelines.store.claiming import claim_next
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.decisions import queue_of
from xbot_pipelines_tests.store.given import BY, profile

YEARS = """
    INSERT INTO content_metadata
        (decision_id, account, decision_type, text, status, scheduled_at, created_at, updated_at, target_tweet_id)
    SELECT gen_random_uuid(), 'practice', kind, 'text', CASE WHEN age < 20 THEN 'queued' ELSE 'posted' END,
           :now - age * interval '1 hour', :now - age * interval '1 hour', :now, CASE kind WHEN 'reply' THEN '1' END
    FROM generate_series(1, 10000) AS age, unnest(ARRAY['single', 'reply']) AS kind
"""


@pytest.fixture
def years(database: AccountDatabase, clock: ManualClock) -> Iterator[Callable[[str], list[str]]]:
    """20,000 decisions of which 38 wait; answers how the statements that had a word in them were gone about."""
    with database.transaction() as connection:
        connection.execute(text(YEARS), {"now": clock.now()})
        connection.execute(text("ANALYZE content_metadata"))
    asked: list[tuple[str, Any]] = []

    def remember(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        asked.append((statement, parameters))

    def plans_of(word: str) -> list[str]:
        with database.transaction() as connection:
            return [
                "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())
                for statement, parameters in asked.copy()
                if word in statement
            ]

    event.listen(database.engine, "before_cursor_execute", remember)
    yield plans_of
    event.remove(database.engine, "before_cursor_execute", remember)


def test_the_next_decision_is_found_by_the_index_of_what_is_due(
    database: AccountDatabase, clock: ManualClock, years: Callable[[str], list[str]]
) -> None:
    assert isinstance(claim_next(database, profile(), now=clock.now(), by=BY), Attempt)

    (plan,) = years("SKIP LOCKED")
    assert "ix_content_metadata_due" in plan, plan


def test_what_waits_is_counted_by_the_index_of_what_is_due(
    database: AccountDatabase, clock: ManualClock, years: Callable[[str], list[str]]
) -> None:
    now: datetime = clock.now()
    assert queue_of(database, DecisionType.SINGLE, now=now).waiting == 19

    counted, unapproved, last_slot = years("FROM content_metadata")
    assert "ix_content_metadata_unapproved" in unapproved, unapproved
    assert "ix_content_metadata_due" in counted, counted
    assert "Seq Scan" not in last_slot, last_slot
