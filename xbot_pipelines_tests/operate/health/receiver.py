"""A service that alerts are told to: a real HTTP server, which takes what it is sent, or refuses it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver(ThreadingHTTPServer):
    """Keeps what it was sent, the oldest first."""

    daemon_threads = True
    refuses = False
    received: list[dict[str, Any]]

    @property
    def url(self) -> str:
        """How apprise is told of it."""
        return f"json://somebody:s3same@127.0.0.1:{self.server_address[1]}"

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """What a person has read: title, text, and whether it is bad news."""
        return [(one["title"], one["message"], one["type"]) for one in self.received]


class _Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if not self.server.refuses:
            self.server.received.append(body)
        self.send_response(500 if self.server.refuses else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - it is called so
        """Says nothing."""


@contextmanager
def a_receiver() -> Iterator[Receiver]:
    """Runs a receiver in a thread."""
    with Receiver(("127.0.0.1", 0), _Taking) as server:
        server.received = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
