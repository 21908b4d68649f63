"""Each attack on a running stack: who attacks, what is tried, and what came of it."""

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import psutil

from benchmarks.attacking.stack import Stack
from xbot_pipelines.operate.dagster_ui import DagsterUi
from xbot_pipelines.x.session import open_browser
from xbot_pipelines_tests.conftest import ROOT
from xbot_pipelines_tests.operate.foreign_site import foreign_site

OUTSIDER = Path(__file__).with_name("outsider.py")
_MUTATION = 'mutation { shutdownRepositoryLocation(repositoryLocationName: "practice") { __typename } }'
_NO_TEST_OF_THIS_KIND = 5
_ALLOWED = {
    # What each of our programs is told of the secrets; every other process of the stack knows none.
    "xbot_pipelines.cli up": {"*"},
    "xbot_pipelines.operate.daemon": {"X_"},
    "multiprocessing.": {"X_"},  # the interpreter that runs are forked from, and the runs
}


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One attack: the items of the security review that it is about, who attacks, and what is tried.

    `run` returns what the attacker got; nothing, where everything held. None: it could not be tried here.
    """

    items: str
    attacker: str
    what: str
    run: Callable[[Stack], Sequence[str] | None]


def another_user(stack: Stack) -> Sequence[str] | None:
    """Try, as an ordinary user of the machine, to read files, connect to sockets and look into processes."""
    attacker, python = _nobody(), shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if os.geteuid() != 0 or attacker is None or python is None:
        return None
    pids = [str(process.pid) for process in stack.members()]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        script = shutil.copy(OUTSIDER, folder)
        done = subprocess.run(
            [python, "-I", script, str(stack.newcomer.home), str(stack.started_at), *pids],
            user=attacker.pw_uid,
            group=attacker.pw_gid,
            extra_groups=[],
            env={"PATH": os.defpath},
            cwd="/",
            capture_output=True,
            text=True,
            check=True,
        )
    return done.stdout.splitlines()


def permissions(stack: Stack) -> Sequence[str]:
    """Return every folder above the data whose permissions were changed, and everything in it that others may use."""
    changed = [f"mode of {path} changed" for path, mode in stack.parents.items() if path.stat().st_mode != mode]
    home = stack.newcomer.home
    opened = [f"{path} is {oct(mode)}" for path in (home, *home.rglob("*")) if (mode := _mode(path)) & 0o077]
    return [*changed, *opened[:5]]


def open_ports(stack: Stack) -> Sequence[str]:
    """Return every TCP port that a process of the stack listens on, besides the three that a person opens."""
    ui, practice, _, health = stack.newcomer.ports
    listening = {
        connection.laddr.port
        for process in stack.members()
        for connection in _connections(process)
        if connection.status == psutil.CONN_LISTEN
    }
    return [f"listens on {port}" for port in sorted(listening - {ui, practice, health})]


def environments(stack: Stack) -> Sequence[str]:
    """Return every process that was told a secret which it does not need."""
    found = []
    for process in stack.members():
        try:
            told, command = process.environ(), " ".join(process.cmdline())
        except psutil.Error:
            continue
        allowed = next((names for program, names in _ALLOWED.items() if program in command), set())
        known = [
            name
            for name, canary in stack.canaries.items()
            if canary in told.values() and not ("*" in allowed or any(name.startswith(one) for one in allowed))
        ]
        if known:
            found.append(f"{process.name()} {process.pid} knows {', '.join(known)}")
    return found


def hostile_requests(stack: Stack) -> Sequence[str]:
    """Ask every server as pages of other sites do, header by header, and return what was answered."""
    newcomer = stack.newcomer
    headers = (
        {"host": "evil.example"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
    )
    addresses = [
        *(newcomer.ui_url + path for path in ("/server_info", f"/graphql?query={quote(_MUTATION)}", "/runs")),
        *(newcomer.health_url + path for path in ("/", "/metrics", "/api/system/health")),
        *(newcomer.practice_url + path for path in ("/practice/truth", "/2/users/me", "/home", "/v1/models")),
    ]
    answered = [
        f"{method} {address} with {given}: {status}"
        for address in addresses
        for method in ("GET", "POST")
        for given in headers
        if (status := _status(method, address, given)) < 400  # noqa: PLR2004 - not refused
    ]
    by_get = _status("GET", f"{newcomer.ui_url}/graphql?query={quote(_MUTATION)}", {})
    return [*answered, *([f"a mutation by GET: {by_get}"] if by_get < 400 else [])]  # noqa: PLR2004


def web_page(stack: Stack) -> Sequence[str]:
    """Let a page of another site on this machine do what a page can, in a real browser."""
    ui = stack.newcomer.ui_url
    with (
        tempfile.TemporaryDirectory() as folder,
        foreign_site() as evil,
        open_browser(None, home=Path(folder)) as browser,
    ):
        page = browser.new_page()
        page.goto(evil)
        for attack in _OF_A_PAGE:
            page.evaluate(f"([url, query]) => {{ {attack} }}", [ui, _MUTATION])
        page.wait_for_timeout(500)
        read = page.evaluate(
            "urls => Promise.all(urls.map(url => fetch(url).then(answer => answer.text(), () => '')))",
            [
                f"{ui}/server_info",
                f"{stack.newcomer.health_url}/metrics",
                f"{stack.newcomer.practice_url}/practice/truth",
            ],
        )
    with closing(DagsterUi(ui, location="practice")) as dagster:
        gone = [] if dagster.shows_the_location(datetime.now(UTC)) else ["the code location was shut down"]
    return [*gone, *(f"read: {text[:60]}" for text in read if text)]


def sandboxed(stack: Stack) -> Sequence[str]:
    """Return why Chromium would run without its sandbox where it could have one."""
    told = re.findall(r"sandbox[^\n]*", stack.newcomer.output())
    return [] if os.geteuid() != 0 or told else ["Chromium runs without its sandbox, and nobody was told"]


def a_test(*nodes: str) -> Callable[[Stack], Sequence[str]]:
    """Return an attack that is one of our tests: it provokes the hole for real, in a stack of its own."""

    def run(_: Stack) -> Sequence[str]:
        pytest = [sys.executable, "-m", "pytest", "-q", "-n", "0", *(f"xbot_pipelines_tests/{node}" for node in nodes)]
        commands = [[str(ROOT / ".ci" / "as-user"), *pytest], *([[*pytest, "-m", "root"]] if os.geteuid() == 0 else [])]
        failures = []
        for command in commands:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            if done.returncode not in {0, _NO_TEST_OF_THIS_KIND}:
                failures += done.stdout.strip().splitlines()[-3:]
        return failures

    return run


def _nobody() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        return None


def _mode(path: Path) -> int:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return 0
    # What belongs to the database's own user is closed by its folder, and a link has no permissions.
    return 0 if path.is_symlink() or found.st_uid != os.geteuid() else found.st_mode & 0o777


def _connections(process: psutil.Process) -> Sequence[Any]:
    try:
        return process.net_connections(kind="tcp")
    except psutil.Error:
        return ()


def _status(method: str, address: str, headers: dict[str, str]) -> int:
    json = {"query": _MUTATION} if method == "POST" else None
    return httpx2.request(method, address, headers=headers, json=json, trust_env=False, timeout=30).status_code


_OF_A_PAGE = (
    "new Image().src = `${url}/graphql?query=${encodeURIComponent(query)}`",
    "fetch(`${url}/graphql?query=${encodeURIComponent(query)}`, {mode: 'no-cors'}).catch(() => 0)",
    """fetch(`${url}/graphql`, {
        method: 'POST', mode: 'no-cors', headers: {'content-type': 'text/plain; x=application/json'},
        body: JSON.stringify({query}),
    }).catch(() => 0)""",
    """const socket = new WebSocket(url.replace('http', 'ws') + '/graphql', 'graphql-ws');
    socket.onopen = () => socket.send(JSON.stringify({type: 'start', id: '1', payload: {query}}))""",
    """document.body.innerHTML = '<iframe name=frame></iframe><form method=POST target=frame></form>';
    document.forms[0].action = `${url}/graphql?query=${encodeURIComponent(query)}`;
    document.forms[0].submit()""",
)
