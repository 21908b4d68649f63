"""What X's API costs as people and programs read it: lines for a terminal, and JSON with US dollars as numbers.

What there is to say is collected in `cost`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from xbot_pipelines.operate.cost import Cost, Spending
from xbot_pipelines.systems.budget import Month
from xbot_pipelines.systems.pricing import ASSUMED, DayPrice
from xbot_pipelines.x.api.prices import AS_OF, PRICES, SOURCE, dollars

Row = tuple[str, ...]


def as_lines(cost: Cost) -> str:
    """What a person reads."""
    return "\n".join(_lines(cost))


def as_json(cost: Cost) -> dict[str, Any]:
    """What a program reads: US dollars, days of UTC."""
    return {
        "account": cost.account,
        "is_paid": cost.is_paid,
        "prices_as_of": AS_OF.isoformat(),
        "prices_source": SOURCE,
        "monthly_budget_usd": float(cost.budget),
        "month": _spending_json(cost.spending) if cost.spending else None,
        "days": [
            {
                "day": name,
                "usd": float(price.usd),
                "month_of_such_days_usd": float(price.usd * cost.days_in_month),
                "lines": [
                    {
                        "about": line.about,
                        "what": line.what.value,
                        "count": line.count,
                        "unit_usd": float(PRICES[line.what]),
                        "usd": float(line.usd),
                    }
                    for line in price.lines
                ],
            }
            for name, price in cost.days.items()
        ],
    }


def stopped_words(month: Month) -> Iterator[str]:
    """Says of each purpose that has stopped until when."""
    for purpose, again in month.stopped.items():
        yield f"{purpose} has stopped until {again or 'the budget is raised'}"


def month_json(month: Month) -> dict[str, Any]:
    """What a program reads of a month: what has stopped, and from which day of UTC on it may go on, null for never."""
    return {
        "spent_usd": float(month.spent),
        "monthly_budget_usd": float(month.budget),
        "stopped": {
            purpose.name.lower(): None if again is None else again.isoformat()
            for purpose, again in month.stopped.items()
        },
    }


def _lines(cost: Cost) -> Iterator[str]:
    yield f"X's API, account {cost.account}: prices of {AS_OF} ({SOURCE})"
    if not cost.is_paid:
        yield "Nothing is paid: this account goes to X by a browser. By the API it would cost:"
    if cost.spending:
        yield from _spending_lines(cost.spending)
    for name, price in cost.days.items():
        yield from ("", f"{name[0].upper()}{name[1:]}", *_day_lines(price), _month_of_such_days(cost, price))
    yield from ("", ASSUMED)


def _spending_lines(spending: Spending) -> Iterator[str]:
    month = spending.month
    yield from ("", f"Since {spending.since} UTC")
    yield f"  {dollars(month.spent)} of the month's {dollars(month.budget)}"
    yield from (f"  {words}" for words in stopped_words(month))
    yield f"  {dollars(spending.forecast)} by the end of the month, if it goes on like this"
    kinds = [
        (what.replace("_", " "), f"{charged.count:,}", dollars(charged.usd))
        for what, charged in spending.by_kind.items()
    ]
    yield from _columns(kinds)
    yield from _columns([(f"{day}", dollars(usd)) for day, usd in spending.by_day.items()])


def _day_lines(price: DayPrice) -> Iterator[str]:
    rows = [
        (line.about, f"{line.count:,}", f"x {dollars(PRICES[line.what])}", dollars(line.usd))
        for line in price.lines
        if line.count
    ]
    yield from _columns([*rows, ("in all", "", "", dollars(price.usd))])


def _month_of_such_days(cost: Cost, price: DayPrice) -> str:
    month = price.usd * cost.days_in_month
    beyond = ": more than the budget, and what matters less stops first" if month > cost.budget else ""
    return f"  {cost.days_in_month} such days: {dollars(month)} of {dollars(cost.budget)}{beyond}"


def _columns(rows: Sequence[Row]) -> Iterator[str]:
    """Lays rows out in columns: the first to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for about, *numbers in rows:
        cells = [f"{number:>{width}}" for number, width in zip(numbers, widths[1:], strict=True)]
        yield "  ".join(["", f"{about:<{widths[0]}}", *cells])


def _spending_json(spending: Spending) -> dict[str, Any]:
    return {
        "since": spending.since.isoformat(),
        **month_json(spending.month),
        "forecast_usd": float(spending.forecast),
        "by_kind": {
            what: {"count": charged.count, "usd": float(charged.usd)} for what, charged in spending.by_kind.items()
        },
        "by_day": {day.isoformat(): float(usd) for day, usd in spending.by_day.items()},
    }
