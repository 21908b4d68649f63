"""A patient: the example account on a practice X of the test's own, with a database, whose house is said to be up."""

import pytest

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.operate.doctor.finding import Finding, Findings, Patient, Verdict
from xbot_pipelines.settings import Settings
from xbot_pipelines_tests.conftest import ROOT


@pytest.fixture
def patient(on_practice: Settings) -> Patient:
    on_practice.home.mkdir(parents=True)
    return Patient(
        settings=on_practice,
        environ={"XBOT_ACCOUNTS": str(ROOT / "accounts")},
        clock=SystemClock(),
        is_up=True,
    )


def only(findings: Findings, about: str) -> Finding:
    """The one finding about something."""
    found = [finding for finding in findings if finding.about == about]
    assert len(found) == 1, found
    return found[0]


def faults(findings: Findings) -> list[str]:
    """What is broken, each in its sentence."""
    return [finding.found for finding in findings if finding.verdict is Verdict.FAULT]
