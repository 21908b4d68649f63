"""Starting and ending practice X, and what is still there afterwards."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from xbot_pipelines.practice.server import running, serve
from xbot_pipelines_tests.practice_site import Practice, client_of

PROGRAM = """
import sys
from pathlib import Path
from xbot_pipelines.practice.server import serve
serve(port=int(sys.argv[1]), data=Path(sys.argv[2]), control=True)
print("ended", flush=True)
"""


class Process:
    """A practice X in a process of its own."""

    def __init__(self, data: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(self.port), str(data)], stdout=subprocess.PIPE, text=True
        )

    def ready(self) -> Practice:
        """The practice X, once it answers."""
        url = f"http://127.0.0.1:{self.port}"
        practice = Practice(url, client_of(url))
        deadline = time.monotonic() + 30
        while not self._answers(practice):
            assert time.monotonic() < deadline, "the server did not come up"
            assert self.process.poll() is None, "the server ended"
            time.sleep(0.05)
        return practice

    def _answers(self, practice: Practice) -> bool:
        try:
            return bool(practice.ask("GET", "ready")["ready"])
        except httpx2.ConnectError:
            return False

    def end(self, number: int) -> tuple[int, str]:
        """Send a signal, wait for the end, and answer exit code and output."""
        self.process.send_signal(number)
        output, _ = self.process.communicate(timeout=20)
        return self.process.returncode, output


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Process]]:
    """Starts a practice X over the test's folder; whatever still runs at the end is killed."""
    processes: list[Process] = []

    def begin() -> Process:
        processes.append(Process(tmp_path))
        return processes[-1]

    yield begin
    for one in processes:
        one.process.kill()
        one.process.communicate()


def test_everything_survives_being_killed_right_after_an_accepted_post(start: Callable[[], Process]) -> None:
    process = start()
    practice = process.ready()
    login = practice.storage_state()
    visitor = practice.returning(login)
    practice.ask("POST", "clock", {"advance_seconds": 3600, "running": False})
    deleted = visitor.post("Deleted before")
    visitor.call("DeleteTweet", tweet_id=deleted)
    practice.fault(operation="Viewer", kind="http_500_before", count=2)
    assert visitor.request("Viewer").status_code == 500
    clock = practice.ask("GET", "clock")
    accepted = visitor.post("Accepted, then killed")
    process.end(signal.SIGKILL)

    practice = start().ready()
    assert practice.ask("GET", "clock") == clock
    posts = {post["id"]: post for post in practice.truth()["posts"]}
    assert posts[accepted]["text"] == "Accepted, then killed"
    assert posts[deleted]["deleted_at"] is not None
    assert [fault["left"] for fault in practice.ask("GET", "faults")] == [1]
    returning = practice.returning(login)
    assert returning.request("Viewer").status_code == 500
    assert returning.request("Viewer").status_code == 200
    assert int(returning.post("And on")) > int(accepted)


def test_query_ids_change_with_a_restart_and_open_pages_go_on(start: Callable[[], Process]) -> None:
    process = start()
    practice = process.ready()
    login = practice.storage_state()
    before = practice.returning(login).query_ids
    process.end(signal.SIGTERM)
    returning = start().ready().returning(login)
    assert not set(before.values()) & set(returning.query_ids.values())
    headers = {"x-csrf-token": returning.http.cookies["ct0"]}
    assert returning.http.get(f"/i/api/graphql/{before['Viewer']}/Viewer", headers=headers).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_cleanly(start: Callable[[], Process], number: int) -> None:
    process = start()
    process.ready()
    assert process.end(number) == (0, "ended\n")


def test_a_second_handle_joins_the_world_and_both_can_post(tmp_path: Path) -> None:
    with running(tmp_path, handle="daily_vitals"):
        pass
    with running(tmp_path, handle="second_account") as server, client_of(server.url) as control:
        practice = Practice(server.url, control)
        assert set(practice.ask("GET", "ready")["handles"]) == {"daily_vitals", "second_account"}
        practice.visitor("second_account").post("Same words")
        practice.visitor("daily_vitals").post("Same words")
        assert [post["author"] for post in practice.truth()["posts"]] == ["second_account", "daily_vitals"]


def test_a_folder_of_another_seed_is_refused_and_kept(tmp_path: Path) -> None:
    with running(tmp_path, seed=7):
        pass
    with pytest.raises(RuntimeError, match="world of seed 7, not 8"), running(tmp_path, seed=8):
        pass
    with running(tmp_path, seed=7):
        pass


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    with (
        running(tmp_path),
        pytest.raises(RuntimeError, match="stop the practice X that is using it"),
        running(tmp_path),
    ):
        pass


def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RuntimeError, match="choose another port"):
            serve(port=port, data=tmp_path, control=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com"])
def test_control_is_refused_where_others_could_reach_it(tmp_path: Path, host: str) -> None:
    with pytest.raises(ValueError, match="others can reach"):
        serve(host=host, data=tmp_path, control=True)


def test_without_control_nothing_of_it_is_there(tmp_path: Path) -> None:
    with running(tmp_path, control=False) as server, client_of(server.url) as http:
        for path in ("ready", "truth", "clock", "faults", "requests", "people"):
            assert http.get(f"/practice/{path}").status_code == 404
        for path in ("reset", "session", "clock", "posts", "faults"):
            assert http.post(f"/practice/{path}", json={}).status_code in {404, 405}
        assert http.get("/daily_vitals").status_code == 200
