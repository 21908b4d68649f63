"""What a rehearsal tells and asks the practice X that it plays on, over its control API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

import httpx2

from xbot_pipelines.operate.errors import CannotRun

_LONGEST_ANSWER_SECONDS = 30.0


class Refused(CannotRun):
    """Practice X cannot do what it was asked to."""


class PracticeSite:
    """The control API of a practice X.

    Raises:
        CannotRun: it does not answer, or refuses; from every method.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx2.Client(base_url=url, timeout=_LONGEST_ANSWER_SECONDS, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def set_clock(self, moment: datetime) -> None:
        """Sets the world's clock, which stands, to a moment."""
        self._ask("POST", "clock", {"now": moment.isoformat()})

    def add_fault(self, fault: Mapping[str, Any]) -> None:
        """Asks for a fault, as the control API describes it."""
        self._ask("POST", "faults", fault)

    def clear_faults(self) -> None:
        """Ends all misbehaviour."""
        self._ask("DELETE", "faults")

    def requests(self) -> int:
        """Answers how many operations were asked for since the start."""
        return int(self._ask("GET", "requests")["total"])

    def bill(self) -> Decimal:
        """Answers what X would charge for what its API has served, in US dollars."""
        return Decimal(str(self._ask("GET", "api/bill")["total_usd"]))

    def own_posts(self) -> Sequence[Mapping[str, Any]]:
        """Answers all posts of our accounts, deleted ones among them, with the truth about them."""
        posts: Sequence[Mapping[str, Any]] = self._ask("GET", "truth")["posts"]
        return posts

    def expected(self, at: datetime, values: Mapping[str, Sequence[str]]) -> Mapping[str, Any]:
        """Answers what the best of all combinations of these values could expect at a moment, and the average one.

        Raises:
            Refused: its readers do not know one of the values.
        """
        told: Mapping[str, Any] = self._ask("POST", "expected", {"at": at.isoformat(), "values": values})
        return told

    def _ask(self, method: str, what: str, body: object = None) -> Any:
        try:
            answer = self._http.request(method, f"/practice/{what}", json=body)
        except httpx2.HTTPError as error:
            raise CannotRun(f"practice X at {self.url} does not answer: {error}") from error
        if answer.status_code != httpx2.codes.OK:
            raise Refused(f"practice X at {self.url} refuses {method} /practice/{what}: {answer.text.strip()}")
        return answer.json()
