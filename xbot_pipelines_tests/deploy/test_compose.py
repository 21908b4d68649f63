"""compose.yaml and what is laid over it: commands that exist, nothing open to others, time for a run to end."""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import Any

import pytest
import yaml
from sqlalchemy import make_url

from xbot_pipelines.orchestration.timetable import TIMETABLE
from xbot_pipelines.settings import INTERNAL_VARIABLES, SECRET_VARIABLES, VARIABLES, load_settings
from xbot_pipelines.store.database import dagster_url
from xbot_pipelines_tests.conftest import ROOT
from xbot_pipelines_tests.deploy.composed import Service, seconds, services

_PASSWORD = {f"{role}_PASSWORD": f"s3same-{role}" for role in ("POSTGRES", "APP", "DAGSTER", "READER")}
ONE = services(variables=_PASSWORD)
PRACTICE = services("compose.practice.yaml", variables=_PASSWORD)
TWO = services("compose.accounts.yaml", variables={**_PASSWORD, "FIRST_ACCOUNT": "daily", "SECOND_ACCOUNT": "practice"})
PROGRAMS = {
    f"{where}-{name}": service
    for where, together in (("one", ONE), ("practice", PRACTICE), ("two", TWO))
    for name, service in together.items()
    if name != "postgres"
}
each_program = pytest.mark.parametrize("service", PROGRAMS.values(), ids=PROGRAMS)

# Whose names these are, and not ours: where a program of ours is started under another's.
_MODULES = {"xbot_pipelines.operate.daemon": "dagster-daemon", "xbot_pipelines.operate.webserver": "dagster-webserver"}


@each_program
def test_every_command_and_every_check_is_one_that_takes_these_options(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in (service["command"], service.get("healthcheck", {}).get("test", ["CMD"])[1:]):
        if not command or command[:2] == ["python", "-c"]:
            continue
        name, *options = command
        if name == "python":
            _, module, *options = options
            assert find_spec(module)
            name = _MODULES[module]
        [entry] = entry_points(group="console_scripts", name=name)
        monkeypatch.setattr(sys, "argv", [name, *options, "--help"])
        with pytest.raises(SystemExit) as end:
            entry.load()()
        assert end.value.code == 0


@pytest.mark.parametrize(
    ("together", "health"),
    [
        (ONE, {"health": ["127.0.0.1:3070:3070"]}),
        (PRACTICE, {"practice": ["127.0.0.1:3070:3070"]}),
        (TWO, {"health": ["127.0.0.1:3070:3070"], "health-second": ["127.0.0.1:3071:3070"]}),
    ],
    ids=["one", "practice", "two"],
)
def test_nothing_but_the_ui_and_the_health_is_published_and_that_on_loopback(
    together: dict[str, Service], health: dict[str, list[str]]
) -> None:
    published = {name: service["ports"] for name, service in together.items() if service.get("ports")}
    assert published == {"webserver": ["127.0.0.1:3000:3000"], **health}


@each_program
def test_a_program_has_no_rights_that_it_does_not_need(service: Service) -> None:
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_what_runs_a_browser_may_end_its_longest_run_and_has_the_memory_for_it() -> None:
    longest = max(turn.deadline.total_seconds() for turn in TIMETABLE if turn.uses_browser)
    for service in (ONE["daemon"], ONE["code"], PRACTICE["daemon"], TWO["code"], TWO["code-second"]):
        assert seconds(service["stop_grace_period"]) > longest
        assert service["shm_size"] == "1g"


def test_nothing_starts_before_the_tables_are_todays() -> None:
    for together in (ONE, PRACTICE, TWO):
        assert together["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
        for name in together.keys() - {"postgres", "migrate", "practice"}:
            assert "migrate" in _all_it_waits_for(together, name), name
    assert "practice-login" in PRACTICE["daemon"]["depends_on"]


@pytest.mark.parametrize("name", ["migrate", "code", "daemon"])
def test_our_programs_find_their_settings_and_dagster_its_own_tables(name: str) -> None:
    environment = _environment(ONE[name])
    settings = load_settings({**environment, "XBOT_ACCOUNTS": str(ROOT / "accounts")})
    assert settings.is_practice
    address = environment["XBOT_DAGSTER_DATABASE_URL"]
    assert address == dagster_url(address)


@each_program
def test_every_variable_is_one_that_we_know(service: Service) -> None:
    ours = {name for name in _environment(service) if name.startswith("XBOT_")}
    assert ours <= {*VARIABLES, *INTERNAL_VARIABLES}


def test_the_webserver_is_told_no_secret_of_the_account() -> None:
    for together in (ONE, PRACTICE, TWO):
        webserver = together["webserver"]
        assert "env_file" not in webserver
        assert not any(volume.startswith("account:") for volume in webserver["volumes"])


def test_only_migrate_knows_the_owner_of_the_database() -> None:
    """Each other program has a role of its own, and the webserver none that reaches our tables."""
    for together in (ONE, PRACTICE, TWO):
        for name, service in together.items():
            told = " ".join(map(str, service.get("environment", {}).values()))
            assert ("s3same-POSTGRES" in told) == (name in {"migrate", "postgres"}), name
            assert ("s3same-READER" in told) == (name == "migrate"), name
        assert "s3same-APP" not in " ".join(map(str, together["webserver"]["environment"].values()))
    migrate = load_settings({**_environment(ONE["migrate"]), "XBOT_ACCOUNTS": str(ROOT / "accounts")})
    users = [
        make_url(url.get_secret_value()).username
        for url in (
            migrate.owner_database_url,
            migrate.database_url,
            migrate.dagster_database_url,
            migrate.reader_database_url,
        )
        if url is not None
    ]
    assert users == ["xbot", "xbot_app", "xbot_dagster", "xbot_reader"]


def test_images_of_others_are_pinned_by_digest() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    bases = [line.split()[1] for line in dockerfile.splitlines() if line.startswith("FROM ")]
    for image in [*bases, ONE["postgres"]["image"]]:
        assert re.fullmatch(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}", image), image


def test_a_run_can_be_told_by_its_machine_when_the_container_was_replaced() -> None:
    assert ONE["daemon"]["hostname"] == "daemon"
    # Who lives in another's network has that one's name.
    assert PRACTICE["daemon"]["hostname"] is None
    assert PRACTICE["daemon"]["network_mode"] == "service:practice"
    assert PRACTICE["practice"]["hostname"] == "daemon"


def test_each_of_two_accounts_has_its_own_code_server_with_its_own_secrets_and_data() -> None:
    first, second = TWO["code"], TWO["code-second"]
    for service, account in ((first, "daily"), (second, "practice")):
        assert service["environment"]["XBOT_ACCOUNT"] == account
        assert f"--location-name={account}" in service["command"]
        assert service["env_file"] == [f"deploy/env/{account}.env"]
    assert first["volumes"][0] == "account:/data"
    assert second["volumes"][0] == "account-second:/data"


def test_with_two_accounts_the_daemon_forks_no_run_and_knows_nobodys_secrets() -> None:
    """A run of its own would be the wrong account's: each is left to its account's code server."""
    daemon = TWO["daemon"]
    assert daemon["environment"]["XBOT_ACCOUNT"] == ""
    assert daemon["env_file"] is None
    assert not any(volume.startswith("account") for volume in daemon["volumes"])


def test_each_workspace_names_the_sockets_of_its_code_servers() -> None:
    for together, file in (
        (ONE, "workspace.yaml"),
        (PRACTICE, "workspace.yaml"),
        (TWO, "deploy/workspace.accounts.yaml"),
    ):
        for name in ("webserver", "daemon"):
            assert f"--workspace=/app/{file}" in together[name]["command"]
            found = dict(_sockets(together[name], file))
            # Where the volume of a code server's socket lies in this container, and which account it serves.
            code_servers = [service for service in together.values() if "grpc" in service.get("command", [])]
            assert found == {_seen_by(together[name], one): _account_of(one) for one in code_servers}
    assert _environment(TWO["daemon"]).items() >= {"FIRST_ACCOUNT": "daily", "SECOND_ACCOUNT": "practice"}.items()


def test_code_server_is_reached_by_webserver_and_daemon_alone_and_listens_on_no_port() -> None:
    for together in (ONE, PRACTICE, TWO):
        for name, service in together.items():
            command = service.get("command", [])
            assert not ("grpc" in command and any(word.startswith(("--port", "--host")) for word in command))
            sees_a_socket = any(volume.startswith("run") for volume in service.get("volumes", []))
            assert sees_a_socket == (name in {"code", "code-second", "webserver", "daemon"}), name
    first, second = ({volume for volume in TWO[name]["volumes"] if "run" in volume} for name in ("code", "code-second"))
    assert not first & second


def test_code_server_is_told_no_secret_of_the_account_where_the_daemon_runs_its_runs() -> None:
    secrets = SECRET_VARIABLES - {name for name in SECRET_VARIABLES if name.endswith("DATABASE_URL")}
    for together in (ONE, PRACTICE):
        # What is set in the file itself stands above what the account's file says.
        assert {name: together["code"]["environment"].get(name) for name in secrets} == dict.fromkeys(secrets, "")
        assert together["daemon"]["environment"]["XBOT_ALERT_URLS"] == ""
    for name in ("code", "code-second"):
        assert secrets & TWO[name]["environment"].keys() == {"XBOT_ALERT_URLS"}


def _sockets(service: Service, file: str) -> Iterator[tuple[str, str]]:
    """The sockets in a workspace, as a container finds them, and the accounts behind them."""
    environment = _environment(service)
    for entry in yaml.safe_load((ROOT / file).read_text())["load_from"]:
        socket, name = entry["grpc_server"]["socket"], entry["grpc_server"]["location_name"]
        yield (socket if isinstance(socket, str) else environment[socket["env"]]), environment[name["env"]]


def _seen_by(service: Service, code_server: Service) -> str:
    [socket] = [word.partition("=")[2] for word in code_server["command"] if word.startswith("--socket=")]
    places = dict(volume.split(":")[:2] for volume in code_server["volumes"])
    [(volume, place)] = [(volume, place) for volume, place in places.items() if volume.startswith("run")]
    assert socket.startswith(f"{place}/")
    here: dict[str, str] = dict(one.split(":")[:2] for one in service["volumes"])
    return str(socket.replace(place, here[volume]))


def _account_of(code_server: Service) -> str:
    return str(code_server["environment"]["XBOT_ACCOUNT"])


def _environment(service: Service) -> dict[str, str]:
    """What a program is told: by itself, and by the account's file where that is one of ours."""
    environment: dict[str, Any] = dict(service.get("environment", {}))
    if service.get("env_file") == "deploy/env/practice.env":
        lines = (ROOT / "deploy" / "env" / "practice.env").read_text().splitlines()
        environment |= dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    return environment


def _all_it_waits_for(together: dict[str, Service], name: str) -> set[str]:
    directly = set(together[name].get("depends_on", {}))
    return directly.union(*(_all_it_waits_for(together, other) for other in directly))
