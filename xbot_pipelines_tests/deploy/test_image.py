"""The image: what goes into it is there, nobody in it is root, and it is what compose.yaml takes it for."""

import os
import shlex
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import yaml

from xbot_pipelines_tests.conftest import ROOT

_LINES = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()


def test_nobody_in_it_is_root_and_the_first_process_reaps_what_others_leave_behind() -> None:
    user = _said("USER")[-1]
    uid = user.partition(":")[0]
    assert f"--uid {uid} " in " ".join(_said("RUN"))
    assert uid != "0"
    assert _said("ENTRYPOINT") == ['["tini", "--"]']
    compose = (ROOT / "compose.yaml").read_text()
    assert f"uid={uid},gid={uid}" in compose
    for pod in (
        yaml.safe_load((ROOT / "deploy/kubernetes/migrate.yaml").read_text())["spec"]["template"]["spec"],
        (yaml.safe_load((ROOT / "deploy/kubernetes/values.yaml").read_text())["dagsterDaemon"]),
    ):
        assert str((pod.get("podSecurityContext") or pod["securityContext"])["runAsUser"]) == uid


def test_what_is_copied_is_there_and_kept_out_of_it_is_everything_else() -> None:
    kept = [line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"]
    copied = [source for line in _said("COPY") if "--from" not in line for source in shlex.split(line)[:-1]]
    assert sorted(copied) == sorted(kept)
    assert all((ROOT / source).exists() for source in copied)


def test_the_build_leaves_nothing_of_a_persons_out_of_git() -> None:
    """What git ignores are sessions, secrets and data: none of it may be copied."""
    ignored = [line for line in (ROOT / ".gitignore").read_text().splitlines() if line and line[0] not in "#!"]
    for line in _said("COPY"):
        for source in shlex.split(line)[:-1]:
            assert not any(fnmatch(Path(source).as_posix(), pattern.rstrip("/")) for pattern in ignored), source


def test_whoever_starts_dagsters_webserver_in_it_starts_the_guarded_one() -> None:
    """Dagster's chart does, and has no value for another command."""
    assert "deploy/dagster-webserver /app/bin/" in _said("COPY")
    [path] = [word for line in _said("ENV") for word in line.split() if word.startswith("PATH=")]
    assert path == "PATH=/app/bin:/app/.venv/bin:$PATH"
    shipped = ROOT / "deploy" / "dagster-webserver"
    assert os.access(shipped, os.X_OK)
    assert shipped.read_text().splitlines()[-1] == 'exec python -m xbot_pipelines.operate.webserver "$@"'
    done = subprocess.run(
        ["/bin/sh", "-c", "dagster-webserver -h 0.0.0.0 -p 80 --empty-workspace"],
        env={"PATH": f"{shipped.parent}:{Path(sys.executable).parent}:/usr/bin:/bin", "XBOT_ALLOWED_HOSTS": "a/b"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.startswith("XBOT_ALLOWED_HOSTS: "), done.stderr


def _said(instruction: str) -> list[str]:
    return [line.partition(" ")[2].strip() for line in _LINES if line.startswith(f"{instruction} ")]
