"""What a house is made of, and that Dagster reads the files which it ships."""

import os
import subprocess
import sys
from pathlib import Path

from xbot_pipelines.operate.environments import Environments
from xbot_pipelines.operate.house import WEBSERVER, House
from xbot_pipelines.settings import load_settings
from xbot_pipelines_tests.account_files import accounts_with

ROOT = Path(__file__).parents[2]
URL = "postgresql://somebody:s3same@db.example/xbot"


def house(tmp_path: Path, x: str = "practice", **variables: str) -> House:
    """A house as these variables make it."""
    accounts = accounts_with(tmp_path, x=x, approval="replies")
    return House(load_settings({"XBOT_HOME": str(tmp_path), "XBOT_ACCOUNTS": str(accounts), **variables}))


def test_practice_x_is_started_where_x_is_said_to_be_and_only_there(tmp_path: Path) -> None:
    names = [service.name for service in house(tmp_path, XBOT_PRACTICE_PORT="8701").first_services()]
    assert names == ["practice-x", "code-server"]
    assert [port.number for port in house(tmp_path, XBOT_PRACTICE_PORT="8701").ports()] == [3000, 3070, 8701]
    off_practice = house(tmp_path, "x.com")
    assert [service.name for service in off_practice.first_services()] == ["code-server"]
    assert [port.number for port in off_practice.ports()] == [3000, 3070]


def test_no_secret_is_on_a_command_line(tmp_path: Path) -> None:
    """Anybody on the machine can read those."""
    built = house(tmp_path, XBOT_DATABASE_URL=URL, OPENAI_API_KEY="sk-of-somebody")
    services = [
        *built.first_services(),
        *built.dagster_services(webserver_ready=lambda _: True, daemon_ready=lambda _: True),
        built.health_server(),
    ]
    words = " ".join(word for service in services for word in service.command)
    assert "s3same" not in words
    assert "sk-of-somebody" not in words


def test_a_data_folder_anywhere_in_a_working_tree_stays_out_of_git(tmp_path: Path) -> None:
    house(tmp_path).prepare_folders()
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "sessions").mkdir()
    (tmp_path / "sessions" / "practice.json").write_text("{}")
    untracked = subprocess.run(
        ["git", "-C", tmp_path, "status", "--porcelain"], capture_output=True, text=True, check=True
    )
    assert untracked.stdout == ""


def test_dagster_loads_the_shipped_instance_and_workspace(tmp_path: Path, database_url: str) -> None:
    """In a process of its own: Dagster's instance is one per process, and reads its environment once."""
    built = house(tmp_path)
    built.prepare_folders()
    script = """
import sys
from dagster import DagsterInstance
from dagster._core.workspace.load import location_origins_from_yaml_paths

with DagsterInstance.get() as instance:
    limits = instance.get_concurrency_config()
    assert limits.run_queue_config.max_concurrent_runs == 4, limits
    [limit] = limits.run_queue_config.tag_concurrency_limits
    assert limit == {"key": "xbot/browser", "value": {"applyLimitPerUniqueValue": True}, "limit": 1}, limit
    assert limits.pool_config.default_pool_limit == 1, limits
    assert limits.pool_config.pool_granularity.value == "run", limits
    assert limits.run_queue_config.max_user_code_failure_retries == 10, limits
    assert type(instance.run_coordinator).__name__ == "SettlingRunCoordinator"
    assert instance.run_monitoring_enabled and instance.run_monitoring_max_runtime_seconds == 900
    assert instance.run_retries_enabled and instance.run_retries_max_retries == 0
    assert not instance.telemetry_enabled
    assert "PostgresRunStorage" in type(instance.run_storage).__name__
[origin] = location_origins_from_yaml_paths([sys.argv[1]])
assert (origin.location_name, origin.socket) == ("practice", sys.argv[2]), origin
"""
    environment = Environments(house=built, database_url=database_url, inherited=os.environ).of(WEBSERVER)
    done = subprocess.run(
        [sys.executable, "-c", script, str(ROOT / "workspace.yaml"), str(built.code_socket)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
