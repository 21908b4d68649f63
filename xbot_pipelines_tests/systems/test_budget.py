"""The month's budget for X's API: what stops when, what is said, and that the meter counts what X would."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.settings import AccountSettings, ApiSettings, load_settings
from xbot_pipelines.store import x_charges
from xbot_pipelines.store.alerts import open_alerts
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems.budget import (
    BUDGET_SPENT,
    AccountMeter,
    Purpose,
    budget_of,
    ceiling,
    goes_on_at,
    may_go_on,
    month_of,
    why_stopped,
)
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.x.api.meter import Meter
from xbot_pipelines.x.api.prices import Charge, Priced
from xbot_pipelines_tests.conftest import ROOT

TEN = Decimal(10)
BEGUN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
"""The first day of a month of 31."""

MeterOf = Callable[..., AccountMeter]

money = st.decimals(min_value=0, max_value=1000, places=3)
days = st.dates(min_value=date(2024, 1, 1), max_value=date(2030, 12, 31))


@pytest.fixture
def profile() -> AccountSettings:
    """An account that may spend ten dollars a month."""
    return load_settings({"XBOT_ACCOUNTS": str(ROOT / "accounts")}).profile


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands at noon of the first day of a month."""
    return ManualClock(BEGUN)


@pytest.fixture
def meter(database: AccountDatabase, profile: AccountSettings, clock: ManualClock) -> MeterOf:
    """Makes the meter of a run, for a purpose and with a budget."""

    def of_run(purpose: Purpose = Purpose.PUBLISH, *, budget: float = 10.0) -> AccountMeter:
        paid = profile.model_copy(update={"api": ApiSettings(monthly_budget_usd=budget)})
        return AccountMeter(database, paid, clock, run_id="run-1", purpose=purpose)

    return of_run


def posts_with_link(*numbers: int) -> list[Charge]:
    """Posts that cost twenty cents each."""
    return [Charge(what=Priced.POST_WITH_LINK, resource=str(number)) for number in numbers]


@given(money, days)
def test_the_less_it_matters_the_earlier_it_stops(budget: Decimal, today: date) -> None:
    others, own, publish = (ceiling(budget, purpose, today) for purpose in reversed(Purpose))
    assert 0 <= others <= own <= publish == budget


@given(money, money, days)
def test_whatever_goes_on_all_that_matters_more_goes_on_too(budget: Decimal, spent: Decimal, today: date) -> None:
    going = [may_go_on(budget, purpose, spent=spent, today=today) for purpose in Purpose]
    assert going == sorted(going, reverse=True)
    assert any(going) == (spent < budget)


@given(money, days)
def test_what_others_write_may_use_more_each_day_and_half_of_the_budget_on_the_last(
    budget: Decimal, today: date
) -> None:
    first, following = month_of(today)
    assert first <= today < following
    month = [first + timedelta(days=number) for number in range((following - first).days)]
    ceilings = [ceiling(budget, Purpose.OTHERS, day) for day in month]
    assert ceilings == sorted(ceilings)
    assert ceilings[-1] == budget / 2


@given(money, money, days, st.sampled_from(Purpose))
def test_what_stops_goes_on_on_the_first_day_that_allows_it(
    budget: Decimal, spent: Decimal, today: date, purpose: Purpose
) -> None:
    again = goes_on_at(budget, purpose, spent=spent, today=today)
    if again is None:
        assert budget == 0
        return
    _, following = month_of(today)
    between = [today + timedelta(days=number) for number in range(1, (again - today).days)]
    assert today < again <= following
    assert not any(may_go_on(budget, purpose, spent=spent, today=day) for day in between)
    assert again == following or may_go_on(budget, purpose, spent=spent, today=again)


def test_the_budget_is_the_amount_that_the_file_says(profile: AccountSettings) -> None:
    cents = profile.model_copy(update={"api": ApiSettings(monthly_budget_usd=0.1)})
    assert budget_of(cents) == Decimal("0.1")


@pytest.mark.parametrize(
    ("purpose", "spent", "sentence"),
    [
        (
            Purpose.PUBLISH,
            "10.015",
            (
                "X's API has cost $10.015 of the month's $10.00 since 2026-03-01 UTC, and publishing stops at $10.00: "
                "it goes on from 2026-04-01 UTC, or when api.monthly_budget_usd is raised in accounts/ada.toml"
            ),
        ),
        (
            Purpose.OWN,
            "8",
            (
                "X's API has cost $8.00 of the month's $10.00 since 2026-03-01 UTC, and reading our own posts stops at "
                "$8.00: it goes on from 2026-04-01 UTC, or when api.monthly_budget_usd is raised in accounts/ada.toml"
            ),
        ),
        (
            Purpose.OTHERS,
            "0.5",
            (
                "X's API has cost $0.50 of the month's $10.00 since 2026-03-01 UTC, and reading other people's posts "
                "stops at $0.323 today: it goes on from 2026-03-04 UTC, or when api.monthly_budget_usd is raised in "
                "accounts/ada.toml"
            ),
        ),
    ],
)
def test_who_is_stopped_is_told_what_is_spent_until_when_and_what_to_do(
    purpose: Purpose, spent: str, sentence: str
) -> None:
    today = date(2026, 3, 2)
    assert why_stopped(TEN, purpose, spent=Decimal(spent), today=today, account="ada") == sentence


def test_a_budget_of_nothing_is_not_said_to_return_with_the_month() -> None:
    nothing = Decimal(0)
    sentence = why_stopped(nothing, Purpose.PUBLISH, spent=nothing, today=BEGUN.date(), account="ada")
    assert sentence is not None
    assert sentence.endswith("it goes on when api.monthly_budget_usd is raised in accounts/ada.toml")


def test_a_run_knows_what_it_has_cost_and_pays_the_same_once_a_day(meter: MeterOf, clock: ManualClock) -> None:
    counted: AccountMeter = meter()
    counted.charge(posts_with_link(1, 2))
    counted.charge(posts_with_link(2))
    assert counted.spent_usd == Decimal("0.4")
    clock.advance(timedelta(days=1))
    counted.charge(posts_with_link(2))
    assert counted.spent_usd == Decimal("0.6")


def test_purposes_stop_one_after_the_other_as_money_goes_and_the_next_run_knows(
    meter: MeterOf, clock: ManualClock
) -> None:
    clock.advance(timedelta(days=30))
    counted: AccountMeter = meter(budget=1.0)

    def stopped() -> list[Purpose]:
        return [purpose for purpose in Purpose if stops(counted, purpose)]

    counted.charge(posts_with_link(1, 2))
    assert stopped() == []
    counted.charge(posts_with_link(3))
    assert stopped() == [Purpose.OTHERS]
    counted.charge(posts_with_link(4))
    assert stopped() == [Purpose.OWN, Purpose.OTHERS]
    counted = meter(budget=1.0)
    assert stopped() == [Purpose.OWN, Purpose.OTHERS]
    counted.charge(posts_with_link(5))
    assert stopped() == list(Purpose)


def test_the_owner_is_told_once_that_the_budget_is_spent_and_a_new_month_ends_it(
    meter: MeterOf, database: AccountDatabase, clock: ManualClock
) -> None:
    counted: AccountMeter = meter(budget=0.2)
    counted.charge(posts_with_link(1))
    assert stops(counted, Purpose.OTHERS)
    assert open_alerts(database) == []

    assert stops(counted, Purpose.PUBLISH)
    assert stops(meter(budget=0.2), Purpose.PUBLISH)
    [alert] = open_alerts(database)
    assert (alert.cause, alert.opened_at) == (BUDGET_SPENT, BEGUN)
    assert alert.sentence.startswith("the month's budget for X's API is spent: X's API has cost $0.20 of")

    clock.advance(timedelta(days=31))
    assert not stops(counted, Purpose.PUBLISH)
    assert open_alerts(database) == []


def test_raising_the_budget_ends_the_alert_and_the_stop(meter: MeterOf, database: AccountDatabase) -> None:
    counted: AccountMeter = meter(budget=0.2)
    counted.charge(posts_with_link(1))
    assert stops(counted, Purpose.PUBLISH)
    assert not stops(meter(budget=0.3), Purpose.PUBLISH)
    assert open_alerts(database) == []


def test_a_run_over_the_end_of_a_month_pays_from_the_new_ones_budget(
    meter: MeterOf, database: AccountDatabase, clock: ManualClock
) -> None:
    clock.advance(timedelta(days=30, hours=11))
    counted: AccountMeter = meter(budget=0.3)
    counted.charge(posts_with_link(1))
    clock.advance(timedelta(hours=1))
    counted.charge(posts_with_link(2))
    assert not stops(counted, Purpose.PUBLISH)
    first, following = month_of(clock.now().date())
    assert x_charges.spent(database, since=first, until=following) == Decimal("0.2")


def test_a_limit_of_x_outlives_the_run_that_met_it(meter: MeterOf, clock: ManualClock) -> None:
    met: Meter = meter()
    resets_at = BEGUN + timedelta(minutes=15)
    met.note_limit("GET /2/tweets", limit=300, remaining=0, resets_at=resets_at)
    met.note_limit("POST /2/tweets", limit=100, remaining=99, resets_at=resets_at)

    later: Meter = meter()
    assert later.limited_until("GET /2/tweets") == resets_at
    assert later.limited_until("POST /2/tweets") is None
    assert later.limited_until("GET /2/users/me") is None
    clock.advance(timedelta(minutes=15))
    assert later.limited_until("GET /2/tweets") is None


def stops(counted: AccountMeter, purpose: Purpose) -> bool:
    """Says whether the meter lets a purpose go on no more."""
    counted.purpose = purpose
    try:
        counted.assert_affordable()
    except Standstill:
        return True
    return False
