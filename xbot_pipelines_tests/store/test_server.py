"""The embedded PostgreSQL: that it starts, stops, survives being killed, and says why when it cannot."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from xbot_pipelines.store.database import open_engine
from xbot_pipelines.store.server import EmbeddedServer, ServerFailed


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    """A server that has never run, in a folder that is not there yet."""
    # Not under pytest's own folder: where root runs the tests the server is another user, whom each new run of pytest
    # shuts out of it.
    with tempfile.TemporaryDirectory(prefix="embedded-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedServer(Path(folder) / "home" / "postgres")
        yield server
        server.stop()


def test_what_was_written_is_there_after_a_stop_and_a_start(server: EmbeddedServer) -> None:
    assert server.running_url() is None
    url = server.start()
    _execute(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert server.running_url() == url

    server.stop()
    assert server.running_url() is None

    assert _answer(server.start()) == 42


def test_starting_a_server_that_runs_answers_the_same_server(server: EmbeddedServer) -> None:
    url = server.start()
    process = _postgres(server)

    assert server.start() == url
    assert EmbeddedServer(server.folder).start() == url
    assert _postgres(server) == process


def test_the_server_outlives_the_process_that_started_it_and_another_stops_it(server: EmbeddedServer) -> None:
    program = (
        "import sys; from pathlib import Path; from xbot_pipelines.store.server import EmbeddedServer;"
        "print(EmbeddedServer(Path(sys.argv[1])).start())"
    )
    started = subprocess.run(
        [sys.executable, "-c", program, str(server.folder)], capture_output=True, text=True, timeout=60, check=True
    )

    assert server.running_url() == started.stdout.strip()
    server.stop()
    assert server.running_url() is None


def test_f14_a_server_that_was_killed_starts_again_with_what_was_committed(server: EmbeddedServer) -> None:
    _execute(server.start(), "CREATE TABLE kept AS SELECT 42 AS answer")
    process = _postgres(server)
    helpers = process.children(recursive=True)

    os.kill(process.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs([process, *helpers], timeout=20)

    assert not alive
    assert (server.folder / "postmaster.pid").exists(), "the file that a dead server leaves is what this is about"
    assert server.running_url() is None
    assert _answer(server.start()) == 42


def test_stopping_where_nothing_runs_is_harmless(server: EmbeddedServer) -> None:
    server.stop()
    assert not server.folder.exists()

    server.start()
    server.stop()
    server.stop()

    assert server.running_url() is None


def test_stopping_what_was_killed_is_harmless(server: EmbeddedServer) -> None:
    server.start()
    process = _postgres(server)
    process.kill()
    process.wait(20)

    server.stop()

    assert server.running_url() is None


def test_a_server_that_does_not_start_says_why_in_the_words_of_its_log(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    (server.folder / "postgresql.conf").write_text("shared_buffers = 'a lot'\n")

    with pytest.raises(ServerFailed, match=r'did not start[\s\S]*invalid value for parameter "shared_buffers"'):
        server.start()


def test_the_data_of_another_version_is_left_alone(server: EmbeddedServer) -> None:
    server.folder.mkdir(parents=True)
    (server.folder / "PG_VERSION").write_text("12\n")

    with pytest.raises(ServerFailed, match="version 12"):
        server.start()

    assert [path.name for path in server.folder.iterdir()] == ["PG_VERSION"]


def _postgres(server: EmbeddedServer) -> psutil.Process:
    return psutil.Process(int((server.folder / "postmaster.pid").read_text().splitlines()[0]))


def _execute(url: str, statement: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _answer(url: str) -> object:
    engine = open_engine(url)
    with engine.connect() as connection:
        answer = connection.scalar(text("SELECT answer FROM kept"))
    engine.dispose()
    return answer
