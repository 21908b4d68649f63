"""Reading the books at the end: X's truth, the tables, Dagster's runs, and whether every service is at work."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx2
from sqlalchemy import Connection, text

from benchmarks.crashing.verdict import Decision, Post, Try
from xbot_pipelines.operate.dagster_ui import UNDER_WAY, DagsterSilent, DagsterUi
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase, open_engine

_LOOK_EVERY_SECONDS = 0.5
_LONGEST_WAIT_FOR_SERVICES_SECONDS = 60.0
_UNFINISHED = (*UNDER_WAY, "QUEUED", "NOT_STARTED")


@dataclass(frozen=True, kw_only=True)
class Books:
    """What X and the tables say in the end."""

    posts: list[Post]
    decisions: list[Decision]
    tries: list[Try]


def wait_until(condition: Callable[[], bool], *, seconds: float) -> None:
    """Waits until the condition holds, or until that time has passed: what is still wrong then shows in the books."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY_SECONDS)


def read_books(database_url: str, practice_url: str, by_our_clock: Callable[[datetime], datetime]) -> Books:
    """Reads everything that is to be compared."""
    truth = httpx2.get(f"{practice_url}/practice/truth", trust_env=False, timeout=60).raise_for_status().json()
    posts = [
        Post(id=post["id"], text=post["text"], taken_at=by_our_clock(datetime.fromisoformat(post["created_at"])))
        for post in truth["posts"]
    ]
    with _connected(database_url) as connection:
        decisions = [
            Decision(id=str(row.decision_id), text=row.text, status=row.status, tweet_id=row.tweet_id)
            for row in connection.execute(text(_DECISIONS))
        ]
        tries = [
            Try(
                decision_id=str(row.decision_id),
                run_id=row.run_id,
                state=row.state,
                began_at=row.began_at,
                submitted_at=row.submitted_at,
                settled_at=row.settled_at,
            )
            for row in connection.execute(text(_TRIES))
        ]
    return Books(posts=posts, decisions=decisions, tries=tries)


def hands_needed(house: subprocess.Popen[bytes], *, database_url: str, ui_url: str, since: datetime) -> list[str]:
    """Answers what only a person could put right: a service that did not come back, a paused account, `up` itself."""
    if house.poll() is not None:
        return [f"xbot up ended by itself with exit code {house.returncode}"]
    with closing(DagsterUi(ui_url, location="practice")) as ui:
        deadline = time.monotonic() + _LONGEST_WAIT_FOR_SERVICES_SECONDS
        while not ((loaded := ui.shows_the_location(since)) and (beats := ui.daemon_beats_since(since))):
            if time.monotonic() > deadline:
                missing = "the daemon does not beat" if loaded else "the webserver does not show the code location"
                return [missing]
            time.sleep(_LOOK_EVERY_SECONDS)
        assert beats
    with _connected(database_url) as connection:
        standstill = account.state_of(AccountDatabase(connection.engine, "practice")).standstill(datetime.now(UTC))
    return [standstill] if standstill else []


def unfinished_runs(ui_url: str) -> list[str]:
    """Answers the runs of whichever job that Dagster takes for unfinished."""
    with closing(DagsterUi(ui_url, location="practice")) as ui:
        try:
            return [f"run {run.id} of {run.name} is still {run.status}" for run in ui.runs(statuses=_UNFINISHED)]
        except DagsterSilent as silent:
            return [f"Dagster does not say which runs are unfinished: {silent}"]


@contextmanager
def _connected(database_url: str) -> Iterator[Connection]:
    engine = open_engine(database_url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


_DECISIONS = """
    SELECT decision_id, text, status, tweet_id
    FROM content_metadata LEFT JOIN posted_decisions USING (decision_id)
"""
_TRIES = "SELECT decision_id, run_id, state, began_at, submitted_at, settled_at FROM posting_attempts"
