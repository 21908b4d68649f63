"""A wiretap before a site on this machine: passes everything on, and keeps every byte that clients have sent."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_CHUNK = 65536


class Wiretap(socketserver.ThreadingTCPServer):
    """Where clients connect to (`url`), and all that they have `sent` so far."""

    def __init__(self, site: tuple[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site, self.sent = site, bytearray()

    @property
    def url(self) -> str:
        """The address that clients are given."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(socketserver.BaseRequestHandler):
    server: Wiretap

    def handle(self) -> None:
        with socket.create_connection(self.server.site) as site:
            answers = threading.Thread(target=_pass_on, args=(site, self.request, None))
            answers.start()
            _pass_on(self.request, site, self.server.sent)
            answers.join()


def _pass_on(source: socket.socket, sink: socket.socket, kept: bytearray | None) -> None:
    with suppress(OSError):
        while chunk := source.recv(_CHUNK):
            if kept is not None:
                kept += chunk
            sink.sendall(chunk)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def tapped(url: str) -> Iterator[Wiretap]:
    """Listens on a free port, in front of a site that is reached without TLS."""
    site = urlsplit(url)
    with Wiretap((site.hostname or "", site.port or 80)) as tap:
        listening = threading.Thread(target=tap.serve_forever, kwargs={"poll_interval": 0.01})
        listening.start()
        yield tap
        tap.shutdown()
        listening.join()
