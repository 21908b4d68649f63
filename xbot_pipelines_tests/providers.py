"""A provider of language models beside practice X: it writes as that does, breaks when told to, knows no discretion."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pydantic import SecretStr

from xbot_pipelines.practice.model import complete
from xbot_pipelines.settings import Settings

KEY = "sk-planted-1234"
_OK, _BAD_REQUEST, _REFUSED = 200, 400, 401
_MODELS = {"object": "list", "data": [{"id": "gpt-5-mini", "object": "model"}]}


class Provider(ThreadingHTTPServer):
    """Writes as the practice model does, and lists one model, as long as `status` is 200.

    With 401 it refuses the key and repeats it, as providers do. `asked` is how it was asked, each time. Asked to check
    a draft it answers `judge`, if that is set; "" is an error that no client asks again after.
    """

    daemon_threads = True
    status = _OK
    clock_ahead = timedelta(0)
    judge: str | None = None
    asked: list[str]

    @property
    def url(self) -> str:
        """What OPENAI_BASE_URL has to be."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Answering(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        self.server.asked.append(self.headers["authorization"])
        self._answer(_MODELS)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(self.headers["authorization"])
        answer = complete(body, at=int(time.time())) if self.server.status == _OK else {}
        if self.server.judge is not None and "Task: check" in body["messages"][-1]["content"]:
            if not self.server.judge:
                self._answer({}, status=_BAD_REQUEST)
                return
            answer["choices"][0]["message"]["content"] = self.server.judge
        self._answer(answer)

    def _answer(self, body: object, *, status: int | None = None) -> None:
        status = status or self.server.status
        if status == _REFUSED:
            said = f"Incorrect API key provided: {self.headers['authorization'].removeprefix('Bearer ')}."
            body = {"error": {"message": said, "type": "invalid_request_error", "code": "invalid_api_key"}}
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """By its own clock."""
        at = time.time() if timestamp is None else timestamp
        return super().date_time_string(at + self.server.clock_ahead.total_seconds())

    def log_message(self, *_: object) -> None:
        """Says nothing: what a provider logs is not ours."""


@contextmanager
def a_provider() -> Iterator[Provider]:
    """Runs a provider for the length of the block."""
    with Provider(("127.0.0.1", 0), _Answering) as provider:
        provider.asked = []
        thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield provider
        provider.shutdown()
        thread.join()


def asking(settings: Settings, url: str) -> Settings:
    """The same settings with their model at a provider of their own."""
    return settings.model_copy(update={"openai_base_url": url, "openai_api_key": SecretStr(KEY)})
