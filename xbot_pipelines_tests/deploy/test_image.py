"""The image: what goes into it is there, nobody in it is root, and it is what compose.yaml takes it for."""

import shlex
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


def _said(instruction: str) -> list[str]:
    return [line.partition(" ")[2].strip() for line in _LINES if line.startswith(f"{instruction} ")]
