"""The query ids of the GraphQL operations: they rotate, as X's do, so that no client can rely on one.

They change with every start and every hour of real time; the ids of the two hours before, and those of the start
before, are still taken, because pages that are open still use them.
"""

import time
from collections.abc import Iterable

from xbot_pipelines.practice import draws

_LENGTH = 22
_HOURS_TAKEN = 3


class QueryIds:
    """The ids of one run of the server: `start` counts the starts of this world."""

    def __init__(self, seed: int, start: int) -> None:
        self._seed = seed
        self._start = start

    def current(self, operations: Iterable[str]) -> dict[str, str]:
        """The id of each operation that a page loaded now is told."""
        return {operation: self._id(operation, self._start, _hour()) for operation in operations}

    def takes(self, operation: str, query_id: str) -> bool:
        """Whether the id is one of this operation, of now or of a while ago."""
        return any(
            query_id == self._id(operation, start, _hour() - ago)
            for start in (self._start, self._start - 1)
            for ago in range(_HOURS_TAKEN)
        )

    def _id(self, operation: str, start: int, hour: int) -> str:
        return draws.token(_LENGTH, self._seed, "query id", operation, start, hour)


def _hour() -> int:
    return int(time.time() // 3600)
