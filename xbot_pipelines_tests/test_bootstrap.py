"""Setting up on a bare machine: where uv comes from. The whole way is walked by `make test` in a fresh clone."""

import os
import sys
import tomllib
from pathlib import Path

import pytest

import bootstrap


def program(path: Path, script: str) -> str:
    """Puts a shell script there as a program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is all of PATH, on a machine on which nothing was set up before."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / "tools")
    return folder


def test_a_uv_on_path_is_taken(path: Path) -> None:
    uv = program(path / "uv", "echo uv 0.13.9")
    assert bootstrap.uv_on_path() == uv


@pytest.mark.parametrize("script", ["exit 127", "echo uv 0.4.30", "echo pyenv: uv: command not found"])
def test_a_uv_that_does_not_run_or_is_too_old_is_not(path: Path, script: str) -> None:
    program(path / "uv", script)
    assert bootstrap.uv_on_path() is None


def test_a_uv_that_was_installed_before_is_found_again(path: Path) -> None:
    assert bootstrap.installed_uv() is None
    uv = program(path.parent / "tools" / "bin" / "uv", "echo uv 0.13.9")
    assert bootstrap.installed_uv() == uv


def test_pip_puts_uv_in_a_folder_where_python_has_no_venv(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Debian without python3-venv."""
    target = path.parent / "tools" / "packages" / "bin"
    packaged = program(path.parent / "packaged-uv", "echo uv 0.13.9")
    installs = f"mkdir -p {target} && cp {packaged} {target}/uv"
    python = program(path.parent / "python", f'PATH={os.defpath}; case "$*" in *venv*) exit 1;; *) {installs};; esac')
    monkeypatch.setattr(sys, "executable", python)
    assert bootstrap.install_uv() == str(target / "uv")


def test_where_pip_fails_too_one_sentence_says_what_to_install(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = program(path.parent / "python", "echo No module named pip >&2; exit 1")
    monkeypatch.setattr(sys, "executable", python)
    with pytest.raises(SystemExit, match=r"uv could not be installed: install it .* No module named pip"):
        bootstrap.install_uv()


def test_pip_installs_the_uv_that_the_lock_names_and_no_other_file() -> None:
    lock = tomllib.loads((bootstrap.ROOT / "uv.lock").read_text())
    [uv] = [package for package in lock["package"] if package["name"] == "uv"]
    version, *hashes = bootstrap.REQUIREMENTS.read_text().replace("\\\n", "").split()
    assert version == f"uv=={uv['version']}"
    files = [*uv["wheels"], *([uv["sdist"]] if "sdist" in uv else [])]
    assert sorted(hashes) == sorted(f"--hash={file['hash']}" for file in files)


def test_the_build_takes_only_what_the_lock_names() -> None:
    project = tomllib.loads((bootstrap.ROOT / "pyproject.toml").read_text())
    assert project["tool"]["uv"]["no-build-isolation-package"] == [project["project"]["name"]]
    for wanted in project["build-system"]["requires"]:
        assert any(locked.startswith(wanted) for locked in project["dependency-groups"]["build"])
