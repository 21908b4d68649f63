"""A browser's temporary folder: inside the data folder, and gone with the browser, however its run ended."""

import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from xbot_pipelines.x.browser_folder import browser_folder, remove_abandoned
from xbot_pipelines.x.saved_session import SessionFile
from xbot_pipelines.x.session import open_browser, open_session
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.x.conftest import HASTY

A_RUN = """
import sys, time
from pathlib import Path
from xbot_pipelines.x.session import open_browser

with open_browser(None, home=Path(sys.argv[1])) as browser:
    browser.new_page().goto("data:text/html,here")
    print("open", flush=True)
    time.sleep(600)
"""
LONGEST_END_SECONDS = 15.0


@contextmanager
def a_run(home: Path) -> Iterator[psutil.Process]:
    """A process that has a browser open."""
    with subprocess.Popen([sys.executable, "-c", A_RUN, str(home)], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "open\n"
        family = psutil.Process(started.pid).children(recursive=True)
        try:
            yield psutil.Process(started.pid)
        finally:
            started.kill()
            for one in family:
                with suppress(psutil.NoSuchProcess):
                    one.kill()


def left_in(home: Path) -> list[Path]:
    return [*(home / "tmp").glob("browser-*")]


def links_to(home: Path) -> list[Path]:
    """Return the short links to folders of a data folder, whether these are still there or not."""
    found = []
    for link in Path("/tmp").glob("xbot-browser-*"):
        with suppress(FileNotFoundError):  # a browser of somebody else has just ended
            found += [link] if link.readlink().is_relative_to(home) else []
    return found


@pytest.mark.browser
@pytest.mark.parametrize("depth", ["short", "d" * 60])
def test_a_browser_keeps_its_files_in_the_data_folder_and_leaves_none(tmp_path: Path, depth: str) -> None:
    home = tmp_path / depth
    with open_browser(None, home=home) as browser:
        browser.new_page().goto("data:text/html,here")
        [folder] = left_in(home)
        assert [path.name.split("-")[0] for path in folder.glob("playwright_*")] == ["playwright_chromiumdev_profile"]
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
        if depth != "short":
            assert [link.readlink() for link in links_to(home)] == [folder]
    assert left_in(home) == []
    assert links_to(home) == []


@pytest.mark.browser
@pytest.mark.parametrize("survivors", ["none", "a frozen browser"])
def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path, survivors: str) -> None:
    with a_run(tmp_path) as run:
        family = run.children(recursive=True)
        for one in family:
            one.send_signal(signal.SIGKILL if survivors == "none" else signal.SIGSTOP)
        run.kill()
        run.wait(timeout=10)
        [folder] = left_in(tmp_path)
        assert list(folder.glob("playwright_chromiumdev_profile-*"))
        with open_browser(None, home=tmp_path) as browser:
            assert browser.is_connected()
            assert not folder.exists()
            assert not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    assert left_in(tmp_path) == []
    assert links_to(tmp_path) == []


def test_a_folder_whose_owner_lives_stays(tmp_path: Path) -> None:
    with browser_folder(tmp_path) as folder:
        abandoned = folder.path.with_name("browser-abandoned")
        abandoned.mkdir()
        assert remove_abandoned(tmp_path) == 1
        assert left_in(tmp_path) == [folder.path]


def test_nothing_is_followed_out_of_the_data_folder(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "browser-link").symlink_to(elsewhere)
    assert remove_abandoned(tmp_path) == 0
    assert elsewhere.is_dir()


@pytest.mark.browser
@pytest.mark.parametrize("frozen", ["chrom", ""], ids=["Chromium", "Chromium and the driver"])
def test_a_frozen_browser_does_not_hold_up_the_end(
    practice: Practice, session_file: SessionFile, tmp_path: Path, frozen: str
) -> None:
    before = set(psutil.Process().children())
    with (
        open_browser(None, home=tmp_path) as browser,
        open_session(browser, x_url=practice.url, handle=practice.handle, file=session_file, patience=HASTY) as page,
    ):
        assert page.url.endswith("/home")
        [driver] = set(psutil.Process().children()) - before
        family = [driver, *driver.children(recursive=True)]
        for one in family:
            if frozen in one.name():
                one.send_signal(signal.SIGSTOP)
        began = time.monotonic()
    assert time.monotonic() - began < LONGEST_END_SECONDS
    assert not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    assert left_in(tmp_path) == []
