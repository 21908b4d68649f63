"""What of our environment the browser's processes get. Look here first when a new version of Playwright fails."""

import os
from pathlib import Path

import psutil
import pytest
from playwright._impl import transport

from xbot_pipelines.settings.variables import SECRETS, VARIABLES
from xbot_pipelines.x.driver import browser_environment, start_driver
from xbot_pipelines_tests.browsers import a_browser

CANARY = "canary-5d1f"
FOREIGN = ("AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "PGPASSWORD", "XBOT_DAGSTER_DATABASE_URL")


def secret_names() -> list[str]:
    return [*(name for name, field in VARIABLES.items() if field in SECRETS), *FOREIGN]


def test_a_browser_gets_what_it_needs_and_no_secret() -> None:
    needed = {"PATH": "/bin", "HOME": "/home/x", "LC_ALL": "C", "XDG_CACHE_HOME": "/c", "https_proxy": "http://p:1"}
    inherited = needed | dict.fromkeys(secret_names(), CANARY) | {"DISPLAY": ":1", "TMPDIR": "/tmp"}
    hidden = browser_environment(inherited, temporary=Path("/t"), visible=False)
    assert hidden == needed | {"TMPDIR": "/t"}
    assert browser_environment(inherited, temporary=Path("/t"), visible=True) == hidden | {"DISPLAY": ":1"}


def test_playwright_starts_its_driver_with_the_environment_it_is_given() -> None:
    """If this fails after an upgrade, Playwright collects the driver's environment in another way: see `x.driver`."""
    collect = vars(transport)["get_driver_env"]
    environment = {"PATH": os.environ["PATH"], "XBOT_HOME": "/only-this"}
    before = set(psutil.Process().children())
    driver = start_driver(environment)
    try:
        [process] = set(psutil.Process().children()) - before
        found = process.environ()
        assert {name: value for name, value in found.items() if not name.startswith("PW_")} == environment
        assert found["PW_LANG_NAME"] == "python"
    finally:
        driver.stop()
    assert vars(transport)["get_driver_env"] is collect


@pytest.mark.browser
def test_no_process_of_a_browser_has_a_secret_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in secret_names():
        monkeypatch.setenv(name, CANARY)
    with a_browser() as browser:
        browser.new_page().goto("data:text/html,here")
        family = psutil.Process().children(recursive=True)
        kinds = {part for process in family for part in process.cmdline() if part.startswith("--type=")}
        assert {"--type=zygote", "--type=renderer", "--type=utility"} <= kinds
        assert any("run-driver" in process.cmdline() for process in family)
        for process in family:
            assert CANARY.encode() not in Path(f"/proc/{process.pid}/environ").read_bytes(), process.cmdline()
