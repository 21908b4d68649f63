"""Everything one running practice X holds: the world, who is logged in, what shall go wrong, what was asked for.

No HTTP here. `site` and its rooms work on one `Backstage`; a reset puts a fresh world into it.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from xbot_pipelines.practice.api.bill import Bill
from xbot_pipelines.practice.api.endpoints import ENDPOINTS
from xbot_pipelines.practice.api.generations import Taken
from xbot_pipelines.practice.api.keys import Keys
from xbot_pipelines.practice.api.tokens import OAUTH, Tokens
from xbot_pipelines.practice.archive import Archive
from xbot_pipelines.practice.faults import Faults
from xbot_pipelines.practice.operations import OPERATIONS
from xbot_pipelines.practice.query_ids import QueryIds
from xbot_pipelines.practice.rate_limits import RateLimits
from xbot_pipelines.practice.sessions import Sessions
from xbot_pipelines.practice.world import World

PAGES = (
    "home", "compose", "profile", "with_replies", "status", "analytics", "search", "notifications", "login", "access",
)  # fmt: skip


class Backstage:
    """One practice X over one data folder.

    Raises:
        RuntimeError: The folder is in use, or holds a world of another seed.
    """

    def __init__(self, data: Path, *, seed: int, handle: str, begins_at: datetime | None = None) -> None:
        self._archive = Archive(data)
        try:
            self._start = (self._archive.fact("starts") or 0) + 1
            self._open_world(seed, handle, begins_at)
        except BaseException:
            self._archive.close()
            raise

    def _open_world(self, seed: int, handle: str, begins_at: datetime | None = None) -> None:
        self.world = World(self._archive, seed=seed, handle=handle, begins_at=begins_at)
        self._archive.keep_fact("starts", self._start)
        self.sessions = Sessions(self._archive, self.world.clock)
        self.tokens = Tokens(self._archive, self.world.clock)
        self.keys = Keys(self._archive)
        self.bill = Bill(self._archive)
        self.faults = Faults(self._archive, seed, operations=[*OPERATIONS, *ENDPOINTS, *OAUTH], pages=PAGES)
        self.query_ids = QueryIds(seed, self._start)
        self.rate_limits = RateLimits()
        self.requests: Counter[str] = Counter()
        self.page_loads: Counter[str] = Counter()

    def current_query_ids(self) -> Mapping[str, str]:
        """The query id of each operation, for a page that is loaded now."""
        return self.query_ids.current(OPERATIONS)

    @property
    def names(self) -> Taken:
        """Which generations of names the API takes."""
        return Taken(self._archive.fact("api_names") or Taken.BOTH)

    def take_names(self, taken: Taken) -> None:
        """Let the API take these generations of names from now on."""
        self._archive.keep_fact("api_names", taken)

    def reset(self, seed: int) -> None:
        """Begin again with a fresh world: our accounts are there, and nothing else."""
        handles = [account.handle for account in self.world.accounts]
        self._archive.clear()
        self._open_world(seed, handles[0])
        for handle in handles[1:]:
            self.world.add_account(handle)

    def close(self) -> None:
        """Let go of the data folder."""
        self._archive.close()
