"""Which days there are where the account lives, and which of them owe a report."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from xbot_pipelines.systems.reports.days import day_on, days_owed, last_days

VIENNA = ZoneInfo("Europe/Vienna")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = date(2026, 3, 10)
LAST = [TODAY - back * DAY for back in range(7, 0, -1)]


@pytest.mark.parametrize(
    ("on", "zone", "began", "hours"),
    [
        (date(2026, 3, 2), "Europe/Vienna", datetime(2026, 3, 1, 23, tzinfo=UTC), 24),
        (date(2026, 3, 29), "Europe/Vienna", datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (date(2026, 10, 25), "Europe/Vienna", datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        (date(2026, 9, 6), "America/Santiago", datetime(2026, 9, 6, 4, tzinfo=UTC), 23),
        (date(2026, 4, 4), "America/Santiago", datetime(2026, 4, 4, 3, tzinfo=UTC), 25),
        (date(2026, 3, 2), "Pacific/Kiritimati", datetime(2026, 3, 1, 10, tzinfo=UTC), 24),
    ],
)
def test_f27_a_day_begins_and_ends_where_the_account_lives(on: date, zone: str, began: datetime, hours: int) -> None:
    day = day_on(on, ZoneInfo(zone))
    assert (day.since, day.until - day.since) == (began, hours * HOUR)


@pytest.mark.parametrize(
    ("now", "yesterday"),
    [
        (datetime(2026, 3, 2, 22, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 2, 23, 0, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 29)),
    ],
)
def test_a_day_is_over_at_midnight_where_the_account_lives(now: datetime, yesterday: date) -> None:
    days = last_days(now, VIENNA)
    assert days == [yesterday - back * DAY for back in range(6, -1, -1)]


def test_f26_each_of_the_last_seven_days_that_has_no_report_owes_one() -> None:
    assert days_owed(LAST, began_on=date(2025, 1, 1), written=[]) == LAST
    assert days_owed(LAST, began_on=date(2025, 1, 1), written=LAST[1:]) == [LAST[0]]
    assert days_owed(LAST, began_on=date(2025, 1, 1), written=LAST) == []


def test_nothing_is_owed_of_the_time_before_the_account_began() -> None:
    assert days_owed(LAST, began_on=LAST[4], written=[LAST[5]]) == [LAST[4], LAST[6]]
    assert days_owed(LAST, began_on=TODAY, written=[]) == []
    assert days_owed(LAST, began_on=None, written=[]) == []
