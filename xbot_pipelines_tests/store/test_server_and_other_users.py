"""The embedded PostgreSQL and the other users of the machine: whom it keeps out, and whom it does not disturb."""

import os
import pwd
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from xbot_pipelines.store.server import EmbeddedServer
from xbot_pipelines.store.server_user import USER_FOR_ROOT, ServerFailed

SOMEBODY, STRANGER = pwd.getpwnam("daemon"), pwd.getpwnam("nobody")
"""Two ordinary users that every machine has."""

# The interpreter may lie where only root can go: everything is loaded before its user changes.
_BECOMES = """
import contextlib, os, sys
from pathlib import Path
import psycopg
from xbot_pipelines.private_files import make_private_folder
from xbot_pipelines.store.database import open_engine
from xbot_pipelines.store.server import EmbeddedServer

with contextlib.suppress(Exception):
    open_engine("postgresql://nobody@/nothing?host=/nowhere").connect()
user, group = int(sys.argv[1]), int(sys.argv[2])
os.setgroups([])
os.setresgid(group, group, group)
os.setresuid(user, user, user)
"""

_SERVES = """
home = Path(sys.argv[3])
make_private_folder(home)
server = EmbeddedServer(home / "postgres")
print(server.start(), flush=True)
sys.stdin.read()
server.delete()
"""

_CONNECTS = """
print(psycopg.connect(sys.argv[3]).execute("SELECT current_user").fetchone())
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody can enter, as a home folder may be."""
    with tempfile.TemporaryDirectory(prefix="xbot-users-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def served(home: Path, user: pwd.struct_passwd) -> Iterator[str]:
    """A server that a user has started; its address."""
    home.parent.mkdir(parents=True, exist_ok=True)
    home.mkdir()
    os.chown(home, user.pw_uid, user.pw_gid)
    with subprocess.Popen(
        _program(user, _SERVES, str(home)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, "it did not start"
        yield address
    assert process.returncode == 0


def connect(address: str, user: pwd.struct_passwd) -> subprocess.CompletedProcess[str]:
    """Let a user of the machine connect as the superuser, whoever serves there."""
    anybody = make_url(address).difference_update_query(["requirepeer"]).render_as_string()
    command = _program(user, _CONNECTS, anybody)
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def readable(folder: Path, user: pwd.struct_passwd) -> str:
    """Return what a user can read of a folder, beside its name."""
    command = ["find", str(folder), "-mindepth", "1", "-readable"]
    found = subprocess.run(
        command,
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return found.stdout


@pytest.mark.root
@pytest.mark.parametrize("name", ["home", "long/" * 30 + "home"])
def test_another_user_can_neither_connect_nor_read_anything(open_folder: Path, name: str) -> None:
    home = open_folder / name
    with served(home, SOMEBODY) as address:
        socket_folder = Path(str(make_url(address).query["host"]))
        assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700
        assert connect(address, SOMEBODY).stdout == "('postgres',)\n"
        refused = connect(address, STRANGER)
        assert "Permission denied" in refused.stderr
        assert readable(home, STRANGER) == ""
    assert not socket_folder.exists()


@pytest.mark.root
def test_stranger_who_reaches_the_socket_is_refused_by_the_server(open_folder: Path) -> None:
    """The second lock: should the folder be opened, PostgreSQL still asks the system who it is."""
    home = open_folder / "home"
    with served(home, SOMEBODY) as address:
        socket_folder = Path(str(make_url(address).query["host"]))
        for folder in (home, home / "postgres", socket_folder):
            folder.chmod(0o755)
        (socket_folder / ".s.PGSQL.5432").chmod(0o777)
        assert "Peer authentication failed" in connect(address, STRANGER).stderr


@pytest.mark.root
def test_another_user_can_neither_connect_to_roots_nor_read_it(open_folder: Path) -> None:
    (open_folder / "home").mkdir(mode=0o700)
    server = EmbeddedServer(open_folder / "home" / "postgres")
    try:
        address = server.start()
        assert "Permission denied" in connect(address, STRANGER).stderr
        assert readable(server.place, STRANGER) == ""
        assert readable(open_folder / "home", STRANGER) == ""
        assert connect(address, pwd.getpwnam("root")).stdout == "('postgres',)\n"
    finally:
        server.delete()


@pytest.mark.root
def test_root_changes_no_permission_above_the_data(open_folder: Path) -> None:
    closed = open_folder / "closed"
    home = closed / "home"
    home.mkdir(parents=True)
    closed.chmod(0o700)
    home.chmod(0o700)
    before = {place: stat.S_IMODE(place.stat().st_mode) for place in (home, *home.parents)}
    server = EmbeddedServer(home / "postgres")
    try:
        server.start()
        assert {place: stat.S_IMODE(place.stat().st_mode) for place in before} == before
        assert server.folder.is_symlink()
        assert server.data.owner() == USER_FOR_ROOT
        assert os.access(server.log, os.R_OK)
        again = EmbeddedServer(home / "postgres")
        assert again.running_url() == server.running_url()
    finally:
        server.delete()
    assert not os.path.lexists(server.folder)


@pytest.mark.root
def test_two_data_folders_of_root_have_two_databases(open_folder: Path) -> None:
    servers = []
    for name in ("one", "another"):
        (open_folder / name).mkdir(mode=0o700)
        servers.append(EmbeddedServer(open_folder / name / "postgres"))
    try:
        assert len({server.start() for server in servers}) == len({server.place for server in servers}) == 2
    finally:
        for server in servers:
            server.delete()


@pytest.mark.root
def test_database_whose_link_is_gone_is_neither_taken_nor_replaced(open_folder: Path) -> None:
    (open_folder / "home").mkdir(mode=0o700)
    server = EmbeddedServer(open_folder / "home" / "postgres")
    try:
        server.start()
        server.stop()
        place = server.place
        server.folder.unlink()
        with pytest.raises(ServerFailed, match=f"To use it again: ln -s {place} {server.folder}"):
            server.start()
        server.folder.symlink_to(place)
        server.start()
    finally:
        server.delete()


@pytest.mark.root
def test_database_that_roots_server_cannot_reach_is_to_be_moved(open_folder: Path) -> None:
    (open_folder / "home").mkdir(mode=0o711)
    server = EmbeddedServer(open_folder / "home" / "postgres")
    try:
        server.start()
        server.stop()
        (open_folder / "home").chmod(0o700)
        with pytest.raises(ServerFailed, match="Move the database: ") as refused:
            server.start()
        subprocess.run(["sh", "-c", str(refused.value).partition("Move the database: ")[2]], check=True)
        server.start()
    finally:
        server.delete()


@pytest.mark.root
def test_users_start_at_once_whoever_came_first(open_folder: Path) -> None:
    with served(open_folder / "one", SOMEBODY) as one, served(open_folder / "another", STRANGER) as another:
        assert one != another


@pytest.mark.root
def test_folder_of_another_user_is_refused(open_folder: Path) -> None:
    os.chown(open_folder, STRANGER.pw_uid, STRANGER.pw_gid)
    with pytest.raises(ServerFailed, match="belongs to another user"):
        EmbeddedServer(open_folder).start()


def _program(user: pwd.struct_passwd, does: str, *words: str) -> list[str]:
    return [sys.executable, "-c", _BECOMES + does, str(user.pw_uid), str(user.pw_gid), *words]
