"""`xbot cost`: what X's API has cost this month, and what a day costs before it is run."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.operate.cost import cost_by_plan, cost_of_such_a_day, forecast
from xbot_pipelines.operate.cost_report import as_json, as_lines
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems.budget import AccountMeter, Purpose
from xbot_pipelines.x.api.prices import AS_OF, Charge, Priced
from xbot_pipelines_tests.operate.shell import Shell, refusal
from xbot_pipelines_tests.store.given import queued, single

DAY = timedelta(days=1)


@pytest.fixture
def paying(settings: Settings) -> Settings:
    """The example account, by X's API."""
    return settings.model_copy(update={"profile": settings.profile.model_copy(update={"transport": "api"})})


def spend(paying: Settings, database: AccountDatabase, clock: ManualClock, what: Priced, times: int) -> None:
    """Charges the account for so many things of a kind, on the clock's day."""
    meter = AccountMeter(database, paying.profile, clock, run_id="run-1", purpose=Purpose.PUBLISH)
    meter.charge([Charge(what=what, resource=str(number)) for number in range(times)])


def test_who_pays_sees_the_month_by_kind_and_day_what_stopped_and_where_it_leads(
    paying: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    spend(paying, database, clock, Priced.POST, 20)
    clock.advance(DAY)
    spend(paying, database, clock, Priced.OWN_READ, 150)
    clock.advance(timedelta(hours=12))

    lines = as_lines(cost_by_plan(paying, clock)).splitlines()

    assert lines[:14] == [
        f"X's API, account practice: prices of {AS_OF} (https://docs.x.com/x-api/getting-started/pricing)",
        "",
        "Since 2026-03-01 UTC",
        "  $0.45 of the month's $10.00",
        "  $4.65 by the end of the month, if it goes on like this",
        "  post       20  $0.30",
        "  own read  150  $0.15",
        "  2026-03-02  $0.30",
        "  2026-03-03  $0.15",
        "",
        "The next 24 hours, as planned",
        "  who we are              1   x $0.01  $0.01",
        "  posts found by search  30  x $0.005  $0.15",
        "  in all                               $0.16",
    ]


def test_what_has_stopped_is_said_with_the_day_on_which_it_goes_on(
    paying: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    spend(paying, database, clock, Priced.POST_WITH_LINK, 2)
    assert "  reading other people's posts has stopped until 2026-03-03" in as_lines(cost_by_plan(paying, clock))
    spend(paying, database, clock, Priced.POST_WITH_LINK, 50)
    told = as_json(cost_by_plan(paying, clock))["month"]
    assert told["stopped"] == {"publish": "2026-04-01", "own": "2026-04-01", "others": "2026-04-01"}


def test_the_plan_and_a_full_day_are_priced_and_compared_with_the_budget(
    paying: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    queued(database, single("Read https://example.org/sleep"), at=clock.now())

    planned, full = as_json(cost_by_plan(paying, clock))["days"]

    assert planned["day"] == "the next 24 hours, as planned"
    assert {"about": "posts with a link", "what": "post_with_link", "count": 1, "unit_usd": 0.2, "usd": 0.2} in (
        planned["lines"]
    )
    # 48 posts, 40 replies to as many posts, 704 readings of a week's posts, and 289 of older ones.
    assert full["usd"] == pytest.approx(0.72 + 0.4 + 0.2 + 0.704 + 1.445 + 0.01)
    assert full["month_of_such_days_usd"] == pytest.approx(31 * 3.479)
    assert "31 such days: $107.849 of $10.00: more than the budget" in as_lines(cost_by_plan(paying, clock))


def test_who_goes_by_a_browser_is_told_that_nothing_is_paid_and_what_it_would_cost(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    queued(database, single(), at=clock.now())
    cost = cost_by_plan(settings, clock)
    assert "Nothing is paid: this account goes to X by a browser. By the API it would cost:" in as_lines(cost)
    assert as_json(cost)["month"] is None
    assert not as_json(cost)["is_paid"]
    assert as_json(cost)["days"][0]["lines"][0]["count"] == 1


def test_numbers_are_priced_in_place_of_the_plan(settings: Settings, clock: ManualClock) -> None:
    [day] = as_json(cost_of_such_a_day(settings, clock, posts=10, links=1, replies=5))["days"]
    counts = {line["about"]: line["count"] for line in day["lines"]}
    assert (counts["posts"], counts["posts with a link"], counts["replies"]) == (10, 1, 5)
    assert (counts["our own posts"], counts["our older posts, once a week"]) == (8 * 16, 52)


def test_a_forecast_goes_on_as_the_month_began_and_a_first_morning_foretells_no_fortune() -> None:
    assert forecast(Decimal(3), days_gone=Decimal("1.5"), days_in_month=30) == 60
    assert forecast(Decimal(3), days_gone=Decimal("0.01"), days_in_month=30) == 90


def test_such_a_day_can_be_priced_before_there_is_a_database(shell: Shell) -> None:
    done = shell.types("cost", "--posts", "2", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["days"][0]["lines"][0] == {
        "about": "posts",
        "what": "post",
        "count": 2,
        "unit_usd": 0.015,
        "usd": 0.03,
    }
    assert "no PostgreSQL runs in" in refusal(shell.types("cost"))
