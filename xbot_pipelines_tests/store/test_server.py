"""The embedded PostgreSQL: that it starts, stops, survives being killed, and says why when it cannot."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from xbot_pipelines.store.database import open_engine
from xbot_pipelines.store.server import EmbeddedServer
from xbot_pipelines.store.server_user import ServerFailed, server_user


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    """A server that has never run, in a folder that is not there yet."""
    with tempfile.TemporaryDirectory(prefix="embedded-") as folder:
        Path(folder).chmod(0o711)  # for root, the server is another user
        server = EmbeddedServer(Path(folder) / "home" / "postgres")
        yield server
        server.delete()


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
    assert (server.data / "postmaster.pid").exists(), "the file that a dead server leaves is what this is about"
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
    (server.data / "postgresql.conf").write_text("shared_buffers = 'a lot'\n")

    with pytest.raises(ServerFailed, match=r'did not start[\s\S]*invalid value for parameter "shared_buffers"'):
        server.start()


def test_the_data_of_another_version_is_left_alone(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    shutil.rmtree(server.data)
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("12\n")

    with pytest.raises(ServerFailed, match="version 12"):
        server.start()

    assert [path.name for path in server.data.iterdir()] == ["PG_VERSION"]


def test_cluster_of_an_older_version_is_moved_and_keeps_its_data(server: EmbeddedServer) -> None:
    _execute(server.start(), "CREATE TABLE kept AS SELECT 42 AS answer")
    server.stop()
    cluster = server.data.rename(server.place.with_name("cluster"))
    shutil.rmtree(server.place)
    cluster.rename(server.place)
    os.chown(server.place, os.geteuid(), -1)

    assert _answer(server.start()) == 42
    assert not (server.place / "PG_VERSION").exists()


def test_creation_that_was_interrupted_begins_again(server: EmbeddedServer) -> None:
    unfinished = server.folder / "data.unfinished"
    server.start()
    server.stop()
    server.data.rename(unfinished)
    (unfinished / "base" / "1" / "pg_filenode.map").unlink()

    _execute(server.start(), "CREATE TABLE kept AS SELECT 42 AS answer")

    assert not unfinished.exists()


def test_process_number_that_another_process_has_now_does_not_stop_the_start(server: EmbeddedServer) -> None:
    """After a reboot, and in every new container, numbers come again."""
    _execute(server.start(), "CREATE TABLE kept AS SELECT 42 AS answer")
    note = server.data / "postmaster.pid"
    written = note.read_text()
    server.stop()
    postmasters_number, rest = written.split("\n", 1)
    options = server_user().popen_options  # PostgreSQL pays no regard to processes of other users
    with subprocess.Popen(["sleep", "600"], **options) as somebody:
        note.write_text(f"{somebody.pid}\n{rest}")
        try:
            assert _answer(server.start()) == 42
            assert _postgres(server).pid not in {somebody.pid, int(postmasters_number)}
        finally:
            somebody.kill()


def test_starts_at_the_same_time_find_the_same_server(server: EmbeddedServer) -> None:
    with ThreadPoolExecutor() as at_once:
        urls = list(at_once.map(lambda _: EmbeddedServer(server.folder).start(), range(3)))

    assert len(set(urls)) == 1


def test_server_gets_nothing_of_our_environment(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    server.start()

    assert "OPENAI_API_KEY" not in _postgres(server).environ()


def test_data_are_utf_8_whatever_the_language_of_the_machine(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    question = "CREATE TABLE kept AS SELECT upper('iä') || current_setting('server_encoding') AS answer"
    url = server.start()
    _execute(url, question)

    assert _answer(url) == "IÄUTF8"


def test_link_to_a_disk_that_is_not_there_begins_no_empty_database(tmp_path: Path) -> None:
    (tmp_path / "postgres").symlink_to(tmp_path / "disk")

    with pytest.raises(ServerFailed, match="mount its disk"):
        EmbeddedServer(tmp_path / "postgres").start()


def _postgres(server: EmbeddedServer) -> psutil.Process:
    return psutil.Process(int((server.data / "postmaster.pid").read_text().splitlines()[0]))


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
