"""How the house speaks to whoever sits before the terminal: one plain line for each thing, with its time in front."""

import contextlib
import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.text import Text

from xbot_pipelines.text.escape import for_terminal_line


class _PatientConsole(Console):
    """A console that falls silent when nobody reads it any more (`xbot up | head`), where rich would exit."""

    def on_broken_pipe(self) -> None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Voice:
    """Prints lines: with the seconds since the start while things are coming up, by the clock from then on.

    A full disk behind the output is no reason to stop working: what cannot be printed is left unsaid.
    """

    def __init__(self) -> None:
        self._console = _PatientConsole(highlight=False)
        self._began: float | None = time.monotonic()

    def say(self, line: str) -> None:
        """Says one thing. It may be said from any thread."""
        self._print(Text.assemble((f"{self._time():>9}", "dim"), "  ", for_terminal_line(line)))

    def show(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Shows names and what belongs to them, one under the other."""
        width = max(len(name) for name, _ in pairs)
        lines = [
            Text.assemble(" " * 11, f"{name:<{width}}  ", (for_terminal_line(value), "bold")) for name, value in pairs
        ]
        self._print(Text("\n").join([Text(), *lines, Text()]))

    def go_by_the_clock(self) -> None:
        """From now on a line begins with the time of day."""
        self._began = None

    def _print(self, words: Text) -> None:
        with contextlib.suppress(OSError):
            self._console.print(words, soft_wrap=True)

    def _time(self) -> str:
        if self._began is None:
            return datetime.now().astimezone().strftime("%H:%M:%S")
        return f"{time.monotonic() - self._began:.1f} s"
