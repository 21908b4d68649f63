"""Whether Chromium can run in its sandbox on this machine and, where it cannot, why and what to do about it.

The sandbox needs user namespaces that an ordinary user may make, or else Chromium's setuid helper. Both are tried or
looked at, never assumed: a machine that refuses them runs Chromium without its sandbox, and `xbot up` and `xbot doctor`
say so. Where this module finds nothing in the way and Chromium's sandbox still fails, the browser does not start.
"""

import os
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_PROBE = Path(__file__).with_name("namespace_probe.py")
_PROBE_SECONDS = 10.0
# The setuid helper lies beside Chrome and Edge; Debian's launcher lies elsewhere than its browser.
_HELPER_NAMES = ("chrome-sandbox", "msedge-sandbox")
_DEBIAN_HELPER = Path("/usr/lib/chromium/chrome-sandbox")
_CAP_SYS_ADMIN = 1 << 21
_FILTERED = "2"
"""What /proc/PID/status says of a process whose system calls go through a seccomp filter."""


@dataclass(frozen=True)
class SandboxObstacle:
    """Why Chromium's sandbox cannot be used here, and what to do about it."""

    cause: str
    remedy: str


_ROOT = SandboxObstacle("Chromium has no sandbox for root", "run xbot as an ordinary user")


def sandbox_obstacle(chromium: Path) -> SandboxObstacle | None:
    """Return what keeps Chromium from using its sandbox; None if nothing does.

    Args:
        chromium: the browser that is going to be started; its setuid helper is looked for beside it.
    """
    if sys.platform != "linux":
        return None  # elsewhere the sandbox needs nothing of the kind
    if os.geteuid() == 0:
        return _ROOT
    refusal = _namespaces_refused()
    if refusal is None or _has_working_helper(chromium):
        return None
    return explain(refusal)


def explain(refusal: str, *, proc: Path = Path("/proc")) -> SandboxObstacle:
    """Return the setting of this machine that refuses user namespaces, and how to change it.

    Args:
        refusal: what the kernel answered when one was made.
        proc: where the kernel's settings are read.
    """
    if _read(proc / "sys/user/max_user_namespaces") == "0":
        return _sysctl("user.max_user_namespaces = 0", "user.max_user_namespaces=10000")
    if _read(proc / "sys/kernel/unprivileged_userns_clone") == "0":
        return _sysctl("kernel.unprivileged_userns_clone = 0", "kernel.unprivileged_userns_clone=1")
    if _read(proc / "sys/kernel/apparmor_restrict_unprivileged_userns") == "1":
        return SandboxObstacle(
            "AppArmor refuses user namespaces (kernel.apparmor_restrict_unprivileged_userns = 1)",
            "use a browser that brings a sandbox helper or an AppArmor profile of its own (Google Chrome does), or "
            "write it a profile with `userns,`",
        )
    if _status(proc).get("Seccomp") == _FILTERED:
        return SandboxObstacle(
            f"a seccomp profile, as containers have, refuses user namespaces ({refusal})",
            "give the container a profile that allows them (docs/deploying.md, Chromium's sandbox)",
        )
    return SandboxObstacle(
        f"the kernel refuses user namespaces ({refusal})", "allow them, or install Chromium's setuid sandbox helper"
    )


def _sysctl(cause: str, setting: str) -> SandboxObstacle:
    return SandboxObstacle(
        f"user namespaces are switched off ({cause})",
        f"`sysctl {setting}`, or install Chromium's setuid sandbox helper (Debian's package chromium-sandbox)",
    )


def _namespaces_refused() -> str | None:
    """Return the kernel's answer where it refuses the namespaces of a sandbox; None where it makes them."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(_PROBE)],
            env={},
            capture_output=True,
            text=True,
            timeout=_PROBE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {_PROBE_SECONDS:.0f} s"
    if done.returncode == 0:
        return None
    return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]


def _has_working_helper(chromium: Path) -> bool:
    """Return whether a setuid helper is installed and this process may still gain root's rights by it."""
    status = _status(Path("/proc"))
    if status.get("NoNewPrivs") == "1" or not int(status.get("CapBnd", "0"), 16) & _CAP_SYS_ADMIN:
        return False
    chosen = os.environ.get("CHROME_DEVEL_SANDBOX")
    beside = [chromium.resolve().parent / name for name in _HELPER_NAMES]
    return any(_is_setuid_root(path) for path in (*([Path(chosen)] if chosen else []), *beside, _DEBIAN_HELPER))


def _is_setuid_root(path: Path) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return found.st_uid == 0 and bool(found.st_mode & stat.S_ISUID)


def _status(proc: Path) -> dict[str, str]:
    lines = _read(proc / "self/status").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""  # this kernel has no such setting
