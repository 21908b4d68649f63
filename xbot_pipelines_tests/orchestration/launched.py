"""Jobs for the tests of the run launcher: what forked processes find by this module's name."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg


class Note(dg.Config):
    """Where a run writes down what happens to it."""

    file: str


@dg.op
def write_a_word(config: Note) -> None:
    """Writes a word."""
    Path(config.file).write_text("done")


@dg.op
def wait_to_be_told(config: Note) -> None:
    """Waits until it is interrupted, and tidies up then."""
    Path(config.file).write_text("waiting")
    try:
        time.sleep(600)
    finally:
        Path(config.file).write_text("tidied up")


@dg.op
def take_a_while(config: Note) -> None:
    """Writes a word when it begins, and another when nobody has interrupted it."""
    Path(config.file).write_text("begun")
    time.sleep(3)
    Path(config.file).write_text("done")


@dg.op
def hang_with_a_child(config: Note) -> None:
    """Hears no interrupt, as a wedged browser does, and has started another process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    Path(config.file).write_text(str(child.pid))
    while True:
        time.sleep(1)


@dg.job(executor_def=dg.in_process_executor)
def short() -> None:
    """Ends by itself."""
    write_a_word()


@dg.job(executor_def=dg.in_process_executor)
def patient() -> None:
    """Ends when it is told to."""
    wait_to_be_told()


@dg.job(executor_def=dg.in_process_executor)
def lasting() -> None:
    """Ends by itself, after longer than the launcher takes to see that it is to end."""
    take_a_while()


@dg.job(executor_def=dg.in_process_executor)
def wedged() -> None:
    """Never ends."""
    hang_with_a_child()


JOBS = {job.name: job for job in (short, patient, lasting, wedged)}
defs = dg.Definitions(jobs=list(JOBS.values()))
