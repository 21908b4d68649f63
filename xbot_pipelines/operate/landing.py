"""Where a person's browser lands when X sends it back: a tiny site on this machine, for the length of one login.

It hears one answer, and shows in plain words what came of it. What an answer means is in `x.api.authorization`, what is
done with it in `api_login`. What X puts into the address is secret: it is written nowhere, and the browser is led on at
once to an address without it (F28).
"""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Full, Queue
from urllib.parse import parse_qsl

from xbot_pipelines.x.api.authorization import Allowed, Authorization, Declined

_HOST = "127.0.0.1"  # X takes no "localhost" for an address of this machine
_BACK, _END, _STRAY = "/callback", "/end", "/another-login"
_LOOK_EVERY_SECONDS = 0.05
_SILENT_SECONDS = 5
_SHOWING_SECONDS = 3


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What the person reads at the end: what came of it, and a sentence about it."""

    heading: str
    sentence: str


_STRAY_ENDING = Ending(
    heading="This belongs to another login",
    sentence="Nothing was done with it. Close this page, and go on with the one that was opened last.",
)
_LOST_ENDING = Ending(heading="The login has ended", sentence="Look into the terminal for what came of it.")


def address_of(port: int) -> str:
    """The address to which X sends the person's browser back. X has to know it, letter by letter."""
    return f"http://{_HOST}:{port}{_BACK}"


class Landing:
    """One login's site.

    Args:
        question: what the person was asked. A browser that comes back with the answer to another one changes nothing.
    """

    def __init__(self, question: Authorization) -> None:
        self._question = question
        self._answers: Queue[Allowed | Declined] = Queue(maxsize=1)
        self._ending: Ending | None = None
        self._answered, self._told, self._shown = threading.Event(), threading.Event(), threading.Event()

    def wait(self, within: timedelta) -> Allowed | Declined | None:
        """Waits for the person's answer; None when that time is over."""
        try:
            return self._answers.get(timeout=within.total_seconds())
        except Empty:
            return None

    def show(self, ending: Ending) -> None:
        """Shows what came of it, and stays until the browser that brought the answer has it, if it is still there."""
        self._ending = ending
        self._told.set()
        if self._answered.is_set():
            self._shown.wait(_SHOWING_SECONDS)

    def hear(self, query: Mapping[str, str]) -> str:
        """Takes what a browser came back with, and answers where it is led on to."""
        answer = self._question.answer_in(query)
        if answer is None:
            return _STRAY
        self._answered.set()
        # A page that is loaded again says the same once more.
        with suppress(Full):
            self._answers.put_nowait(answer)
        return _END

    def ending(self) -> Ending | None:
        """Waits until it is told what came of the answer; None when there is no answer yet."""
        if not self._answered.is_set():
            return None
        self._told.wait()
        return self._ending

    def has_shown(self) -> None:
        """Notes that the browser has the last page, or has gone."""
        self._shown.set()

    def close(self) -> None:
        """Lets go of a browser that still waits."""
        if not self._told.is_set():
            self.show(_LOST_ENDING)


@contextmanager
def landing(port: int, question: Authorization) -> Iterator[Landing]:
    """Opens the site; `port` is free. It ends with the block."""
    site = Landing(question)
    server = _Server((_HOST, port), _handler_of(site))
    serving = threading.Thread(target=server.serve_forever, args=(_LOOK_EVERY_SECONDS,), name="landing", daemon=True)
    serving.start()
    try:
        yield site
    finally:
        site.close()
        server.shutdown()
        serving.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Shows what is a bug of ours; a browser that has gone away is none."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _handler_of(site: Landing) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        # Browsers also open connections on which they never say anything.
        timeout = _SILENT_SECONDS

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            if self.headers.get_all("Host") != [f"{_HOST}:{self.server.server_port}"]:  # type: ignore[attr-defined]
                # A page whose own name leads here (DNS rebinding) is not what X sends a person back to.
                self._answer(HTTPStatus.MISDIRECTED_REQUEST)
            elif path == _BACK:
                self._answer(HTTPStatus.SEE_OTHER, location=site.hear(dict(parse_qsl(query))))
            elif path == _STRAY:
                self._show(_STRAY_ENDING, HTTPStatus.BAD_REQUEST)
            elif path == _END and (ending := site.ending()) is not None:
                try:
                    self._show(ending, HTTPStatus.OK)
                finally:
                    site.has_shown()
            else:
                self._answer(HTTPStatus.NOT_FOUND)

        def log_message(self, *_: object) -> None:
            """Writes nothing: a line would quote the address, and with it the code."""

        def _show(self, ending: Ending, status: HTTPStatus) -> None:
            self._answer(status, _page(ending).encode())

        def _answer(self, status: HTTPStatus, body: bytes = b"", **headers: str) -> None:
            self.send_response(status)
            for name, value in {**_HEADERS, **headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    return Handler


_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


def _page(ending: Ending) -> str:
    heading = escape(ending.heading)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading}</title>
<link rel="icon" href="data:,">
<style>
body {{ font: 1.1rem/1.5 system-ui, sans-serif; color-scheme: light dark; max-width: 36rem; margin: 15vh auto; }}
body {{ padding: 0 1.5rem; overflow-wrap: anywhere; }}
</style>
</head>
<body>
<main>
<h1>{heading}</h1>
<p>{escape(ending.sentence)}</p>
</main>
</body>
</html>
"""
