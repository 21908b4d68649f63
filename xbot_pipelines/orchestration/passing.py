"""Why a turn is passed over, told apart wherever it is shown: nothing to do, blocked, under way, missed (F25, F26)."""

from dataclasses import dataclass
from enum import StrEnum

import dagster as dg

from xbot_pipelines.models import Result
from xbot_pipelines.text.escape import for_log


class Why(StrEnum):
    """The kinds of reasons. A run that has ended uses the first two words as well (`models.Result`)."""

    NOTHING_TO_DO = Result.NOTHING_TO_DO.value
    BLOCKED = Result.BLOCKED.value
    UNDER_WAY = "under way"
    MISSED = "missed"


@dataclass(frozen=True)
class PassedOver:
    """A turn that nothing is done in, and why not."""

    why: Why
    reason: str

    def __str__(self) -> str:
        """What a tick of Dagster shows."""
        return f"{self.why}: {self.reason}"


Due = dg.RunRequest | PassedOver
"""What a question for work answers: the run that does it, or why there is none."""


def nothing_to_do(reason: str) -> PassedOver:
    """Passes a turn over because its work is done already, or has not come up yet."""
    return PassedOver(Why.NOTHING_TO_DO, reason)


def blocked(reason: str) -> PassedOver:
    """Passes a turn over although there may be work: somebody or something does not let us."""
    return PassedOver(Why.BLOCKED, reason)


def told(answer: Due) -> dg.RunRequest | dg.SkipReason:
    """Says an answer to Dagster."""
    return dg.SkipReason(for_log(str(answer))) if isinstance(answer, PassedOver) else answer
