"""`python -m xbot_pipelines.operate.install_browser`: sees to it that there is a browser, and says which.

Where one is there already, this only finds it. Otherwise it tries Playwright's own download, then Debian's package.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from xbot_pipelines.x.chromium import ChromiumMissing, find_chromium, playwright_chromium

LONGEST_INSTALL_SECONDS = 600.0
"""How long 170 MB may take before another way is tried. A host that cannot be reached fails at once."""

_PACKAGES = ("chromium", "fonts-liberation", "fonts-noto-color-emoji")

Say = Callable[[str], None]


def main() -> None:
    """Finds or installs a browser, says in one line what was found, and ends with 1 where there is none."""
    chosen = os.environ.get("XBOT_CHROMIUM")
    try:
        found = provide_chromium(Path(chosen) if chosen else None, environ=os.environ, say=_say)
    except ChromiumMissing as missing:
        sys.exit(str(missing))
    _say(f"browser: {found}")


def provide_chromium(chosen: Path | None, *, environ: Mapping[str, str], say: Say) -> Path:
    """Answers a browser that starts, after installing one where it must.

    Raises:
        ChromiumMissing: there is none, and no way of getting one worked here. The message says what to install.
    """
    found = _usable_chromium(chosen, environ, say)
    for announcement, commands in () if found else _ways(environ, say):
        say(announcement)
        if all(_succeeds(command, environ, say) for command in commands):
            found = _usable_chromium(chosen, environ, say)
        if found:
            break
    if found is None:
        raise ChromiumMissing(
            "No browser could be found or installed: install Chromium or Google Chrome (on Debian: apt-get install "
            "chromium), or set XBOT_CHROMIUM to the path of one, and try again."
        )
    return found


def _usable_chromium(chosen: Path | None, environ: Mapping[str, str], say: Say) -> Path | None:
    try:
        found = find_chromium(chosen, environ=environ)
    except ChromiumMissing:
        if chosen is not None:
            raise
        return None
    # A package brings the libraries that it needs; a download on a bare machine may lack them, and not start.
    if found == playwright_chromium(environ) and not _succeeds([str(found), "--version"], environ, say):
        return None
    return found


def _ways(environ: Mapping[str, str], say: Say) -> list[tuple[str, list[list[str]]]]:
    """The ways of getting a browser that this machine offers: what to say, and the commands."""
    ways = [
        (
            "no browser found: downloading Playwright's Chromium",
            [[sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]],
        )
    ]
    as_root = _as_root(environ, say)
    if as_root is not None and shutil.which("apt-get", path=environ.get("PATH", "")):
        ways.append(
            (
                "that did not work: installing Debian's chromium",
                [
                    [*as_root, "apt-get", "-qq", "update"],
                    [*as_root, "apt-get", "-qq", "install", "--yes", "--no-install-recommends", *_PACKAGES],
                ],
            )
        )
    return ways


def _as_root(environ: Mapping[str, str], say: Say) -> list[str] | None:
    """What to put before a command so that it runs as root without asking anybody; None where that cannot be."""
    if os.geteuid() == 0:
        return []
    has_sudo = shutil.which("sudo", path=environ.get("PATH", "")) is not None
    return (
        ["sudo", "--non-interactive"]
        if has_sudo and _succeeds(["sudo", "--non-interactive", "true"], environ, say)
        else None
    )


def _succeeds(command: Sequence[str], environ: Mapping[str, str], say: Say) -> bool:
    """Runs a command, showing only what it says on failure; False where it fails or takes too long."""
    quick_refusal = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000", "DEBIAN_FRONTEND": "noninteractive"}
    with subprocess.Popen(
        command,
        env={**environ, **quick_refusal},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            _, complaint = process.communicate(timeout=LONGEST_INSTALL_SECONDS)
        except subprocess.TimeoutExpired:
            # Its whole session: a downloader's own children would keep the pipe open for ever.
            os.killpg(process.pid, signal.SIGKILL)
            complaint = f"no end after {LONGEST_INSTALL_SECONDS:.0f} s"
    if process.returncode != 0:
        reason = next((line for line in complaint.splitlines() if line.strip()), "no reason given")
        say(f"{Path(command[0]).name} {' '.join(command[1:4])} failed: {reason}")
    return process.returncode == 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
