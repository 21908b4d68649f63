"""Which Chromium to drive, and with which switches.

Only looks and decides; what installs a browser lies in `operate.install_browser`, what drives it in `x.browser`.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

NAMES_ON_PATH = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "microsoft-edge-stable",
)
MAC_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_PLAYWRIGHT_PROGRAMS = (
    "chrome-linux*/chrome",
    "chrome-mac*/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
)
# Chromium keeps every page's bitmaps there; a container's usual 64 MB kill the page in the middle of a run.
_ENOUGH_SHARED_MEMORY_BYTES = 512 * 1024 * 1024


class ChromiumMissing(Exception):
    """No browser was found. The message says what to do about it."""


def find_chromium(chosen: Path | None = None, *, environ: Mapping[str, str] | None = None) -> Path:
    """Answers the browser to use: the chosen one, else one that the machine has, else Playwright's own.

    Args:
        chosen: what XBOT_CHROMIUM names; it must exist, and no other is looked for.
        environ: where PATH, HOME and Playwright's variables are read; None takes the process's own.

    Raises:
        ChromiumMissing: there is none.
    """
    if chosen is not None:
        if not os.access(chosen, os.X_OK):
            raise ChromiumMissing(
                f"XBOT_CHROMIUM is {chosen}, which is no program: correct it, or unset it to have a browser looked for."
            )
        return chosen
    environ = os.environ if environ is None else environ
    found = next(_candidates(environ), None)
    if found is None:
        raise ChromiumMissing(
            "No browser was found: install Chromium or Google Chrome, or set XBOT_CHROMIUM to the path of one."
        )
    return found


def playwright_chromium(environ: Mapping[str, str]) -> Path | None:
    """Answers the Chromium that Playwright downloaded for this very version of itself, if it did.

    Read from Playwright's own list of revisions: asking Playwright would start its Node process for the answer.
    """
    package = find_spec("playwright")
    if package is None or package.origin is None:
        return None
    driver = Path(package.origin).parent / "driver" / "package"
    listed = json.loads((driver / "browsers.json").read_text(encoding="utf-8"))["browsers"]
    revision = next(browser["revision"] for browser in listed if browser["name"] == "chromium")
    folder = _playwright_folder(driver, environ) / f"chromium-{revision}"
    return next((path for pattern in _PLAYWRIGHT_PROGRAMS for path in folder.glob(pattern)), None)


def launch_arguments() -> list[str]:
    """Answers the switches that Chromium is started with on this machine.

    They keep it to the pages it is sent to. None of them hides anything about it: X may see what drives it. Whether it
    runs in its sandbox is decided by `x.sandbox`.
    """
    return [
        *_SWITCHES,
        f"--disable-features={','.join((*OFF_FOR_PLAYWRIGHT, *_OFF_FOR_US))}",
        *switches_of_the_machine(shared_memory_bytes=_shared_memory_bytes()),
    ]


_SWITCHES = (
    "--disable-background-networking",  # no calls home: the only requests are those of the page
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",  # nobody looks at it: less to start
    "--disable-quic",  # UDP is dropped by many firewalls, and Chromium waits long before it falls back to TCP
)

_OFF_FOR_US = (
    # What an address bar suggests is two pages of Chromium's own, which start with each window: half of what it takes
    # to open X's home page (0.7 of 1.4 s of CPU), for an address bar that nobody sees.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
)
OFF_FOR_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
)
"""What Playwright switches off itself. Chromium heeds the last list that it is given, ours: it has to hold both."""


def switches_of_the_machine(*, shared_memory_bytes: int) -> list[str]:
    """Return the switches that a machine like this needs, whatever the page."""
    return ["--disable-dev-shm-usage"] if shared_memory_bytes < _ENOUGH_SHARED_MEMORY_BYTES else []


def _shared_memory_bytes() -> int:
    """The room in /dev/shm. Where there is no such place, Chromium does not use it: then it is always enough."""
    try:
        return shutil.disk_usage("/dev/shm").total  # noqa: S108  # its size is read, nothing is written
    except OSError:
        return _ENOUGH_SHARED_MEMORY_BYTES


def _candidates(environ: Mapping[str, str]) -> Iterator[Path]:
    # An empty PATH finds nothing, where a missing one would make `which` search its own default.
    search = environ.get("PATH", "")
    yield from (Path(found) for name in NAMES_ON_PATH if (found := shutil.which(name, path=search)))
    if sys.platform == "darwin":
        yield from (Path(place) for place in MAC_PLACES if Path(place).exists())
    downloaded = playwright_chromium(environ)
    if downloaded is not None:
        yield downloaded


def _playwright_folder(driver: Path, environ: Mapping[str, str]) -> Path:
    """Where Playwright keeps its downloads. A variable of "0" means inside the package itself."""
    chosen = environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if chosen == "0":
        return driver / ".local-browsers"
    if chosen:
        return Path(chosen)
    home = Path(environ.get("HOME") or Path.home())
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "ms-playwright"
    return Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "ms-playwright"
