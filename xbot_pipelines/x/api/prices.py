"""What X's official API costs: its price list as a table, with its date.

Pure. Who keeps count of what is spent is `meter`; how much may be spent is decided in `systems.budget`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from xbot_pipelines.x.text import find_links

SOURCE = "https://docs.x.com/x-api/getting-started/pricing"
"""Where X publishes its prices. Those that an app really pays are in X's Developer Console."""

AS_OF = date(2026, 8, 22)
"""The day of the list that `PRICES` has its numbers from."""


class Priced(StrEnum):
    """What X charges for."""

    POST = "post"
    POST_WITH_LINK = "post_with_link"
    REPLY = "reply"
    OWN_READ = "own_read"
    POST_READ = "post_read"
    USER_READ = "user_read"
    ANALYTICS_READ = "analytics_read"


PRICES: Mapping[Priced, Decimal] = MappingProxyType(
    {
        Priced.POST: Decimal("0.015"),
        Priced.POST_WITH_LINK: Decimal("0.200"),
        Priced.REPLY: Decimal("0.010"),
        Priced.OWN_READ: Decimal("0.001"),
        Priced.POST_READ: Decimal("0.005"),
        Priced.USER_READ: Decimal("0.010"),
        # The list of that day does not name it; an older one did.
        Priced.ANALYTICS_READ: Decimal("0.005"),
    }
)
"""US dollars for one of each: for each post that is made, for each post or user that an answer holds.

A reply is X's "summoned" one, to somebody who named or quoted us: the API takes no other of an account like ours.
Own reads are of our own posts and mentions, by `/2/users/{id}/tweets` and `/mentions`. Users that only come along with
posts are taken to be free.
"""


@dataclass(frozen=True, kw_only=True)
class Charge:
    """One thing that X charges for. `resource` is the id of the post or user: X charges the same once a UTC day."""

    what: Priced
    resource: str


def kind_of_post(text: str, *, is_reply: bool) -> Priced:
    """Answers what publishing a text is charged as. A link makes the price, in a reply too."""
    if any(True for _ in find_links(text)):
        return Priced.POST_WITH_LINK
    return Priced.REPLY if is_reply else Priced.POST


def dollars(usd: Decimal) -> str:
    """Answers an amount as a person reads it: "$3.21", and with the third decimal where it has one, "$0.015"."""
    amount = f"{usd:.3f}"
    return f"${amount.removesuffix('0')}"
