"""What the guard of our servers lets through, header by header, over real HTTP."""

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from xbot_pipelines.operate.http_guard import HttpGuard
from xbot_pipelines_tests.operate.programs import free_ports, wait_until

ADDED = "dagster.example"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a guarded server that answers everything with 200."""
    [port] = free_ports(1)
    app = HttpGuard(PlainTextResponse("secret"), hosts=[ADDED])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, "the server listens")
    yield port
    server.should_exit = True
    thread.join()


def status(port: int, method: str, *headers: str) -> int:
    """Send a request with exactly these headers; `PORT` in them is the server's own."""
    lines = [f"{method} / HTTP/1.1", *(header.replace("PORT", str(port)) for header in headers), "Connection: close"]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    code = int(answer.split()[1])
    assert (b"secret" in answer) is (code == 200)
    return code


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:PORT",
        "localhost:PORT",
        "LOCALHOST",
        "localhost.",
        "[::1]:PORT",
        "127.0.0.2",
        ADDED,
        f"{ADDED}:8443",
        "Dagster.Example.",
    ],
)
def test_host_names_of_this_server_pass(port: int, host: str) -> None:
    assert status(port, "GET", f"Host: {host}") == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:PORT",
        f"{ADDED}.evil.example",
        f"evil-{ADDED}",
        "0.0.0.0:PORT",
        "192.168.1.7",
        "[::ffff:10.0.0.1]",
        "user@127.0.0.1",
        "127.0.0.1:PORT:80",
        "127.0.0.1/evil.example",
        "2130706433",
        "",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_other_host_names_are_refused_for_reading_too(port: int, host: str, method: str) -> None:
    assert status(port, method, f"Host: {host}") in {400, 421}


def test_missing_or_doubled_host_is_refused(port: int) -> None:
    assert status(port, "GET") in {400, 421}
    assert status(port, "GET", "Host: localhost", "Host: evil.example") in {400, 421}


@pytest.mark.parametrize(
    ("method", "headers", "code"),
    [
        ("POST", [], 200),
        ("POST", ["Origin: http://127.0.0.1:PORT"], 200),
        ("POST", ["Origin: http://127.0.0.1:PORT", "Sec-Fetch-Site: same-origin"], 200),
        ("POST", [f"Origin: https://{ADDED}"], 200),
        ("POST", ["Origin: http://127.0.0.1:1"], 403),
        ("POST", ["Origin: http://localhost:PORT"], 403),
        ("POST", ["Origin: https://127.0.0.1:PORT"], 200),
        ("POST", ["Origin: http://evil.example"], 403),
        ("POST", ["Origin: null"], 403),
        ("POST", ["Origin: http://127.0.0.1:PORT", "Origin: http://evil.example"], 403),
        ("POST", ["Origin: chrome-extension://abc"], 403),
        ("POST", ["Sec-Fetch-Site: cross-site"], 403),
        ("POST", ["Sec-Fetch-Site: same-site"], 403),
        ("DELETE", ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"], 403),
        ("GET", ["Origin: http://evil.example"], 403),
        ("GET", ["Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"], 200),
        ("GET", ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"], 200),
        ("GET", ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"], 403),
        ("GET", ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"], 403),
        ("GET", ["Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: script"], 403),
        ("GET", ["Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"], 200),
    ],
)
def test_only_our_own_pages_and_programs_are_answered(port: int, method: str, headers: list[str], code: int) -> None:
    assert status(port, method, "Host: 127.0.0.1:PORT", *headers) == code
