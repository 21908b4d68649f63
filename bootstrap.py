"""`python bootstrap.py [OPTIONS OF uv sync]`: makes `.venv` hold exactly what `uv.lock` says. `make` calls it.

It runs on a bare Python, before anything of ours is installed, so it imports nothing but the standard library. uv is
taken from PATH, else installed by pip into `.tools`, from wherever pip is configured to look: in the version, and with
the hashes, that `uv-requirements.txt` names.
"""

import os
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOOLS = ROOT / ".tools"
REQUIREMENTS = ROOT / "uv-requirements.txt"
OLDEST_UV = (0, 9)  # the oldest that was tried with what pyproject.toml asks of it


def main() -> None:
    """Finds or installs uv, and lets it bring the environment up to date."""
    os.chdir(ROOT)
    uv = uv_on_path() or installed_uv() or install_uv()
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": ".venv"}
    environment.pop("VIRTUAL_ENV", None)  # somebody else's environment may be active in this shell
    # uv brings certificates of its own; behind a company's proxy only what pip or the machine trusts is of use.
    if trusted := os.environ.get("PIP_CERT") or ssl.get_default_verify_paths().cafile:
        environment.setdefault("SSL_CERT_FILE", trusted)
    # An environment that is there keeps its Python: naming another would throw the environment away.
    python = [] if (ROOT / ".venv").exists() else ["--python", sys.executable]
    sync = [uv, "sync", "--frozen", "--quiet", *python, *sys.argv[1:]]
    if python:
        print("installing what uv.lock names into .venv", file=sys.stderr, flush=True)
    if subprocess.run(sync, env=environment, check=False).returncode != 0:
        sys.exit(f"uv could not install what uv.lock names: read what it says above ({' '.join(sync)})")


def uv_on_path() -> str | None:
    """Answers the uv on PATH, if it runs and is new enough. A version manager's shim may be there and not run."""
    found = shutil.which("uv")
    return found if found and version_of(found) >= OLDEST_UV else None


def installed_uv() -> str | None:
    """Answers the uv that an earlier call installed."""
    places = (TOOLS / "bin" / "uv", TOOLS / "packages" / "bin" / "uv")
    return next((str(place) for place in places if place.exists() and version_of(str(place)) >= OLDEST_UV), None)


def install_uv() -> str:
    """Installs uv beside the project, and answers it. Debian's Python may lack `venv`: then pip puts it in a folder."""
    print("uv is not on PATH: installing it into .tools", file=sys.stderr, flush=True)
    pip = [
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--require-hashes",
        "-r",
        str(REQUIREMENTS),
    ]
    ways = (
        [[sys.executable, "-m", "venv", str(TOOLS)], [str(TOOLS / "bin" / "python"), *pip]],
        [[sys.executable, *pip, "--target", str(TOOLS / "packages")]],
    )
    complaints = []
    for commands in ways:
        for command in commands:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                complaints += (done.stderr or done.stdout).strip().splitlines()[-1:]
                break
        if uv := installed_uv():
            return uv
    sys.exit(
        "uv could not be installed: install it (https://docs.astral.sh/uv/), or Python's pip and venv "
        f"(on Debian: apt-get install python3-venv), and try again. pip said: {'; '.join(complaints)}"
    )


def version_of(uv: str) -> tuple[int, ...]:
    """Answers what `uv --version` says as numbers; () where it does not run."""
    try:
        said = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False)
        return tuple(int(part) for part in said.stdout.split()[1].split(".")[:2])
    except (OSError, IndexError, ValueError):
        return ()


if __name__ == "__main__":
    main()
