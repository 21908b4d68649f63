"""Running the checks: side by side, each with its own time, and none that breaks or hangs harms another.

What is checked lies in `checks`.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xbot_pipelines.clock import Clock
from xbot_pipelines.operate.doctor.finding import Check, Finding, Patient, Verdict, fault
from xbot_pipelines.operate.lock import runs_here
from xbot_pipelines.settings import SettingsError, load_settings


@dataclass(frozen=True, kw_only=True)
class Examination:
    """What was found, in the order of the checks."""

    findings: Sequence[Finding]

    @property
    def is_fine(self) -> bool:
        """Whether nothing is broken. Warnings are no fault."""
        return all(finding.verdict is not Verdict.FAULT for finding in self.findings)


def examine(environ: Mapping[str, str], checks: Sequence[Check], *, clock: Clock, is_deep: bool) -> Examination:
    """Looks at everything; where the settings cannot be used, at every problem that they have, and nothing else."""
    try:
        settings = load_settings(environ)
    except SettingsError as error:
        return Examination(findings=[_unusable(problem) for problem in error.problems])
    patient = Patient(settings=settings, environ=environ, clock=clock, is_up=runs_here(settings.home), is_deep=is_deep)
    return Examination(findings=run(checks, patient))


def run(checks: Sequence[Check], patient: Patient) -> list[Finding]:
    """Runs checks side by side, and answers what they found, in their order."""
    running = [_Running(check, patient) for check in checks]
    return [finding for one in running for finding in one.findings()]


def _unusable(problem: str) -> Finding:
    return fault("settings", problem, to_do="correct it; everything else is looked at once the settings can be read")


class _Running:
    """A check in a thread of its own, which nobody waits for at the end: one that hangs ends with the process."""

    def __init__(self, check: Check, patient: Patient) -> None:
        self._check = check
        self._patient = patient
        self._found: list[Finding] = []
        self._give_up = time.monotonic() + check.seconds
        self._thread = threading.Thread(target=self._look, name=check.name, daemon=True)
        self._thread.start()

    def findings(self) -> list[Finding]:
        """Waits for the end of the check, or of its time."""
        self._thread.join(max(0.0, self._give_up - time.monotonic()))
        if not self._thread.is_alive():
            return self._found
        hangs = fault(
            self._check.name,
            f"there was no answer within {self._check.seconds:g} s",
            to_do="what it asks hangs, or the machine is very busy: see what else is said, and try again",
        )
        return [*self._found, hangs]

    def _look(self) -> None:
        try:
            for finding in self._check.look(self._patient):
                self._found.append(finding)
        except Exception as failure:  # noqa: BLE001 - a check that breaks says so, and the others go on
            # Its own words may hold what nobody should see (F28).
            broke = fault(
                self._check.name,
                f"the check itself broke: {type(failure).__name__}",
                to_do="this is a bug of `xbot doctor`: please report it",
            )
            self._found.append(broke)
