"""The run launcher: each run is a process forked from a warm interpreter, and is known by that process ever after.

Dagster's own launcher starts an interpreter for every run, which takes some seconds, on a small machine from whatever
runs beside it. It also loses a run whose code server died with it: nobody can tell whether its process lives, and its
slot stays taken until the deadline. Here the process is written into the run's tags, so that the daemon and the
webserver can look after it, whichever of them started it. In containers they do not see each other's processes: there
the tables pass on that a run is to end. Where forking fails, a new interpreter is started.

A fork has the environment of the daemon, and with it one account. Runs of another account are left to Dagster's own
launcher, which has that account's code server start them.

The warm interpreter itself is the business of `forking`.
"""

import contextlib
import multiprocessing
import os
import platform
import signal
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Self

import psutil
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus
from dagster._core.errors import DagsterExecutionInterruptedError
from dagster._core.events import EngineEventData
from dagster._core.instance.ref import InstanceRef
from dagster._core.launcher.base import CheckRunHealthResult, LaunchRunContext, WorkerStatus
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher
from dagster._grpc.impl import core_execute_run
from dagster._utils.hosted_user_process import recon_job_from_origin
from dagster._utils.interrupts import capture_interrupts
from sqlalchemy.exc import SQLAlchemyError

from xbot_pipelines.orchestration.forking import forks

WORKER_TAG = "xbot/worker"
"""The tag of a run that says which process it is: its number, when it began, and on which machine."""

END_TAG = "xbot/told-to-end-from"
"""The tag of a run that is to end, by a machine that cannot reach its process: which one that was."""

SECONDS_TO_END = 20.0
"""How long a run that is told to end may take to close its browser, before it and all it has started are killed."""

_BETWEEN_LOOKS_SECONDS = 1.0
# Processes that begin in the same instant are told apart to a hundredth of a second.
_SAME_BEGINNING_SECONDS = 0.02


@dataclass(frozen=True)
class Worker:
    """The process of a run. `began` is Unix seconds: numbers are given to others in time."""

    pid: int
    began: float
    machine: str

    @classmethod
    def of_this_process(cls, pid: int) -> Self:
        """Describes a living process of this machine."""
        return cls(pid=pid, began=psutil.Process(pid).create_time(), machine=platform.node())

    @classmethod
    def of_run(cls, tags: Mapping[str, str]) -> Self | None:
        """Reads the tag of a run; None where it was not forked by us."""
        pid, _, rest = tags.get(WORKER_TAG, "").partition("@")
        began, _, machine = rest.partition("@")
        return cls(pid=int(pid), began=float(began), machine=machine) if pid and began else None

    @property
    def tag(self) -> str:
        """What `of_run` reads."""
        return f"{self.pid}@{self.began:.2f}@{self.machine}"

    @property
    def is_elsewhere(self) -> bool:
        """Whether it runs on another machine, of which nothing can be said here."""
        return self.machine != platform.node()

    def process(self) -> psutil.Process | None:
        """Answers the process while it lives."""
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.began) <= _SAME_BEGINNING_SECONDS
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        return None


class ForkingRunLauncher(DefaultRunLauncher):
    """Launches runs as forks, looks after them, and ends them; see the module."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Whether run monitoring may ask: it may."""
        return True

    def launch_run(self, context: LaunchRunContext) -> None:
        """Forks the run's process, and writes down which it is."""
        run = context.dagster_run
        if _is_of_another_account(run):
            super().launch_run(context)
            return
        try:
            process: BaseProcess = forks().Process(
                target=work, args=(self._instance.get_ref(), run.run_id), name=run.job_name
            )
            process.start()
        except (OSError, EOFError) as failure:
            self._instance.report_engine_event(
                f"It could not be forked ({failure}): a new interpreter starts it.", run, cls=type(self)
            )
            # Not Dagster's own launcher: it has the code server start runs, which knows no secret of the account.
            process = multiprocessing.get_context("spawn").Process(
                target=work, args=(self._instance.get_ref(), run.run_id), name=run.job_name
            )
            process.start()
        assert process.pid is not None, "it was started"
        worker = None
        with contextlib.suppress(psutil.NoSuchProcess):
            worker = Worker.of_this_process(process.pid)
            self._instance.add_run_tags(run.run_id, {WORKER_TAG: worker.tag})
        mourning = threading.Thread(
            target=self._mourn, args=(process, worker, run.run_id), name=f"run {run.run_id}", daemon=True
        )
        mourning.start()

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Says whether the process of a run lives. Of what we have not forked, or not here, nothing is known."""
        worker = Worker.of_run(run.tags)
        if worker is None or worker.is_elsewhere or worker.process() is not None:
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.FAILED, f"its process {worker.pid} is gone")

    def terminate(self, run_id: str) -> bool:
        """Tells a run to end; what does not end in time is killed, with everything it has started (F12, F13)."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            return False
        worker = Worker.of_run(run.tags)
        if worker is None:
            return bool(super().terminate(run_id))  # type: ignore[no-untyped-call]  # Dagster's
        if worker.is_elsewhere:
            self._instance.add_run_tags(run_id, {END_TAG: platform.node()})
            self._instance.report_run_canceling(run)
            return True
        self._instance.report_run_canceling(run)
        return _tell_to_end(worker, run_id)

    def _mourn(self, process: BaseProcess, worker: Worker | None, run_id: str) -> None:
        """Waits until a run's process has ended, and says so where the run itself no longer could."""
        is_told = False
        # The process table decides, where it can be asked. The warm interpreter tells of an end, and its own looks like
        # one; and a child that somebody else has waited for looks alive to `multiprocessing` for ever.
        while worker.process() is not None if worker is not None else process.is_alive():
            _wait_for_an_end(process)
            if worker is not None and not is_told and self._is_to_end(run_id):
                is_told = _tell_to_end(worker, run_id)
        # Where the tables do not answer now, run monitoring finds that the process is gone.
        with contextlib.suppress(SQLAlchemyError):
            run = self._instance.get_run_by_id(run_id) if self.has_instance else None
            if run is None or run.is_finished:
                return
            if run.status == DagsterRunStatus.CANCELING:
                self._instance.report_run_canceled(run)
            else:
                self._instance.report_run_failed(run, f"Its process ended by itself, {_manner_of_death(process)}.")

    def _is_to_end(self, run_id: str) -> bool:
        """Whether another machine wants this run to end. Where the tables do not answer now, they are asked again."""
        with contextlib.suppress(SQLAlchemyError):
            run = self._instance.get_run_by_id(run_id) if self.has_instance else None
            return run is not None and bool(run.tags.get(END_TAG))
        return False


def work(instance_ref: InstanceRef, run_id: str) -> None:
    """What a forked process does: executes one run, to its end or until it is interrupted."""
    # Whoever ends the daemon's process group ends the runs in order afterwards, each by itself.
    os.setpgrp()
    with capture_interrupts(), DagsterInstance.from_ref(instance_ref) as instance:
        run = instance.get_run_by_id(run_id)
        if run is None or run.job_code_origin is None:
            raise LookupError(f"run {run_id} is not in the tables, or does not say where its code is")
        pid = os.getpid()
        instance.report_engine_event(f"Process of the run: {pid}.", run, EngineEventData.in_process(pid))
        job = recon_job_from_origin(run.job_code_origin)
        # It has written down every failure, an interrupt among them, before it raises.
        with contextlib.suppress(Exception, KeyboardInterrupt, DagsterExecutionInterruptedError):
            for _ in core_execute_run(job, run, instance, inject_env_vars=False):
                pass


def _is_of_another_account(run: DagsterRun) -> bool:
    """Whether the run's code location is not the account that this process has, if it has one."""
    origin = run.remote_job_origin
    return origin is not None and origin.location_name != os.environ.get("XBOT_ACCOUNT")


def _wait_for_an_end(process: BaseProcess) -> None:
    """Waits for a while, or until the process has ended; also where the warm interpreter that would tell is gone."""
    if process.is_alive():
        process.join(_BETWEEN_LOOKS_SECONDS)
    else:
        time.sleep(_BETWEEN_LOOKS_SECONDS)


def _tell_to_end(worker: Worker, run_id: str) -> bool:
    """Interrupts a run of this machine, and sees to it that it ends. False where its process is gone already."""
    process = worker.process()
    if process is None:
        return False
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGINT)
    threading.Thread(target=_see_off, args=(process,), name=f"ending {run_id}").start()
    return True


def _see_off(process: psutil.Process) -> None:
    """Waits until a process has ended, and kills it in the end, with all that it has started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        family = [process, *process.children(recursive=True)]
        _, alive = psutil.wait_procs([process], timeout=SECONDS_TO_END)
        if alive:
            family = [process, *process.children(recursive=True)]
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()


def _manner_of_death(process: BaseProcess) -> str:
    process.join(_BETWEEN_LOOKS_SECONDS)
    code = process.exitcode
    if code is None:
        return "and nobody saw how"
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
