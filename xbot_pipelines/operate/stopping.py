"""How the end is asked for: Ctrl-C, SIGTERM or a closed terminal; once for an orderly end, twice for a quick one."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from xbot_pipelines.operate.errors import StopRequested

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopping:
    """Whether somebody has asked for the end. Nothing is interrupted by it: who waits, waits through this."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def ask(self) -> None:
        """Asks for the end."""
        self._asked.set()

    @property
    def is_asked(self) -> bool:
        """Whether the end was asked for."""
        return self._asked.is_set()

    def pause(self, seconds: float) -> None:
        """Waits for a while.

        Raises:
            StopRequested: the end was asked for, before or meanwhile.
        """
        if self._asked.wait(seconds):
            raise StopRequested


@contextmanager
def stopped_by_signals(at_once: Callable[[], None]) -> Iterator[Stopping]:
    """Listens for the signals that end a program while the block runs, also where it was started with them ignored.

    Only a closed terminal stays ignored where it was: that is what `nohup` is for.

    Args:
        at_once: ends everything without delay; called for the second signal, from within the main thread.
    """
    stopping = Stopping()

    def handle(_number: int, _frame: FrameType | None) -> None:
        if stopping.is_asked:
            at_once()
        stopping.ask()

    wanted = [number for number in _SIGNALS if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in wanted}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
