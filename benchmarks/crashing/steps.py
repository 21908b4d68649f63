"""The words of the benchmark: how far a posting run has come, and what can be killed."""

from enum import StrEnum


class Step(StrEnum):
    """How far a posting run has come, as somebody sees it who only looks at the tables, at Dagster and at X."""

    WAITING = "waiting"
    STARTING = "starting"
    SETTLING = "settling"
    CLAIMED = "claimed"
    TYPING = "typing"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RECORDING = "recording"


class Victim(StrEnum):
    """What is killed. Practice X is none: it is the world."""

    WORKER = "run worker"
    CHROMIUM = "Chromium"
    DRIVER = "Playwright driver"
    CODE_SERVER = "code server"
    DAEMON = "daemon"
    DATABASE = "database"
    WARM_INTERPRETER = "warm interpreter"


RECORDING_ANSWER_SECONDS = 0.6
"""Says when the answer comes: what happens right after that is the recording."""
