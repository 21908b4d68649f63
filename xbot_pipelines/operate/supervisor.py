"""Keeps a handful of programs running: starts them, restarts what dies, and stops them.

What the programs are is the business of `house`. Each runs in a session of its own, so that a Ctrl-C in the terminal
reaches only us, and we end them in order.
"""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path

from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.probes import Probe

_TICK_SECONDS = 0.1
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_STEADY_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Service:
    """A program to be kept running.

    `answers` tells whether it does its work. It must do so within `start_seconds`. It is ended by SIGINT, and given
    `stop_seconds` before it is ended more firmly.
    """

    name: str
    command: Sequence[str]
    answers: Probe
    start_seconds: float = 90
    stop_seconds: float = 5


class _State(Enum):
    DOWN = auto()
    STARTING = auto()
    ANSWERING = auto()
    GIVEN_UP = auto()


@dataclass
class _Life:
    """Where one service stands. `failures` counts its deaths since it last ran for a while."""

    service: Service
    state: _State = _State.DOWN
    process: subprocess.Popen[bytes] | None = None
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: float = 0.0
    restart_at: float = 0.0
    failures: int = 0
    has_answered: bool = False
    is_asked: bool = False


class Supervisor:
    """Starts, watches and stops services. A thread of its own watches, from the first `launch` to `stop`.

    Args:
        environment: returns what a service is started with, by its name.
        logs: the folder for `<service>.log`.
        say: takes one line for the person, from any thread.
    """

    def __init__(
        self,
        *,
        environment: Callable[[str], Mapping[str, str]],
        logs: Path,
        say: Callable[[str], None],
    ) -> None:
        self._lives: dict[str, _Life] = {}
        self._environment = environment
        self._logs = logs
        self._say = say
        self._failure: CannotRun | None = None
        self._ending = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def launch(self, *services: Service) -> None:
        """Starts these services beside those that run already."""
        self._logs.mkdir(parents=True, exist_ok=True)
        for service in services:
            _put_aside(self._log_of(service.name))
        self._lives |= {service.name: _Life(service) for service in services}
        if not self._watcher.is_alive():
            self._watcher.start()

    def all_answer(self) -> bool:
        """Whether every service that was launched has answered.

        Raises:
            CannotRun: one ended or stayed silent before it ever answered; the message has the end of its log.
        """
        if self._failure is not None:
            raise self._failure
        return all(life.has_answered for life in self._lives.values())

    def begin_to_stop(self, name: str) -> None:
        """Asks one service to end, if it runs, and ends the watching: what ends from now on stays down."""
        self._stop_watching()
        if name in self._lives:
            self._ask_to_end(self._lives[name])

    def stop(self) -> None:
        """Ends every service; all are asked at once, and what does not end within its time is killed."""
        self._stop_watching()
        for life in self._lives.values():
            self._ask_to_end(life)
        for life in self._lives.values():
            if life.process is not None:
                see_off(life.process, seconds=life.service.stop_seconds)
                _end_followers(life.process)

    def _stop_watching(self) -> None:
        self._ending.set()
        if self._watcher.is_alive():
            self._watcher.join()

    def _ask_to_end(self, life: _Life) -> None:
        # Once only: to many programs a second interrupt means "at once", and they leave things undone.
        if life.process is not None and not life.is_asked:
            _signal_session(life.process, signal.SIGINT)
            life.is_asked = True

    def _watch(self) -> None:
        while not self._ending.is_set():
            for life in list(self._lives.values()):
                if self._ending.is_set():
                    return
                self._look_after(life, time.monotonic())
            self._ending.wait(_TICK_SECONDS)

    def _look_after(self, life: _Life, now: float) -> None:
        match life.state:
            case _State.STARTING:
                self._await_answer(life, now)
            case _State.ANSWERING:
                if life.process is not None and life.process.poll() is not None:
                    self._mourn(life, now, f"ended by itself ({_manner_of_death(life.process)})")
            case _State.DOWN:
                if now >= life.restart_at:
                    self._spawn(life, now)
            case _State.GIVEN_UP:
                pass

    def _spawn(self, life: _Life, now: float) -> None:
        with self._log_of(life.service.name).open("ab") as log:
            # No `preexec_fn` for the signals: a child starts with the default for each one that we have a handler for,
            # even where we were started with SIGINT ignored (`nohup … &`), which it would otherwise inherit.
            life.process = subprocess.Popen(
                life.service.command,
                env=self._environment(life.service.name),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        life.started_at = datetime.now(UTC)
        life.started = now
        life.state = _State.STARTING

    def _await_answer(self, life: _Life, now: float) -> None:
        assert life.process is not None
        if life.process.poll() is not None:
            self._mourn(life, now, f"ended before it answered ({_manner_of_death(life.process)})")
        elif life.service.answers(life.started_at):
            life.state = _State.ANSWERING
            again = " again" if life.has_answered else ""
            life.has_answered = True
            self._say(f"{life.service.name} answers{again}, {time.monotonic() - life.started:.1f} s after its start")
        elif now - life.started > life.service.start_seconds:
            _signal_session(life.process, signal.SIGINT)
            see_off(life.process, seconds=1)
            self._mourn(life, now, f"did not answer within {life.service.start_seconds:.0f} s")

    def _mourn(self, life: _Life, now: float, cause: str) -> None:
        name = life.service.name
        log = self._log_of(name)
        life.process = None
        if not life.has_answered:
            self._failure = CannotRun(f"{name} {cause}. The end of {log}:\n{last_lines(log)}")
            life.state = _State.GIVEN_UP
            return
        life.failures = 0 if now - life.started > _STEADY_SECONDS else life.failures
        pause = seconds_before_restart(life.failures)
        life.failures += 1
        life.restart_at = now + pause
        life.state = _State.DOWN
        self._say(f"{name} {cause}: it is started again in {pause:.0f} s (see {log})")

    def _log_of(self, name: str) -> Path:
        return self._logs / f"{name}.log"


def seconds_before_restart(failures: int) -> float:
    """How long to wait before a service is started again that has died `failures` times in a row before."""
    return float(min(2**failures, 30))


def see_off(process: subprocess.Popen[bytes], *, seconds: float) -> None:
    """Waits until a program has ended that was asked to; after `seconds`, it and its process group are forced to."""
    for firmness in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=seconds)
            return
        _signal_session(process, firmness)
        seconds = 1.0
    process.wait()


def last_lines(log: Path, count: int = 30) -> str:
    """The end of a log, for a person to read."""
    with contextlib.suppress(FileNotFoundError):
        plain = _COLOURS.sub("", log.read_text(errors="replace"))
        if plain.strip():
            return "\n".join(f"  {line}" for line in plain.splitlines()[-count:])
    return "  (nothing was written)"


def _signal_session(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # A process that has been waited for has given its number back: somebody else may have it by now.
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)


def _end_followers(process: subprocess.Popen[bytes]) -> None:
    """Ends what a program that has ended leaves in its process group: an interpreter that it kept warm, say."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGTERM)


def _manner_of_death(process: subprocess.Popen[bytes]) -> str:
    code = process.returncode
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _put_aside(log: Path) -> None:
    """Keeps the log of the last time, and no more than that: a log begins with its service."""
    with contextlib.suppress(FileNotFoundError):
        log.replace(log.with_suffix(".log.old"))
