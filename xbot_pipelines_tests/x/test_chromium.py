"""Which browser is taken, and with which switches, on machines that have this one or that."""

import json
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from xbot_pipelines.x.chromium import (
    OFF_FOR_PLAYWRIGHT,
    ChromiumMissing,
    find_chromium,
    launch_arguments,
    playwright_chromium,
    switches_of_the_machine,
)

PLENTY = 8 * 1024**3


def program(path: Path) -> Path:
    """Puts a program there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def of_playwright(file: str) -> str:
    """A file of the installed Playwright's own program."""
    package = find_spec("playwright")
    assert package is not None
    assert package.origin is not None
    return (Path(package.origin).parent / "driver/package" / file).read_text(encoding="utf-8")


def playwright_revision() -> str:
    """The revision of Chromium that the installed Playwright wants."""
    listed = json.loads(of_playwright("browsers.json"))
    return next(str(browser["revision"]) for browser in listed["browsers"] if browser["name"] == "chromium")


def test_the_chosen_browser_is_taken_whatever_else_is_there(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "chromium")
    chosen = program(tmp_path / "my-chromium")
    assert find_chromium(chosen, environ={"PATH": str(tmp_path / "bin")}) == chosen


def test_a_chosen_browser_that_is_none_is_an_error_that_names_the_variable(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "chromium")
    with pytest.raises(ChromiumMissing, match="XBOT_CHROMIUM"):
        find_chromium(tmp_path / "nothing", environ={"PATH": str(tmp_path / "bin")})


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])
def test_a_browser_on_path_is_found_by_each_of_its_names(tmp_path: Path, name: str) -> None:
    there = program(tmp_path / "bin" / name)
    assert find_chromium(environ={"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}) == there


@pytest.mark.parametrize(
    "place",
    [
        "chrome-linux64/chrome",
        "chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
    ],
)
def test_what_playwright_has_downloaded_is_found_where_there_is_nothing_on_path(tmp_path: Path, place: str) -> None:
    there = program(tmp_path / "browsers" / f"chromium-{playwright_revision()}" / place)
    environ = {"PATH": "", "HOME": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "browsers")}
    assert find_chromium(environ=environ) == there


def test_what_another_version_of_playwright_has_downloaded_is_not_taken(tmp_path: Path) -> None:
    program(tmp_path / "browsers" / "chromium-1" / "chrome-linux64" / "chrome")
    assert playwright_chromium({"PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "browsers")}) is None


def test_on_a_bare_machine_one_sentence_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xbot_pipelines.x.chromium.MAC_PLACES", ())
    with pytest.raises(ChromiumMissing, match=r"install Chromium or Google Chrome, or set XBOT_CHROMIUM"):
        find_chromium(environ={"PATH": str(tmp_path), "HOME": str(tmp_path)})


def test_little_shared_memory_is_left_alone() -> None:
    assert switches_of_the_machine(shared_memory_bytes=PLENTY) == []
    assert switches_of_the_machine(shared_memory_bytes=64 * 1024**2) == ["--disable-dev-shm-usage"]


@pytest.mark.browser
def test_a_real_browser_starts_with_our_switches_on_this_machine() -> None:
    command = [str(find_chromium()), *launch_arguments(), "--headless", "--dump-dom", "data:text/html,<p>it runs</p>"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "it runs" in done.stdout


def test_what_playwright_switches_off_stays_off() -> None:
    [listed] = re.findall(r"\bdisabledFeatures = \[(.*?)\]", of_playwright("lib/coreBundle.js"), flags=re.DOTALL)
    assert tuple(re.findall(r'^\s*"(\w+)"', listed, flags=re.MULTILINE)) == OFF_FOR_PLAYWRIGHT


@pytest.mark.browser
def test_a_window_has_no_page_but_the_one_that_was_opened(browser: Browser) -> None:
    page = browser.new_page()
    everything = browser.new_browser_cdp_session().send("Target.getTargets", {"filter": [{}]})["targetInfos"]
    page.close()
    assert [target["url"] for target in everything if target["type"] != "tab"] == ["about:blank"]
