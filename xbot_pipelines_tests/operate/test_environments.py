"""What each program of the stack is started with."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from xbot_pipelines.operate.environments import Environments
from xbot_pipelines.operate.house import CODE_SERVER, DAEMON, HEALTH, MIGRATION, PRACTICE, WEBSERVER, House
from xbot_pipelines.settings import OAUTH_1_VARIABLES, SECRET_VARIABLES, load_settings
from xbot_pipelines_tests.account_files import accounts_with

PROGRAMS = (PRACTICE, CODE_SERVER, WEBSERVER, DAEMON, HEALTH, MIGRATION)
URL = "postgresql://somebody:s3same-db@db.example/xbot"
CANARIES = {
    "XBOT_DATABASE_URL": URL,
    "XBOT_OWNER_DATABASE_URL": URL.replace("s3same-db", "s3same-owner"),
    "XBOT_DAGSTER_DATABASE_URL": URL.replace("s3same-db", "s3same-dagster"),
    "XBOT_READER_DATABASE_URL": URL.replace("s3same-db", "s3same-reader"),
    "XBOT_ALERT_URLS": "json://u:s3same-alert@127.0.0.1",
    **{name: f"s3same-{name.lower()}" for name in ("OPENAI_API_KEY", "X_CLIENT_SECRET", *sorted(OAUTH_1_VARIABLES))},
}
"""A value for each secret that we know."""

STRANGERS = {"AWS_SECRET_ACCESS_KEY": "s3same-aws", "GITHUB_TOKEN": "s3same-git", "PGPASSWORD": "s3same-pg"}
"""Secrets of a person's shell that are none of ours."""


def environments(tmp_path: Path, x: str = "practice", **inherited: str) -> Environments:
    """The environments of a stack that is started in a shell with these variables."""
    accounts = accounts_with(tmp_path, x=x, approval="replies")
    settings = load_settings({"XBOT_HOME": str(tmp_path), "XBOT_ACCOUNTS": str(accounts), **inherited})
    return Environments(house=House(settings), database_url=URL, inherited=inherited)


def test_every_secret_is_known_to_this_test() -> None:
    """A new one is decided on here: who needs it."""
    assert CANARIES.keys() == SECRET_VARIABLES


@pytest.mark.parametrize(
    ("program", "needs"),
    [
        (PRACTICE, set()),
        (MIGRATION, {"dagster"}),
        (WEBSERVER, {"dagster"}),
        (CODE_SERVER, {"dagster", "db"}),
        (HEALTH, {"db", "openai_api_key", "alert"}),
        (DAEMON, {"dagster", "db", "openai_api_key", "x_client_secret", *(name.lower() for name in OAUTH_1_VARIABLES)}),
    ],
)
def test_program_is_given_the_secrets_that_it_needs_and_no_other(program: str, needs: set[str], tmp_path: Path) -> None:
    given = environments(tmp_path, **CANARIES, **STRANGERS, x="x.com").of(program)
    told = "\n".join(given.values())
    found = {secret for secret in _canaries() if f"s3same-{secret}" in told}
    assert found == needs
    assert ("XBOT_DATABASE_URL" in given) == (program in {CODE_SERVER, DAEMON, HEALTH})


def test_health_is_told_that_there_are_keys_and_not_which(tmp_path: Path) -> None:
    given = environments(tmp_path, **CANARIES, x="x.com").of(HEALTH)
    assert {given[name] for name in OAUTH_1_VARIABLES} == {"set"}
    assert not OAUTH_1_VARIABLES & environments(tmp_path).of(HEALTH).keys()


@pytest.mark.parametrize("program", PROGRAMS)
def test_program_finds_itself_at_home_and_is_found_again(program: str, tmp_path: Path) -> None:
    given = environments(tmp_path, PATH="/bin", HOME="/home/ada", LC_ALL="C.UTF-8", TZ="UTC", FOO="1").of(program)
    assert given["XBOT_UP"] == str(tmp_path)
    assert (given["PATH"], given["HOME"], given["LC_ALL"], given["TZ"]) == ("/bin", "/home/ada", "C.UTF-8", "UTC")
    assert "FOO" not in given


def test_dagster_is_given_an_address_that_its_driver_can_use(tmp_path: Path) -> None:
    given = environments(tmp_path).of(DAEMON)
    assert make_url(given["XBOT_DAGSTER_DATABASE_URL"]).drivername == "postgresql+psycopg2"
    assert given["XBOT_DATABASE_URL"] == URL


@pytest.mark.parametrize("program", [CODE_SERVER, DAEMON, HEALTH])
def test_programs_with_the_account_have_its_settings(program: str, tmp_path: Path) -> None:
    chosen = {"XBOT_X_API_URL": "http://127.0.0.1:9999", "XBOT_MODEL": "some-model", "X_CLIENT_ID": "the-app"}
    accounts = {"XBOT_ACCOUNTS": str(accounts_with(tmp_path, approval="replies"))}
    given = environments(tmp_path, **chosen, **accounts).of(program)
    assert given.items() >= {**chosen, **accounts}.items()
    assert load_settings(given).x_api_url == "http://127.0.0.1:9999"


def test_on_practice_the_practice_model_writes_and_a_key_in_the_shell_stays_there(tmp_path: Path) -> None:
    given = environments(tmp_path, XBOT_PRACTICE_PORT="8701", OPENAI_API_KEY="sk-of-somebody").of(DAEMON)
    assert given["OPENAI_BASE_URL"] == "http://127.0.0.1:8701/v1"
    assert given["OPENAI_API_KEY"] == "practice"


def test_on_practice_a_provider_that_was_named_writes(tmp_path: Path) -> None:
    chosen = {"OPENAI_BASE_URL": "https://models.example/v1", "OPENAI_API_KEY": "sk-of-somebody"}
    assert environments(tmp_path, **chosen).of(DAEMON).items() >= chosen.items()


def test_off_practice_nothing_is_put_in_place_of_the_provider(tmp_path: Path) -> None:
    given = environments(tmp_path, x="x.com", OPENAI_API_KEY="sk-of-somebody").of(DAEMON)
    assert given["OPENAI_API_KEY"] == "sk-of-somebody"
    assert "OPENAI_BASE_URL" not in given


def test_proxy_is_known_to_who_reaches_out_and_not_asked_for_this_machine(tmp_path: Path) -> None:
    of = environments(tmp_path, http_proxy="http://u:p@proxy.example:3128", no_proxy="intranet.example").of
    for program in (DAEMON, HEALTH):
        given = of(program)
        assert given["http_proxy"] == "http://u:p@proxy.example:3128"
        assert given["no_proxy"] == "intranet.example,127.0.0.1,localhost"
        assert given["NO_PROXY"] == "127.0.0.1,localhost"
    assert not any(
        "proxy.example" in value for name in (PRACTICE, WEBSERVER, CODE_SERVER) for value in of(name).values()
    )


def _canaries() -> set[str]:
    values = [*CANARIES.values(), *STRANGERS.values()]
    return {value.partition("s3same-")[2].partition("@")[0] for value in values}
