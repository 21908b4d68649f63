"""A service that alerts are told to: a real HTTP server, which takes what it is sent, or refuses it."""

import email
import email.policy
import json
import socketserver
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
        self.wfile.write(b"ok")  # Slack's word for having taken it

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


class Mailbox(socketserver.ThreadingTCPServer):
    """Takes mail by SMTP, and keeps each as it reads: subject and body, decoded."""

    allow_reuse_address = True
    daemon_threads = True
    received: list[str]

    @property
    def place(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self.server_address[1]}"


class _TakingMail(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self._say("220 mailbox")
        while line := self.rfile.readline().decode().strip():
            match line.split()[0].upper():
                case "EHLO" | "HELO":
                    self._say("250-mailbox\r\n250 AUTH PLAIN LOGIN")
                case "AUTH":
                    self._say("235 welcome")
                case "DATA":
                    self._say("354 go on")
                    self._take()
                    self._say("250 taken")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 well")

    def _take(self) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        mail = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        bodies = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
        self.server.received.append("\n".join([str(mail["subject"]), *bodies]))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def a_mailbox() -> Iterator[Mailbox]:
    """Runs a mailbox in a thread."""
    with Mailbox(("127.0.0.1", 0), _TakingMail) as server:
        server.received = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
