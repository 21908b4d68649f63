"""The pieces that the tables are made of: the kinds of columns, and the promises that many tables make.

What is special to one table lies with that table.
"""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from xbot_pipelines.clock import utc

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

COUNTERS = ("views", "likes", "reposts", "replies", "quotes", "bookmarks")
PRIVATE_COUNTERS = ("profile_visits", "detail_expands", "link_clicks")


def account() -> sa.Column[str]:
    """The account that a row belongs to."""
    return sa.Column("account", sa.Text, nullable=False)


class Moment(sa.TypeDecorator[datetime]):
    """A `timestamptz` that takes no naive time: PostgreSQL would take it for UTC without a word (F27)."""

    impl = sa.TIMESTAMP(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuses a time without a timezone."""
        del dialect
        return None if value is None else utc(value)


def moment(name: str, *, required: bool = False) -> sa.Column[datetime]:
    """A moment in UTC."""
    return sa.Column(name, Moment, nullable=not required)


def counts(*names: str) -> list[sa.Column[int]]:
    """Whole numbers which may be unknown."""
    return [sa.Column(name, sa.BigInteger) for name in names]


def listed(words: Iterable[str]) -> str:
    """Words as SQL writes them in a list: `'queued', 'posted'`."""
    return ", ".join(f"'{word}'" for word in words)


def one_of(column: str, words: Iterable[str]) -> sa.CheckConstraint:
    """The column holds one of these words, or nothing where it may."""
    return sa.CheckConstraint(f"{column} IN ({listed(words)})", name=f"{column}_known")


def not_negative(*names: str) -> sa.CheckConstraint:
    """What is counted is not below zero."""
    return sa.CheckConstraint(" AND ".join(f"{name} >= 0" for name in names), name="counters_not_negative")


def is_post_id(column: str) -> sa.CheckConstraint:
    """The column holds an id as X gives it.

    Timestamps and placeholders once stood where the id was missing (F06).
    """
    return sa.CheckConstraint(f"{column} ~ '^[0-9]{{1,20}}$'", name=f"{column}_is_an_id")


def of_decision(parent: str = "content_metadata") -> sa.ForeignKeyConstraint:
    """The row belongs to a decision of the same account, as `parent` knows it."""
    return sa.ForeignKeyConstraint(["account", "decision_id"], [f"{parent}.account", f"{parent}.decision_id"])
