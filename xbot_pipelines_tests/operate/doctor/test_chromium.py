"""The browser as the doctor sees it: found and really started."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from xbot_pipelines.operate.doctor.chromium import chromium_starts
from xbot_pipelines.operate.doctor.finding import Patient, Verdict
from xbot_pipelines_tests.operate.doctor.conftest import faults, only


def driving(patient: Patient, chromium: Path) -> Patient:
    """The same patient, with this browser."""
    return replace(patient, settings=patient.settings.model_copy(update={"chromium": chromium}))


@pytest.mark.browser
def test_a_browser_that_does_not_start_is_red_until_there_is_one_that_does(patient: Patient, tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho a library is missing >&2\nexit 127\n")
    assert faults(chromium_starts(driving(patient, broken)))[0].startswith(f"XBOT_CHROMIUM is {broken}, which is no ")
    broken.chmod(0o755)
    assert faults(chromium_starts(driving(patient, broken)))[0].startswith(f"{broken} does not start: ")
    started = only(chromium_starts(replace(patient, environ=os.environ)), "browser")
    assert started.verdict is Verdict.FINE
    assert "starts, version" in started.found


def test_where_there_is_no_browser_it_says_how_one_comes(patient: Patient, tmp_path: Path) -> None:
    bare = {"PATH": "", "HOME": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    finding = only(chromium_starts(replace(patient, environ=bare)), "browser")
    assert (finding.verdict, finding.found.split(":")[0]) == (Verdict.FAULT, "No browser was found")
    assert finding.to_do is not None
    assert "make up" in finding.to_do


def test_an_account_at_the_api_needs_none(patient: Patient) -> None:
    profile = patient.settings.profile.model_copy(update={"transport": "api"})
    at_the_api = replace(patient, settings=patient.settings.model_copy(update={"profile": profile}))
    assert list(chromium_starts(at_the_api)) == []
