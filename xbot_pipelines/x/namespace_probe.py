"""A program that tries what Chromium's sandbox needs of the kernel, and prints what was refused.

It runs as a process of its own (`x.sandbox`), because nobody leaves a namespace again. It imports only what starts in
a few milliseconds.
"""

import ctypes
import os
import sys
from pathlib import Path

_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000


def main() -> None:
    """Exit with 0 if an ordinary user may make the namespaces, else with the kernel's answer as a sentence."""
    own = {"uid_map": os.getuid(), "gid_map": os.getgid()}
    try:
        _unshare(_CLONE_NEWUSER)
        _write("setgroups", "deny")
        for name, number in own.items():
            _write(name, f"{number} {number} 1")
        # AppArmor lets a program make the namespace and then refuses what the namespace is for.
        _unshare(_CLONE_NEWPID | _CLONE_NEWNET)
        os.chroot("/proc/self")
    except OSError as refusal:
        sys.exit(f"{refusal.filename or 'unshare'}: {refusal.strerror}")


def _unshare(flags: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _write(name: str, content: str) -> None:
    Path("/proc/self", name).write_text(content)


if __name__ == "__main__":
    main()
