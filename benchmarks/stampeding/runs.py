"""One run of a job: how it is asked for, and what came of it. Plain values that travel between the processes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One run of a job: the tags and the configuration that it is asked for with."""

    job: str
    uses_browser: bool
    deadline_seconds: float
    tags: Mapping[str, str] = field(default_factory=dict)
    run_config: Mapping[str, Any] = field(default_factory=dict)


class Ending(StrEnum):
    """How a run ended. The first three are what a job says of itself; the last is everything else."""

    DONE = "done"
    NOTHING_TO_DO = "nothing to do"
    BLOCKED = "blocked"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A run that has ended. Where there is no queue, it is asked for, chosen and begun in the same moment.

    `opens_browser`: whether its job has a browser in this way, be it that there was nothing left to read with it.
    `reason` says why it failed, was blocked or had nothing to do.
    """

    job: str
    opens_browser: bool
    asked_at: float
    chosen_at: float
    began_at: float
    ended_at: float
    ending: Ending
    reason: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether it did its work, or found that somebody else had done it."""
        return self.ending in {Ending.DONE, Ending.NOTHING_TO_DO}

    @property
    def seconds(self) -> float:
        """How long it ran, without what it waited in a queue."""
        return self.ended_at - self.began_at
