"""A program that starts another with user namespaces refused, as Docker's default seccomp profile refuses them.

Usage: refuse_namespaces.py PROGRAM ARGUMENT…
"""

import ctypes
import errno
import os
import platform
import struct
import sys

_UNSHARE, _CLONE = {"x86_64": (272, 56), "aarch64": (97, 220)}[platform.machine()]
_CLONE3 = 435
_NEWUSER = 0x10000000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _IF_EQUAL, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NUMBER, _FIRST_ARGUMENT = 0, 16

# Code, how far to jump if true, how far if not, operand: see seccomp(2).
_PROGRAM = [
    (_LOAD, 0, 0, _NUMBER),
    (_IF_EQUAL, 7, 0, _CLONE3),
    (_IF_EQUAL, 2, 0, _UNSHARE),
    (_IF_EQUAL, 1, 0, _CLONE),
    (_RETURN, 0, 0, _ALLOW),
    (_LOAD, 0, 0, _FIRST_ARGUMENT),
    (_IF_ANY_BIT, 1, 0, _NEWUSER),
    (_RETURN, 0, 0, _ALLOW),
    (_RETURN, 0, 0, _ERRNO | errno.EPERM),
    (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
]


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def main() -> None:
    """Put the filter in place and become the program."""
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in _PROGRAM)
    libc = ctypes.CDLL(None, use_errno=True)
    installed = _Filter(len(_PROGRAM), code)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(installed)):
        sys.exit(os.strerror(ctypes.get_errno()))
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
