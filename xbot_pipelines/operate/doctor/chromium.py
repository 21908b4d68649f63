"""The browser: is there one, and does it start as a run would start it."""

import tempfile
from pathlib import Path

from xbot_pipelines.operate.doctor.finding import Findings, Patient, fault, fine, warning
from xbot_pipelines.x.chromium import ChromiumMissing, find_chromium
from xbot_pipelines.x.sandbox import sandbox_obstacle
from xbot_pipelines.x.walls import Unreachable

START_SECONDS = 11.0
"""A browser that takes longer on a machine that is not overloaded does not start at all."""


def chromium_starts(patient: Patient) -> Findings:
    """Starts Chromium, looks at an empty page, and ends it. An account at the API needs none."""
    if patient.settings.profile.transport == "api":
        return
    from xbot_pipelines.x.session import open_browser

    try:
        found = find_chromium(patient.settings.chromium, environ=patient.environ)
        # Not in the data folder: the doctor changes nothing there.
        with (
            tempfile.TemporaryDirectory(prefix="xbot-doctor-") as folder,
            open_browser(found, home=Path(folder), within_seconds=START_SECONDS) as browser,
        ):
            browser.new_page().goto("about:blank")
            version = browser.version
    except ChromiumMissing as missing:
        yield fault("browser", str(missing), to_do="`make up` installs one, or: python -m playwright install chromium")
    except Unreachable as broken:
        yield fault(
            "browser",
            f"{found} does not start: {broken}",
            to_do="start it by hand to see why; `playwright install-deps chromium` installs the libraries it may lack",
        )
    else:
        yield fine("browser", f"{found} starts, version {version}")
        obstacle = sandbox_obstacle(found)
        if obstacle is None:
            yield fine("sandbox", "Chromium runs in its sandbox")
        else:
            yield warning("sandbox", f"Chromium runs without its sandbox: {obstacle.cause}", to_do=obstacle.remedy)
