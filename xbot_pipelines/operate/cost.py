"""`xbot cost`: what X's API has cost this month, and what a day costs before it is run.

Collected from the tables at the moment of asking; nothing is asked of X. How it is shown lies in `cost_report`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from xbot_pipelines.clock import Clock, utc
from xbot_pipelines.operate.tables import account_tables
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import x_charges
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.x_charges import Charged
from xbot_pipelines.systems.budget import Month, budget_of, month_of, month_to_date
from xbot_pipelines.systems.pricing import DAY, DayPlan, DayPrice, next_day, price_day, such_a_day


@dataclass(frozen=True, kw_only=True)
class Spending:
    """A month of UTC up to now: what was charged, by kind and by day, and what the whole comes to at this rate."""

    since: date
    month: Month
    by_kind: Mapping[str, Charged]
    by_day: Mapping[date, Decimal]
    forecast: Decimal


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What X's API costs the account, or, where `is_paid` is False, would cost: it goes to X by a browser.

    `spending` is None where nothing is paid, or where it was not asked for. `days` are prices by what day it is,
    `days_in_month` says how many days such a month has.
    """

    account: str
    is_paid: bool
    budget: Decimal
    spending: Spending | None
    days: Mapping[str, DayPrice]
    days_in_month: int


def cost_by_plan(settings: Settings, clock: Clock) -> Cost:
    """Answers what was spent, and prices the next 24 hours as they are planned, and a day as full as it may be.

    Raises:
        CannotRun: there is no database, or it does not answer.
    """
    now, profile = clock.now(), settings.profile
    with account_tables(settings) as database:
        spending = _spending(database, settings, now=now) if profile.transport == "api" else None
        planned = next_day(database, now=now)
    full = such_a_day(posts=profile.caps.posts_per_day, links=0, replies=profile.caps.replies_per_day)
    plans = {"the next 24 hours, as planned": planned, "a day as full as the caps allow": full}
    return _cost(settings, plans, spending, now=now)


def cost_of_such_a_day(settings: Settings, clock: Clock, *, posts: int, links: int, replies: int) -> Cost:
    """Prices a day with so many posts, posts with a link, and replies. It needs no database."""
    plans = {"such a day": such_a_day(posts=posts, links=links, replies=replies)}
    return _cost(settings, plans, None, now=clock.now())


def _cost(settings: Settings, plans: Mapping[str, DayPlan], spending: Spending | None, *, now: datetime) -> Cost:
    budget, today = budget_of(settings.profile), utc(now).date()
    first, following = month_of(today)
    return Cost(
        account=settings.account,
        is_paid=settings.profile.transport == "api",
        budget=budget,
        spending=spending,
        days={name: price_day(plan, budget=budget, day=today) for name, plan in plans.items()},
        days_in_month=(following - first).days,
    )


def _spending(database: AccountDatabase, settings: Settings, *, now: datetime) -> Spending:
    first, following = month_of(utc(now).date())
    month = month_to_date(database, settings.profile, now=now)
    began = datetime(first.year, first.month, first.day, tzinfo=utc(now).tzinfo)
    return Spending(
        since=first,
        month=month,
        by_kind=x_charges.charged_by_kind(database, since=first, until=following),
        by_day=x_charges.spent_by_day(database, since=first, until=following),
        forecast=forecast(month.spent, days_gone=Decimal((now - began) / DAY), days_in_month=(following - first).days),
    )


def forecast(spent: Decimal, *, days_gone: Decimal, days_in_month: int) -> Decimal:
    """Answers what a month comes to that goes on as it began. Of a first day nothing is foretold but that day again."""
    return spent * days_in_month / max(days_gone, Decimal(1))
