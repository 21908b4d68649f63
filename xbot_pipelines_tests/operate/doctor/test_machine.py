"""What the doctor says of the machine: its disks, the data folder, the files in it."""

import subprocess
from pathlib import Path

import pytest

from xbot_pipelines.operate.doctor.finding import Patient, Verdict
from xbot_pipelines.operate.doctor.machine import (
    GIGABYTE,
    data_folder_is_ours,
    git_leaves_it_out,
    home_has_room,
    memory_is_enough,
    private_files_are_private,
    room,
)
from xbot_pipelines.private_files import write_private
from xbot_pipelines_tests.operate.doctor.conftest import faults, only


@pytest.mark.parametrize(("gigabytes", "verdict"), [(0.5, Verdict.FAULT), (3.0, Verdict.WARNING), (80.0, Verdict.FINE)])
def test_a_disk_that_fills_up_turns_yellow_and_then_red_and_green_again(
    tmp_path: Path, gigabytes: float, verdict: Verdict
) -> None:
    finding = room("disk", tmp_path / "not" / "yet", lambda _: int(gigabytes * GIGABYTE))
    assert finding.verdict is verdict
    assert finding.found.startswith(f"{gigabytes} GB are free at {tmp_path}")


def test_the_disk_and_the_memory_of_this_machine_are_looked_at(patient: Patient) -> None:
    assert "GB are free at" in only(home_has_room(patient), "disk").found
    assert "GB of memory are free" in only(memory_is_enough(patient), "memory").found


def test_a_data_folder_that_cannot_be_one_is_red_until_it_can(patient: Patient) -> None:
    patient.settings.home.rmdir()
    patient.settings.home.write_text("a file")
    [finding] = data_folder_is_ours(patient)
    assert finding.verdict is Verdict.FAULT
    assert finding.found.startswith(f"{patient.settings.home} cannot be written")
    patient.settings.home.unlink()
    assert only(data_folder_is_ours(patient), "data folder").found == f"{patient.settings.home} can be made"


def test_f28_a_session_that_others_can_read_is_red_until_they_cannot(patient: Patient) -> None:
    file = patient.settings.session_file
    assert only(private_files_are_private(patient), "private files").found == "there are none yet"
    write_private(file, "{}")
    patient.settings.home.chmod(0o755)
    finding = only(private_files_are_private(patient), "private folder")
    assert finding.verdict is Verdict.WARNING
    assert f"chmod 700 {patient.settings.home}" in (finding.to_do or "")
    patient.settings.home.chmod(0o700)
    assert faults(private_files_are_private(patient)) == []
    file.chmod(0o644)
    [finding] = private_files_are_private(patient)
    assert (finding.verdict, finding.to_do) == (Verdict.FAULT, f"chmod 600 {file}")
    file.chmod(0o600)
    assert only(private_files_are_private(patient), "private files").verdict is Verdict.FINE


def test_f28_a_data_folder_that_git_would_take_along_is_told(patient: Patient) -> None:
    home = patient.settings.home
    write_private(patient.settings.session_file, "{}")
    assert only(git_leaves_it_out(patient), "git").found == f"{home} is in no repository"
    git(home.parent, "init", "--quiet")
    assert only(git_leaves_it_out(patient), "git").verdict is Verdict.WARNING
    git(home, "add", "--all")
    [finding] = git_leaves_it_out(patient)
    assert (finding.verdict, finding.found.split(" files")[0]) == (Verdict.FAULT, "1")
    git(home, "rm", "-r", "--quiet", "--cached", ".")
    (home / ".gitignore").write_text("*\n")
    assert only(git_leaves_it_out(patient), "git").found == f"it leaves {home} out"


def git(folder: Path, *words: str) -> None:
    """Does something with git."""
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)
