"""Rows that the tables take, to be changed until they do not; written past every function of the store."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines_tests.store.given import TWEET_ID

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

Row = dict[str, Any]


def content(**changes: Any) -> Row:
    """A row that `content_metadata` takes, but for the changes."""
    return {
        "decision_id": uuid4(),
        "account": "practice",
        "decision_type": "single",
        "text": "Sleep first.",
        "status": "queued",
        "scheduled_at": NOON,
        "created_at": NOON,
        "updated_at": NOON,
        **changes,
    }


def attempt(decision_id: UUID, **changes: Any) -> Row:
    """A row that `posting_attempts` takes, but for the changes."""
    return {
        "id": uuid4(),
        "account": "practice",
        "decision_id": decision_id,
        "decision_type": "single",
        "state": "intended",
        "began_at": NOON,
        "version": "1",
        **changes,
    }


def measured(**changes: Any) -> Row:
    """A row that `tweet_metrics` takes, but for the changes."""
    return {
        "account": "practice",
        "tweet_id": TWEET_ID,
        "observed_at": NOON,
        "source": "metrics_scraper",
        **changes,
    }


def opportunity(**changes: Any) -> Row:
    """A row that `reply_opportunities` takes, but for the changes."""
    return {
        "account": "practice",
        "tweet_id": "1900000000000000001",
        "author_handle": "ada",
        "author_id": "7",
        "addressed_us": False,
        "text": "Who else sleeps badly?",
        "posted_at": NOON,
        "found_at": NOON,
        "expires_at": NOON,
        "status": "open",
        **changes,
    }


def checkpoint(decision_id: UUID, **changes: Any) -> Row:
    """A row that `post_velocity_tracking` takes, but for the changes."""
    return {
        "decision_id": decision_id,
        "account": "practice",
        "checkpoint_hours": 2,
        "status": "on_time",
        "observed_at": NOON,
        **changes,
    }


def followers_then(decision_id: UUID, **changes: Any) -> Row:
    """A row that `post_follower_tracking` takes, but for the changes."""
    return {
        "decision_id": decision_id,
        "account": "practice",
        "checkpoint_hours": 0,
        "observed_at": NOON,
        "followers": 10,
        **changes,
    }


def write(database: AccountDatabase, table: sa.Table, row: Row) -> None:
    """Writes one row past every function of the store."""
    with database.transaction() as connection:
        connection.execute(table.insert().values(row))


def refuse(database: AccountDatabase, table: sa.Table, row: Row, *, because: str) -> None:
    """Expects the database to turn a row away, and to name this rule."""
    with pytest.raises(IntegrityError, match=f'constraint "{because}"'):
        write(database, table, row)
