"""A real site on this machine for tests of feeds: it answers what a test tells it to, and remembers who asked."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MEGABYTE = 1_000_000


@dataclass
class Site:
    """Pages by their path. Each is a status, headers and a body, or a function that answers by hand."""

    url: str
    pages: "dict[str, Page | Callable[[BaseHTTPRequestHandler], None]]" = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    sent: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    def paths(self) -> list[str]:
        """What was asked for, in order, without the robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def drip(self, piece: bytes, *, every: float, head: bytes = b"") -> Callable[[BaseHTTPRequestHandler], None]:
        """A page that sends its head at once, and then the same piece for ever, one after each pause."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.wfile.write(head)
            while not self.closing.wait(every):
                handler.wfile.write(piece)
                self.sent += len(piece)

        return answer


@dataclass(frozen=True)
class Page:
    """What a page answers."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def redirect(to: str, status: int = 302) -> Page:
    """A page that leads to another."""
    return Page(status=status, headers={"Location": to})


def rss(*items: str, title: str = "A feed") -> bytes:
    """A feed with these items, each as the XML inside of it."""
    entries = "".join(f"<item>{item}</item>" for item in items)
    head = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
    return f"{head}{entries}</channel></rss>".encode()


def item(title: str, link: str, date: str | None = None) -> str:
    """The XML inside of an item."""
    published = f"<pubDate>{date}</pubDate>" if date else ""
    return f"<title>{title}</title><link>{link}</link>{published}"


@contextmanager
def open_site() -> Iterator[Site]:
    """Opens a site on a free port of this machine, without a robots.txt."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            page = site.pages.get(self.path, Page(status=404))
            try:
                if isinstance(page, Page):
                    self.send_response(page.status)
                    for name, value in {"Content-Length": str(len(page.body)), **page.headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(page.body)
                else:
                    page(self)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Site(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        site.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
