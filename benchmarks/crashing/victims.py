"""Finding the process that is to die, and killing it."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from benchmarks.crashing.steps import Victim
from xbot_pipelines.operate.processes import MARKER

_WORDS = {Victim.CODE_SERVER: ("dagster", "grpc"), Victim.DAEMON: ("xbot_pipelines.operate.daemon",)}
_FORKING_WORD = "multiprocessing.forkserver"


class Victims:
    """The processes of the house in one data folder."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def find(self, victim: Victim) -> psutil.Process | None:
        """Answers the process that is this victim now; None where none lives."""
        match victim:
            case Victim.DATABASE:
                return self._postmaster()
            case Victim.CODE_SERVER | Victim.DAEMON:
                words = _WORDS[victim]
                return next((one for one in self._programs() if all(_says(one, word) for word in words)), None)
            case Victim.WORKER:
                return self._worker()
            case Victim.WARM_INTERPRETER:
                forks = self._forks()
                return next((one for one in forks if not _is_below(one, forks)), None)
            case Victim.CHROMIUM:
                return self._below_the_worker(_is_chromium)
            case Victim.DRIVER:
                return self._below_the_worker(_is_driver)

    def _worker(self) -> psutil.Process | None:
        # The run that browses, or else the youngest: now and then a planning run works beside it.
        forks = self._forks()
        workers = [one for one in forks if _is_below(one, forks)]
        workers.sort(key=lambda one: (bool(_children(one)), one.create_time()))
        return workers[-1] if workers else None

    def _forks(self) -> list[psutil.Process]:
        # A fork has the words of the warm interpreter that it was forked from.
        return [one for one in self._programs() if _says(one, _FORKING_WORD)]

    def _below_the_worker(self, is_wanted: Callable[[psutil.Process], bool]) -> psutil.Process | None:
        worker = self._worker()
        below = _children(worker) if worker else []
        # Parents come before their children: the first Chromium is its main process.
        return next((one for one in below if is_wanted(one)), None)

    def _programs(self) -> Iterator[psutil.Process]:
        for process in psutil.process_iter(["name"]):
            with contextlib.suppress(psutil.Error, OSError):
                if process.info["name"].startswith("python") and process.environ().get(MARKER) == str(self._home):
                    yield process

    def _postmaster(self) -> psutil.Process | None:
        with contextlib.suppress(FileNotFoundError, ValueError, psutil.Error):
            lines = (self._home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()
            process = psutil.Process(int(lines[0]))
            return process if process.name() == "postgres" else None
        return None


def _is_below(process: psutil.Process, others: list[psutil.Process]) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.ppid() in {other.pid for other in others}
    return False


def _says(process: psutil.Process, word: str) -> bool:
    with contextlib.suppress(psutil.Error):
        return any(word in argument for argument in process.cmdline())
    return False


def _is_chromium(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return "chrom" in process.name().lower() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _is_driver(process: psutil.Process) -> bool:
    return _says(process, "run-driver")


def _children(process: psutil.Process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return process.children(recursive=True)
    return []
