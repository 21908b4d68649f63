"""What is installed, against what was locked."""

from xbot_pipelines.operate.doctor.finding import Patient, Verdict
from xbot_pipelines.operate.doctor.installed import (
    compared_with_the_lock,
    dagster_is_of_one_piece,
    packages_are_those_of_the_lock,
    python_runs,
)
from xbot_pipelines_tests.conftest import ROOT
from xbot_pipelines_tests.operate.doctor.conftest import faults, only

LOCK = (ROOT / "uv.lock").read_text(encoding="utf-8")


def test_what_this_very_environment_has_is_as_in_the_lock(patient: Patient) -> None:
    found = list(packages_are_those_of_the_lock(patient))
    assert only(found, "packages").found == "as in uv.lock"
    assert only(found, "Dagster").found.endswith("all its packages in step")
    assert only(python_runs(patient), "Python").found.startswith("3.")


def test_dagsters_packages_out_of_step_are_a_fault_that_names_them() -> None:
    required = {"dagster-webserver": ["dagster==1.13.27", "click"], "dagster-postgres": ["dagster==1.13.26"]}
    [finding] = dagster_is_of_one_piece(required, "1.13.27")
    assert finding.verdict is Verdict.FAULT
    assert finding.found == "dagster 1.13.27 is installed, but dagster-postgres wants 1.13.26"


def test_another_version_is_a_warning_and_a_package_that_is_missing_a_fault() -> None:
    other = LOCK.replace('name = "playwright"\nversion = "', 'name = "playwright"\nversion = "0.')
    [finding] = compared_with_the_lock(other)
    assert finding.verdict is Verdict.WARNING
    assert finding.found.startswith("not as in uv.lock: playwright ")
    assert faults(compared_with_the_lock(LOCK.replace('"xdk"', '"no-such-package"'))) == [
        "not installed: no-such-package"
    ]
