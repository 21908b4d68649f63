"""What tests of the store look at afterwards: the rows themselves, past every function of the store."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select

from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import content_metadata, decision_events, metadata


def row_of(database: AccountDatabase, table: sa.Table) -> dict[str, Any]:
    """The one row of a table that has one."""
    with database.transaction() as connection:
        return dict(connection.execute(select(table)).mappings().one())


def everything(database: AccountDatabase) -> dict[str, list[str]]:
    """Every row of every table, in an order of its own."""
    with database.transaction() as connection:
        return {
            table.name: sorted(map(str, connection.execute(select(table)).all())) for table in metadata.tables.values()
        }


def status_of(database: AccountDatabase, decision_id: UUID) -> str | None:
    """Where a decision stands."""
    with database.transaction() as connection:
        return connection.scalar(select(content_metadata.c.status).where(content_metadata.c.decision_id == decision_id))


def events_of(database: AccountDatabase, decision_id: UUID) -> list[tuple[object, ...]]:
    """The steps of a decision, each as from, to, when, who, run, version and reason."""
    event = decision_events.c
    with database.transaction() as connection:
        rows = connection.execute(
            select(
                *(event.from_status, event.to_status, event.happened_at),
                *(event.actor, event.run_id, event.version, event.reason),
            )
            .where(event.decision_id == decision_id, event.account == database.account)
            .order_by(event.id)
        )
        return [tuple(row) for row in rows]
