"""Days of the account's own timezone, and which of them owe a report. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from xbot_pipelines.store.quotas import day_began, next_day_begins

OWED_FOR_DAYS = 7
"""How far back a report that is missing is made up for."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day where the account lives, [since, until) in UTC: of 23 or 25 hours where clocks are changed in it."""

    date: date
    zone: ZoneInfo
    since: datetime
    until: datetime


def day_on(on: date, zone: ZoneInfo) -> Day:
    """Answers the day of this date in a timezone."""
    noon = datetime.combine(on, time(12), zone)
    return Day(date=on, zone=zone, since=day_began(noon, zone), until=next_day_begins(noon, zone))


def last_days(now: datetime, zone: ZoneInfo) -> Sequence[date]:
    """Answers the days that are over and not too long ago for a report, yesterday last."""
    today = now.astimezone(zone).date()
    return [today - _DAY * back for back in range(OWED_FOR_DAYS, 0, -1)]


def days_owed(days: Sequence[date], *, began_on: date | None, written: Collection[date]) -> Sequence[date]:
    """Answers those of some days whose report is missing, in their order.

    Args:
        days: the days that are over, as `last_days` answers them.
        began_on: the first day of which the tables know anything; None: there is none, and nothing is owed.
        written: the days that have their report.
    """
    return [day for day in days if began_on is not None and day >= began_on and day not in written]
