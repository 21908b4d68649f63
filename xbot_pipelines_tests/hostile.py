"""One hostile text, with everything in it that some output of ours could obey, and what no output may let through."""

import json
import re
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from xbot_pipelines.practice.model import complete

MUTATION = "mutation{shutdownRepositoryLocation(repositoryLocationName:%22practice%22){__typename}}"

HOSTILE = (
    f'=HYPERLINK("https://evil.example") ![a](/graphql?query={MUTATION})\n\n'
    "[click](javascript:alert(1)) <img src=x onerror=alert(1)><script>alert(2)</script> <b>bold</b>\n"
    "\x1b]52;c;cm0gLXJmIH4=\x07\x1b[2J\x1b[31mred\x9b31m @everyone @here <@123> <@&456> <!channel> @daily_vitals\n"
    "```\nnul \x00 lone \ud800 turned \u202etxt.exe\u202c line\u2028end \u200bhidden {{ 7*7 }} %s [bold]m[/bold]"
)
"""A stranger's post. The first line begins as a formula of a spreadsheet does."""

LONG = f"{HOSTILE} {'very long ' * 2_000}"

STORED = HOSTILE.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
"""The same as a table keeps it."""

_ALLOWED_CONTROLS = {"\n", "\t"}


def moves_a_terminal(shown: str) -> list[str]:
    """Return the characters that a terminal obeys or that nobody sees."""
    return sorted(
        {
            ascii(one)
            for one in shown
            if one not in _ALLOWED_CONTROLS and unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        }
    )


def mentions(shown: str) -> list[str]:
    """Return what a chat would take for a mention of somebody."""
    return re.findall(r"@(?:everyone|here|daily_vitals)|<@&?\d+>|<!\w+>", shown)


class _Obeying(BaseHTTPRequestHandler):
    server: "_Model"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        completion = complete(body, at=int(time.time()))
        message = completion["choices"][0]["message"]
        written = json.loads(message["content"])
        for holder in (written, *(one for value in written.values() if isinstance(value, list) for one in value)):
            holder.update({name: self.server.words for name in ("text", "reason", "why") if name in holder})
        message["content"] = json.dumps(written)
        content = json.dumps(completion).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class _Model(ThreadingHTTPServer):
    daemon_threads = True
    words = ""


@contextmanager
def hostile_model(words: str) -> Iterator[str]:
    """Runs a model that judges as the practice model does, and writes nothing but these words; gives its address."""
    with _Model(("127.0.0.1", 0), _Obeying) as model:
        model.words = words
        thread = threading.Thread(target=model.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{model.server_address[1]}/v1"
        finally:
            model.shutdown()
            thread.join()
