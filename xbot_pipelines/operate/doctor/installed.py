"""Python and the packages that are installed: are they what `uv.lock` says, and is Dagster of one piece."""

import platform
import re
import tomllib
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from xbot_pipelines.operate.doctor.finding import Findings, Patient, fault, fine, warning

_LOCK = Path(__file__).parents[3] / "uv.lock"
_TO_DAGSTER = re.compile(r"dagster==(\S+)")
_BOUND_TO_DAGSTER = ("dagster-webserver", "dagster-graphql", "dagster-postgres")
_INSTALL = "run `make up` or `uv sync`: it installs what uv.lock says"


def python_runs(_: Patient) -> Findings:
    """Which Python it is. One that is too old cannot be installed into, so there is nothing to judge."""
    yield fine("Python", f"{platform.python_version()} with xbot-pipelines {version('xbot-pipelines')}")


def packages_are_those_of_the_lock(_: Patient) -> Findings:
    """Whether what is installed is what was tested."""
    yield from dagster_is_of_one_piece({name: requires(name) or [] for name in _BOUND_TO_DAGSTER}, version("dagster"))
    if _LOCK.exists():
        yield from compared_with_the_lock(_LOCK.read_text(encoding="utf-8"))


def dagster_is_of_one_piece(required: Mapping[str, list[str]], installed: str) -> Findings:
    """Whether Dagster's packages were made for each other.

    Args:
        required: what each of them requires, as its own metadata say.
        installed: the version of Dagster that there is.
    """
    wanted = {
        name: found.group(1)
        for name, requirements in required.items()
        for requirement in requirements
        if (found := _TO_DAGSTER.fullmatch(requirement))
    }
    others = {name: wish for name, wish in wanted.items() if wish != installed}
    if not others:
        yield fine("Dagster", f"{installed}, all its packages in step")
        return
    wishes = ", ".join(f"{name} wants {wish}" for name, wish in others.items())
    yield fault("Dagster", f"dagster {installed} is installed, but {wishes}", to_do=_INSTALL)


def compared_with_the_lock(lock: str) -> Findings:
    """Whether each package that we name ourselves has the version of the lock file."""
    packages = tomllib.loads(lock)["package"]
    ours = next(package for package in packages if package["name"] == "xbot-pipelines")
    missing, other = [], []
    for name in sorted({dependency["name"] for dependency in ours["dependencies"]}):
        # A package may be locked in several versions, each for other Pythons.
        locked = {package["version"] for package in packages if package["name"] == name}
        try:
            installed = version(name)
        except PackageNotFoundError:
            missing.append(name)
            continue
        if installed not in locked:
            other.append(f"{name} {installed} instead of {' or '.join(sorted(locked))}")
    if missing:
        yield fault("packages", f"not installed: {', '.join(missing)}", to_do=_INSTALL)
    if other:
        yield warning("packages", f"not as in uv.lock: {', '.join(other)}", to_do=_INSTALL)
    if not missing and not other:
        yield fine("packages", "as in uv.lock")
