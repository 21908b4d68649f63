"""Several who execute the real posting job at once: processes that know nothing of each other."""

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xbot_pipelines.settings import Settings
from xbot_pipelines_tests.browsers import environment_for
from xbot_pipelines_tests.conftest import ROOT

_LONGEST_SECONDS = 300.0


class Worker:
    """One process of `posting_worker`."""

    def __init__(self, settings: Settings, accounts: Path) -> None:
        assert settings.database_url is not None
        self._log = settings.home / "posting-workers.log"
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "xbot_pipelines_tests.systems.posting_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=ROOT,
                env=environment_for(
                    str(settings.home),
                    XBOT_DATABASE_URL=settings.database_url.get_secret_value(),
                    XBOT_X_URL=settings.x_url,
                    XBOT_ACCOUNTS=str(accounts),
                ),
            )
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def go(self) -> None:
        """Lets it execute the job until nothing is left to it."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def until(self, word: str) -> list[str]:
        """Waits until it says a word, and answers what it said before."""
        give_up = time.monotonic() + _LONGEST_SECONDS
        said: list[str] = []
        while (line := self._next(give_up - time.monotonic())) != word:
            said.append(line)
        return said

    def end(self) -> None:
        """Kills it, unless somebody has."""
        self.process.kill()
        self.process.communicate()

    def _next(self, seconds: float) -> str:
        try:
            line = self._lines.get(timeout=max(seconds, 0))
        except queue.Empty:
            raise AssertionError(f"a posting run did not come to its end in time: {self._end_of_log()}") from None
        assert line is not None, f"the process has ended: {self._end_of_log()}"
        return line

    def _end_of_log(self) -> str:
        return self._log.read_text(errors="replace")[-2000:]

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.strip())
        self._lines.put(None)


class Workers:
    """All of them."""

    def __init__(self, workers: list[Worker]) -> None:
        self._workers = workers

    def go(self) -> list[list[str]]:
        """Lets all work at once until all rest, and answers what the runs of each came to."""
        for worker in self._workers:
            worker.go()
        return [worker.until("rests") for worker in self._workers]


@contextmanager
def four_workers(settings: Settings, accounts: Path) -> Iterator[Workers]:
    """Starts four, each with its own interpreter, and ends them with the block."""
    workers = [Worker(settings, accounts) for _ in range(4)]
    try:
        for worker in workers:
            assert worker.until("ready") == []
        yield Workers(workers)
    finally:
        for worker in workers:
            worker.end()
