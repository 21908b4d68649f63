"""A server on this machine that answers a client of the API whatever a test says, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from xbot_pipelines.clock import Clock
from xbot_pipelines.x.api.client import ApiClient
from xbot_pipelines.x.api.credentials import Keys, TokenFile, TokenOffice
from xbot_pipelines.x.api.wire import Wire
from xbot_pipelines_tests.x.api_way import Tally

OURS = "7001"
KEYS = Keys(api_key="k-1", api_key_secret="k-2", access_token="k-3", access_token_secret="k-4")


@dataclass(frozen=True)
class Asked:
    """One request: its method, its path, what it asks for, in its address or in its body, and what signs it."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    authorization: str | None


@dataclass(frozen=True)
class Said:
    """One answer. A promised length that is more than the body's breaks the connection in the middle of it."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int | None = None


def said(payload: Any, status: int = 200, **headers: str) -> Said:
    """An answer in JSON. Headers have underscores here for their hyphens."""
    written = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said(status, json.dumps(payload).encode(), {"content-type": "application/json", **written})


@dataclass
class Server:
    """Where the API is, what it answers to each request, and what it was asked."""

    url: str
    answer: Callable[[Asked], Said] = lambda _: said({})
    asked: list[Asked] = field(default_factory=list)

    def says(self, *answers: Said) -> None:
        """Answers these, one after the other, and the last of them to whatever comes then."""
        left = list(answers)
        self.answer = lambda _: left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def open_server() -> Iterator[Server]:
    """Opens a server on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            address = urlsplit(self.path)
            asked = Asked(
                self.command, address.path, dict(parse_qsl(address.query)), body, self.headers["authorization"]
            )
            server.asked.append(asked)
            reply = server.answer(asked)
            body = b"" if reply.status == HTTPStatus.NO_CONTENT else reply.body
            length = len(body) if reply.promised is None else reply.promised
            self.send_response(reply.status)
            for name, value in {**reply.headers, "content-length": str(length)}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = reply.promised is not None

        do_GET = do_POST = answer  # noqa: N815 - the names that the standard library looks for

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    # Head and body are two writes: without this the second waits for the other side's acknowledgement.
    Handler.wbufsize = -1
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    server = Server(f"http://127.0.0.1:{listening.server_port}")
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


@contextmanager
def client_of(
    server: Server, clock: Clock, *, proof: TokenFile | Keys = KEYS, meter: Tally | None = None
) -> Iterator[ApiClient]:
    """A client of a server, as the account @daily_vitals."""
    wire = Wire(
        api_url=server.url,
        proof=proof,
        office=TokenOffice(api_url=server.url, client_secret=None, clock=clock),
        meter=meter or Tally(),
        clock=clock,
        patience_seconds=4.0,
    )
    with closing(wire):
        yield ApiClient(wire=wire, handle="daily_vitals", user_id=OURS, clock=clock)
