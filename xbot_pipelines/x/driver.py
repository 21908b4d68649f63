"""Starting Playwright's driver, and the environment that it and Chromium get: what they need, and nothing else.

The environment of a run holds the account's secrets. A page that breaks out of its renderer, or a crash report, must
not find them in the browser's own processes.
"""

import threading
from collections.abc import Mapping
from pathlib import Path

from playwright._impl import transport
from playwright.sync_api import Playwright, sync_playwright

_NAMES = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH"),
        *("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"),
        *("FONTCONFIG_FILE", "FONTCONFIG_PATH", "CHROME_DEVEL_SANDBOX"),
        # Folders of ours, by which a process is known to belong to one of our data folders.
        *("XBOT_UP", "XBOT_HOME"),
    }
)
_PREFIXES = ("LC_", "XDG_")
_NAMES_FOR_A_WINDOW = frozenset({"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"})

_starting = threading.Lock()


def browser_environment(inherited: Mapping[str, str], *, temporary: Path, visible: bool) -> dict[str, str]:
    """Return the variables that a browser and its driver get.

    Args:
        inherited: the environment of this process.
        temporary: where they put their temporary files, the profile among them.
        visible: whether a person is to see the window.
    """
    names = _NAMES | _NAMES_FOR_A_WINDOW if visible else _NAMES
    passed_on = {name: value for name, value in inherited.items() if name in names or name.startswith(_PREFIXES)}
    return {**passed_on, "TMPDIR": str(temporary)}


def start_driver(environment: Mapping[str, str]) -> Playwright:
    """Start Playwright's driver with this environment; `stop()` on the result ends it.

    Playwright takes no environment for its driver and hands on all of ours, so the function that collects it is
    replaced while the driver starts. `test_driver.py` says when a new version of Playwright does this in another way.
    """
    with _starting:
        theirs = vars(transport)
        collect = theirs["get_driver_env"]

        def reduced() -> dict[str, str]:
            # What Playwright adds for its driver begins with PW_.
            added = {name: value for name, value in collect().items() if name.startswith("PW_")}
            return {**environment, **added}

        theirs["get_driver_env"] = reduced
        try:
            return sync_playwright().start()
        finally:
            theirs["get_driver_env"] = collect
