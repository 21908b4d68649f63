"""The health server's application on a port of this machine, which shows the facts that a test gives it."""

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import httpx2
import uvicorn

from xbot_pipelines.operate.health.facts import Facts
from xbot_pipelines.operate.health.judging import judge
from xbot_pipelines.operate.health.server import build_app
from xbot_pipelines_tests.operate.health.well import well
from xbot_pipelines_tests.operate.programs import free_ports, wait_until


class Served:
    """A server whose account is as `facts` say."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.facts: Facts = well()

    def get(self, path: str, **headers: str) -> httpx2.Response:
        """What a GET is answered."""
        return httpx2.get(f"{self.url}{path}", headers=headers, trust_env=False)


@contextmanager
def a_server(*, hosts: Collection[str] = ()) -> Iterator[Served]:
    """Runs it in a thread."""
    [port] = free_ports(1)
    served = Served(f"http://127.0.0.1:{port}")
    app = build_app(lambda: judge(served.facts), hosts=hosts)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started, "the server listens")
        yield served
    finally:
        server.should_exit = True
        thread.join()
