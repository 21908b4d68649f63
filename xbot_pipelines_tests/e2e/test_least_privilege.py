"""What each process of a running stack knows and opens: no secret that it does not need, and no port but three."""

import os
import pwd
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from sqlalchemy import Engine

from xbot_pipelines.operate import processes
from xbot_pipelines_tests.conftest import execute
from xbot_pipelines_tests.e2e.newcomer import LONGEST_HEALING_SECONDS, Newcomer, wait_until
from xbot_pipelines_tests.providers import Provider, a_provider

pytestmark = [pytest.mark.house, pytest.mark.browser, pytest.mark.timeout(400)]

DATABASE, MODEL, ALERT, STRANGER = "canaryDatabase", "canaryModel", "canaryAlert", "canaryStranger"
OF_X = {
    "X_CLIENT_SECRET": "canaryClient",
    "X_API_KEY": "canaryKeyOne",
    "X_API_KEY_SECRET": "canaryKeyTwo",
    "X_ACCESS_TOKEN": "canaryTokenOne",
    "X_ACCESS_TOKEN_SECRET": "canaryTokenTwo",
}
BROWSER = "a run's browser"
CANARIES = {DATABASE, MODEL, ALERT, STRANGER, *OF_X.values()}

NEEDED = {
    "cli practice": set[str](),
    "instance migrate": {DATABASE},
    "api grpc": {DATABASE},
    "operate.webserver": {DATABASE},
    "operate.daemon": {DATABASE, MODEL, *OF_X.values()},
    "cli watch": {DATABASE, MODEL, ALERT},
    BROWSER: set[str](),
}
"""What each program of the stack needs, by words of its command."""

_CONNECTS_AS_NOBODY = """
import os, socket, sys
os.setgroups([])
os.setresgid(int(sys.argv[2]), int(sys.argv[2]), int(sys.argv[2]))
os.setresuid(int(sys.argv[1]), int(sys.argv[1]), int(sys.argv[1]))
try:
    socket.socket(socket.AF_UNIX).connect(sys.argv[3])
except PermissionError:
    print("kept out")
"""


class Lookout:
    """Looks at a stack's processes again and again, and remembers what each program was told and where it listened."""

    def __init__(self, newcomer: Newcomer) -> None:
        self._newcomer = newcomer
        self.told: dict[str, set[str]] = defaultdict(set)
        self.variables: dict[str, set[str]] = defaultdict(set)
        self.ports: set[int] = set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look for as long as the block lasts."""
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(0.2):
                self._look()

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _look(self) -> None:
        for process in processes.of_house(self._newcomer.home, self._newcomer.home / "postgres"):
            # What ends while it is looked at was there at the last look.
            with suppress(psutil.Error):
                self._note(process)

    def _note(self, process: psutil.Process) -> None:
        variables = process.environ()
        found = {canary for canary in CANARIES if any(canary in value for value in variables.values())}
        program = _program_of(process)
        self.told[program] |= found
        self.variables[program] |= variables.keys()
        listening = (one for one in process.net_connections("tcp") if one.status == psutil.CONN_LISTEN)
        self.ports |= {connection.laddr.port for connection in listening}


def _program_of(process: psutil.Process) -> str:
    """Return which program of the stack a process is, or was started by."""
    # Chromium's crash handler has no parent any more, and Playwright's driver is node.
    if process.name().lower().startswith(("chrom", "node")):
        return BROWSER
    for one in (process, *process.parents()):
        command = " ".join(command_of(one))
        program = next((words for words in NEEDED if words in command), None)
        if program is not None:
            return program
    return f"none: {command_of(process)}"


@pytest.fixture
def database_url(admin: Engine) -> Iterator[str]:
    """The address of an empty database that belongs to an ordinary role with a password."""
    name = f"canary_{uuid4().hex}"
    execute(admin, f"CREATE ROLE {name} LOGIN PASSWORD '{DATABASE}'", f"CREATE DATABASE {name} OWNER {name}")
    yield f"postgresql://{name}:{DATABASE}@/{name}?host={admin.url.query['host']}"
    execute(admin, f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE {name}")


@pytest.fixture
def provider() -> Iterator[Provider]:
    with a_provider() as provider:
        yield provider


def test_no_process_is_told_a_secret_or_opens_a_port_that_it_does_not_need(
    newcomer: Newcomer, database_url: str, provider: Provider
) -> None:
    newcomer.variables = {
        **newcomer.variables,
        **OF_X,
        "XBOT_DATABASE_URL": database_url,
        "OPENAI_BASE_URL": provider.url,
        "OPENAI_API_KEY": MODEL,
        "XBOT_ALERT_URLS": f"json://{ALERT}@127.0.0.1:9",
        "AWS_SECRET_ACCESS_KEY": STRANGER,
        "PGPASSWORD": STRANGER,
    }
    lookout = Lookout(newcomer)
    with lookout.watching():
        stack = newcomer.up()
        newcomer.waits_for("published:", stack)
        newcomer.waits_for("first reading", stack)
    code_socket = newcomer.home / "run" / "code-server.sock"
    keeps_others_out(code_socket)
    comes_back_where_it_was(newcomer, code_socket)
    stack.send_signal(signal.SIGINT)
    stack.wait(timeout=60)

    assert dict(lookout.told) == NEEDED
    assert "XBOT_DATABASE_URL" not in lookout.variables["operate.webserver"] | lookout.variables["instance migrate"]
    assert lookout.ports == set(newcomer.ports)


def keeps_others_out(code_socket: Path) -> None:
    """The code server executes what it is asked for: nobody else of this machine may ask."""
    assert stat.S_IMODE(code_socket.parent.stat().st_mode) == 0o700
    with socket.socket(socket.AF_UNIX) as ours:
        ours.connect(str(code_socket))
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        command = [sys.executable, "-c", _CONNECTS_AS_NOBODY, str(nobody.pw_uid), str(nobody.pw_gid), str(code_socket)]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "kept out\n"


def command_of(process: psutil.Process) -> list[str]:
    """Return a process's command line; nothing where it has ended since it was found."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def comes_back_where_it_was(newcomer: Newcomer, code_socket: Path) -> None:
    """A code server that is killed leaves its socket behind, and the next one takes its place."""
    house = processes.of_house(newcomer.home, newcomer.home / "postgres")
    [code_server] = [one for one in house if str(code_socket) in command_of(one)]
    code_server.kill()
    wait_until(lambda: "code-server answers again" in newcomer.output(), LONGEST_HEALING_SECONDS, newcomer.output)
