"""What the tests of this room share: a shell in which `xbot` is typed, and an account on a practice X."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from xbot_pipelines.operate import processes
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.server import EmbeddedServer
from xbot_pipelines_tests.operate.shell import Shell
from xbot_pipelines_tests.practice_site import Practice


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    shell = Shell(tmp_path)
    yield shell
    assert processes.of_house(shell.home, shell.home / "postgres") == []
    for home in (shell.home, shell.home / "rehearsal"):  # root's databases lie elsewhere
        EmbeddedServer(home / "postgres").delete()


@pytest.fixture
def on_practice(settings: Settings, practice: Practice) -> Settings:
    """The example account's settings on a practice X, where nobody has logged in yet."""
    return settings.model_copy(update={"x_url": practice.url})
