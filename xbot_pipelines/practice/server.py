"""Starting practice X: `serve` for a command, `running` for tests and benchmarks.

What the server shows is put together in `site`; here are only sockets, signals and threads.
"""

import asyncio
import contextlib
import ipaddress
import signal
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import FrameType

import uvicorn

from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.connections import CLOSE, CuttableProtocol
from xbot_pipelines.practice.site import build_app


class _Server(uvicorn.Server):
    """A server that ends when told to, and leaves the signals to whoever started it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the process's signal handlers as they are."""
        yield


@dataclass(frozen=True, slots=True)
class RunningPractice:
    """A practice X that runs in a thread of this process."""

    url: str
    backstage: Backstage


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8700,
    data: Path,
    seed: int = 7,
    handle: str = "daily_vitals",
    control: bool,
    begins_at: datetime | None = None,
) -> None:
    """Run practice X until SIGINT or SIGTERM, then return.

    Args:
        host: The address to listen on.
        port: The port; 0 takes a free one.
        data: The folder that keeps the world.
        seed: Which world it is. A folder keeps the seed it began with.
        handle: The account of ours that must exist in it.
        control: Whether `/practice/*` is there.
        begins_at: The moment at which the clock of a new world stands until it is set; None is now, and it runs.

    Raises:
        ValueError: Control was asked for on an address that others can reach.
        RuntimeError: The folder is in use, holds a world of another seed, or the port is taken.
    """
    _refuse_open_control(host, control=control)
    with _listening(host, port) as listener, _opened(data, seed, handle, begins_at) as backstage:
        server = _server(backstage, control=control)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            server.should_exit = True

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            server.run(sockets=[listener])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextlib.contextmanager
def running(
    data: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    seed: int = 7,
    handle: str = "daily_vitals",
    control: bool = True,
    begins_at: datetime | None = None,
) -> Iterator[RunningPractice]:
    """Run practice X in a thread, for as long as the `with` block lasts. Arguments and errors as in `serve`."""
    _refuse_open_control(host, control=control)
    with _listening(host, port) as listener, _opened(data, seed, handle, begins_at) as backstage:
        server = _server(backstage, control=control)

        async def run() -> None:
            await server.serve(sockets=[listener])

        thread = threading.Thread(target=lambda: asyncio.run(run()), name="practice-x", daemon=True)
        thread.start()
        try:
            yield RunningPractice(f"http://{host}:{listener.getsockname()[1]}", backstage)
        finally:
            server.should_exit = True
            thread.join()


def _refuse_open_control(host: str, *, control: bool) -> None:
    if not control or host == "localhost":
        return
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ValueError(
            f"practice X with control must not listen on {host}, where others can reach it: "
            "use 127.0.0.1, or start it without control"
        )


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    # The socket listens from here on, so nobody has to wait for the server to be asked.
    try:
        listener = socket.create_server((host, port), backlog=256)
    except OSError as error:
        raise RuntimeError(f"cannot listen on {host}:{port} ({error.strerror}): choose another port") from error
    with listener:
        yield listener


@contextlib.contextmanager
def _opened(data: Path, seed: int, handle: str, begins_at: datetime | None) -> Iterator[Backstage]:
    backstage = Backstage(data, seed=seed, handle=handle, begins_at=begins_at)
    try:
        yield backstage
    finally:
        backstage.close()


def _server(backstage: Backstage, *, control: bool) -> _Server:
    return _Server(
        uvicorn.Config(
            build_app(backstage, control=control),
            http=CuttableProtocol,
            ws="none",
            lifespan="off",
            loop="asyncio",
            headers=[CLOSE],
            server_header=False,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,
        )
    )
