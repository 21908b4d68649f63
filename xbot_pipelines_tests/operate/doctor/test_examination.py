"""However the checks end, the examination ends: none harms another, and each is told."""

import json
import threading
import time
from collections.abc import Iterator

import pytest

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.operate.doctor.examination import examine, run
from xbot_pipelines.operate.doctor.finding import Check, Finding, Patient, fault, fine, not_looked_at, warning
from xbot_pipelines.operate.doctor.report import as_json, in_short
from xbot_pipelines_tests.operate.shell import Shell


def well(_: Patient) -> Iterator[Finding]:
    yield fine("well", "all is well")


def broken(_: Patient) -> Iterator[Finding]:
    yield fine("broken", "so far")
    raise ValueError("the password is hunter2")


def test_a_check_that_breaks_says_so_without_its_own_words_and_the_others_go_on(patient: Patient) -> None:
    found = run([Check(name="broken", look=broken), Check(name="well", look=well)], patient)
    assert [(finding.about, finding.verdict) for finding in found] == [
        ("broken", "fine"),
        ("broken", "fault"),
        ("well", "fine"),
    ]
    assert found[1].found == "the check itself broke: ValueError"


def test_a_check_that_hangs_is_given_up_after_its_time_and_all_are_waited_for_at_once(patient: Patient) -> None:
    ended = threading.Event()

    def hangs(_: Patient) -> Iterator[Finding]:
        yield fine("hangs", "so far")
        ended.wait()

    began = time.monotonic()
    found = run([Check(name="hangs", look=hangs, seconds=0.5) for _ in range(5)], patient)
    assert time.monotonic() - began < 2
    ended.set()
    assert [finding.found for finding in found] == ["so far", "there was no answer within 0.5 s"] * 5


@pytest.mark.parametrize(
    ("finding", "is_fine"),
    [
        (fine("x", "well"), True),
        (warning("x", "so so", to_do="look"), True),
        (not_looked_at("x", "nobody is there"), True),
        (fault("x", "broken", to_do="mend"), False),
    ],
)
def test_only_a_fault_is_no_fine_end(finding: Finding, *, is_fine: bool) -> None:
    def look(_: Patient) -> list[Finding]:
        return [finding]

    examination = examine({}, [Check(name="x", look=look)], clock=SystemClock(), is_deep=False)
    assert examination.is_fine == is_fine
    assert as_json(examination) == {
        "ok": is_fine,
        "findings": [
            {"about": "x", "verdict": finding.verdict.value, "found": finding.found, "to_do": finding.to_do},
        ],
    }
    broken = "nothing is broken" if is_fine else "something is broken"
    assert in_short(examination) == f"{broken}: 1 {finding.verdict}"


def test_every_problem_of_the_settings_is_told_at_once() -> None:
    examination = examine(
        {"XBOT_UI_PORT": "no port", "XBOT_HOMEE": "x", "X_API_KEY": "half", "XBOT_X_URL": "x.com"},
        [Check(name="well", look=well)],
        clock=SystemClock(),
        is_deep=False,
    )
    assert not examination.is_fine
    found = "\n".join(finding.found for finding in examination.findings)
    assert len(examination.findings) == 3
    assert all(name in found for name in ("XBOT_UI_PORT", "XBOT_HOMEE", "XBOT_X_URL"))


def test_before_anything_runs_nothing_is_broken_and_what_was_not_looked_at_says_why(shell: Shell) -> None:
    done = shell.types("doctor", "--json")
    answer = json.loads(done.stdout)
    assert [finding for finding in answer["findings"] if finding["verdict"] == "fault"] == []
    assert (done.returncode, answer["ok"]) == (0, True)
    waiting = {one["about"]: one["found"] for one in answer["findings"] if one["verdict"] == "not looked at"}
    assert waiting["database"] == "it does not run: `xbot up` starts it"
    assert set(waiting) == {"database", "Dagster", "practice X", "login", "login at X", "model", "account"}


def test_with_everything_broken_it_ends_within_twenty_seconds_and_with_1(shell: Shell) -> None:
    stalls = "#!/bin/sh\nsleep 60\n"
    chromium = shell.home.parent / "chromium"
    chromium.write_text(stalls)
    chromium.chmod(0o755)
    began = time.monotonic()
    done = shell.types(
        "doctor",
        XBOT_CHROMIUM=str(chromium),
        # An address that nobody has, and that nothing answers for: what is sent there is lost.
        XBOT_DATABASE_URL="postgresql://xbot:hunter2@192.0.2.1:5432/xbot",
        OPENAI_BASE_URL="https://192.0.2.1/v1",
        OPENAI_API_KEY="sk-hunter2",
        XBOT_X_URL="http://127.0.0.1:9",
    )
    assert time.monotonic() - began < 20
    assert done.returncode == 1
    assert "something is broken" in done.stdout
    assert "hunter2" not in done.stdout + done.stderr
