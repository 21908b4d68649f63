"""What X's API has charged for: one row for each thing and UTC day, as X charges the same thing once a day.

What there is to charge for, and what it costs, is the business of `x`; how much may be spent, of `systems`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.dialects.postgresql import insert

from xbot_pipelines.clock import utc
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import x_charges


@dataclass(frozen=True, kw_only=True)
class XCharge:
    """One thing that was charged for: of what kind, the id that it has on X, its price in US dollars."""

    what: str
    resource: str
    usd: Decimal


@dataclass(frozen=True, kw_only=True)
class Charged:
    """What was charged of one kind: how many things, and US dollars in all."""

    count: int
    usd: Decimal


def add(database: AccountDatabase, charges: Sequence[XCharge], *, now: datetime, run_id: str | None) -> Decimal:
    """Takes down what was charged, and answers the dollars that are new: nothing for what this UTC day has already."""
    if not charges:
        return Decimal(0)
    row = {"account": database.account, "day": utc(now).date(), "charged_at": now, "run_id": run_id}
    new = (
        insert(x_charges)
        .values([{**row, "what": one.what, "resource": one.resource, "usd": one.usd} for one in charges])
        .on_conflict_do_nothing()
        .returning(x_charges.c.usd)
    )
    with database.transaction() as connection:
        return sum(connection.scalars(new), Decimal(0))


def spent(database: AccountDatabase, *, since: date, until: date) -> Decimal:
    """Answers the US dollars that were spent on the UTC days in [since, until)."""
    total = select(func.sum(x_charges.c.usd)).where(x_charges.c.account == database.account, _in_days(since, until))
    with database.transaction() as connection:
        return connection.scalar(total) or Decimal(0)


def charged_by_kind(database: AccountDatabase, *, since: date, until: date) -> Mapping[str, Charged]:
    """Answers what was charged on the UTC days in [since, until), by kind, the dearest in all first."""
    usd = func.sum(x_charges.c.usd)
    kinds = (
        select(x_charges.c.what, func.count().label("things"), usd.label("usd"))
        .where(x_charges.c.account == database.account, _in_days(since, until))
        .group_by(x_charges.c.what)
        .order_by(usd.desc(), x_charges.c.what)
    )
    with database.transaction() as connection:
        return {row.what: Charged(count=row.things, usd=row.usd) for row in connection.execute(kinds)}


def spent_by_day(database: AccountDatabase, *, since: date, until: date) -> Mapping[date, Decimal]:
    """Answers the US dollars of each UTC day in [since, until) on which something was spent, the earliest first."""
    days = (
        select(x_charges.c.day, func.sum(x_charges.c.usd).label("usd"))
        .where(x_charges.c.account == database.account, _in_days(since, until))
        .group_by(x_charges.c.day)
        .order_by(x_charges.c.day)
    )
    with database.transaction() as connection:
        return {row.day: row.usd for row in connection.execute(days)}


def _in_days(since: date, until: date) -> ColumnElement[bool]:
    return and_(x_charges.c.day >= since, x_charges.c.day < until)
