"""The things that break: how each breaks, how it is repaired, and by which causes health must then say so."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta

import psutil

from benchmarks.breaking.house import BreakableHouse
from benchmarks.crashing.steps import Victim
from benchmarks.crashing.victims import Victims
from xbot_pipelines.operate.health.reasons import Cause
from xbot_pipelines.operate.ports import holder_of
from xbot_pipelines.operate.practice_session import provide_practice_session
from xbot_pipelines.store.alerts import PAUSED

_LEFT_ON_THE_DISK = 80 * 1024**2
_RESUME = [sys.executable, "-m", "xbot_pipelines.cli", "resume"]


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One thing that is broken for as long as its block lasts. `about` is a word of the doctor's about it."""

    name: str
    causes: frozenset[str]
    about: str
    broken: Callable[[BreakableHouse], contextlib.AbstractContextManager[None]]
    needs_own_disk: bool = False


@contextmanager
def _database_stopped(house: BreakableHouse) -> Iterator[None]:
    with _nobody_heals(house):
        _victim(house, Victim.DATABASE).send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        yield


@contextmanager
def _daemon_killed(house: BreakableHouse) -> Iterator[None]:
    with _nobody_heals(house):
        _victim(house, Victim.DAEMON).kill()
        yield


@contextmanager
def _browser_missing(house: BreakableHouse) -> Iterator[None]:
    elsewhere = house.chromium.with_name("elsewhere")
    house.chromium.rename(elsewhere)
    yield
    elsewhere.rename(house.chromium)


@contextmanager
def _session_expired(house: BreakableHouse) -> Iterator[None]:
    newcomer = house.newcomer
    file = newcomer.home / "sessions" / "practice.json"
    saved = json.loads(file.read_text())
    for cookie in saved["cookies"]:
        cookie["expires"] = time.time() - 60
    file.write_text(json.dumps(saved))
    yield
    file.unlink()
    provide_practice_session(newcomer.practice_url, handle="daily_vitals", file=file)
    if house.health()["state"]["paused_at"] is not None:
        subprocess.run(_RESUME, env=newcomer.variables, capture_output=True, check=True)


@contextmanager
def _model_down(house: BreakableHouse) -> Iterator[None]:
    house.provider.status = 503
    yield
    house.provider.status = 200


@contextmanager
def _clock_wrong(house: BreakableHouse) -> Iterator[None]:
    """An hour off the provider's: a machine's own clock cannot be set without everything else on it."""
    house.provider.clock_ahead = timedelta(hours=1)
    yield
    house.provider.clock_ahead = timedelta(0)


@contextmanager
def _disk_full(house: BreakableHouse) -> Iterator[None]:
    file = house.newcomer.home / "filling"
    with file.open("wb") as filling:
        os.posix_fallocate(filling.fileno(), 0, shutil.disk_usage(file.parent).free - _LEFT_ON_THE_DISK)
    yield
    file.unlink()


@contextmanager
def _port_taken(house: BreakableHouse) -> Iterator[None]:
    """The webserver dies, and somebody else has its port before it is started again."""
    ui_port = house.newcomer.ports[0]
    with ExitStack() as taken:
        with _nobody_heals(house):
            webserver = holder_of(ui_port)
            assert webserver is not None, "the webserver runs"
            webserver.kill()
            taken.enter_context(_listening(ui_port))
        yield


THINGS = (
    Thing(name="browser missing", causes=frozenset({Cause.BROWSER}), about="chromium", broken=_browser_missing),
    Thing(name="model down", causes=frozenset({Cause.MODEL}), about="model", broken=_model_down),
    Thing(name="clock wrong by an hour", causes=frozenset({Cause.CLOCK}), about="clock", broken=_clock_wrong),
    Thing(name="session expired", causes=frozenset({Cause.SESSION, PAUSED}), about="login", broken=_session_expired),
    Thing(name="port taken", causes=frozenset({Cause.UI}), about="port", broken=_port_taken),
    Thing(name="disk full", causes=frozenset({Cause.DISK}), about="disk", broken=_disk_full, needs_own_disk=True),
    Thing(name="daemon killed", causes=frozenset({Cause.DAEMON}), about="daemon", broken=_daemon_killed),
    Thing(name="database stopped", causes=frozenset({Cause.DATABASE}), about="database", broken=_database_stopped),
)


@contextmanager
def _nobody_heals(house: BreakableHouse) -> Iterator[None]:
    """Holds up what starts again within seconds whatever has ended. When it goes on, that is the repair."""
    house.up.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        house.up.send_signal(signal.SIGCONT)


def _victim(house: BreakableHouse, victim: Victim) -> psutil.Process:
    found = Victims(house.newcomer.home).find(victim)
    assert found is not None, f"there is a {victim}"
    return found


@contextmanager
def _listening(port: int) -> Iterator[None]:
    deadline = time.monotonic() + 10
    while True:
        try:
            listener = socket.create_server(("127.0.0.1", port))
        except OSError:
            # Its sockets are closed some moments after a process was killed.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            break
    with listener:
        yield
