"""The month's budget for X's API: how much of it each purpose may use, and the meter that counts.

Reading other people's posts stops first, then reading our own, publishing last. Here belongs what may be spent; what
things cost is in `x.api.prices`, what a day will cost in `pricing`. Months and days are UTC's, as X counts them.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from xbot_pipelines.clock import Clock, utc
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store import x_charges, x_limits
from xbot_pipelines.store.alerts import close_alert, raise_alert
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.x_charges import XCharge
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.x.api.prices import PRICES, Charge, dollars

BUDGET_SPENT = "budget of X's API"
"""The cause of the alert that says that the month's budget is spent to the end."""


class Purpose(StrEnum):
    """What money is spent on, in words for a person. The first to stop is the last one here."""

    PUBLISH = "publishing"
    OWN = "reading our own posts"
    OTHERS = "reading other people's posts"


_SHARES = {Purpose.PUBLISH: Decimal(1), Purpose.OWN: Decimal("0.8"), Purpose.OTHERS: Decimal("0.5")}


def month_of(day: date) -> tuple[date, date]:
    """Answers the first day of a day's month, and the first of the month after it."""
    first = day.replace(day=1)
    return first, first + timedelta(days=monthrange(day.year, day.month)[1])


def budget_of(profile: AccountSettings) -> Decimal:
    """Answers what the account may spend in a month, in US dollars."""
    # By its text: as a float, 0.1 is a little more than that.
    return Decimal(str(profile.api.monthly_budget_usd))


def ceiling(budget: Decimal, purpose: Purpose, today: date) -> Decimal:
    """Answers how much the month may have cost in all, in US dollars, for a purpose to go on today.

    What others write is read by the day: its share grows with the days of the month that have begun, so that the whole
    is not gone on the third.
    """
    most = budget * _SHARES[purpose]
    if purpose != Purpose.OTHERS:
        return most
    first, following = month_of(today)
    return most * ((today - first).days + 1) / (following - first).days


def may_go_on(budget: Decimal, purpose: Purpose, *, spent: Decimal, today: date) -> bool:
    """Says whether a purpose may spend today, when so much of the month's budget is spent."""
    return spent < ceiling(budget, purpose, today)


def goes_on_at(budget: Decimal, purpose: Purpose, *, spent: Decimal, today: date) -> date | None:
    """Answers the first day from tomorrow on at which a purpose may spend, if nothing more is spent till then.

    None: never, because the budget is nothing.
    """
    if budget == 0:
        return None
    _, following = month_of(today)
    day = today + timedelta(days=1)
    while day < following and not may_go_on(budget, purpose, spent=spent, today=day):
        day += timedelta(days=1)
    return day


def why_stopped(budget: Decimal, purpose: Purpose, *, spent: Decimal, today: date, account: str) -> str | None:
    """Says why a purpose may not spend today, until when, and what a person can do; None where it may."""
    if may_go_on(budget, purpose, spent=spent, today=today):
        return None
    again = goes_on_at(budget, purpose, spent=spent, today=today)
    first, _ = month_of(today)
    raised = f"when api.monthly_budget_usd is raised in accounts/{account}.toml"
    return (
        f"X's API has cost {dollars(spent)} of the month's {dollars(budget)} since {first} UTC, and {purpose} stops at "
        f"{dollars(ceiling(budget, purpose, today))}{' today' if purpose == Purpose.OTHERS else ''}: it goes on "
        f"{f'from {again} UTC, or {raised}' if again else raised}"
    )


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month up to now: US dollars spent, and of what; `stopped` says from which day on each purpose may go on.

    None there: not before the budget is raised.
    """

    spent: Decimal
    budget: Decimal
    stopped: Mapping[Purpose, date | None]


def month_to_date(database: AccountDatabase, profile: AccountSettings, *, now: datetime) -> Month:
    """Answers what the account has spent in this month of UTC, and what that has stopped."""
    today = utc(now).date()
    first, following = month_of(today)
    spent, budget = x_charges.spent(database, since=first, until=following), budget_of(profile)
    stopped = {
        purpose: goes_on_at(budget, purpose, spent=spent, today=today)
        for purpose in Purpose
        if not may_go_on(budget, purpose, spent=spent, today=today)
    }
    return Month(spent=spent, budget=budget, stopped=stopped)


class AccountMeter:
    """The account's meter, for one run: a `Meter` of `x.api`.

    The account's lease makes this run the only one that spends, so the month's sum is read once.

    Args:
        database: the account that pays.
        profile: its budget.
        clock: what day and month are taken by.
        run_id: the run that spends, if it is one of Dagster's.
        purpose: what is being done first; to be set anew by a run that goes on to something else.
    """

    def __init__(
        self,
        database: AccountDatabase,
        profile: AccountSettings,
        clock: Clock,
        *,
        run_id: str | None,
        purpose: Purpose,
    ) -> None:
        self.purpose = purpose
        self.spent_usd = Decimal(0)
        """What this run has cost so far, in US dollars."""
        self._database = database
        self._budget = budget_of(profile)
        self._clock = clock
        self._run_id = run_id
        self._month: date | None = None
        self._spent_in_month = Decimal(0)

    def assert_affordable(self) -> None:
        """Makes sure that the month's budget leaves something for this purpose.

        Where nothing is left for publishing, the account's owner is told.

        Raises:
            Standstill: it does not.
        """
        now, account = self._clock.now(), self._database.account
        today = utc(now).date()
        self._see_the_month_of(today)
        why = why_stopped(self._budget, self.purpose, spent=self._spent_in_month, today=today, account=account)
        if why is None:
            return
        if self.purpose == Purpose.PUBLISH:
            sentence = f"the month's budget for X's API is spent: {why}"
            with self._database.transaction() as connection:
                raise_alert(connection, account, cause=BUDGET_SPENT, sentence=sentence, now=now)
        raise Standstill(why)

    def left_usd(self) -> Decimal:
        """Answers what may still be spent on this purpose today, in US dollars."""
        today = utc(self._clock.now()).date()
        self._see_the_month_of(today)
        return max(ceiling(self._budget, self.purpose, today) - self._spent_in_month, Decimal(0))

    def charge(self, charges: Sequence[Charge]) -> None:
        """Takes down what X has charged for, at the prices of the list."""
        now = self._clock.now()
        self._see_the_month_of(utc(now).date())
        rows = [XCharge(what=one.what, resource=one.resource, usd=PRICES[one.what]) for one in charges]
        new = x_charges.add(self._database, rows, now=now, run_id=self._run_id)
        self.spent_usd += new
        self._spent_in_month += new

    def limited_until(self, endpoint: str) -> datetime | None:
        """Answers when the limit of an endpoint that is used up resets; None where it leaves something."""
        limits = x_limits.used_up(self._database, now=self._clock.now())
        return next((limit.resets_at for limit in limits if limit.endpoint == endpoint), None)

    def note_limit(self, endpoint: str, *, limit: int, remaining: int, resets_at: datetime) -> None:
        """Takes down what an answer of X said of the limit of an endpoint."""
        x_limits.note(
            self._database,
            endpoint,
            granted=limit,
            remaining=remaining,
            resets_at=resets_at,
            now=self._clock.now(),
        )

    def _see_the_month_of(self, today: date) -> None:
        """Reads the month's sum where it is not known yet, and ends the alert of a time that is over."""
        first, following = month_of(today)
        if self._month == first:
            return
        self._month = first
        self._spent_in_month = x_charges.spent(self._database, since=first, until=following)
        if may_go_on(self._budget, Purpose.PUBLISH, spent=self._spent_in_month, today=today):
            with self._database.transaction() as connection:
                close_alert(connection, self._database.account, cause=BUDGET_SPENT, now=self._clock.now())
