"""Known secrets are planted in a house, everything is made to fail, and then all that was written is searched (F28)."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import Engine, make_url, text

from xbot_pipelines.operate.dagster_ui import DagsterUi
from xbot_pipelines.store.database import open_engine
from xbot_pipelines_tests.conftest import execute
from xbot_pipelines_tests.e2e.newcomer import Newcomer, wait_until
from xbot_pipelines_tests.providers import Provider, a_provider

pytestmark = [pytest.mark.house, pytest.mark.browser, pytest.mark.timeout(400)]

KEY = "sk-planted-4b7f1d20c9e35a68"
PASSWORD = "planted/pass word+9d41"
NOBODY_LET_IN = "not permitted to log in"
LONGEST_RUN_SECONDS = 120.0
LONGEST_STOP_SECONDS = 60.0


@pytest.fixture
def database_url(admin: Engine) -> Iterator[str]:
    """The address of an empty database that belongs to an ordinary role with a password."""
    name = f"planted_{uuid4().hex}"
    execute(admin, f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'", f"CREATE DATABASE {name} OWNER {name}")
    # Quoted by hand: the address has to hold the password as a person would write it there.
    host = admin.url.query["host"]
    yield f"postgresql://{name}:{quote(PASSWORD, safe='')}@/{name}?host={host}"
    execute(admin, f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE {name}")


@pytest.fixture
def provider() -> Iterator[Provider]:
    """The provider that the key is for."""
    with a_provider() as provider:
        yield provider


def test_f28_no_secret_is_in_anything_that_was_written(
    newcomer: Newcomer, admin: Engine, database_url: str, provider: Provider
) -> None:
    subprocess.run(["git", "init", "-q", newcomer.folder], check=True)
    newcomer.variables = {
        **newcomer.variables,
        "XBOT_DATABASE_URL": database_url,
        "OPENAI_BASE_URL": provider.url,
        "OPENAI_API_KEY": KEY,
    }
    house = newcomer.up()
    newcomer.waits_for("first reading", house)
    secrets = {KEY, PASSWORD, quote(PASSWORD, safe=""), *cookies(newcomer)}

    with closing(DagsterUi(newcomer.ui_url, location="practice")) as ui:
        everything_fails(newcomer, ui, provider)
    secrets |= cookies(newcomer)
    lose_the_database(admin, database_url, newcomer)
    tables = tables_with(database_url, secrets)
    house.send_signal(signal.SIGINT)
    house.wait(timeout=LONGEST_STOP_SECONDS)

    assert tables == set()
    # Where the cookies belong: our session. The site that gave them, which is not ours, may remember them.
    session, site = newcomer.home / "sessions" / "practice.json", newcomer.home / "practice"
    assert [path for path in files_with(newcomer.folder, secrets) if not path.is_relative_to(site)] == [session]
    assert not [path for path in files_git_would_take(newcomer.folder) if path.is_relative_to(newcomer.home)]
    # The search finds what there is: the sentences of the failures, where such sentences go.
    assert {"public.account_state", "dagster.event_logs"} <= tables_with(database_url, {"the session has ended"})
    assert newcomer.home / "logs" in {path.parent for path in files_with(newcomer.home, {NOBODY_LET_IN})}


def everything_fails(newcomer: Newcomer, ui: DagsterUi, provider: Provider) -> None:
    """Makes a run of each job fail in a way of its own, and the last one by the session."""
    day = {f"dagster/asset_partition_range_{end}": f"{datetime.now(UTC):%Y-%m-%d}" for end in ("start", "end")}
    provider.status = 401
    assert ends(ui, newcomer, "plan", {}) == "FAILURE"
    fault(newcomer, operation="TweetDetail", kind="http_500_before", count=9)
    assert ends(ui, newcomer, "metrics_scraper", day) == "FAILURE"
    fault(newcomer, operation="home", kind="logged_out", count=9)
    assert ends(ui, newcomer, "metrics_scraper", day) == "FAILURE"


def ends(ui: DagsterUi, newcomer: Newcomer, job: str, tags: dict[str, str]) -> str:
    """Launches a job, and answers how its run ended."""
    run_id = ui.launch(job, tags)
    wait_until(lambda: ui.runs(runIds=[run_id])[0].has_ended, LONGEST_RUN_SECONDS, newcomer.output)
    return ui.runs(runIds=[run_id])[0].status


def fault(newcomer: Newcomer, **asked: object) -> None:
    """Lets practice X misbehave."""
    httpx2.post(f"{newcomer.practice_url}/practice/faults", json=asked, trust_env=False).raise_for_status()


def lose_the_database(admin: Engine, database_url: str, newcomer: Newcomer) -> None:
    """Throws everybody out of the database and lets nobody in, until a program of the house has written of it."""
    role = make_url(database_url).username
    before = log_length(newcomer)
    execute(
        admin,
        f"ALTER ROLE {role} NOLOGIN",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'",
    )
    try:
        wait_until(lambda: log_length(newcomer) > before, LONGEST_RUN_SECONDS, newcomer.output)
    finally:
        execute(admin, f"ALTER ROLE {role} LOGIN")


def log_length(newcomer: Newcomer) -> int:
    """Answers how many times the logs of the house tell that the database lets nobody in."""
    return sum(log.read_bytes().count(NOBODY_LET_IN.encode()) for log in (newcomer.home / "logs").iterdir())


def cookies(newcomer: Newcomer) -> set[str]:
    """Answers the values of the session's cookies that let somebody in."""
    session = json.loads((newcomer.home / "sessions" / "practice.json").read_text())
    return {cookie["value"] for cookie in session["cookies"] if cookie["name"] in {"auth_token", "ct0"}}


def tables_with(database_url: str, words: set[str]) -> set[str]:
    """Answers every table, of ours and of Dagster's, that has one of these words in any row."""
    engine = open_engine(database_url)
    with engine.connect() as connection:
        tables = connection.scalars(
            text(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
                "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            )
        ).all()
        found = {
            table
            for table in tables
            for word in words
            if connection.scalar(
                text(f"SELECT EXISTS (SELECT FROM {table} AS row WHERE strpos(row::text, :word) > 0)"), {"word": word}
            )
        }
    engine.dispose()
    return found


def files_with(folder: Path, words: set[str]) -> list[Path]:
    """Answers the files in a folder, and in those below, that have one of these words in them."""
    found = []
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file() and any(word.encode() in path.read_bytes() for word in words):
                found.append(path)
    return found


def files_git_would_take(folder: Path) -> list[Path]:
    """Answers what `git add --all` would put into a commit."""
    listed = subprocess.run(
        ["git", "-C", folder, "ls-files", "--others", "--exclude-standard"], capture_output=True, text=True, check=True
    )
    return [folder / line for line in listed.stdout.splitlines()]
