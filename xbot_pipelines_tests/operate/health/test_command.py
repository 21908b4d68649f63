"""`xbot health`: what it prints, and with which exit code, beside `xbot pause` and `resume`."""

import json

import pytest

from xbot_pipelines_tests.operate.programs import free_ports
from xbot_pipelines_tests.operate.shell import Shell, refusal
from xbot_pipelines_tests.practice_site import Practice


@pytest.fixture
def on_tables(shell: Shell, database_url: str) -> Shell:
    """A shell whose account has a migrated database."""
    shell.variables["XBOT_DATABASE_URL"] = database_url
    return shell


def test_a_person_pauses_and_sees_it_in_health(on_tables: Shell) -> None:
    done = on_tables.types("pause", "--reason", "on holiday")
    assert done.returncode == 0
    assert done.stdout.startswith("the account is paused since ")
    assert done.stdout.endswith(": on holiday. `xbot resume` lets it go on.\n")

    table = on_tables.types("health")
    assert table.returncode == 1
    assert "ALERT" in table.stdout
    answer = on_tables.types("health", "--json")
    assert answer.returncode == 1
    health = json.loads(answer.stdout)
    assert health["state"]["paused_reason"] == "on holiday"
    assert health["state"]["paused_by"] == "a person"

    assert "stays paused: no session is saved" in refusal(on_tables.types("resume"))
    assert on_tables.types("health").returncode == 1


def test_a_pause_without_a_word_is_said_to_be_by_hand(on_tables: Shell) -> None:
    assert ": paused by hand. " in on_tables.types("pause").stdout


@pytest.mark.browser
def test_a_person_resumes_and_sees_it_in_health(on_tables: Shell, practice: Practice) -> None:
    on_tables.variables["XBOT_X_URL"] = practice.url
    file = on_tables.home / "sessions" / "practice.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(practice.storage_state()))
    on_tables.types("pause")
    done = on_tables.types("resume")
    assert (done.returncode, done.stderr) == (0, "")
    assert "the pause is over" in done.stdout
    health = json.loads(on_tables.types("health", "--json").stdout)
    assert health["session"]["saved_at"] is not None
    assert health["state"]["may_act"] is True
    assert "paused" not in {reason["cause"] for reason in health["reasons"]}


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://somebody:s3same@127.0.0.1:{port}/xbot",
        "postgresql://somebody@127.0.0.1:{port}/xbot?password=s3same",
    ],
)
def test_f28_a_database_that_does_not_answer_is_told_without_its_password(shell: Shell, address: str) -> None:
    [port] = free_ports(1)
    address = address.format(port=port)
    for words in (["health"], ["pause"]):
        done = shell.types(*words, XBOT_DATABASE_URL=address)
        assert done.returncode == 1
        assert f"127.0.0.1:{port}" in done.stdout + done.stderr
        assert "s3same" not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    answer = json.loads(shell.types("health", "--json", XBOT_DATABASE_URL=address).stdout)
    assert answer["database"]["answers"] is False
    assert "s3same" not in str(answer)
    assert "alerts" not in answer


def test_without_any_database_a_person_is_told_what_to_do(shell: Shell) -> None:
    assert "run `make up`" in refusal(shell.types("pause"))
    health = shell.types("health")
    assert health.returncode == 1
    assert "run `make up`" in health.stdout


def test_f25_a_database_without_our_tables_is_one_sentence(shell: Shell, server_url: str) -> None:
    """The server's own database, which nothing of ours has migrated."""
    assert "run `xbot up` once" in refusal(shell.types("pause", XBOT_DATABASE_URL=server_url))
