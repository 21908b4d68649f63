"""How the end is asked for."""

import os
import signal
import subprocess
import textwrap
import time

import pytest

from xbot_pipelines.operate.errors import StopRequested
from xbot_pipelines.operate.stopping import Stopping, stopped_by_signals
from xbot_pipelines_tests.operate.programs import python

LISTENER = textwrap.dedent("""
    import os, select, sys
    from xbot_pipelines.operate.errors import StopRequested
    from xbot_pipelines.operate.stopping import stopped_by_signals
    with stopped_by_signals(at_once=lambda: os._exit(130)) as stopping:
        print("listening", flush=True)
        try:
            stopping.pause(600)
        except StopRequested:
            print("asked", flush=True)
            # Not one long reading: a signal right before it would be heard only when it ends.
            while not select.select([sys.stdin], [], [], 0.05)[0]:
                pass
    """)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_waiting(number: signal.Signals) -> None:
    with _listener() as listener:
        listener.send_signal(number)
        assert _next_line(listener) == "asked"
        listener.communicate()
    assert listener.returncode == 0


def test_a_second_signal_ends_everything_at_once() -> None:
    with _listener() as listener:
        listener.send_signal(signal.SIGINT)
        assert _next_line(listener) == "asked"
        listener.send_signal(signal.SIGINT)
        assert listener.wait(timeout=10) == 130


def test_signals_that_were_ignored_at_the_start_are_listened_to_but_not_a_closed_terminal() -> None:
    def as_in_the_background() -> None:
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)

    with _listener(preexec_fn=as_in_the_background) as listener:
        listener.send_signal(signal.SIGHUP)
        time.sleep(0.2)  # nothing can be waited for: nothing is to happen
        assert listener.poll() is None
        listener.send_signal(signal.SIGINT)
        assert _next_line(listener) == "asked"
        listener.communicate()


def test_the_handlers_from_before_are_back_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stopped_by_signals(at_once=os.abort):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_pause_that_nobody_disturbs_just_ends() -> None:
    Stopping().pause(0.01)


def test_once_asked_every_further_pause_ends_at_once() -> None:
    stopping = Stopping()
    stopping.ask()
    with pytest.raises(StopRequested):
        stopping.pause(600)


def _listener(**options: object) -> subprocess.Popen[str]:
    listener = subprocess.Popen(  # type: ignore[call-overload]  # the options are few, and the test's own
        python(LISTENER), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
    )
    assert _next_line(listener) == "listening"
    return listener  # type: ignore[no-any-return]


def _next_line(listener: subprocess.Popen[str]) -> str:
    assert listener.stdout is not None
    return listener.stdout.readline().strip()
