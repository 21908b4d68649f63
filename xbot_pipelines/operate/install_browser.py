"""`python -m xbot_pipelines.operate.install_browser`: sees to it that there is a browser, and says which.

Where one is there already, this only finds it. Otherwise it tries Playwright's own download, then Debian's package. The
package needs root: a person at a terminal is asked before `sudo` is used, and nobody else's `sudo` is.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from xbot_pipelines.x.chromium import ChromiumMissing, find_chromium, playwright_chromium

LONGEST_INSTALL_SECONDS = 600.0
"""How long 170 MB may take before another way is tried. A host that cannot be reached fails at once."""

_PACKAGES = ("chromium", "fonts-liberation", "fonts-noto-color-emoji")
_INSTALL = ("apt-get", "-qq", "install", "--yes", "--no-install-recommends", *_PACKAGES)

Say = Callable[[str], None]
Ask = Callable[[str], bool]


def main() -> None:
    """Finds or installs a browser, says in one line what was found, and ends with 1 where there is none."""
    chosen = os.environ.get("XBOT_CHROMIUM")
    try:
        found = provide_chromium(Path(chosen) if chosen else None, environ=os.environ, say=_say, ask=_ask)
    except ChromiumMissing as missing:
        sys.exit(str(missing))
    _say(f"browser: {found}")


def provide_chromium(chosen: Path | None, *, environ: Mapping[str, str], say: Say, ask: Ask) -> Path:
    """Return a browser that starts, after installing one where it must.

    Args:
        chosen: the program that XBOT_CHROMIUM names; no other is looked for.
        environ: the environment of the programs that are called.
        say: takes one line for the person.
        ask: asks the person a yes/no question; False where nobody is there to answer.

    Raises:
        ChromiumMissing: there is none, and no way of getting one worked here. The message says what to install.
    """
    found = _usable_chromium(chosen, environ, say)
    for announcement, commands in () if found else _ways(environ, ask):
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


def _ways(environ: Mapping[str, str], ask: Ask) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield the ways of getting a browser that this machine offers: what to say, and the commands."""
    yield (
        "no browser found: downloading Playwright's Chromium",
        [[sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]],
    )
    if shutil.which("apt-get", path=environ.get("PATH", "")):
        as_root = _as_root(environ, ask)
        if as_root is not None:
            yield (
                "that did not work: installing Debian's chromium",
                [[*as_root, "apt-get", "-qq", "update"], [*as_root, *_INSTALL]],
            )


def _as_root(environ: Mapping[str, str], ask: Ask) -> list[str] | None:
    """Return what to put before a command so that it runs as root; None where that cannot be, or is not wanted."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo", path=environ.get("PATH", ""))
    if sudo is None or not ask(f"Install a browser with `sudo {' '.join(_INSTALL)}`?"):
        return None
    # Here and not with the commands: sudo asks for a password at the terminal, which theirs is not.
    allowed = subprocess.run([sudo, "--validate"], env=dict(environ), check=False).returncode == 0
    return [sudo, "--non-interactive"] if allowed else None


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
        # A group of its own, so that it is ended whole; the same session, whose terminal sudo asks for a password at.
        process_group=0,
    ) as process:
        try:
            _, complaint = process.communicate(timeout=LONGEST_INSTALL_SECONDS)
        except subprocess.TimeoutExpired:
            # Its whole group: a downloader's own children would keep the pipe open for ever.
            os.killpg(process.pid, signal.SIGKILL)
            complaint = f"no end after {LONGEST_INSTALL_SECONDS:.0f} s"
    if process.returncode != 0:
        reason = next((line for line in complaint.splitlines() if line.strip()), "no reason given")
        say(f"{Path(command[0]).name} {' '.join(command[1:4])} failed: {reason}")
    return process.returncode == 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _ask(question: str) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


if __name__ == "__main__":
    main()
