"""The words in which it is said that something is wrong: how bad it is, what the cause is, and a sentence."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How the account is: well; at work, but not as it should be; or not at work at all."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"

    @property
    def rank(self) -> int:
        """A number that is the higher the worse it is."""
        return list(Status).index(self)


class Cause(StrEnum):
    """What can be wrong, in the short words by which alerts are told apart. Jobs have causes of their own."""

    DATABASE = "database"
    DAGSTER_TABLES = "dagster's tables"
    DAEMON = "dagster daemon"
    CODE_SERVER = "code server"
    UI = "dagster ui"
    PRACTICE = "practice x"
    SESSION = "session"
    BROWSER = "browser"
    MODEL = "model"
    DISK = "disk"
    CLOCK = "clock"
    CHECKPOINTS = "checkpoints"
    COLLECTION = "collection rate"
    ATTEMPTS = "open attempts"
    QUEUE = "queue"
    APPROVAL = "approval"
    WATCH = "watch"
    TELLING = "telling"


_OF_A_JOB = "job "


def of_job(job: str) -> str:
    """The cause of a job that fails or is silent."""
    return f"{_OF_A_JOB}{job}"


def is_judged(cause: str) -> bool:
    """Whether an alert of this cause is ours to begin and to end, and not of whoever else raises alerts."""
    return cause in set(Cause) or cause.startswith(_OF_A_JOB)


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One thing that is wrong: its cause, how bad it is, and a sentence that says what to do."""

    cause: str
    status: Status
    sentence: str
