"""The values for Dagster's chart say the same as dagster.yaml, in the chart's words."""

from typing import Any

import pytest
import yaml

from xbot_pipelines.orchestration.run_queue import SettlingRunCoordinator
from xbot_pipelines.orchestration.timetable import TIMETABLE
from xbot_pipelines.settings import INTERNAL_VARIABLES, VARIABLES, load_settings
from xbot_pipelines.store.database import dagster_url
from xbot_pipelines_tests.conftest import ROOT

VALUES = yaml.safe_load((ROOT / "deploy/kubernetes/values.yaml").read_text())
MIGRATE = yaml.safe_load((ROOT / "deploy/kubernetes/migrate.yaml").read_text())
HEALTH, HEALTH_SERVICE = yaml.safe_load_all((ROOT / "deploy/kubernetes/health.yaml").read_text())
SHIPPED = yaml.safe_load((ROOT / "dagster.yaml").read_text())
DAEMON = VALUES["dagsterDaemon"]
[DEPLOYMENT] = VALUES["dagster-user-deployments"]["deployments"]
PODS = [MIGRATE["spec"]["template"]["spec"], HEALTH["spec"]["template"]["spec"]]
"""Those of our own that the chart knows nothing of."""


def test_the_queue_has_the_same_limits() -> None:
    coordinator = DAEMON["runCoordinator"]["config"]["customRunCoordinator"]
    assert coordinator == SHIPPED["run_coordinator"]
    assert coordinator["class"] == SettlingRunCoordinator.__name__
    assert VALUES["additionalInstanceConfig"]["concurrency"] == SHIPPED["concurrency"]


@pytest.mark.parametrize("kind", ["schedule", "sensor"])
def test_ticks_are_kept_as_long(kind: str) -> None:
    assert VALUES["retention"][kind] == {"purgeAfterDays": SHIPPED["retention"][kind]["purge_after_days"]}


def test_a_run_that_hangs_gives_its_place_back_and_none_is_ever_started_again() -> None:
    monitoring, shipped = _snake_case(DAEMON["runMonitoring"]), SHIPPED["run_monitoring"]
    for key in ("enabled", "poll_interval_seconds", "cancel_timeout_seconds", "free_slots_after_run_end_seconds"):
        assert monitoring[key] == shipped[key]
    assert monitoring["max_resume_run_attempts"] == 0
    assert _snake_case(DAEMON["runRetries"]) == SHIPPED["run_retries"]
    for kind in ("schedules", "sensors"):
        assert _snake_case(DAEMON[kind]) == SHIPPED[kind]


def test_dagster_finds_its_own_tables() -> None:
    database = VALUES["postgresql"]
    [parameter] = database["postgresqlParams"].items()
    address = "{postgresqlScheme}://{postgresqlUsername}:s@{postgresqlHost}:5432/{postgresqlDatabase}".format(
        **database
    )
    ours = f"postgresql://xbot_dagster:s@{database['postgresqlHost']}:5432/xbot"
    assert f"{address}?{parameter[0]}={parameter[1].replace('=', '%3D')}" == dagster_url(ours)


def test_a_run_may_end_its_longest_turn_with_the_browser() -> None:
    longest = max(turn.deadline.total_seconds() for turn in TIMETABLE if turn.uses_browser)
    pod = VALUES["runLauncher"]["config"]["k8sRunLauncher"]["runK8sConfig"]["podSpecConfig"]
    assert pod["terminationGracePeriodSeconds"] > longest
    assert DEPLOYMENT["includeConfigInLaunchedRuns"]["enabled"]
    assert {mount["mountPath"] for mount in DEPLOYMENT["volumeMounts"]} >= {"/dev/shm"}


def test_every_variable_is_one_that_we_know_and_every_volume_is_there() -> None:
    own = [(container, pod["volumes"]) for pod in PODS for container in pod["containers"]]
    for container, volumes in [(DEPLOYMENT, DEPLOYMENT["volumes"]), *own]:
        assert {variable["name"] for variable in container["env"]} <= {*VARIABLES, *INTERNAL_VARIABLES, "POD_IP"}
        assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in volumes}


def test_all_of_it_is_one_image() -> None:
    image = DAEMON["image"]
    assert VALUES["dagsterWebserver"]["image"] == DEPLOYMENT["image"] == image
    own = {container["image"] for pod in PODS for container in pod["containers"]}
    assert own == {f"{image['repository']}:{image['tag']}"}


def test_the_health_is_one_that_is_found_where_it_listens() -> None:
    """Two would tell every alert twice."""
    assert HEALTH["spec"]["replicas"] == 1
    assert HEALTH["spec"]["strategy"] == {"type": "Recreate"}
    labels = HEALTH["spec"]["template"]["metadata"]["labels"]
    assert HEALTH_SERVICE["spec"]["selector"] == HEALTH["spec"]["selector"]["matchLabels"] == labels
    [health] = HEALTH["spec"]["template"]["spec"]["containers"]
    assert load_settings({**_told(health), "XBOT_ACCOUNT": "practice"}).health_host == "0.0.0.0"
    [port] = health["ports"]
    assert port["containerPort"] == load_settings({}).health_port


def test_webserver_answers_to_its_own_names_and_the_kubelets() -> None:
    told = _told(VALUES["dagsterWebserver"])
    assert load_settings({**told, "XBOT_ACCOUNT": "practice"}).allowed_hosts == ("10.1.2.3", "xbot-dagster-webserver")


def _told(container: dict[str, Any]) -> dict[str, str]:
    ours = {variable["name"]: variable["value"] for variable in container["env"] if "value" in variable}
    ours |= {name: value.replace("$(POD_IP)", "10.1.2.3") for name, value in ours.items()}
    return {**ours, "XBOT_ACCOUNTS": str(ROOT / "accounts")}


def _snake_case(settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name): value
        for name, value in settings.items()
    }
