"""Another user of the machine, with no rights but their own, who tries what they can reach of a stack.

Run by the machine's own Python with nothing of ours (`python3 -I outsider.py`), as that user. It prints what it could
do, one thing a line; nothing, where everything held.

Usage: outsider.py HOME SINCE PID…, where SINCE is when the stack was started, in Unix seconds.
"""

import os
import socket
import sys
from pathlib import Path

SHARED = ("/tmp", "/dev/shm", "/var/tmp")  # noqa: S108 - what everybody shares is what is looked through


def main() -> None:
    """Try everything."""
    home, since, pids = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    for line in (*files(home), *sockets(home), *processes(pids), *temporary_files(since)):
        print(line)


def files(home: Path) -> list[str]:
    """Walk the data folder, and name what can be read."""
    try:
        entries = list(home.rglob("*")) if os.access(home, os.R_OK | os.X_OK) else []
    except OSError:
        entries = []
    return [f"reads {entry}" for entry in entries if os.access(entry, os.R_OK)]


def sockets(home: Path) -> list[str]:
    """Connect to every named UNIX socket of the machine that may be of the stack."""
    done = []
    for line in Path("/proc/net/unix").read_text().splitlines()[1:]:
        path = line.split(maxsplit=7)[7:]
        if not path or not any(word in path[0] for word in (str(home), "PGSQL", "xbot", "grpc")):
            continue
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(path[0])
                done.append(f"connects to {path[0]}")
            except OSError:
                pass
    return done


def processes(pids: list[str]) -> list[str]:
    """Read what the stack's processes are told."""
    return [f"reads the environment of {pid}" for pid in pids if os.access(f"/proc/{pid}/environ", os.R_OK)]


def temporary_files(since: float) -> list[str]:
    """Name what has come into the places that everybody shares, is another user's, and can be read or written."""
    done = []
    for place in map(Path, SHARED):
        for entry in place.iterdir():
            found = entry.lstat()
            if (
                found.st_uid != os.geteuid()
                and found.st_ctime > since
                and any(word in entry.name for word in ("xbot", "playwright", "pgserver", ".lockfile"))
            ):
                if entry.is_dir() and os.access(entry, os.R_OK):
                    done.append(f"lists {entry}")
                elif entry.is_file() and os.access(entry, os.R_OK | os.W_OK):
                    done.append(f"opens {entry}")
    return done


if __name__ == "__main__":
    main()
