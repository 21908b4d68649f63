"""What a check of the doctor is given, and what it answers. Nothing is looked at here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from xbot_pipelines.clock import Clock
from xbot_pipelines.operate.house import House
from xbot_pipelines.settings import Settings


class Verdict(StrEnum):
    """How something was found. Only a fault makes `xbot doctor` end with 1; what was not looked at is no verdict."""

    FINE = "fine"
    WARNING = "warning"
    FAULT = "fault"
    NOT_LOOKED_AT = "not looked at"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at: what it is about, how it was found, and what to do where that is not fine."""

    about: str
    verdict: Verdict
    found: str
    to_do: str | None = None


def fine(about: str, found: str) -> Finding:
    """Answers that it is as it should be."""
    return Finding(about=about, verdict=Verdict.FINE, found=found)


def warning(about: str, found: str, *, to_do: str) -> Finding:
    """Answers that it works, and what would be better."""
    return Finding(about=about, verdict=Verdict.WARNING, found=found, to_do=to_do)


def fault(about: str, found: str, *, to_do: str) -> Finding:
    """Answers that it is broken, and how it is repaired."""
    return Finding(about=about, verdict=Verdict.FAULT, found=found, to_do=to_do)


def not_looked_at(about: str, why: str, *, to_do: str | None = None) -> Finding:
    """Answers that nobody can tell yet, and why."""
    return Finding(about=about, verdict=Verdict.NOT_LOOKED_AT, found=why, to_do=to_do)


@dataclass(frozen=True, kw_only=True)
class Patient:
    """What is examined.

    `is_up` says whether `xbot up` runs on the data folder: what it starts is missed only then. `is_deep` says whether X
    and the model may be asked what costs something, or needs the account's lease.
    """

    settings: Settings
    environ: Mapping[str, str]
    clock: Clock
    is_up: bool
    is_deep: bool = False

    @property
    def house(self) -> House:
        """Where everything of the data folder is."""
        return House(self.settings)


Findings = Iterable[Finding]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check: its name, what looks, and how many seconds it is waited for."""

    name: str
    look: Callable[[Patient], Findings]
    seconds: float = 10
