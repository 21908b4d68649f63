"""A provider of language models that knows no discretion: when it refuses a key, it repeats the key."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from xbot_pipelines.practice.model import complete


class Provider(ThreadingHTTPServer):
    """Writes as the practice model does, until `refuses` is set."""

    daemon_threads = True
    refuses = False

    @property
    def url(self) -> str:
        """What OPENAI_BASE_URL has to be."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Answering(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.server.refuses:
            said = f"Incorrect API key provided: {self.headers['authorization'].removeprefix('Bearer ')}."
            self._answer(401, {"error": {"message": said, "type": "invalid_request_error", "code": "invalid_api_key"}})
        else:
            self._answer(200, complete(body, at=int(time.time())))

    def _answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing: what a provider logs is not ours."""


@contextmanager
def a_provider() -> Iterator[Provider]:
    """Runs a provider for the length of the block."""
    with Provider(("127.0.0.1", 0), _Answering) as provider:
        threading.Thread(target=provider.serve_forever, daemon=True).start()
        yield provider
        provider.shutdown()
