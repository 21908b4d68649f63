"""What goes of the files when their time is over, and what stays whatever its age."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from xbot_pipelines.systems.housekeeping import Removed, folders_of, remove_folders, remove_old_files

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NOBODY = 65534


def written(file: Path, *, days_ago: float, size: int = 10) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x" * size)
    return aged(file, days_ago)


def aged(path: Path, days_ago: float) -> Path:
    moment = (NOW - days_ago * DAY).timestamp()
    os.utime(path, (moment, moment), follow_symlinks=False)
    return path


def swept(home: Path) -> Removed:
    return remove_old_files(home, "practice", keep_for=60 * DAY, now=NOW)


@contextmanager
def as_an_ordinary_user() -> Iterator[None]:
    """Lets go of what root may do: to root no file is protected."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_logs_and_reports_past_their_time_go_and_the_younger_ones_stay(tmp_path: Path) -> None:
    old = [
        written(tmp_path / name, days_ago=60.1)
        for name in (
            "logs/daemon.log.old",
            "logs/practice-x.log",
            "reports/practice/2025-12-30.html",
            "reports/practice/2025-12-30.md",
        )
    ]
    young = [
        written(tmp_path / name, days_ago=59.9) for name in ("logs/webserver.log.old", "reports/practice/2026-01-02.md")
    ]
    assert swept(tmp_path) == Removed(files=4, freed=40)
    assert not any(file.exists() for file in old)
    assert all(file.exists() for file in young)
    assert swept(tmp_path) == Removed()


def test_what_is_not_named_stays_however_old_it_is(tmp_path: Path) -> None:
    others = [
        written(tmp_path / name, days_ago=400)
        for name in (
            "up.lock",
            "sessions/practice.json",
            "postgres/log",
            "postgres/daemon.log.old",
            "practice/world.log.old",
            "export/practice/2025-01-01.md",
            "dagster/dagster.yaml",
            "logs/notes.txt",
            "logs/archive/daemon.log.old",
            "reports/another/2025-01-01.html",
            "reports/practice/2025-01-01.html.kept",
            "reports/2025-01-01.html",
        )
    ]
    assert swept(tmp_path) == Removed()
    assert all(file.exists() for file in others)


def test_a_log_that_a_program_writes_to_stays_however_long_it_had_nothing_to_say(tmp_path: Path) -> None:
    log = written(tmp_path / "logs" / "webserver.log", days_ago=90)
    with log.open("a"):
        assert swept(tmp_path) == Removed()
        assert log.exists()
    assert swept(tmp_path).files == 1


def test_a_link_is_neither_followed_nor_removed(tmp_path: Path) -> None:
    precious = written(tmp_path / "precious.log.old", days_ago=90)
    home = tmp_path / "home"
    written(home / "logs" / "daemon.log.old", days_ago=90)
    link = home / "logs" / "linked.log.old"
    link.symlink_to(precious)
    aged(link, 90)
    assert swept(home).files == 1
    assert link.is_symlink()
    assert precious.exists()


@pytest.mark.parametrize("linked", ["logs", "reports", "reports/practice"])
def test_a_folder_that_is_a_link_is_left_alone_and_named(tmp_path: Path, linked: str) -> None:
    elsewhere, home = tmp_path / "elsewhere", tmp_path / "home"
    files = [
        written(elsewhere / name, days_ago=90) for name in ("daemon.log.old", "2025-12-01.md", "practice/2025-12-01.md")
    ]
    (home / linked).parent.mkdir(parents=True)
    (home / linked).symlink_to(elsewhere)
    [told] = swept(home).stuck
    assert told == f"{home / linked} is a symbolic link: what lies behind it is left alone"
    assert all(file.exists() for file in files)


def test_a_data_folder_that_lies_behind_a_link_is_swept(tmp_path: Path) -> None:
    written(tmp_path / "large-disk" / "logs" / "daemon.log.old", days_ago=90)
    (tmp_path / "home").symlink_to(tmp_path / "large-disk")
    assert swept(tmp_path / "home").files == 1


def test_what_cannot_be_removed_is_named_and_the_rest_goes() -> None:
    # Not under pytest's own folder: that is closed to other users.
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        protected = written(home / "logs" / "daemon.log.old", days_ago=90)
        written(home / "reports" / "practice" / "2025-12-01.md", days_ago=90)
        protected.parent.chmod(0o555)
        (home / "reports" / "practice").chmod(0o777)
        try:
            with as_an_ordinary_user():
                removed = swept(home)
        finally:
            protected.parent.chmod(0o755)
        assert removed == Removed(files=1, freed=10, stuck=(f"{protected} cannot be removed: Permission denied",))
        assert protected.exists()


def test_a_folder_goes_with_everything_in_it_but_not_with_what_links_in_it_lead_to(tmp_path: Path) -> None:
    precious = written(tmp_path / "precious" / "diary", days_ago=1)
    for name in ("compute_logs/step.out", "compute_logs/step.err", "deep/down/result"):
        written(tmp_path / "storage" / "run" / name, days_ago=1)
    (tmp_path / "storage" / "run" / "a-file").symlink_to(precious)
    (tmp_path / "storage" / "run" / "a-folder").symlink_to(precious.parent)
    written(tmp_path / "storage" / "another" / "result", days_ago=1)
    removed = remove_folders(tmp_path / "storage", ["run", "never-there"])
    assert (removed.files, removed.stuck) == (5, ())
    assert [path.name for path in (tmp_path / "storage").iterdir()] == ["another"]
    assert precious.exists()


def test_a_folder_that_is_a_link_and_folders_behind_one_stay(tmp_path: Path) -> None:
    file = written(tmp_path / "elsewhere" / "run" / "result", days_ago=1)
    (tmp_path / "storage").symlink_to(tmp_path / "elsewhere")
    assert remove_folders(tmp_path / "storage", ["run"]).stuck
    (tmp_path / "elsewhere" / "linked").symlink_to(tmp_path / "elsewhere" / "run")
    assert remove_folders(tmp_path / "elsewhere", ["linked"]).stuck
    assert file.exists()


def test_what_of_a_folder_cannot_be_removed_is_named_and_the_rest_goes() -> None:
    with tempfile.TemporaryDirectory() as folder:
        parent = Path(folder)
        protected = written(parent / "run" / "protected" / "result", days_ago=1)
        written(parent / "run" / "compute_logs" / "step.out", days_ago=1)
        for path in (parent, parent / "run", parent / "run" / "compute_logs"):
            path.chmod(0o777)
        protected.parent.chmod(0o555)
        try:
            with as_an_ordinary_user():
                removed = remove_folders(parent, ["run"])
        finally:
            protected.parent.chmod(0o755)
        assert removed == Removed(files=1, freed=10, stuck=(f"{protected} cannot be removed: Permission denied",))


def test_folders_are_found_by_when_they_were_last_changed_and_links_are_none(tmp_path: Path) -> None:
    for name, days_ago in (("young", 1), ("old", 5)):
        (tmp_path / name).mkdir()
        aged(tmp_path / name, days_ago)
    written(tmp_path / "a-file", days_ago=5)
    (tmp_path / "a-link").symlink_to(tmp_path / "old")
    aged(tmp_path / "a-link", 5)
    assert folders_of(tmp_path, before=NOW - 2 * DAY) == [tmp_path / "old"]
    assert folders_of(tmp_path / "never-there", before=NOW) == []
