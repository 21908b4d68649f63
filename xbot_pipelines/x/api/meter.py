"""The port to who keeps count: what each call of the API has cost, whether one more is affordable, X's limits.

The client asks it before a call and tells it after; it is kept in the database, by `systems.budget`.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from xbot_pipelines.x.api.prices import Charge


class Meter(Protocol):
    """Keeps count of money and of requests."""

    def assert_affordable(self) -> None:
        """Makes sure that the month's budget leaves something for what is being done now.

        Raises:
            Wall: it does not; the message says since when, and when it goes on.
        """
        ...

    def left_usd(self) -> Decimal:
        """Answers what may still be spent on what is being done now, in US dollars."""
        ...

    def charge(self, charges: Sequence[Charge]) -> None:
        """Takes down what X has charged for. The same resource twice in a UTC day is charged once."""
        ...

    def limited_until(self, endpoint: str) -> datetime | None:
        """Answers when a limit of X that is used up resets; None where none is known to be, or it has reset."""
        ...

    def note_limit(self, endpoint: str, *, limit: int, remaining: int, resets_at: datetime) -> None:
        """Takes down what an answer of X said of its limit: requests in its window, how many are left, until when."""
        ...
