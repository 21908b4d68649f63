"""Somebody who brings the whole house up on their own machine: what they type, what they see, what is left."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import text

from xbot_pipelines.operate import processes
from xbot_pipelines.store.database import AccountDatabase, open_engine
from xbot_pipelines.store.server import EmbeddedServer
from xbot_pipelines_tests.conftest import ROOT
from xbot_pipelines_tests.operate.programs import free_ports

UP = [sys.executable, "-m", "xbot_pipelines.cli", "up"]
HEALTH = [sys.executable, "-m", "xbot_pipelines.cli", "health", "--json"]
LONGEST_START_SECONDS = 120.0
LONGEST_HEALING_SECONDS = 60.0
LONGEST_STOP_SECONDS = 15.0
"""What a newcomer was promised, on two cores."""


def wait_until(condition: Callable[[], bool], seconds: float, what: Callable[[], str]) -> None:
    """Returns as soon as the condition holds; fails with `what` when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain: {what()}"
        time.sleep(0.2)


class Newcomer:
    """Somebody who types `xbot up` in a folder of their own, and looks at what it prints."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "data"
        self.postgres = EmbeddedServer(self.home / "postgres")
        self.ports = free_ports(3)
        self._output = folder / "output"
        shutil.copytree(ROOT / "accounts", folder / "accounts")
        ui, practice, health = map(str, self.ports)
        self.ui_url = f"http://127.0.0.1:{ui}"
        self.practice_url = f"http://127.0.0.1:{practice}"
        self.health_url = f"http://127.0.0.1:{health}"
        self.variables: Mapping[str, str] = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XBOT_HOME": str(self.home),
            "XBOT_ACCOUNTS": str(folder / "accounts"),
            "XBOT_UI_PORT": ui,
            "XBOT_PRACTICE_PORT": practice,
            "XBOT_HEALTH_PORT": health,
        }

    def set_up_account(self, **settings: int | str) -> None:
        """Writes other settings into the account's file: `set_up_account(posts_per_hour=60, transport="api")`."""
        file = self.folder / "accounts" / "practice.toml"
        written = file.read_text()
        for name, value in settings.items():
            written, replaced = re.subn(rf"^{name} = .*$", f"{name} = {json.dumps(value)}", written, flags=re.MULTILINE)
            assert replaced == 1, f"{name} is not in {file}"
        file.write_text(written)

    def health(self) -> dict[str, Any]:
        """How the account is, as its health server says."""
        answer: dict[str, Any] = httpx2.get(f"{self.health_url}/api/system/health", trust_env=False).json()
        return answer

    def truth(self) -> dict[str, str]:
        """Our posts as practice X knows them: id and text."""
        posts = httpx2.get(f"{self.practice_url}/practice/truth", trust_env=False).json()["posts"]
        return {post["id"]: post["text"] for post in posts}

    def recorded(self) -> dict[str, str]:
        """Our posts as our tables know them: id and text."""
        with self.database() as database, database.transaction() as connection:
            rows = connection.execute(
                text("SELECT tweet_id, text FROM posted_decisions JOIN content_metadata USING (decision_id)")
            )
            return {row.tweet_id: row.text for row in rows}

    @contextmanager
    def database(self) -> Iterator[AccountDatabase]:
        """The account's tables, while the house runs."""
        url = self.postgres.running_url()
        assert url is not None, "no PostgreSQL runs"
        engine = open_engine(url)
        try:
            yield AccountDatabase(engine, "practice")
        finally:
            engine.dispose()

    def up(self) -> subprocess.Popen[bytes]:
        """Types `xbot up`, as `nohup … &` starts it: with interrupts ignored."""
        ignoring_interrupts = ["sh", "-c", 'trap "" INT; exec "$@"', "sh"]
        with self._output.open("wb") as output:
            return subprocess.Popen(
                [*ignoring_interrupts, *UP], env=self.variables, stdout=output, stderr=output, start_new_session=True
            )

    def output(self) -> str:
        """What it has printed so far."""
        return self._output.read_text()

    def waits_for(self, words: str, house: subprocess.Popen[bytes]) -> None:
        """Waits until these words are printed."""

        def is_printed() -> bool:
            assert house.poll() is None, self.output()
            return words in self.output()

        wait_until(is_printed, LONGEST_START_SECONDS, lambda: f"«{words}» is printed in:\n{self.output()}")

    def left_over(self) -> list[str]:
        """What still runs."""
        return [str(process) for process in processes.of_house(self.home, self.home / "postgres")]
