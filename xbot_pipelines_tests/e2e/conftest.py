"""A newcomer for each test, and nothing of theirs left when it ends."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from xbot_pipelines.operate import processes
from xbot_pipelines_tests.e2e.newcomer import Newcomer


@contextmanager
def somebody() -> Iterator[Newcomer]:
    """Somebody new, in a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="xbot-", ignore_cleanup_errors=True) as folder:
        newcomer = Newcomer(Path(folder))
        try:
            yield newcomer
        finally:
            processes.sweep(newcomer.home, newcomer.home / "postgres")
            newcomer.postgres.delete()


@pytest.fixture
def newcomer() -> Iterator[Newcomer]:
    with somebody() as newcomer:
        yield newcomer
