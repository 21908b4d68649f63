"""The health over HTTP: JSON for programs, Prometheus's text, a page for people. It only reads, and takes no orders.

It answers from what was seen last, so it never waits. On this machine alone it listens unless somebody says otherwise.
Wherever it listens, it answers neither to another name than those it was given, nor to a page of another site.
"""

import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Collection, Iterator
from functools import partial
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from xbot_pipelines.clock import Clock
from xbot_pipelines.operate.health.alerting import AlertKeeper, Outages
from xbot_pipelines.operate.health.collecting import Collector
from xbot_pipelines.operate.health.judging import Judgement
from xbot_pipelines.operate.health.metrics import CONTENT_TYPE, as_text
from xbot_pipelines.operate.health.page import STYLE, as_page
from xbot_pipelines.operate.health.plain_values import as_json
from xbot_pipelines.operate.health.reasons import Status
from xbot_pipelines.operate.health.telling import Services, Teller
from xbot_pipelines.operate.health.watch import Watch
from xbot_pipelines.operate.http_guard import HttpGuard
from xbot_pipelines.operate.ports import Port, demand_free
from xbot_pipelines.operate.tables import account_tables
from xbot_pipelines.settings import Settings
from xbot_pipelines.text.escape import for_json

_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def build_app(seen: Callable[[], Judgement], *, hosts: Collection[str] = ()) -> Starlette:
    """Return the application.

    Args:
        seen: returns what was seen last.
        hosts: names by which it may be asked, besides those of this machine's loopback.
    """

    def health(_: Request) -> Response:
        judgement = seen()
        status = 503 if judgement.status is Status.DOWN else 200
        body = for_json(as_json(judgement))
        return Response(body, status_code=status, media_type="application/json", headers=_HEADERS)

    def metrics(_: Request) -> Response:
        return Response(as_text(seen()), media_type=CONTENT_TYPE, headers=_HEADERS)

    def page(_: Request) -> Response:
        return Response(as_page(seen()), media_type="text/html", headers=_HEADERS)

    def style(_: Request) -> Response:
        return PlainTextResponse(STYLE, media_type="text/css", headers=_HEADERS)

    return Starlette(
        routes=[
            Route("/", page),
            Route("/health.css", style),
            Route("/api/system/health", health),
            Route("/metrics", metrics),
        ],
        middleware=[Middleware(HttpGuard, hosts=hosts)],
    )


def serve(settings: Settings, clock: Clock) -> None:
    """Watches, tells and answers until SIGINT or SIGTERM.

    Raises:
        CannotRun: the port is taken, or alerts are to be told in a way that apprise does not know.
    """
    with watching(settings, clock) as watch, _listening(settings) as listener:
        app = build_app(lambda: watch.judgement, hosts=settings.allowed_hosts)
        server = _Server(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False))

        def stop(_signal: int, _frame: FrameType | None) -> None:
            server.should_exit = True

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        server.run(sockets=[listener])


@contextlib.contextmanager
def watching(settings: Settings, clock: Clock) -> Iterator[Watch]:
    """Looks once, and goes on looking and telling, in threads of their own, until the block ends.

    Raises:
        CannotRun: alerts are to be told in a way that apprise does not know.
    """
    outages = Outages()
    tables = partial(account_tables, settings)
    teller = None
    if settings.alert_urls:
        services = Services(settings.alert_urls, handle=settings.profile.handle)
        teller = Teller(services, tables, outages, clock)
    keeper = AlertKeeper(tables, outages)
    watch = Watch(Collector(settings, clock).collect, also=teller.wrong if teller else tuple, heed=keeper.heed)
    watch.look()
    ending = threading.Event()
    loops = [watch.go_on, *([teller.go_on] if teller else [])]
    threads = [threading.Thread(target=loop, args=[ending], daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    try:
        yield watch
    finally:
        # Not waited for: a look may hang, and neither loop leaves anything half done.
        ending.set()


class _Server(uvicorn.Server):
    """A server that ends when told to, and leaves the signals to whoever started it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves the process's signal handlers as they are."""
        yield


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    port = Port(number=settings.health_port, purpose="health server", variable="XBOT_HEALTH_PORT")
    demand_free([port])
    with socket.create_server((settings.health_host, settings.health_port)) as listener:
        yield listener
