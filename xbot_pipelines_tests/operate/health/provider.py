"""A provider of language models that is asked for its list of models, and answers as it is told to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pydantic import SecretStr

from xbot_pipelines.settings import Settings

KEY = "sk-planted-1234"


class Provider(ThreadingHTTPServer):
    """Answers every question with one status, and remembers with which key it was asked."""

    daemon_threads = True
    status = 200
    asked: list[str]


class _Answering(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        self.server.asked.append(self.headers["authorization"])
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - it is called so
        """Says nothing."""


@contextmanager
def a_provider() -> Iterator[Provider]:
    with Provider(("127.0.0.1", 0), _Answering) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def asking(settings: Settings, port: int) -> Settings:
    """Settings whose model is at a provider on this port."""
    update = {"openai_base_url": f"http://127.0.0.1:{port}/v1", "openai_api_key": SecretStr(KEY)}
    return settings.model_copy(update=update)
