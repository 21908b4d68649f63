"""Small real servers for the doctor to ask: with a date of their own, and answers that a test chooses."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Answers every GET and HEAD alike, and gives its date as it believes it to be.

    To POST it has `answers`, one after the other, and then is at fault.
    """

    daemon_threads = True
    status = 200
    body: object = None
    ahead = timedelta()

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Answering)
        self.answers: list[object] = []

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answering(BaseHTTPRequestHandler):
    server: Server

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(json.dumps(self.server.body).encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        if self.server.answers:
            self._answer(json.dumps(self.server.answers.pop(0)).encode())
        else:
            self._answer(b"", status=HTTPStatus.SERVICE_UNAVAILABLE)

    def _answer(self, content: bytes, *, status: int | None = None) -> None:
        self.send_response(status or self.server.status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The date as this server has it."""
        del timestamp
        return format_datetime(datetime.now(UTC) + self.server.ahead, usegmt=True)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def a_server(port: int = 0) -> Iterator[Server]:
    """Runs a server for the length of the block; the port 0 takes a free one."""
    with Server(port) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
