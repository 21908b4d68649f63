"""What `xbot up` keeps running: its ports, and Dagster with its daemons, schedules and queue."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta

import psutil

from xbot_pipelines.clock import Clock
from xbot_pipelines.operate import ports
from xbot_pipelines.operate.dagster_ui import DagsterSilent, DagsterUi
from xbot_pipelines.operate.doctor.finding import Finding, Findings, Patient, fault, fine, not_looked_at, warning
from xbot_pipelines.operate.health.judging import SILENT_AFTER
from xbot_pipelines.operate.ports import Port
from xbot_pipelines.operate.processes import MARKER
from xbot_pipelines.operate.spans import in_words

_STUCK_AFTER = timedelta(minutes=30)
"""No run may take so long, so none waits so long behind others either."""


def ports_are_ours(patient: Patient) -> Findings:
    """Whether each port that the house needs is free, or has a program of this very house behind it."""
    wanted = patient.house.ports()
    for index, port in enumerate(wanted):
        about = f"port {port.number}"
        twin = next((other for other in wanted[:index] if other.number == port.number), None)
        if twin is not None:
            yield fault(
                about,
                f"it is meant for the {twin.purpose} and for the {port.purpose}",
                to_do=f"set {twin.variable} or {port.variable} to another",
            )
        else:
            yield _held(about, port, patient)


def _held(about: str, port: Port, patient: Patient) -> Finding:
    if ports.is_free(port.number):
        if patient.is_up:
            return warning(
                about,
                f"nobody listens on it, where the {port.purpose} should",
                to_do=f"`xbot up` starts it again; where it does not, {patient.house.logs} says why",
            )
        return fine(about, f"free for the {port.purpose}")
    if _is_of_this_house(ports.holder_of(port.number), patient):
        return fine(about, f"the {port.purpose} of this house")
    return fault(
        about,
        f"meant for the {port.purpose}, but taken{ports.by_whom(port.number)}",
        to_do=f"end that, or set {port.variable} to another port",
    )


def _is_of_this_house(holder: psutil.Process | None, patient: Patient) -> bool:
    try:
        return holder is not None and holder.environ().get(MARKER) == str(patient.settings.home)
    except psutil.Error:
        return False


def dagster_works(patient: Patient) -> Findings:
    """Whether the webserver answers, has our definitions, and everything that it needs to act by itself runs."""
    with closing(DagsterUi(patient.house.ui, location=patient.settings.account)) as ui:
        # It may fall silent at each of its answers.
        try:
            beats = ui.heartbeats()
            yield from _alive(ui, patient)
            yield _beating(beats, patient)
            yield from _queue(ui, patient.clock)
        except DagsterSilent as silent:
            yield _silent(silent, patient)


def _silent(silent: DagsterSilent, patient: Patient) -> Finding:
    if not patient.is_up:
        return not_looked_at("Dagster", "it does not run: `xbot up` starts it")
    return fault(
        "Dagster",
        str(silent),
        to_do=f"`xbot up` starts it again; where it does not, {patient.house.logs}/webserver.log says why",
    )


def _alive(ui: DagsterUi, patient: Patient) -> Iterator[Finding]:
    if not ui.shows_the_location(patient.clock.now()):
        yield fault(
            "Dagster",
            f"{ui.url} answers, but has not loaded the account {patient.settings.account}",
            to_do=f"look at Deployment in {ui.url}, and at {patient.house.logs}/code-server.log",
        )
        return
    yield fine("Dagster", f"{ui.url} answers, and has loaded the account")
    off = ui.switched_off()
    if off:
        yield warning(
            "timetable", f"switched off in the UI: {', '.join(off)}", to_do="switch them on again under Automation"
        )
    else:
        yield fine("timetable", "every schedule and sensor is switched on")


def _beating(beats: Mapping[str, datetime | None], patient: Patient) -> Finding:
    now = patient.clock.now()
    late = {name: beat for name, beat in beats.items() if beat is None or now - beat > SILENT_AFTER}
    if not late:
        return fine("Dagster daemon", f"{len(beats)} of its parts gave a sign of life within the last minutes")
    since = (f"{name} since {in_words(now - beat)}" if beat else f"{name} never" for name, beat in late.items())
    return fault(
        "Dagster daemon",
        f"no sign of life: {', '.join(since)}",
        to_do=f"nothing is started without it; `xbot up` starts it again, {patient.house.logs}/daemon.log says why "
        "where it does not",
    )


def _queue(ui: DagsterUi, clock: Clock) -> Iterator[Finding]:
    waiting = ui.runs(statuses=["QUEUED"])
    oldest = min((run.updated_at for run in waiting), default=None)
    waits = timedelta(seconds=clock.now().timestamp() - oldest) if oldest else timedelta()
    if waits > _STUCK_AFTER:
        yield fault(
            "run queue",
            f"{len(waiting)} runs wait, the oldest for {in_words(waits)}",
            to_do=f"look at {ui.url}/runs for a run that does not end, and end it there",
        )
    else:
        yield fine("run queue", f"{len(waiting)} runs wait" if waiting else "nothing waits")
