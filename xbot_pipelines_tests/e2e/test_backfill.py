"""A backfill from the Dagster UI, driven in a real browser: one run, seen while it goes on, ended and gone on with."""

import re
import signal
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta

import httpx2
import pytest
from sqlalchemy import select

from xbot_pipelines.operate.dagster_ui import DagsterUi
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import COUNTERS, tweet_metrics
from xbot_pipelines_tests.browsers import a_browser
from xbot_pipelines_tests.dagster_by_hand import runs_of_backfill, stop_the_timetable
from xbot_pipelines_tests.e2e.dagster_pages import TALL, DagsterPages
from xbot_pipelines_tests.e2e.newcomer import LONGEST_START_SECONDS, LONGEST_STOP_SECONDS, Newcomer, wait_until
from xbot_pipelines_tests.history import Past, put_past, record_past
from xbot_pipelines_tests.practice_site import Practice

pytestmark = [pytest.mark.house, pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.slow]

DAYS = 30
POSTS_A_DAY, REPLIES_A_DAY = 20, 30
POSTS = DAYS * (POSTS_A_DAY + REPLIES_A_DAY)
ASSETS = ("tweet_metrics", "outcomes")
PROGRESS = re.compile(r"^\d+ of \d+ posts read$")

MESSAGES = """
query ($run: ID!) { logsForRun(runId: $run) { ... on EventConnection { events { ... on MessageEvent { message } } } } }
"""
MATERIALIZATIONS = """
query ($asset: AssetKeyInput!, $days: [String!]) { assetOrError(assetKey: $asset) { ... on Asset {
    assetMaterializations(partitions: $days) {
        partition runId metadataEntries { label ... on IntMetadataEntry { intValue } } } } } }
"""


@pytest.fixture
def ui(newcomer: Newcomer) -> Iterator[DagsterUi]:
    """The Dagster of a house that does nothing by itself any more: only what a person asks for reads."""
    house = newcomer.up()
    newcomer.waits_for("the timetable goes on by itself", house)
    with closing(DagsterUi(newcomer.ui_url, location="practice")) as ui:
        stop_the_timetable(ui)
        wait_until(lambda: all(run.has_ended for run in ui.runs()), LONGEST_START_SECONDS, newcomer.output)
        yield ui
    house.send_signal(signal.SIGINT)
    assert house.wait(timeout=LONGEST_STOP_SECONDS) == 0


def test_a_backfill_of_30_days_and_1500_posts_is_one_run_that_shows_its_progress_and_goes_on_where_it_was_ended(
    newcomer: Newcomer, ui: DagsterUi
) -> None:
    # Not up to yesterday: midnight may have passed since the house published a post of its own.
    last = datetime.now(UTC).date() - timedelta(days=2)
    first = last - timedelta(days=DAYS - 1)
    with (
        standing_practice(newcomer.practice_url) as practice,
        newcomer.database() as database,
        a_browser() as browser,
    ):
        posts = {post.tweet_id: post for post in put_month(practice, first)}
        assert len(posts) == POSTS
        record_past(database, list(posts.values()), checkpoints_hours=())
        pages = DagsterPages(browser.new_page(viewport=TALL, reduced_motion="reduce"), newcomer.ui_url)

        # X takes its time, so that the run can be seen, and be ended in the middle.
        practice.fault(operation="*", kind="slow", seconds=0.3, probability=1.0)
        ended = run_of(ui, pages.launch_backfill(ASSETS, first, last))
        pages.open_run(ended)
        assert pages.last_line(PROGRESS).endswith(f" of {POSTS} posts read")
        pages.terminate_run()
        assert pages.end_of_run() == "Canceled"
        read_before = posts.keys() & ids_read(database, run_id=ended)
        assert 0 < len(read_before) < POSTS

        # Started again a quarter of an hour later, as far as X's limits go.
        practice.ask("DELETE", "faults")
        practice.ask("DELETE", "limits")
        missing = {post_id: post for post_id, post in posts.items() if post_id not in read_before}
        backfill = pages.launch_backfill(ASSETS, first, last)
        run = run_of(ui, backfill)
        pages.open_run(run)
        assert pages.end_of_run() == "Success"
        told = progress_of(ui, run)
        assert told[-1] == f"{len(missing)} of {len(missing)} posts read"
        assert len(told) > 5

        assert readings_of(database, posts) == truth_of(practice, posts)
        missing_on = Counter(post.posted_at.date() for post in missing.values())
        read_on = materialized(ui, "tweet_metrics", first, "posts read of this day")
        assert read_on == {day: (run, missing_on[day]) for day in read_on}
        assert set(materialized(ui, "outcomes", first, "posts with an outcome").values()) == {(run, POSTS)}
        pages.wait_for_completion(backfill)
        assert run_of(ui, backfill) == run


@contextmanager
def standing_practice(url: str) -> Iterator[Practice]:
    """The practice X of the house, its clock stopped: every reading of a post finds the same, and can be compared."""
    with httpx2.Client(base_url=url, trust_env=False, timeout=30) as control:
        practice = Practice(url, control)
        practice.ask("POST", "clock", {"running": False})
        yield practice


def put_month(practice: Practice, first: date) -> list[Past]:
    """Puts a month of ours into the world: each day some posts, and more answers to somebody else."""
    midnights = [datetime.combine(first + timedelta(days=day), time(), UTC) for day in range(DAYS)]
    [other, *_] = practice.ask("GET", "people")
    question = {"author": other["handle"], "text": "What helped you most?", "created_at": midnights[0].isoformat()}
    [question_id] = practice.put(question)
    posts = [midnight + timedelta(minutes=1 + 30 * number) for midnight in midnights for number in range(POSTS_A_DAY)]
    replies = [
        midnight + timedelta(minutes=2 + 20 * number) for midnight in midnights for number in range(REPLIES_A_DAY)
    ]
    return put_past(practice, posts) + put_past(practice, replies, answering=question_id, words="Answer")


def run_of(ui: DagsterUi, backfill_id: str) -> str:
    """Waits until a backfill has begun, and answers its one run."""

    def begun() -> Sequence[str]:
        return runs_of_backfill(ui, backfill_id)

    wait_until(lambda: begun() != [], LONGEST_START_SECONDS, lambda: f"backfill {backfill_id} has begun")
    [run] = begun()
    return run


def progress_of(ui: DagsterUi, run_id: str) -> list[str]:
    """Answers the lines of a run's log that say how far it was."""
    messages = [event["message"] for event in ui._ask(MESSAGES, run=run_id)["logsForRun"]["events"]]
    return [message for message in messages if PROGRESS.match(message)]


def ids_read(database: AccountDatabase, *, run_id: str) -> set[str]:
    """Answers the posts that a run has read."""
    with database.transaction() as connection:
        return set(connection.scalars(select(tweet_metrics.c.tweet_id).where(tweet_metrics.c.run_id == run_id)))


def readings_of(database: AccountDatabase, ids: Collection[str]) -> dict[str, dict[str, int | None]]:
    """Answers the last reading of each of these posts."""
    with database.transaction() as connection:
        rows = connection.execute(select(tweet_metrics).order_by(tweet_metrics.c.observed_at)).mappings()
        return {row["tweet_id"]: {name: row[name] for name in COUNTERS} for row in rows if row["tweet_id"] in ids}


def truth_of(practice: Practice, ids: Collection[str]) -> dict[str, dict[str, int | None]]:
    """Answers what practice X counts of these posts; it shows no number of views where nobody has looked."""
    posts = {post["id"]: post["counters"] for post in practice.truth()["posts"] if post["id"] in ids}
    return {post_id: {**counters, "views": counters["views"] or None} for post_id, counters in posts.items()}


def materialized(ui: DagsterUi, asset: str, first: date, label: str) -> dict[date, tuple[str, int]]:
    """Answers by which run each of the days was materialized, and a number that its metadata says."""
    days = [f"{first + timedelta(days=day)}" for day in range(DAYS)]
    found = ui._ask(MATERIALIZATIONS, asset={"path": ["practice", asset]}, days=days)["assetOrError"]
    materializations = found["assetMaterializations"]
    assert len(materializations) == DAYS, "a day was materialized by the run that was ended, or not at all"
    return {
        date.fromisoformat(materialization["partition"]): (
            materialization["runId"],
            next(entry["intValue"] for entry in materialization["metadataEntries"] if entry["label"] == label),
        )
        for materialization in materializations
    }
