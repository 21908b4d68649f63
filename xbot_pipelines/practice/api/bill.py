"""What X would charge for what was served: its price list, and the bill of each day.

A resource is charged once a UTC day, kind and price. Only what was answered is charged. Source: X's documentation
("Pay-per-usage pricing", August 2026). The client keeps its own copy of the prices, so that each can prove the other
wrong.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from xbot_pipelines.practice.archive import Archive

Json = dict[str, Any]


class Kind(Enum):
    """What is charged for: its name on the bill, and its price in thousandths of a dollar."""

    POST = ("posts created", 15)
    POST_WITH_LINK = ("posts with a link created", 200)
    SUMMONED_REPLY = ("summoned replies created", 10)
    OWNED_READ = ("owned posts read", 1)
    POST_READ = ("posts read", 5)
    USER_READ = ("users read", 10)
    ANALYTICS_READ = ("analytics read", 5)

    @property
    def title(self) -> str:
        """What the bill calls it."""
        return self.value[0]

    @property
    def price(self) -> int:
        """Thousandths of a dollar for one."""
        return self.value[1]


_PRICES = {kind.title: kind.price for kind in Kind}


@dataclass(frozen=True, slots=True)
class Charge:
    """One resource that was served."""

    kind: Kind
    resource_id: int


class Bill:
    """The bill of one archive; what is charged is on the disk before the request is answered."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def add(self, charges: Iterable[Charge], at: datetime) -> None:
        """Charge what was served at a moment (UTC); what was charged on that day already costs nothing."""
        self._archive.keep_charges((at.date().isoformat(), charge.kind.title, charge.resource_id) for charge in charges)

    def told(self) -> Json:
        """The whole bill: `{"total_usd", "days": {"2026-11-28": {"posts created": {"count", "usd"}}}}`."""
        days: dict[str, Json] = defaultdict(dict)
        total = 0
        for day, title, count in self._archive.charges():
            price = count * _PRICES[title]
            total += price
            days[day][title] = {"count": count, "usd": price / 1000}
        return {"total_usd": total / 1000, "days": dict(days)}
