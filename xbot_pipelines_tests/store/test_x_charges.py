"""What X's API has charged for: each thing once a UTC day."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from xbot_pipelines.store import x_charges
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import x_charges as table
from xbot_pipelines.store.x_charges import Charged, XCharge
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.store.rows import refuse

TODAY = date(2026, 3, 2)
TOMORROW = TODAY + timedelta(days=1)
DAY = timedelta(days=1)


def read(*ids: str) -> list[XCharge]:
    """Readings of so many posts, a tenth of a cent each."""
    return [XCharge(what="own_read", resource=one, usd=Decimal("0.001")) for one in ids]


def charge(database: AccountDatabase, charges: list[XCharge], at: datetime = NOON) -> Decimal:
    """Takes down what one run was charged."""
    return x_charges.add(database, charges, now=at, run_id="run-1")


def test_the_second_reading_of_a_post_on_a_utc_day_costs_nothing_and_the_next_day_does_again(
    database: AccountDatabase,
) -> None:
    assert charge(database, read("1", "2")) == Decimal("0.002")
    assert charge(database, read("2", "3"), NOON + timedelta(hours=11)) == Decimal("0.001")
    assert charge(database, read("1", "2"), NOON + DAY) == Decimal("0.002")
    assert x_charges.spent(database, since=TODAY, until=TOMORROW) == Decimal("0.003")


def test_a_post_that_comes_twice_in_one_answer_is_charged_once(database: AccountDatabase) -> None:
    assert charge(database, read("1", "1")) == Decimal("0.001")


def test_an_answer_without_posts_costs_nothing(database: AccountDatabase) -> None:
    assert charge(database, []) == 0
    assert x_charges.spent(database, since=TODAY, until=TOMORROW) == 0


def test_f27_the_day_is_that_of_utc_whatever_the_clock_on_the_wall_says(database: AccountDatabase) -> None:
    late_in_vienna = datetime(2026, 3, 3, 0, 30, tzinfo=ZoneInfo("Europe/Vienna"))
    charge(database, read("1"), late_in_vienna)
    assert x_charges.spent(database, since=TODAY, until=TOMORROW) == Decimal("0.001")


def test_what_is_spent_is_told_by_kind_the_dearest_first_and_by_day(
    database: AccountDatabase, other: AccountDatabase
) -> None:
    post = XCharge(what="post", resource="9", usd=Decimal("0.015"))
    charge(database, [*read("1", "2"), post])
    charge(database, read("1"), NOON + DAY)
    charge(database, read("1"), NOON + 2 * DAY)
    charge(other, read("1", "2", "3"))

    until = TODAY + 2 * DAY
    assert list(x_charges.charged_by_kind(database, since=TODAY, until=until).items()) == [
        ("post", Charged(count=1, usd=Decimal("0.015"))),
        ("own_read", Charged(count=3, usd=Decimal("0.003"))),
    ]
    assert list(x_charges.spent_by_day(database, since=TODAY, until=until).items()) == [
        (TODAY, Decimal("0.017")),
        (TOMORROW, Decimal("0.001")),
    ]
    assert x_charges.spent(database, since=TODAY, until=until) == Decimal("0.018")


def test_the_table_takes_no_money_back(database: AccountDatabase) -> None:
    row = {"account": "practice", "day": TODAY, "what": "post", "resource": "1", "usd": -1, "charged_at": NOON}
    refuse(database, table, row, because="ck_x_charges_counters_not_negative")
