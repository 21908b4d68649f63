"""Small real programs that the tests of this room start, and the waiting for what they do."""

import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_SECONDS = 20.0


def python(script: str, *arguments: object) -> list[str]:
    """A command that runs a few lines of Python."""
    return [sys.executable, "-c", script, *map(str, arguments)]


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Returns as soon as the condition holds; fails with `what` when it does not in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)


def lines_of(file: Path) -> list[str]:
    """The lines that programs have written into a file so far."""
    return file.read_text().splitlines() if file.exists() else []


STEADY = """
import pathlib, signal, sys, time
name, journal, seconds_to_stop = sys.argv[1], pathlib.Path(sys.argv[2]), float(sys.argv[3])
def note(word):
    with journal.open("a") as file:
        file.write(f"{word} {name}\\n")
def stop(number, frame):
    time.sleep(seconds_to_stop)
    note("stopped")
    sys.exit(0)
signal.signal(signal.SIGINT, stop)
note("started")
while True:
    time.sleep(0.05)
"""
"""Notes in a journal when it starts, and when a SIGINT ends it. Arguments: its name, the journal, how long it takes
to end."""

STUBBORN = """
import pathlib, signal, sys, time
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).write_text("ready")
while True:
    time.sleep(0.05)
"""
"""Hears no signal that can be ignored. Argument: a file that it writes when it is deaf."""


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on at this moment, each another."""
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [server.getsockname()[1] for server in servers]
    for server in servers:
        server.close()
    return ports
