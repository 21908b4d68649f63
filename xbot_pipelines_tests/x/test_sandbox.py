"""Chromium's sandbox: on wherever the machine can, and where it cannot, the cause by its name."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from xbot_pipelines.x.chromium import find_chromium
from xbot_pipelines.x.sandbox import explain, sandbox_obstacle
from xbot_pipelines.x.session import open_browser
from xbot_pipelines.x.walls import Unreachable
from xbot_pipelines_tests.browsers import a_browser

REFUSE_NAMESPACES = Path(__file__).with_name("refuse_namespaces.py")


@pytest.fixture
def allowed() -> None:
    """Skip where this machine has no sandbox for Chromium anyway."""
    if obstacle := sandbox_obstacle(find_chromium()):
        pytest.skip(obstacle.cause)


def status_of(process: psutil.Process) -> dict[str, str]:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


@pytest.mark.browser
@pytest.mark.usefixtures("allowed")
def test_pages_run_in_a_namespace_and_under_a_system_call_filter() -> None:
    with a_browser() as browser:
        browser.new_page().goto("data:text/html,here")
        family = psutil.Process().children(recursive=True)
        assert not [one for one in family if "--no-sandbox" in one.cmdline()]
        renderers = [one for one in family if "--type=renderer" in one.cmdline()]
        assert renderers
        for renderer in renderers:
            assert status_of(renderer)["Seccomp"] == "2"
            assert Path(f"/proc/{renderer.pid}/ns/user").readlink() != Path("/proc/self/ns/user").readlink()


@pytest.mark.browser
@pytest.mark.usefixtures("allowed")
def test_a_sandbox_that_fails_is_named_and_chromium_does_not_start_without_it(tmp_path: Path) -> None:
    confined = tmp_path / "chromium"
    confined.write_text(f'#!/bin/sh\nexec {sys.executable} {REFUSE_NAMESPACES} {find_chromium()} "$@"\n')
    confined.chmod(0o755)
    with (
        pytest.raises(Unreachable, match="sandbox does not start, although nothing was found to be in its way"),
        open_browser(confined, home=tmp_path),
    ):
        pytest.fail("Chromium started without its sandbox")


@pytest.mark.usefixtures("allowed")
def test_a_container_that_refuses_namespaces_is_named() -> None:
    ask = "from pathlib import Path; from xbot_pipelines.x.sandbox import *; print(sandbox_obstacle(Path('/bin/true')))"
    command = [sys.executable, str(REFUSE_NAMESPACES), sys.executable, "-c", ask]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "a seccomp profile, as containers have, refuses user namespaces (unshare: Operation not" in done.stdout


@pytest.mark.root
@pytest.mark.browser
def test_root_has_no_sandbox_and_chromium_starts_all_the_same() -> None:
    obstacle = sandbox_obstacle(find_chromium())
    assert obstacle is not None
    assert obstacle.cause == "Chromium has no sandbox for root"
    with a_browser() as browser:
        assert browser.new_page().evaluate("1 + 1") == 2


@pytest.mark.parametrize(
    ("setting", "value", "cause"),
    [
        ("sys/user/max_user_namespaces", "0", "user.max_user_namespaces = 0"),
        ("sys/kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone = 0"),
        ("sys/kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor refuses user namespaces"),
        ("self/status", "Name:\tx\nSeccomp:\t2", "a seccomp profile, as containers have"),
        ("self/status", "Seccomp:\t0", "the kernel refuses user namespaces (unshare: no)"),
    ],
)
def test_the_setting_that_refuses_is_named(tmp_path: Path, setting: str, value: str, cause: str) -> None:
    file = tmp_path / setting
    file.parent.mkdir(parents=True)
    file.write_text(f"{value}\n")
    obstacle = explain("unshare: no", proc=tmp_path)
    assert cause in obstacle.cause
    assert obstacle.remedy
