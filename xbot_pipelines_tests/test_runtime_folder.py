"""The private folder of the sockets."""

import os
import shutil
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xbot_pipelines.runtime_folder import FolderNotPrivate, private_socket_folder

_LONGEST_NAME = "n" * 24


@pytest.fixture
def short_home() -> Iterator[Path]:
    """A home whose own folder the sockets can lie in."""
    with tempfile.TemporaryDirectory(prefix="xbot-", dir="/tmp") as home:
        yield Path(home)


@pytest.fixture
def long_home(tmp_path: Path) -> Iterator[Path]:
    """A home whose path is too long for sockets."""
    home = tmp_path / ("h" * 100)
    folder = private_socket_folder(home)
    folder.rmdir()
    yield home
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)


def test_folder_lies_in_home_where_its_path_is_short(short_home: Path) -> None:
    folder = private_socket_folder(short_home)

    assert folder == short_home / "run"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert private_socket_folder(short_home) == folder


def test_long_home_gets_a_private_folder_elsewhere(long_home: Path) -> None:
    folder = private_socket_folder(long_home)

    assert long_home not in folder.parents
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert private_socket_folder(long_home) == folder


def test_two_long_homes_have_two_folders(long_home: Path) -> None:
    other = private_socket_folder(long_home / "other")

    assert private_socket_folder(long_home) != other
    other.rmdir()


@pytest.mark.parametrize("length", range(60, 110))
def test_socket_of_every_home_can_be_bound(length: int, short_home: Path) -> None:
    home = short_home / ("é" * ((length - len(os.fsencode(short_home))) // 2))

    folder = private_socket_folder(home)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / _LONGEST_NAME))
    shutil.rmtree(folder)


def test_umask_does_not_open_the_folder(long_home: Path) -> None:
    before = os.umask(0)
    try:
        assert stat.S_IMODE(private_socket_folder(long_home).stat().st_mode) == 0o700
    finally:
        os.umask(before)


def _open_to_others(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o755)


def _of_another_user(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    os.chown(folder, 65534, 65534)


def _link_to_a_private_folder(folder: Path) -> None:
    target = folder.parent / f"{folder.name}.target"
    target.mkdir(mode=0o700, exist_ok=True)
    folder.symlink_to(target)


def _file(folder: Path) -> None:
    folder.touch(0o700)


@pytest.mark.parametrize(
    ("squat", "fault"),
    [
        (_open_to_others, "has the permissions 0755"),
        pytest.param(
            _of_another_user,
            "belongs to the user with the id 65534",
            marks=pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away"),
        ),
        (_link_to_a_private_folder, "is no folder"),
        (_file, "is no folder"),
    ],
)
def test_folder_that_somebody_else_made_is_refused(squat: Callable[[Path], None], fault: str, long_home: Path) -> None:
    folder = private_socket_folder(long_home)
    folder.rmdir()
    squat(folder)

    with pytest.raises(FolderNotPrivate, match=f"^{folder} {fault}, "):
        private_socket_folder(long_home)

    shutil.rmtree(f"{folder}.target", ignore_errors=True)
